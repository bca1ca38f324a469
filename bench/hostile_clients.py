"""Attackers of `bench hostile`, each a process: `python -m bench.hostile_clients hold|bomb URL SIZE`."""

from __future__ import annotations

import contextlib
import itertools
import selectors
import socket
import sys
import time
from urllib.parse import urlsplit

BOMBS = (65_537, 262_144, 1_048_576, 4_194_304, 16_777_216, 30_000_000)
HOST = "127.0.0.1"


def hold(url: str, size: int) -> None:
    """Keep so many connections open that never complete a head; each that is closed is made anew after a second."""
    address = (urlsplit(url).hostname or HOST, urlsplit(url).port or 80)
    watched = selectors.DefaultSelector()

    def open_one() -> None:
        with contextlib.suppress(OSError):
            client = socket.create_connection(address, timeout=5)
            client.setblocking(False)  # noqa: FBT003 - the socket module's own signature
            client.sendall(b"GET / HTTP/1.1\r\n")
            watched.register(client, selectors.EVENT_READ)

    for turn in itertools.count():
        for _ in range(size - len(watched.get_map())):
            open_one()
        if turn == 0:
            print("open", flush=True)
        ends_at = time.monotonic() + 1
        while (left := ends_at - time.monotonic()) > 0:
            for key, _ in watched.select(left):
                watched.unregister(key.fileobj)
                key.fileobj.close()  # type: ignore[union-attr]


def bomb(url: str, _size: int) -> None:
    """Send heads without an end, one after the other, from small to large."""
    address = (urlsplit(url).hostname or HOST, urlsplit(url).port or 80)
    print("open", flush=True)
    for size in itertools.cycle(BOMBS):
        with contextlib.suppress(OSError), socket.create_connection(address, timeout=60) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ")
            client.sendall(b"x" * size)
            client.shutdown(socket.SHUT_WR)
            while client.recv(65_536):
                pass


if __name__ == "__main__":
    {"hold": hold, "bomb": bomb}[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
