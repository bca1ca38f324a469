"""The event loop of web processes that speak TLS themselves: `uvicorn --loop http_server.loop:Loop`.

A protocol sees a TLS connection only when its handshake is complete, which uvicorn waits for as long as 60 s. Here a
connection is counted, and its time runs, from its first moment.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable
from ssl import SSLContext
from typing import Any, cast

import uvloop
from django.conf import settings

from http_server.pending import RESET, network, pending


class Loop(uvloop.Loop):
    """uvloop's, with the limits of a request's head on the TLS handshake before it."""

    async def create_server(  # type: ignore[override]
        self, factory: Any, *arguments: Any, ssl: Any = None, **named: Any
    ) -> Any:
        """Listen; with TLS each connection is accepted plain, counted, and only then encrypted."""
        if ssl is None:
            return await super().create_server(factory, *arguments, **named)
        return await super().create_server(lambda: _Accepted(self, factory, ssl), *arguments, **named)


class _Accepted(asyncio.Protocol):
    """A connection from its accept to the end of its TLS handshake."""

    def __init__(self, loop: Loop, factory: Callable[[], asyncio.Protocol], context: SSLContext) -> None:
        self._loop, self._factory, self._context = loop, factory, context
        self._socket: socket.socket | None = None
        self._task: asyncio.Task[None] | None = None  # held here: the loop itself holds tasks weakly

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection out of its plain transport, which has read nothing yet."""
        plain = cast("asyncio.Transport", transport)
        plain.pause_reading()
        peer = plain.get_extra_info("peername")
        self._socket = socket.socket(fileno=os.dup(plain.get_extra_info("socket").fileno()))
        self._socket.setblocking(False)  # noqa: FBT003 - the socket module's own signature
        plain.abort()  # closes the first descriptor; the connection lives on in the second
        pending().add(self, network(peer))
        self._task = self._loop.create_task(self._encrypt(self._socket))

    def end(self) -> None:
        """End the connection at once: there are too many."""
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                self._socket.shutdown(socket.SHUT_RDWR)

    async def _encrypt(self, connected: socket.socket) -> None:
        try:
            await self._loop.connect_accepted_socket(
                self._factory, connected, ssl=self._context, ssl_handshake_timeout=float(settings.REQUEST_SECONDS)
            )
        except OSError:  # the handshake failed or came too late
            connected.close()
        finally:
            pending().remove(self)
