"""Starts the hub and the look at the server's clock with the process; Django and Channels know no lifespan."""

from __future__ import annotations

import contextlib
import gc
import resource
from collections.abc import Awaitable, Callable
from typing import Any

from core.firing.server_clocks import ServerClock
from core.watchdog import watchdog
from feed.hub import Hub

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def _allow_many_sockets() -> None:
    """Raise the soft limit of descriptors, often 1,024, to the hard one: each socket takes one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _leave_what_stays_alone() -> None:
    """Take all that was loaded out of the garbage collector's sight, and let it look less often at the rest.

    Half a million objects of code and settings live as long as the process; each full collection walked them with
    everything stopped, some 100 ms in which no frame was sent and no request answered.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


class Lifespan:
    """An ASGI application round another. A server that knows no lifespan starts the hub with its first socket."""

    def __init__(self, application: Application, hub: Hub, server_clock: ServerClock | None = None) -> None:
        self._application = application
        self._hub = hub
        self._server_clock = server_clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one scope."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if scope["type"] == "websocket":
            await self._hub.start()
        await self._application(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                _allow_many_sockets()
                _leave_what_stays_alone()
                await self._hub.start()
                watchdog.start()
                if self._server_clock:
                    self._server_clock.start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                watchdog.stop()
                if self._server_clock:
                    self._server_clock.stop()
                await self._hub.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return
