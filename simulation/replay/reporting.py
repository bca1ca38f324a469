"""What became of a file's rows: numbers that add up, with reasons."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from simulation.replay.cad_log import Story
from simulation.replay.http_client import Door
from simulation.replay.runner import Counts

EXAMPLES = 5
NOT_PLAYED = "not_played"


def report(story: Story, counts: Counts, door: Door, *, files: list[str], seconds: float) -> dict[str, Any]:
    """The report as it is written: `rows` = `accepted` + `repaired` + `refused`; reasons count rows, some have two."""
    outcomes = story.outcomes()
    reasons: Counter[str] = Counter()
    examples: dict[str, list[str]] = {}
    for row in story.rows:
        unplayed = {NOT_PLAYED} if not row.entered and not row.refusals else set()  # the play ended before it
        for reason in sorted(row.mends | row.refusals | unplayed):
            reasons[reason] += 1
            named = examples.setdefault(reason, [])
            if len(named) < EXAMPLES:
                named.append(row.name)
    return {
        "files": files,
        "agency": story.agency,
        "rows": len(story.rows),
        "accepted": outcomes["accepted"],
        "repaired": outcomes["repaired"],
        "refused": outcomes["refused"],
        "reasons": dict(reasons.most_common()),
        "examples": examples,
        "calls": counts.calls,
        "incidents": counts.incidents,
        "units": len(story.vehicles),
        "assignments": counts.assignments,
        "closed": counts.closed,
        "cancelled": counts.cancelled,
        "left_open": counts.left_open,
        "requests": door.requests,
        "waits_for_429": door.waits,
        "seconds": round(seconds, 1),
    }


def write(told: dict[str, Any], path: Path) -> None:
    """Write it as JSON. Raises OSError."""
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
