"""A thousand clients drop at once and come back within ten seconds while facts go on: who equals the board, when."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvloop

from bench.live import Place
from bench.live_client import Sockets
from bench.results import Measure, Options, Result, percentile

SIZE = 1_000
BACK_SECONDS = 10.0
RATE = 50
LISTS = {"calls": "call", "incidents": "incident", "units": "unit", "alarms": "alarm", "operators": "operator"}


@dataclass
class Storm:
    """What came of it. waits: milliseconds from a client's first try until it was let in."""

    failed: int = 0
    waits: list[float] = field(default_factory=list)


def run(options: Options) -> Result:
    """Measure; size: clients. seconds: within which they come back."""
    place = Place(options.url)
    return uvloop.run(_measure(place, options.size or SIZE, options.seconds or BACK_SECONDS))


async def _measure(place: Place, size: int, seconds: float) -> Result:
    storm = Storm()
    limits = httpx.Limits(max_connections=200)
    async with httpx.AsyncClient(timeout=30, limits=limits, headers={"Authorization": f"Bearer {place.key}"}) as http:
        sockets = await place.sockets()
        start, things = await _board(http, place)
        sockets.since = start
        for _ in range(size):
            await sockets.open_one(start, dict(things))
        writing = asyncio.create_task(place.write(RATE, seconds + 5))
        await asyncio.sleep(2)
        dropped, sockets.listeners = sockets.listeners, []
        known = [(listener.seq, listener.things) for listener in dropped]
        for listener in dropped:
            if listener.transport is not None:
                listener.transport.abort()
        await asyncio.gather(*(_come_back(sockets, http, place, storm, seconds, *one) for one in known))
        written = await writing
        ended_at = time.monotonic()
        whole = await sockets.until(max(written), 30)
        settled = time.monotonic() - ended_at
        seq, expected = await _board(http, place)
    soon = whole and settled <= 5
    differ = sum(
        {subject: form for subject, form in (listener.things or {}).items() if form is not None} != expected
        for listener in sockets.listeners
    )
    wrong = differ + size - len(sockets.listeners) + (0 if whole and seq == max(written) else 1)
    return Result(
        "storm",
        [
            Measure(f"{size} clients: unlike the board at seq {seq}", "clients", wrong, None, "0", wrong == 0),
            Measure("from the last fact until all have it", "s", round(settled, 2), None, "<= 5", soon),
            Measure("requests and connections that failed", "", storm.failed, None, "0", storm.failed == 0),
            Measure("first try -> let in p99", "ms", round(percentile(storm.waits, 0.99), 1)),
        ],
    )


async def _come_back(
    sockets: Sockets, http: httpx.AsyncClient, place: Place, storm: Storm, seconds: float, seq: int, things: Any
) -> None:
    """One client's way back: every second one resumes by its seq, the others have lost all and fetch a board."""
    await asyncio.sleep(random.uniform(0, seconds))
    begun_at = time.monotonic()
    anew = random.random() < 0.5
    for _ in range(5):
        try:
            if anew:
                seq, things = await _board(http, place)
            await sockets.open_one(seq, things)
        except (httpx.HTTPError, OSError, TimeoutError):
            storm.failed += 1
        else:
            storm.waits.append(1000 * (time.monotonic() - begun_at))
            return


async def _board(http: httpx.AsyncClient, place: Place) -> tuple[int, dict[str, Any]]:
    """A board's seq and its things by subject."""
    answer = await http.get(f"{place.url}/api/v1/board")
    answer.raise_for_status()
    board = answer.json()
    return board["seq"], {f"{LISTS[plural]}:{form['id']}": form for plural in LISTS for form in board[plural]}
