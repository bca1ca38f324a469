"""Real processes for tests that need more than one: web processes and a worker on a test's own database."""

from __future__ import annotations

import contextlib
import importlib
import multiprocessing
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60.0
LOADED = "tests.serving"
# The first port that the system chose.
_port = 0


@dataclass
class Web:
    """Web processes that accept on one listening socket."""

    url: str
    processes: list[BaseProcess] = field(default_factory=list)

    @property
    def live(self) -> str:
        """The address of the live feed."""
        return self.url.replace("http", "ws", 1) + "/ws/live"


@contextlib.contextmanager
def live_web(
    database: Any,
    processes: int = 1,
    application: str = "config.asgi:application",
    how: str = "forkserver",
    send_buffer: int | None = None,
    **chosen: Any,
) -> Iterator[Web]:
    """Run the web on a database (`fresh_database`): so many processes that accept on one listening socket.

    how: "spawn" loads all anew, for an environment that is not the suite's. send_buffer: bytes that the
    system may keep for a client that does not read. `chosen`: settings of its own.
    """
    with _listening() as listening:
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as launcher.instance.listen does
        if send_buffer is not None:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer)  # accepted sockets inherit it
        web = Web(f"http://127.0.0.1:{listening.getsockname()[1]}")
        with contextlib.ExitStack() as ends:
            for _ in range(processes):
                web.processes.append(
                    ends.enter_context(_running(how, "web", database.name, application, listening, chosen))
                )
            _wait_until_up(web)
            yield web


def _listening() -> socket.socket:
    """Listen on the port of the web before this one where it is free: the browser keeps its files by address."""
    global _port  # noqa: PLW0603
    try:
        listening = socket.create_server(("127.0.0.1", _port), backlog=2048)
    except OSError:
        return socket.create_server(("127.0.0.1", 0), backlog=2048)
    _port = listening.getsockname()[1]
    return listening


@contextlib.contextmanager
def live_worker(database: Any, how: str = "forkserver") -> Iterator[BaseProcess]:
    """Run a Celery worker, which carries the clock, on a database. how: as for `live_web`."""
    with _running(how, "worker", database.name) as process:
        yield process


@contextlib.contextmanager
def _running(how: str, part: str, *words: object) -> Iterator[BaseProcess]:
    starts: Any = multiprocessing.get_context(how)
    starts.set_forkserver_preload([__name__, LOADED])
    process = starts.Process(target=_run, args=(part, *words))
    process.start()
    try:
        yield process
    finally:
        process.terminate()
        process.join(10)
        process.kill()
        process.join()


def _run(part: str, *words: object) -> None:
    getattr(importlib.import_module(LOADED), part)(*words)


def _wait_until_up(web: Web) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if not all(process.is_alive() for process in web.processes):
            raise RuntimeError("a web process ended while it started")
        with contextlib.suppress(httpx.TransportError):
            httpx.get(web.url + "/sign-in/", timeout=2)
            return
        time.sleep(0.05)
    raise RuntimeError("the web didn't come up")
