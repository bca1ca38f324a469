"""What became of a file's rows: numbers that add up, with reasons."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from simulation.replay.cad_log import CadLog
from simulation.replay.http_client import ApiClient
from simulation.replay.runner import Counts

EXAMPLES = 5
NOT_PLAYED = "not_played"


def report(cad_log: CadLog, counts: Counts, client: ApiClient, *, files: list[str], seconds: float) -> dict[str, Any]:
    """The report as it is written: `rows` = `accepted` + `repaired` + `refused`; reasons count rows, some have two."""
    outcomes = cad_log.outcomes()
    reasons: Counter[str] = Counter()
    examples: dict[str, list[str]] = {}
    for row in cad_log.rows:
        unplayed = {NOT_PLAYED} if not row.entered and not row.refusals else set()  # the play ended before it
        for reason in sorted(row.repairs | row.refusals | unplayed):
            reasons[reason] += 1
            named = examples.setdefault(reason, [])
            if len(named) < EXAMPLES:
                named.append(row.name)
    return {
        "files": files,
        "agency": cad_log.agency,
        "rows": len(cad_log.rows),
        "accepted": outcomes["accepted"],
        "repaired": outcomes["repaired"],
        "refused": outcomes["refused"],
        "reasons": dict(reasons.most_common()),
        "examples": examples,
        "calls": counts.calls,
        "incidents": counts.incidents,
        "units": len(cad_log.vehicles),
        "assignments": counts.assignments,
        "closed": counts.closed,
        "cancelled": counts.cancelled,
        "left_open": counts.left_open,
        "requests": client.requests,
        "waits_for_429": client.waits,
        "seconds": round(seconds, 1),
    }


def write(content: dict[str, Any], path: Path) -> None:
    """Write it as JSON. Raises OSError."""
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
