"""A database that keeps its connections and is silent: refused at once, and everything goes on when it answers."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from django.db import connection
from websockets.sync.client import connect

from core.firing.heartbeat import certain_offset
from tests.api_client import make_secret
from tests.servers import Web, live_web

PATIENCE_SECONDS = 60.0


def processes_of(server: int) -> list[int]:
    """A server process and its children."""
    found = [server]
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(status.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1]) == server:
                found.append(int(status.parent.name))
    return found


@pytest.fixture
def stop_database(module_database) -> Iterator[Callable[[], Callable[[], None]]]:
    """Stops the suite's own PostgreSQL and returns what lets it go on; it goes on at the end in any case."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), inet_server_addr()")
        backend, address = cursor.fetchone()
    connection.close()
    status = Path(f"/proc/{backend}/stat")
    assert address is None, "the suite brings its own PostgreSQL, on a socket; this one is reached by TCP"
    assert status.exists(), "the suite brings its own PostgreSQL; this one runs on another machine"
    server = int(status.read_text(encoding="utf-8").rpartition(")")[2].split()[1])
    stopped: list[int] = []

    def go_on() -> None:
        for process in stopped:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGCONT)
        stopped.clear()

    def stop() -> Callable[[], None]:
        for process in processes_of(server):  # the server first: it makes no more children
            stopped.append(process)
            os.kill(process, signal.SIGSTOP)
        return go_on

    try:
        yield stop
    finally:
        go_on()


@pytest.fixture(scope="module")
def web(module_database) -> Iterator[Web]:
    with live_web(module_database) as running:
        yield running


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def is_unavailable(answer: httpx.Response) -> bool:
    return answer.status_code == 503 and int(answer.headers["Retry-After"]) >= 1


def test_a_database_that_is_stopped_gives_503_and_goes_on_without_a_restart(web, stop_database):
    bearer = {"Authorization": f"Bearer {make_secret(['admin', 'board'])}"}
    with httpx.Client(base_url=web.url, headers=bearer, timeout=PATIENCE_SECONDS) as client:
        head = client.get("/api/v1/board").raise_for_status().json()["seq"]
        with connect(f"{web.live}?since={head}", additional_headers=bearer) as feed:
            feed.recv(PATIENCE_SECONDS)
            until(lambda: client.get("/readyz").status_code == 200)
            go_on = stop_database()
            # The first of these is on its way before anybody knows.
            assert is_unavailable(client.get("/api/v1/agencies"))
            refusal = client.put("/api/v1/agencies/STOP", json={"name": "Stop"})
            assert is_unavailable(refusal)
            assert (refusal.headers["Content-Type"], refusal.json()["code"]) == (
                "application/problem+json",
                "database_silent",
            )
            for page in ("/sign-in/", "/console/", "/healthz", "/readyz"):
                assert is_unavailable(client.get(page)), page
            assert "The database does not answer" in client.get("/", headers={"Accept-Language": "en"}).text
            assert client.get("/static/css/base.css").status_code == 200
            until(lambda: client.get("/healthz").json()["parts"]["feed"]["ok"] is False)
            with connect(f"{web.live}?since={head}", additional_headers=bearer) as refused:
                with contextlib.suppress(Exception):
                    refused.recv(PATIENCE_SECONDS)
                assert refused.close_code == 1013
            go_on()
            until(lambda: client.get("/api/v1/agencies").status_code == 200)
            client.put("/api/v1/agencies/GO", json={"name": "Go"}).raise_for_status()
            until(lambda: "agency" in json.loads(feed.recv(PATIENCE_SECONDS)).get("events", [{}])[-1].get("kind", ""))
            until(lambda: client.get("/readyz").status_code == 200)
    assert web.processes[0].is_alive()


@pytest.mark.parametrize(
    ("asked", "database", "answered", "ahead"),
    [(10, 10.001, 10.002, 0), (10, 70, 70, 0), (10, 10.5, 70, 0), (16, 10, 16.002, 6), (10, 16, 10.002, -5.998)],
    ids=["no difference", "late to read", "late to answer", "ahead", "behind"],
)
def test_an_answer_that_came_late_makes_no_clock_wrong(asked, database, answered, ahead):
    moments = [datetime.fromtimestamp(seconds, UTC) for seconds in (asked, database, answered)]
    assert certain_offset(*moments) == pytest.approx(ahead)
