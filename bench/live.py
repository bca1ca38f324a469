"""The live feed: commit -> client at 10 and 100 facts/s, a burst, many sockets; deliveries/s beside a bare protocol."""

from __future__ import annotations

import asyncio
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import uvloop
from asgiref.sync import sync_to_async

from accounts.actions import make_key
from accounts.actors import system_actor
from accounts.models import User
from accounts.queries import actor_of_user, default_centre
from accounts.roles import Scope
from bench.live_client import Sockets
from bench.results import Measure, Options, Result, percentile
from core import event_log
from dispatch.actions.incidents import open_incident
from dispatch.domain.location import Location

SIZES = (100, 500, 1_000)
RATES = (10, 100)
SECONDS = 10.0
BURST = 500
MANY = 10_000
ROUNDS = 400
COALESCED = 30  # what 2,000 facts/s make in 15 ms
# Milliseconds that 99 % of the deliveries may take, by sockets.
AIMS = {100: 20.0, 500: 100.0, 1_000: 100.0, MANY: 250.0}


def run(options: Options) -> Result:
    """Measure; size: only so many sockets. seconds: of each rate."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, hard), hard))
    place = Place(options.url)
    return uvloop.run(_measure(place, options, most=hard - 500))


class Place:
    """The running place: a key for it, and incidents to write about."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        centre = default_centre().id
        _, self.key = make_key(actor=system_actor(centre), name="bench live", scopes=[Scope.BOARD])
        actor = actor_of_user(User.objects.get(username="dispatcher"))
        self.incidents = [
            open_incident(actor=actor, location=Location(text=f"bench {number}"), type="M11")[0].id
            for number in range(20)
        ]

    async def sockets(self) -> Sockets:
        """Sockets that start at the present board."""
        async with httpx.AsyncClient(timeout=30) as client:
            answer = await client.get(f"{self.url}/api/v1/board", headers={"Authorization": f"Bearer {self.key}"})
        answer.raise_for_status()
        return Sockets(self.url, self.key, answer.json()["seq"])

    async def write(self, rate: float, amount: float) -> dict[int, float]:
        """Write facts at a rate (or, 0, so many at once) in a process of its own: moment by seq."""
        words = [sys.executable, "-m", "bench.live_writer", str(rate), str(amount), *map(str, self.incidents)]
        writer = await asyncio.create_subprocess_exec(*words, stdout=subprocess.PIPE)
        output, _ = await writer.communicate()
        if writer.returncode:
            raise RuntimeError("the writer failed")
        return {int(seq): float(moment) for seq, moment in (line.split() for line in output.decode().splitlines())}


async def _measure(place: Place, options: Options, most: int) -> Result:
    seconds = options.seconds or SECONDS
    measures: list[Measure] = []
    sample: Any = None
    for size in [options.size] if options.size else SIZES:
        sockets = await place.sockets()
        await sockets.gather(size)
        for rate in RATES:
            measures += await _latency(place, sockets, rate, seconds)
        sample = sample or max((kept for kept in sockets.batches.values() if kept), key=lambda kept: -kept.count)
        if size == 500 or options.size:
            measures.append(await _burst(place, sockets))
        sockets.leave()
    if not options.size:
        sockets = await place.sockets()
        await sockets.gather(min(MANY, most))
        measures += await _latency(place, sockets, 10, seconds)
        sockets.leave()
    head = await _deliveries(sample.text, options.size or 500)
    return Result("live", [*head, *measures])


async def _latency(place: Place, sockets: Sockets, rate: int, seconds: float) -> list[Measure]:
    """Commit -> client, what is missing and what came in another order."""
    size = len(sockets.listeners)
    sockets.forget()
    out_of_order, closed = sockets.out_of_order, sockets.closed
    written = await place.write(rate, seconds)
    await sockets.until(max(written), 30)
    had = sockets.facts()
    late = [1000 * (moment - written[seq]) for seq, moments in had.items() if seq in written for moment in moments]
    lost = len(written) * size - len(late)
    aim = AIMS.get(size, 100.0)
    p99 = percentile(late, 0.99)
    wrong = sockets.out_of_order - out_of_order + sockets.closed - closed
    name = f"{size} sockets, {rate}/s"
    return [
        Measure(f"{name}: commit -> client p50", "ms", round(percentile(late, 0.5), 2)),
        Measure(f"{name}: commit -> client p99", "ms", round(p99, 2), None, f"<= {aim:g}", p99 <= aim),
        Measure(f"{name}: lost, out of order or closed", "", lost + wrong, None, "0", lost + wrong == 0),
    ]


async def _burst(place: Place, sockets: Sockets) -> Measure:
    """Facts as fast as four threads can write them: all of them to all sockets, from the first commit to the last."""
    sockets.forget()
    written = await place.write(0, BURST)
    whole = await sockets.until(max(written), 30)
    had = sockets.facts()
    last = max(moment for moments in had.values() for moment in moments)
    rate = len(written) * len(sockets.listeners) / (last - min(written.values()))
    name = f"{len(sockets.listeners)} sockets, burst of {BURST} by real actions"
    return Measure(name, "deliveries/s", round(rate), None, "none lost", whole)


async def _deliveries(text: bytes, size: int) -> list[Measure]:
    """One frame to each socket, over and over: ours beside the bare protocol; and frames that carry many facts."""
    many = _of_many_facts(text)
    bare = await _flood("bare", text, size)
    ours = await _flood("ours", text, size)
    coalesced = COALESCED * await _flood("ours", many, size, ROUNDS // 4)
    return [
        Measure(
            f"{size} sockets, one fact a frame of {len(text)} bytes",
            "deliveries/s", round(ours), round(bare), ">= 0.7 of the limit", ours >= 0.7 * bare,
        ),
        Measure(
            f"{size} sockets, {COALESCED} facts a frame of {len(many)} bytes",
            "deliveries/s", round(coalesced), round(bare), ">= 4 x the limit", coalesced >= 4 * bare,
        ),
    ]  # fmt: skip


def _of_many_facts(text: bytes) -> bytes:
    """The text of a batch with its first fact repeated: the size that coalescing makes."""
    start, end = text.index(b'"events":[') + 10, text.index(b'],"now":')
    return text[:start] + b",".join([text[start:end]] * COALESCED) + text[end:]


async def _flood(kind: str, text: bytes, size: int, rounds: int = ROUNDS) -> float:
    """Frames a second that a server of a kind sends to `size` sockets of ours."""
    async with _server(kind, text, size, rounds) as url:
        sockets = Sockets(url, "none", await sync_to_async(event_log.last_seq)())
        await sockets.gather(size)
        sockets.counting = True
        began = sockets.bytes
        while sockets.bytes == began:
            await asyncio.sleep(0.0005)
        begun_at = time.monotonic()
        await sockets.until_bytes(rounds * size * (len(text) + 4), 120)
        elapsed = time.monotonic() - begun_at
        sockets.leave()
    return rounds * size / elapsed


@asynccontextmanager
async def _server(kind: str, text: bytes, size: int, rounds: int) -> AsyncIterator[str]:
    """A server of bench.live_servers in a process of its own; its address."""
    with tempfile.NamedTemporaryFile() as file, socket.create_server(("127.0.0.1", 0), backlog=2048) as listening:
        Path(file.name).write_bytes(text)
        words = [sys.executable, "-m", "bench.live_servers", kind, str(listening.fileno()), str(size), str(rounds)]
        server = await asyncio.create_subprocess_exec(*words, file.name, pass_fds=(listening.fileno(),))
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.kill()
            await server.wait()
