"""Plays calls at a rate over HTTP, as an exchange and desks would: `python -m bench.intake_calls < WISH > RESULTS`.

The wish: {url, exchange, desk, trackers (keys), rate, seconds, units (callsigns to send), fleet, positions (fixes a
second)}. The results: {milliseconds by step, calls: [{call, rang_at (CLOCK_MONOTONIC, seconds), incident, assignment}],
failed: what was refused, busy: how often all were busy}. Some messages are sent twice, as a line that drops makes
exchanges and desks do.
"""

from __future__ import annotations

import http.client
import itertools
import json
import queue
import sys
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

SOURCE = "intake"
THREADS = 48
TWICE_EVERY = 5
BUSY = {429, 503}
MOST_TRIES = 30
# How long after the last ring the calls may take to end; a step that is under way then ends by itself, or by TIMEOUT.
DRAIN_SECONDS = 60.0
TIMEOUT_SECONDS = 30
NOT_BEGUN, GIVEN_UP = "a call that was not begun in time", "a step that was given up"
BATCHES_A_SECOND = 10
WORDS = {"caller_name": "Ibu Siti", "language": "mad"}
SPREAD = (-7.15, 113.5, 0.3, 0.4)


class Line:
    """One connection that is kept open, and what it took."""

    def __init__(self, url: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=TIMEOUT_SECONDS)

    def ask(self, method: str, path: str, key: str, body: Any) -> tuple[int, Any]:
        """Ask below /api/v1/; the status and the content of the body."""
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
        self.connection.request(method, f"/api/v1/{path}", json.dumps(body), headers)
        answer = self.connection.getresponse()
        return answer.status, json.loads(answer.read() or b"null")


class Player:
    """All calls of a run."""

    def __init__(self, wish: dict[str, Any]) -> None:
        self.wish = wish
        self.own = threading.local()
        self.free: queue.SimpleQueue[str] = queue.SimpleQueue()
        for unit in wish["units"]:
            self.free.put(unit)
        self.milliseconds: dict[str, list[float]] = defaultdict(list)
        self.calls: list[dict[str, Any]] = []
        self.failed: list[str] = []
        self.busy = 0
        self.given_up = threading.Event()

    def say(self, step: str, method: str, path: str, who: str, body: Any) -> Any:
        """Ask, and note how long each try took; None where it was refused.

        Where the answer is that all are busy, the same is sent again a second later, as exchanges and consoles do.
        """
        for _ in range(MOST_TRIES):
            if self.given_up.is_set():
                break
            status, content = self.once(step, method, path, who, body)
            if 200 <= status < 300:
                return content
            if status not in BUSY:
                break
            self.busy += 1
            time.sleep(1)
        if self.given_up.is_set():
            self.failed.append(GIVEN_UP)
        else:
            self.failed.append(f"{step}: {status} {str(content)[:300]}")
        return None

    def once(self, step: str, method: str, path: str, who: str, body: Any) -> tuple[int, Any]:
        """One try: status 0 where the line broke."""
        line = getattr(self.own, "line", None) or Line(self.wish["url"])
        self.own.line = line
        begun_at = time.monotonic()
        try:
            status, content = line.ask(method, path, self.wish[who], body)
        except (OSError, http.client.HTTPException) as error:
            self.own.line, status, content = None, 0, repr(error)
        self.milliseconds[step].append(1000 * (time.monotonic() - begun_at))
        return status, content

    def play(self, turn: int) -> None:
        """One call's life: it rings, is answered, saved, becomes an incident, gets a unit; then all of it ends."""
        twice = turn % TWICE_EVERY == 0
        ref, number = f"{turn}-{uuid.uuid4()}", f"+62811{uuid.uuid4().int % 10**8:08}"
        ringing = {"source": SOURCE, "call_ref": ref, "event": "ringing", "at": _now(), "caller": number}
        record: dict[str, Any] = {"rang_at": time.monotonic()}
        for _ in range(1 + twice):
            taken = self.say("ring", "POST", "telephony/events", "exchange", ringing)
        if taken is None:
            return
        record["call"] = call = taken["call"]
        self.calls.append(record)
        self.tell(ref, "answered")
        self.say("save call", "PATCH", f"calls/{call}", "desk", {**WORDS, "version": 1})
        wanted = {"id": str(uuid.uuid4()), "type": "F01", "location": _somewhere(turn), "call": call}
        for _ in range(1 + twice):
            opened = self.say("open incident", "POST", "incidents", "desk", wanted)
        if opened is None:
            return
        record["incident"] = incident = opened["id"]
        unit = self.free.get()
        sent = self.say(
            "assign", "POST", f"incidents/{incident}/assignments", "desk", {"id": str(uuid.uuid4()), "unit": unit}
        )
        if sent:
            record["assignment"] = sent["id"]
            self.say("the end", "POST", f"assignments/{sent['id']}/cancel", "desk", {})
        self.free.put(unit)
        self.tell(ref, "ended")
        self.say("the end", "POST", f"incidents/{incident}/state", "desk", {"state": "cancelled", "reason": "bench"})

    def tell(self, ref: str, event: str) -> None:
        """A further event of the exchange."""
        word = {"source": SOURCE, "call_ref": ref, "event": event, "at": _now()}
        self.say("further word", "POST", "telephony/events", "exchange", word)

    def track(self, ended: threading.Event) -> None:
        """Units report where they are, in batches, at the wished rate."""
        each = self.wish["positions"] // BATCHES_A_SECOND
        units: Iterator[str] = itertools.cycle(self.wish["fleet"])
        begun_at = time.monotonic()
        for turn in itertools.count():
            if ended.wait(max(0.0, begun_at + turn / BATCHES_A_SECOND - time.monotonic())):
                return
            fixes = [{"unit": next(units), "at": _now(), **_point(turn + place)} for place in range(each)]
            self.say("positions", "POST", "units/positions", "trackers", fixes)

    def run(self) -> None:
        """Ring at the rate until the time is over, and let every call end that does so within DRAIN_SECONDS."""
        ended = threading.Event()
        tracking = threading.Thread(target=self.track, args=(ended,))
        if self.wish["positions"]:
            tracking.start()
        begun_at = time.monotonic()
        with ThreadPoolExecutor(THREADS) as pool:
            played = []
            for turn in range(int(self.wish["rate"] * self.wish["seconds"])):
                time.sleep(max(0.0, begun_at + turn / self.wish["rate"] - time.monotonic()))
                played.append(pool.submit(self.play, turn))
            if wait(played, timeout=DRAIN_SECONDS).not_done:
                self.given_up.set()
                self.failed += [NOT_BEGUN for each in played if each.cancel()]
        for each in played:
            if not each.cancelled():
                each.result()
        ended.set()
        if tracking.is_alive():
            tracking.join()


def _now() -> str:
    return datetime.now(UTC).isoformat()


def _point(turn: int) -> dict[str, float]:
    lat, lng, height, width = SPREAD
    return {"lat": lat + height * (turn * 7919 % 997) / 997, "lng": lng + width * (turn * 7907 % 991) / 991}


def _somewhere(turn: int) -> dict[str, Any]:
    return {"text": f"Jalan Raya {turn}", **_point(turn)}


def main() -> None:
    """Play what standard input wishes; the results go to standard output."""
    player = Player(json.load(sys.stdin))
    player.run()
    results = {"milliseconds": player.milliseconds, "calls": player.calls, "failed": player.failed, "busy": player.busy}
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
