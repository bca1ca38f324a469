"""Two servers that do nothing but send one frame to many sockets: a bare protocol, and ours. For bench.live.

`python -m bench.live_servers bare|ours FD SOCKETS ROUNDS FRAME_FILE`: waits for so many sockets, then sends each of
them the text of the file, so many times. Both wait between rounds until the slowest socket has room again.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from pathlib import Path
from typing import Any

import uvicorn
import uvloop

from feed.frames import Frame

ROOM_BYTES = 128 * 1024
UPGRADED = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n"
)
HELLO = Frame.of(b'{"type":"beat","head":0,"at":""}')


class Bare(asyncio.Protocol):
    """The least that a server can do."""

    transports: list[asyncio.Transport] = []  # noqa: RUF012 - one list for all, on purpose

    def connection_made(self, transport: Any) -> None:
        """Keep the transport."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Let whoever asks in."""
        if b"\r\n\r\n" in data:
            self.transport.write(UPGRADED + HELLO.wire)
            self.transports.append(self.transport)


async def bare(listening: socket.socket, sockets: int, rounds: int, frame: Frame) -> None:
    """Write the frame to every transport, round after round."""
    await asyncio.get_running_loop().create_server(Bare, sock=listening)
    while len(Bare.transports) < sockets:
        await asyncio.sleep(0.01)
    await asyncio.sleep(1)
    wire = frame.wire
    for _ in range(rounds):
        for transport in Bare.transports:
            transport.write(wire)
        await asyncio.sleep(0)
        while max(transport.get_write_buffer_size() for transport in Bare.transports[::20]) > ROOM_BYTES:
            await asyncio.sleep(0.001)
    await asyncio.sleep(3600)


async def ours(listening: socket.socket, sockets: int, rounds: int, frame: Frame) -> None:
    """The same through uvicorn, Channels' consumer, the hub's subscribers and the prebuilt-frame protocol."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django  # noqa: PLC0415 - the bare server does without

    django.setup()
    from channels.routing import URLRouter  # noqa: PLC0415
    from django.urls import re_path  # noqa: PLC0415

    from core.registry import Registry  # noqa: PLC0415
    from feed.audiences import CENTRE, Admission  # noqa: PLC0415
    from feed.consumer import LiveConsumer  # noqa: PLC0415
    from feed.hub import Hub  # noqa: PLC0415
    from feed.lifespan import Lifespan  # noqa: PLC0415

    hub = Hub(Registry((), {}, lambda _since: [], dict, lambda _targets: {}, {}))
    routes = URLRouter([re_path("", LiveConsumer.as_asgi(hub=hub, admit=lambda _scope: Admission(CENTRE)))])
    config = uvicorn.Config(
        Lifespan(routes, hub),
        ws="feed.protocol:FeedProtocol",
        ws_per_message_deflate=False,
        log_level="warning",
        lifespan="on",
        loop="none",
    )
    serving = asyncio.create_task(uvicorn.Server(config).serve([listening]))
    while hub.figures()["sockets"]["centre"] < sockets:
        await asyncio.sleep(0.01)
    await asyncio.sleep(1)
    subscribers = hub._subscribers[CENTRE]
    transports = [socket._line.transport for socket in subscribers.sockets][::20]  # type: ignore[attr-defined]
    for _ in range(rounds):
        subscribers.publish_head(frame)
        await asyncio.sleep(0)
        while max(transport.get_write_buffer_size() for transport in transports) > ROOM_BYTES:
            await asyncio.sleep(0.001)
    await serving


def main(kind: str, descriptor: str, sockets: str, rounds: str, file: str) -> None:
    """Serve until killed."""
    listening = socket.socket(fileno=int(descriptor))
    serve = {"bare": bare, "ours": ours}[kind]
    uvloop.run(serve(listening, int(sockets), int(rounds), Frame.of(Path(file).read_bytes())))


if __name__ == "__main__":
    main(*sys.argv[1:])
