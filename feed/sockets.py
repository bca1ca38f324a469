"""One open socket as the hub sees it: it takes a frame or returns that it can't, and nobody ever waits for it."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from feed.frames import Frame

# What may lie unsent for one socket. Past it the socket is closed; the client comes back and resumes by its seq.
MOST_UNSENT_BYTES = 512 * 1024
EXTENSION = "sigap.frames"


class Line(Protocol):
    """Where frames go: straight to the transport, or by the server's own `send`."""

    def write(self, frame: Frame, allowed_unsent: int) -> bool:
        """Hand over a frame; False when more than `allowed_unsent` bytes still wait, or the line is closed."""

    def close(self, code: int) -> None:
        """Say good-bye with a code after what was written; what isn't taken within seconds is thrown away."""


class Socket:
    """A line with the room it is given. A long resume is given once: until it is through, it doesn't count."""

    __slots__ = ("_allowed", "_line")

    def __init__(self, line: Line) -> None:
        self._line = line
        self._allowed = MOST_UNSENT_BYTES

    def write(self, frame: Frame) -> bool:
        """Hand over a frame; False when the socket can't keep up."""
        return self._line.write(frame, self._allowed)

    def write_resume(self, frame: Frame) -> bool:
        """Hand over what was missed, however long it is."""
        self._allowed = MOST_UNSENT_BYTES + len(frame.wire)
        return self.write(frame)

    def close(self, code: int) -> None:
        """Close it with a code."""
        self._line.close(code)


class SendLine:
    """The way that every ASGI server knows: `send`, fed from a queue by a task of its own."""

    def __init__(self, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        self._send = send
        self._waiting: deque[Frame] = deque()
        self._unsent = 0
        self._code: int | None = None
        self._more = asyncio.Event()
        self._task = asyncio.create_task(self._pump())

    def write(self, frame: Frame, allowed_unsent: int) -> bool:
        """Put a frame into the queue."""
        if self._code is not None or self._unsent > allowed_unsent or self._task.done():
            return False
        self._waiting.append(frame)
        self._unsent += len(frame.text)
        self._more.set()
        return True

    def close(self, code: int) -> None:
        """Close after what is in the queue, or give the connection up after 5 s."""
        if self._code is None:
            self._code = code
            self._more.set()
            asyncio.get_running_loop().call_later(5.0, self._task.cancel)

    def stop(self) -> None:
        """The other side has gone."""
        self._task.cancel()

    async def _pump(self) -> None:
        with contextlib.suppress(OSError):  # gone in the middle of a send: the consumer hears of it by itself
            while True:
                while self._waiting:
                    frame = self._waiting.popleft()
                    await self._send({"type": "websocket.send", "text": frame.text.decode()})
                    self._unsent -= len(frame.text)
                if self._code is not None:
                    await self._send({"type": "websocket.close", "code": self._code})
                    return
                self._more.clear()
                await self._more.wait()
