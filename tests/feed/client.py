"""A client of the live feed as any program would write it: it applies `now` by replacement over a board."""

from __future__ import annotations

import json
import time

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect


class Client:
    """One socket and what it knows."""

    def __init__(self, address, since=None, view="centre", watch="", board=None, **headers):
        self.things = {f"unit:{thing['id']}": thing for thing in board["units"]} if board else {}
        self.seq = board["seq"] if board else since
        self.seqs = []
        self.frames = []
        query = "" if self.seq is None else f"?since={self.seq}"
        bearer = {"Authorization": f"Bearer {view}/{watch}"} if view else {}
        self.connecting = connect(address + query, additional_headers=bearer | headers, compression=None, max_size=None)
        self.socket = None

    def __enter__(self):
        self.socket = self.connecting.__enter__()
        return self

    def __exit__(self, *raised):
        self.connecting.__exit__(*raised)

    def take(self, timeout=5.0):
        """Take the next frame."""
        frame = json.loads(self.socket.recv(timeout=timeout))
        self.frames.append(frame)
        if frame["type"] == "batch":
            seqs = [event["seq"] for event in frame["events"]]
            assert seqs == sorted(set(seqs))
            assert not self.seqs or seqs[0] > self.seqs[-1]
            self.seqs += seqs
            self.seq = frame["seq"]
            for subject, form in frame["now"].items():
                if form is None:
                    self.things.pop(subject, None)
                else:
                    self.things[subject] = form
        elif frame["type"] == "beat":
            assert frame["head"] >= (self.seq or 0)
            self.seq = frame["head"]
        return frame

    def take_until(self, kind=None, seq=0, timeout=10.0):
        """Take frames until one of a kind has come, or the client is at `seq`."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            frame = self.take(timeout=max(0.01, deadline - time.monotonic()))
            if frame["type"] == kind or (kind is None and (self.seq or 0) >= seq):
                return frame
        raise TimeoutError(f"at {self.seq}, wanted {kind or seq}")

    def take_close(self, timeout=5.0):
        """Take frames until the server closes; its code."""
        try:
            while True:
                self.take(timeout)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None
