"""A shift's intake: a call rings and shows, is saved, becomes an incident and gets a unit.

At 10 calls a second, at 15 with many screens and positions, and at rising rates until one does not hold. Each rate ends
within its time and bench.intake_calls.DRAIN_SECONDS, and all that it opened is ended.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import uuid
from collections import Counter
from typing import Any

import httpx
import uvloop
from asgiref.sync import sync_to_async
from django.db import connection

from accounts.actions import make_key
from accounts.actors import system_actor
from accounts.queries import default_centre
from accounts.roles import Scope
from bench.board_rows import load_units
from bench.intake_calls import SOURCE, Line
from bench.intake_limits import bare_view_milliseconds, raw_milliseconds, timed
from bench.live_client import Sockets
from bench.results import Measure, Options, Result, percentile
from core import event_log
from core.json_codec import loads
from units.models import Unit

SCREENS = 10
SIZE = 1_000
SECONDS = 30.0  # the target's shift is 900
RUSH_SECONDS = 60.0
CALLS, RUSH_CALLS = 10, 15
# Calls a second that are tried one after the other, each for so long.
RATES = (1, 2, 3, 4, 6, 8, 10, 12, 15, 20, 25, 30)
RATE_SECONDS = 15.0
RING_AIM, SAVE_AIM = 300, 200  # milliseconds, p99
POSITIONS = 630
FLEET = 6_300
SENT = 400
IDLE_TIMES = 200
PATIENCE_SECONDS = 60.0

# What the run has written, counted twice over: rows (or facts) and different ones. `since`: the seq before it.
_WRITTEN = """
SELECT 'calls', count(*), count(DISTINCT call_ref) FROM calls_call WHERE source = %(source)s AND id = ANY(%(calls)s)
UNION ALL SELECT 'calls of the exchange', count(*), %(rung)s FROM calls_call WHERE source = %(source)s
UNION ALL SELECT 'words of the exchange', count(*), count(DISTINCT (call_id, step)) FROM calls_callstep
    WHERE source = %(source)s
UNION ALL SELECT 'incidents', count(*), count(DISTINCT call_id) FROM dispatch_incidentcall
    WHERE incident_id = ANY(%(incidents)s) AND call_id = ANY(%(calls)s)
UNION ALL SELECT 'assignments', count(*), count(DISTINCT incident_id) FROM dispatch_assignment
    WHERE id = ANY(%(assignments)s)
UNION ALL SELECT 'facts of ' || kind, count(*), count(DISTINCT subjects) FROM core_event
    WHERE seq > %(since)s AND kind IN ('call.rang', 'incident.opened', 'assignment.made') GROUP BY kind
"""


def run(options: Options) -> Result:
    """Measure; size: sockets of the rush. seconds: how long 10 calls a second go on, the rush at most as long."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, hard), hard))
    seconds, size = options.seconds or SECONDS, options.size or SIZE
    rush_seconds = min(RUSH_SECONDS, options.seconds or RUSH_SECONDS)
    intake = Intake(options.url)
    idle = intake.idle(IDLE_TIMES if seconds >= SECONDS else 20)
    load_units(FLEET)
    highest = intake.highest(min(RATE_SECONDS, seconds))
    shift = uvloop.run(intake.shift(CALLS, seconds, SCREENS, 0))
    rush = uvloop.run(intake.shift(RUSH_CALLS, rush_seconds, size, POSITIONS))
    return Result("intake", [*idle, highest, *shift, *rush])


