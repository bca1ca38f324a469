"""One call after the other, ring to closed: what a person waits for, and the CPU of all processes of the site.

The answer of a site that is otherwise idle. Nothing runs beside but the clock and the feed's hubs.
"""

from __future__ import annotations

import os
import time
import uuid
from collections import defaultdict
from pathlib import Path
from typing import Any

from django.conf import settings

from accounts.actions import make_key
from accounts.actors import system_actor
from accounts.queries import default_centre
from accounts.roles import Scope
from bench.intake_calls import TWICE_EVERY, Player
from bench.results import Measure, Options, Result, percentile
from launcher import instance, servers
from units.models import Unit

SIZE = 100
FIRST = 10  # calls that are not counted: pools and caches fill
TICKS = os.sysconf("SC_CLK_TCK")
SETTLE_SECONDS = 2.0
# Steps of bench.intake_calls, what they are called here, and the aim for half of them in milliseconds.
STEPS = {
    "ring": ("ring", 6),
    "further word": ("answered and ended", 7),
    "save call": ("save call", 7),
    "open incident": ("open an F01 from its call", 9),
    "assign": ("assign a unit", 10),
    "note": ("note", 7),
    "read": ("GET incident", 6),
    "the end": ("cancel", None),
}
CPU_AIM = 95


class _OneByOne(Player):
    """Plays calls without a pause between them, with a note and a reading in each."""

    def say(self, step: str, method: str, path: str, who: str, body: Any) -> Any:
        """Ask; after an incident was opened, add a note to it and read it."""
        content = super().say(step, method, path, who, body)
        if step == "open incident" and content:
            incident = f"incidents/{content['id']}"
            super().say("note", "POST", f"{incident}/notes", who, {"id": str(uuid.uuid4()), "text": "Asap tebal"})
            super().say("read", "GET", incident, who, None)
        return content


def run(options: Options) -> Result:
    """Measure; size: how many calls."""
    size = options.size or SIZE
    centre = system_actor(default_centre().id)
    scopes = {"exchange": [Scope.TELEPHONY], "desk": [Scope.CALLS, Scope.INCIDENTS]}
    keys = {name: make_key(actor=centre, name=f"bench {name}", scopes=of)[1] for name, of in scopes.items()}
    units = list(Unit.objects.filter(active=True).values_list("callsign", flat=True)[:SIZE])
    player = _OneByOne({**keys, "url": options.url.rstrip("/"), "units": units})
    for turn in range(FIRST):
        player.play(turn * TWICE_EVERY + 1)
    player.milliseconds.clear()
    player.own.line = None  # the site closes a connection that rests
    time.sleep(SETTLE_SECONDS)
    idle = _seconds_of_rest()
    before, begun_at = cpu_seconds(settings.SIGAP_HOME), time.monotonic()
    for turn in range(FIRST, FIRST + size):
        player.play(turn * TWICE_EVERY + 1)
    took = time.monotonic() - begun_at
    time.sleep(SETTLE_SECONDS)  # the worker sends the last notices
    used = _since(before)
    parts = {
        part: 1000 * max(0.0, seconds - idle[part] * (took + SETTLE_SECONDS)) / size
        for part, seconds in sorted(used.items())
    }
    if player.failed:
        raise RuntimeError("; ".join(player.failed[:5]))
    whole = sum(parts.values())
    return Result(
        "calls",
        [
            Measure(
                "CPU of a whole call, all processes", "ms", round(whole, 1), aim=f"<= {CPU_AIM}", met=whole <= CPU_AIM
            ),
            *(Measure(f"of these {part}", "ms", round(milliseconds, 1)) for part, milliseconds in parts.items()),
            *(measure for step in STEPS for measure in _step(step, player.milliseconds[step])),
        ],
    )


def _step(step: str, took: list[float]) -> list[Measure]:
    name, aim = STEPS[step]
    p50, p99 = percentile(took, 0.5), percentile(took, 0.99)
    words, met = (f"<= {aim}", p50 <= aim) if aim else ("", None)
    return [
        Measure(f"{name}, p50", "ms", round(p50, 2), None, words, met),
        Measure(f"{name}, p99", "ms", round(p99, 2)),
    ]


def _seconds_of_rest() -> dict[str, float]:
    """The CPU seconds that each part takes in a second in which nobody calls."""
    seconds = 5.0
    before = cpu_seconds(settings.SIGAP_HOME)
    time.sleep(seconds)
    return {part: used / seconds for part, used in _since(before).items()}


def _since(before: dict[str, float]) -> dict[str, float]:
    return {part: seconds - before[part] for part, seconds in cpu_seconds(settings.SIGAP_HOME).items()}


def cpu_seconds(state: Path) -> dict[str, float]:
    """The CPU seconds that the processes of a site have used so far: web, worker, beat, postgres, valkey."""
    at_work = instance.running(state)
    pids = {**(at_work.children if at_work else {}), **servers.running(state)}
    used: dict[str, float] = defaultdict(float)
    for name, pid in pids.items():
        used[name.partition("-")[0]] += _ticks(pid)[0] / TICKS
        if name == "postgres":
            used[name] += sum(_family(pid)) / TICKS
    return used


def _family(parent: int) -> list[int]:
    """The ticks of a process' children, those that have ended among them."""
    ticks = [_ticks(parent)[1]]
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                own, _ended, of = _ticks(int(path.name))
            except OSError:  # it ended meanwhile
                continue
            if of == parent:
                ticks.append(own)
    return ticks


def _ticks(pid: int) -> tuple[int, int, int]:
    """(its own ticks, those of its ended children, its parent); raises OSError where it has ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14]), int(fields[1])
