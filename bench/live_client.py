"""Many sockets in one process, read as cheaply as Python can: frames are counted, each distinct one is parsed once."""

from __future__ import annotations

import asyncio
import base64
import os
import time
from array import array
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from core.json_codec import loads

HEADER_END = b"\r\n\r\n"


@dataclass(slots=True)
class Kept:
    """One distinct batch: the facts in it, how many there are, and when each socket had it."""

    first: int
    last: int
    count: int
    text: bytes
    now: dict[str, Any]
    arrivals: array[float] = field(default_factory=lambda: array("d"))


class Sockets:
    """All sockets of a run and what they have had."""

    def __init__(self, url: str, key: str, since: int) -> None:
        split = urlsplit(url)
        self.host, self.port = str(split.hostname), int(split.port or 80)
        nonce = base64.b64encode(os.urandom(16)).decode()
        self.rest_of_request = (
            f" HTTP/1.1\r\nHost: {split.netloc}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {nonce}\r\nSec-WebSocket-Version: 13\r\n"
            f"Authorization: Bearer {key}\r\n\r\n"
        )
        self.since = since
        self.batches: dict[bytes, Kept | None] = {}
        self.listeners: list[Listener] = []
        self.open = 0
        self.out_of_order = 0
        self.closed = 0
        self.bytes = 0
        self.counting = False

    async def gather(self, count: int, at_once: int = 50) -> None:
        """Open so many sockets more, and wait until each has been let in."""
        gate = asyncio.Semaphore(at_once)

        async def one() -> None:
            async with gate:
                await self.open_one(self.since)

        await asyncio.gather(*(one() for _ in range(count)))

    async def open_one(self, since: int, things: dict[str, Any] | None = None) -> Listener:
        """Open one socket at a seq; things: what it knows there. Returns when it has been let in."""
        loop = asyncio.get_running_loop()
        _, listener = await loop.create_connection(lambda: Listener(self, since, things), self.host, self.port)
        await asyncio.wait_for(listener.joined, 60)
        self.listeners.append(listener)
        return listener

    def leave(self) -> None:
        """Hang up every socket."""
        for listener in self.listeners:
            if listener.transport is not None:
                listener.transport.abort()
        self.listeners.clear()

    async def until(self, seq: int, seconds: float) -> bool:
        """Wait until every socket has had `seq`; False when that takes longer than `seconds`."""
        deadline = time.monotonic() + seconds
        while any(listener.seq < seq for listener in self.listeners):
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(0.01)
        return True

    async def until_bytes(self, count: int, seconds: float) -> None:
        """Wait until so many bytes have come in all. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while self.bytes < count:
                await asyncio.sleep(0.001)

    def forget(self) -> None:
        """Begin to count anew."""
        self.batches.clear()

    def facts(self) -> dict[int, list[float]]:
        """When each fact was had, by seq: one moment (CLOCK_MONOTONIC, seconds) for each socket."""
        had: dict[int, list[float]] = {}
        for kept in self.batches.values():
            if kept is not None:
                for seq in range(kept.first, kept.last + 1):
                    had.setdefault(seq, []).extend(kept.arrivals)
        return had

    def parse(self, text: bytes) -> Kept | None:
        """What a text is, looked at once for all sockets; None for what is no batch."""
        frame = loads(text)
        if frame["type"] != "batch":
            return None
        seqs = [event["seq"] for event in frame["events"]]
        return Kept(seqs[0], seqs[-1], len(seqs), text, frame["now"])


class Listener(asyncio.Protocol):
    """One socket. seq: the last fact it has had. things: forms by subject, where somebody wants to compare them."""

    __slots__ = ("buffer", "joined", "seq", "sockets", "started", "things", "transport")

    def __init__(self, sockets: Sockets, since: int, things: dict[str, Any] | None) -> None:
        self.sockets = sockets
        self.buffer = b""
        self.seq = since
        self.things = things
        self.started = False
        self.transport: asyncio.Transport | None = None
        self.joined: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        self.transport = transport  # type: ignore[assignment]
        self.sockets.open += 1
        self.transport.write(f"GET /ws/live?since={self.seq}{self.sockets.rest_of_request}".encode())  # type: ignore[union-attr]

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """Count it; one that wasn't let in ends the wait of whoever opened it."""
        self.sockets.open -= 1
        self.sockets.closed += 1
        if not self.joined.done():
            self.joined.set_exception(ConnectionError("closed before it was let in"))

    def data_received(self, data: bytes) -> None:
        """Count bytes, or take whole frames."""
        sockets = self.sockets
        if sockets.counting:
            sockets.bytes += len(data)
            return
        now = time.monotonic()
        if self.buffer:
            data = self.buffer + data
        if not self.started:
            _, end, rest = data.partition(HEADER_END)
            self.started = bool(end)
            data = rest if end else data
        self.buffer = self.take_frames(data, now) if self.started else data

    def take_frames(self, data: bytes, now: float) -> bytes:
        """Take the whole frames of `data`; what is left of it."""
        start, size = 0, len(data)
        while size - start >= 2:
            length, begin = data[start + 1], start + 2
            if length > 125:
                begin += 2 if length == 126 else 8
                length = int.from_bytes(data[start + 2 : begin], "big")
            if size < begin + length:
                break
            if data[start] == 0x81:
                self.take(data[begin : begin + length], now)
            elif data[start] == 0x89 and self.transport is not None:  # a ping; a client masks, with zeros at will
                self.transport.write(b"\x8a" + bytes([0x80 | length]) + bytes(4) + data[begin : begin + length])
            start = begin + length
        return data[start:]

    def take(self, text: bytes, now: float) -> None:
        """Take one text."""
        sockets = self.sockets
        if not self.joined.done():
            self.joined.set_result(None)
        if not text.startswith(b'{"type":"batch"'):
            return
        kept = sockets.batches.get(text)
        if kept is None:
            kept = sockets.batches[text] = sockets.parse(text)
        if kept is not None:
            if kept.first != self.seq + 1 or kept.last - kept.first + 1 != kept.count:
                sockets.out_of_order += 1
            self.seq = kept.last
            kept.arrivals.append(now)
            if self.things is not None:
                self.things.update(kept.now)
