"""kill -9 of parts of a running site while calls come in, and what must be there afterwards."""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from launcher.sandbox import Sandbox
from tests.scenarios.centre import Follower, Program, new_id

PARTS = ("web-1", "worker", "beat", "postgres", "valkey")
CALLS_PER_SECOND = 10
BACK_SECONDS = 30.0
KOTA = {"text": "Jl. Diponegoro", "lat": -7.0056, "lng": 113.8594}


@dataclass
class Writers:
    """Programs that never give up: each write has a client-made id and is sent until it is acknowledged."""

    url: str
    telephony: str
    desk: str
    stop: threading.Event = field(default_factory=threading.Event)
    incidents: list[str] = field(default_factory=list)
    calls: dict[str, str] = field(default_factory=dict)
    disposed: list[str] = field(default_factory=list)
    refusals: list[tuple[str, int, str]] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=itertools.count)
    threads: list[threading.Thread] = field(default_factory=list)

    def run(self) -> None:
        """Write until `stop` is set."""
        with httpx.Client(base_url=f"{self.url}api/v1/", timeout=10) as http:
            while not self.stop.is_set():
                self._one(http, next(self.numbers))
                time.sleep(random.uniform(0.5, 1.5) * 4 / CALLS_PER_SECOND)

    def end(self) -> None:
        """Stop, and wait until what is under way has been acknowledged or given up."""
        self.stop.set()
        for thread in self.threads:
            thread.join(20)

    def _one(self, http: httpx.Client, number: int) -> None:
        event = {
            "source": "pbx-kill",
            "call_ref": f"ref-{number}",
            "event": "ringing",
            "at": datetime.now(UTC).isoformat(),
            "caller": f"08123{number:07d}",
            "called": "112",
        }
        answer = self._send(http, "telephony/events", event, self.telephony)
        if answer is None:
            return
        self.calls[event["call_ref"]] = answer["call"]
        if number % 2:
            self._send(http, f"calls/{answer['call']}/answer", {}, self.desk)
            self._send(http, f"calls/{answer['call']}/dispose", {"disposition": "G3"}, self.desk)
            self.disposed.append(answer["call"])
            return
        body = {"id": new_id(), "type": "M01", "location": KOTA, "call": answer["call"]}
        if self._send(http, "incidents", body, self.desk) is not None:
            self.incidents.append(body["id"])

    def _send(self, http: httpx.Client, path: str, body: dict[str, Any], secret: str) -> dict[str, Any] | None:
        while True:
            try:
                answer = http.post(path, json=body, headers={"Authorization": f"Bearer {secret}"})
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.is_success:
                return answer.json()
            if answer is not None and answer.status_code not in {429, 503}:
                self.refusals.append((path, answer.status_code, answer.text))
                return None
            if self.stop.wait(0.1):
                return None


def key(place: Sandbox, name: str, *scopes: str) -> str:
    words = [word for scope in scopes for word in ("--scope", scope)]
    return place.manage("create_api_key", name, *words).strip().splitlines()[-1]


@contextmanager
def writing(place: Sandbox) -> Iterator[tuple[Writers, Program, Follower]]:
    """A place under some ten calls a second, and one client that follows it all."""
    writers = Writers(place.url, key(place, "pbx", "telephony"), key(place, "desk", "calls", "incidents", "board"))
    writers.threads = [threading.Thread(target=writers.run, daemon=True) for _ in range(4)]
    ended = threading.Event()
    with Program(place.url.rstrip("/"), writers.desk) as program:
        follower = Follower(place.url.replace("http", "ws", 1) + "ws/live", program, writers.desk)

        def follow() -> None:
            while not ended.is_set():
                try:
                    follower.take(0.5)
                except (TimeoutError, httpx.TransportError):
                    continue
                except AssertionError as fault:
                    writers.refusals.append(("socket", 0, str(fault)))

        reader = threading.Thread(target=follow, daemon=True)
        for thread in (*writers.threads, reader):
            thread.start()
        try:
            yield writers, program, follower
            writers.end()
            ended.set()
            reader.join(20)
            assert writers.refusals == []
            follower.equals_its_board()
        finally:
            writers.stop.set()
            ended.set()
            follower.close()


def wait_until_back(place: Sandbox, name: str, old: int) -> None:
    """Wait until the part runs anew and the site reports that all is well."""
    deadline = time.monotonic() + BACK_SECONDS
    while time.monotonic() < deadline:
        if place.pids().get(name, old) != old:
            try:
                if httpx.get(f"{place.url}healthz", timeout=5).status_code == 200:
                    return
            except httpx.TransportError:
                pass
        time.sleep(0.1)
    answer = httpx.get(f"{place.url}healthz", timeout=5)
    raise AssertionError(f"{name} did not come back: {answer.text}")


def kill_under_writes(place: Sandbox, rounds: Sequence[Sequence[str]]) -> None:
    """Kill the parts of each round at once; all of them come back, and nothing acknowledged is lost or doubled."""
    with writing(place) as (writers, program, _):
        time.sleep(2)
        for names in rounds:
            old = {name: place.kill(name) for name in names}
            time.sleep(1)
            for name, pid in old.items():
                wait_until_back(place, name, pid)
        time.sleep(1)
        writers.end()
        assert len(writers.incidents) > max(1, len(rounds) // len(PARTS))
        everything_acknowledged_is_there_once(writers, program)
    place.manage("verify_log")


def everything_acknowledged_is_there_once(writers: Writers, program: Program) -> None:
    assert len(set(writers.calls.values())) == len(writers.calls)
    for incident in writers.incidents:
        program.get(f"incidents/{incident}")
    listed = everything(program, "incidents")
    assert len({thing["id"] for thing in listed}) == len(listed)
    assert {*writers.incidents} <= {thing["id"] for thing in listed}
    calls = {thing["id"]: thing for thing in everything(program, "calls")}
    assert {*writers.calls.values()} <= calls.keys()
    deadline = time.monotonic() + BACK_SECONDS
    while any(calls[call]["state"] != "closed" for call in writers.disposed) and time.monotonic() < deadline:
        time.sleep(0.5)
        calls = {thing["id"]: thing for thing in everything(program, "calls")}
    assert [call for call in writers.disposed if calls[call]["state"] != "closed"] == []


def everything(program: Program, path: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor = None
    while True:
        page = program.get(f"{path}?cursor={cursor}" if cursor else path)
        items += page["items"]
        cursor = page["next"]
        if cursor is None:
            return items
