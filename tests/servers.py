"""Real processes for tests that need more than one: web processes and a worker on a test's own database."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60.0


@dataclass
class Web:
    """Web processes that accept on one listening socket."""

    url: str
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def live(self) -> str:
        """The address of the live feed."""
        return self.url.replace("http", "ws", 1) + "/ws/live"


@contextlib.contextmanager
def live_web(database: object, processes: int = 1, application: str = "config.asgi:application") -> Iterator[Web]:
    """Run the web on a database (`fresh_database`): so many processes that accept on one listening socket."""
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listening:
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as core.launcher.instance.listen does
        web = Web(f"http://127.0.0.1:{listening.getsockname()[1]}")
        with contextlib.ExitStack() as ends:
            for _ in range(processes):
                command = [sys.executable, "-m", "uvicorn", application, "--fd", str(listening.fileno()),
                           "--ws", "core.feed.protocol:FeedProtocol", "--ws-per-message-deflate", "false",
                           "--lifespan", "on", "--no-access-log", "--log-level", "warning",
                           "--timeout-graceful-shutdown", "1"]
                web.processes.append(ends.enter_context(_running(command, database, (listening.fileno(),))))
            _wait_until_up(web)
            yield web


@contextlib.contextmanager
def live_worker(database: object) -> Iterator[subprocess.Popen[bytes]]:
    """Run a Celery worker, which carries the clock, on a database."""
    command = [sys.executable, "-m", "celery", "-A", "config.celery", "worker", "--pool", "threads",
               "--concurrency", "2", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
    with _running(command, database, ()) as process:
        yield process


@contextlib.contextmanager
def _running(command: list[str], database: object, sockets: tuple[int, ...]) -> Iterator[subprocess.Popen[bytes]]:
    environ = os.environ | {"DATABASE_URL": database.url, "SIGAP_DB_ROLE": "app", "SIGAP_POOL_MAX": "6"}
    process = subprocess.Popen(command, cwd=ROOT, env=environ, pass_fds=sockets, stdin=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_up(web: Web) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if any(process.poll() is not None for process in web.processes):
            raise RuntimeError("a web process ended while it started")
        with contextlib.suppress(httpx.TransportError):
            httpx.get(web.url + "/sign-in/", timeout=2)
            return
        time.sleep(0.05)
    raise RuntimeError("the web didn't come up")
