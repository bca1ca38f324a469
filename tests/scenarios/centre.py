"""A running centre as outside programs meet it: by key over HTTP and by socket."""

from __future__ import annotations

import contextlib
import json
import time
import uuid
from collections.abc import Callable
from typing import Any, Self

import httpx
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import ClientConnection, connect

LISTS = {"calls": "call", "incidents": "incident", "units": "unit", "alarms": "alarm", "operators": "operator"}
PATIENCE_SECONDS = 60.0  # a worker that starts in a process of its own is among what is waited for


def things_of(board: dict[str, Any]) -> dict[str, Any]:
    """A board's things by subject."""
    return {f"{prefix}:{thing['id']}": thing for plural, prefix in LISTS.items() for thing in board[plural]}


class Program:
    """Somebody with a key."""

    def __init__(self, url: str, secret: str) -> None:
        self.http = httpx.Client(
            base_url=f"{url}/api/v1/", headers={"Authorization": f"Bearer {secret}"}, timeout=PATIENCE_SECONDS
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.http.close()

    def ask(self, method: str, path: str, body: Any = None, *, status: int | None = None) -> Any:
        """Ask and give back the JSON; the status must be the one named, or any of success."""
        answer = self.http.request(method, path, json=body)
        if status is None:
            assert answer.is_success, (path, answer.status_code, answer.text)
        else:
            assert answer.status_code == status, (path, answer.status_code, answer.text)
        return answer.json()

    def get(self, path: str) -> Any:
        """GET."""
        return self.ask("GET", path)

    def post(self, path: str, body: Any = None, *, status: int | None = None) -> Any:
        """POST."""
        return self.ask("POST", path, {} if body is None else body, status=status)


class Follower:
    """A client of the live feed: starts from a board, applies `now` by replacement, resumes by its seq."""

    def __init__(self, live: str, program: Program, secret: str) -> None:
        self.live, self.program, self.secret = live, program, secret
        board = program.get("board")
        self.seq: int = board["seq"]
        self.things = things_of(board)
        self.kinds: list[str] = []
        self.socket: ClientConnection | None = None
        self.ends = contextlib.ExitStack()

    def open(self) -> None:
        """Connect with the seq it has."""
        self.socket = self.ends.enter_context(
            connect(
                f"{self.live}?since={self.seq}",
                additional_headers={"Authorization": f"Bearer {self.secret}"},
                compression=None,
                max_size=None,
                open_timeout=PATIENCE_SECONDS,
            )
        )

    def close(self) -> None:
        """Hang up."""
        self.ends.close()
        self.socket = None

    def take(self, timeout: float) -> None:
        """Take one frame; a lost connection is opened anew, as any client would."""
        try:
            if self.socket is None:
                self.open()
            assert self.socket
            frame = json.loads(self.socket.recv(timeout=timeout))
        except TimeoutError:
            raise
        except (ConnectionClosed, OSError, EOFError, InvalidHandshake):
            self.close()
            time.sleep(0.05)
            return
        if frame["type"] == "batch":
            fresh = [event["seq"] for event in frame["events"]]
            assert all(seq > self.seq for seq in fresh), "a socket never gets a batch with a seq it has"
            self.kinds += [event["kind"] for event in frame["events"]]
            for subject, form in frame["now"].items():
                if form is None:
                    self.things.pop(subject, None)
                else:
                    self.things[subject] = form
            self.seq = frame["seq"]
        elif frame["type"] == "beat":
            self.seq = frame["head"]
        elif frame["type"] == "reset":
            board = self.program.get("board")
            self.seq, self.things = board["seq"], things_of(board)
            self.close()

    def until(self, what: Callable[[dict[str, Any]], bool], why: str) -> None:
        """Take frames until the things are as wanted."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not what(self.things):
            assert time.monotonic() < deadline, f"never seen: {why}"
            try:
                self.take(max(0.05, deadline - time.monotonic()))
            except TimeoutError:
                continue

    def equals_its_board(self) -> None:
        """Catch up with the board's seq and compare: at the same seq both must be the same."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            board = self.program.get("board")
            while self.seq < board["seq"]:
                self.take(PATIENCE_SECONDS)
            if self.seq == board["seq"]:
                assert self.things == things_of(board)
                return
            assert time.monotonic() < deadline, "the board never stood still"


def new_id() -> str:
    """A client-made id."""
    return str(uuid.uuid4())