class Intake:
    """The place, with keys for the exchange, the desks, the trackers and the screens."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        centre = system_actor(default_centre().id)
        scopes = {
            "exchange": [Scope.TELEPHONY],
            "desk": [Scope.CALLS, Scope.INCIDENTS],
            "trackers": [Scope.UNITS],
            "screen": [Scope.BOARD],
        }
        self.keys = {name: make_key(actor=centre, name=f"bench {name}", scopes=of)[1] for name, of in scopes.items()}

    def idle(self, times: int) -> list[Measure]:
        """One opening after the other over one connection, which one process answers; then what it can't do without."""
        line = Line(self.url)
        opened: list[str] = []

        def open_one() -> None:
            wanted = {
                "id": str(uuid.uuid4()),
                "type": "F01",
                "location": {"text": "Pasar", "lat": -7.01, "lng": 113.87},
            }
            status, content = line.ask("POST", "incidents", self.keys["desk"], wanted)
            if status != 201:
                raise RuntimeError(f"an incident was not opened: {status} {content}")
            opened.append(content["id"])

        for _ in range(10):
            open_one()
        ours = [timed(open_one) for _ in range(times)]
        view = bare_view_milliseconds(line, {"id": None}, times)
        raw = raw_milliseconds(uuid.UUID(opened[0]), times)
        for incident in opened:
            body = {"state": "cancelled", "reason": "bench"}
            line.ask("POST", f"incidents/{incident}/state", self.keys["desk"], body)
        p50, rate, most = percentile(ours, 0.5), 1000 * times / sum(ours), 1000 * times / sum(view)
        in_sql = percentile(raw, 0.5)
        return [
            Measure("open an F01 with its tasks, idle, p50; limit: its rows in raw SQL", "ms", round(p50, 2),
                    round(in_sql, 2), "<= 9", p50 <= 9),
            Measure("open, one process; limit: a view without a database", "1/s", round(rate, 1), round(most, 1),
                    ">= 0.8 of the limit", rate >= 0.8 * most),
            Measure("open, idle, p99", "ms", round(percentile(ours, 0.99), 2), round(percentile(raw, 0.99), 2)),
        ]  # fmt: skip

    def highest(self, seconds: float) -> Measure:
        """The highest of RATES that holds its aims with SCREENS screens; the next one missed one. 0: none does."""
        held = 0
        for rate in RATES:
            if any(measure.met is False for measure in uvloop.run(self.shift(rate, seconds, SCREENS, 0))):
                break
            held = rate
        name = f"highest rate that holds its aims, {seconds:g} s each, {SCREENS} sockets"
        return Measure(name, "calls/s", held, None, f">= {RUSH_CALLS}", held >= RUSH_CALLS)

    async def shift(self, rate: int, seconds: float, sockets: int, positions: int) -> list[Measure]:
        """Calls at a rate while screens listen: what people waited for, and whether anything was lost or doubled."""
        screens = await self._screens()
        await screens.gather(sockets)
        units = await sync_to_async(_units)()
        wish = {**self.keys, "url": self.url, "rate": rate, "seconds": seconds, "positions": positions}
        results = await self._play({**wish, "units": units[:SENT], "fleet": units})
        last = await sync_to_async(event_log.last_seq)()
        whole = await screens.until(last, PATIENCE_SECONDS)
        wrong = await sync_to_async(_wrong)(results, screens.since)
        missed = screens.out_of_order + screens.closed + (0 if whole else 1)
        seen = _ring_to_screen(screens, results["calls"])
        late = [1000 * each for arrivals in seen.values() for each in arrivals]
        unseen = len(results["calls"]) * sockets - len(late)
        screens.leave()
        for words, times in Counter([*results["failed"], *wrong]).most_common(10):
            sys.stderr.write(f"{times} x {words}\n")
        name = f"{rate}/s for {seconds:g} s, {sockets} sockets" + (f", {positions} positions/s" if positions else "")
        p99 = percentile(late, 0.99) if late else float("inf")
        took = results["milliseconds"]
        saved = percentile(took["save call"], 0.99)
        bad = len(results["failed"]) + len(wrong) + missed + unseen
        return [
            Measure(f"{name}: ring -> screen p50", "ms", round(percentile(late, 0.5), 1) if late else p99),
            Measure(f"{name}: ring -> screen p99", "ms", round(p99, 1), None, f"<= {RING_AIM}", p99 <= RING_AIM),
            Measure(f"{name}: save call p50", "ms", round(percentile(took["save call"], 0.5), 1)),
            Measure(f"{name}: save call p99", "ms", round(saved, 1), None, f"<= {SAVE_AIM}", saved <= SAVE_AIM),
            *(
                Measure(f"{name}: {step} p{part * 100:.0f}", "ms", round(percentile(took[step], part), 1))
                for step in ("open incident", "assign", "ring")
                for part in (0.5, 0.99)
            ),
            Measure(f"{name}: told to send again, all being busy", "times", results["busy"]),
            Measure(f"{name}: lost, doubled or refused of {len(results['calls'])} calls", "", bad, None, "0", bad == 0),
        ]

    async def _screens(self) -> Sockets:
        """Screens that start at the present board."""
        key = self.keys["screen"]
        async with httpx.AsyncClient(timeout=30) as client:
            answer = await client.get(f"{self.url}/api/v1/board", headers={"Authorization": f"Bearer {key}"})
        answer.raise_for_status()
        return Sockets(self.url, key, answer.json()["seq"])

    async def _play(self, wish: dict[str, Any]) -> dict[str, Any]:
        """The calls, in a process of their own."""
        player = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.intake_calls", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        output, _ = await player.communicate(json.dumps(wish).encode())
        if player.returncode:
            raise RuntimeError("the calls could not be played")
        results: dict[str, Any] = json.loads(output)
        return results


def _units() -> list[str]:
    """Callsigns of the fleet, those that may be sent first."""
    available = Unit.objects.filter(active=True, status__startswith="available").order_by("callsign")
    rest = Unit.objects.filter(active=True).exclude(status__startswith="available").order_by("callsign")
    return [*available.values_list("callsign", flat=True), *rest.values_list("callsign", flat=True)]


def _ring_to_screen(screens: Sockets, calls: list[dict[str, Any]]) -> dict[str, list[float]]:
    """From a ring's first sending to each screen that had it, in seconds, by call."""
    rang_at = {f"call:{call['call']}": call["rang_at"] for call in calls}
    seen: dict[str, list[float]] = {}
    for kept in screens.batches.values():
        if kept is None:
            continue
        for event in loads(kept.text)["events"]:
            named = [subject for subject in event["subjects"] if subject in rang_at]
            if event["kind"] == "call.rang" and named:
                seen.setdefault(named[0], []).extend(moment - rang_at[named[0]] for moment in kept.arrivals)
    return seen


def _wrong(results: dict[str, Any], since: int) -> list[str]:
    """What was lost or written twice: each count beside what the endpoints have acknowledged."""
    calls = results["calls"]
    named = {
        name: [uuid.UUID(call[key]) for call in calls if key in call]
        for name, key in (("calls", "call"), ("incidents", "incident"), ("assignments", "assignment"))
    }
    acknowledged = {
        "calls": len(calls),
        "incidents": len(named["incidents"]),
        "assignments": len(named["assignments"]),
        "facts of call.rang": len(calls),
        "facts of incident.opened": len(named["incidents"]),
        "facts of assignment.made": len(named["assignments"]),
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_event WHERE seq <= %s AND kind = 'call.rang'", [since])
        rung = cursor.fetchone()[0] + len(calls)
        cursor.execute(_WRITTEN, {"source": SOURCE, "since": since, "rung": rung, **named})
        counted = {name: (rows, different) for name, rows, different in cursor.fetchall()}
    wrong = [f"{name}: {rows} written, {different} different" for name, (rows, different) in counted.items()
             if rows != different]  # fmt: skip
    return wrong + [
        f"{name}: {number} acknowledged, {counted.get(name, (0, 0))[0]} written"
        for name, number in acknowledged.items()
        if counted.get(name, (0, 0))[0] != number
    ]
