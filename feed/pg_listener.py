"""Waiting for what PostgreSQL sends by NOTIFY, or for a call from another thread, whichever comes first."""

from __future__ import annotations

import contextlib
import select
import socket
import time
from typing import Any

import psycopg
import structlog

from core.connections import bare_connection

_log = structlog.get_logger(__name__)
PROBE_SECONDS = 10.0
RETRY_SECONDS = 1.0


class Bell:
    """One LISTEN connection and one private pipe, for one waiting thread.

    A connection that is lost, or can't be made, costs only the early word: `wait` then ends by its time, and
    the connection is made anew.
    """

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._heard, self._ring = socket.socketpair()
        self._heard.setblocking(False)  # noqa: FBT003 - the socket module's own signature
        self._ring.setblocking(False)  # noqa: FBT003 - the socket module's own signature
        self._ear: psycopg.Connection[tuple[Any, ...]] | None = None
        self._probed_at = self._retry_at = 0.0

    def ring(self) -> None:
        """Wake the waiting thread; from any thread."""
        with contextlib.suppress(BlockingIOError, OSError):  # full: it rings already; closed: nobody waits
            self._ring.send(b"!")

    def wait(self, seconds: float) -> bool:
        """Wait until the bell rings, at most `seconds`; whether it rang."""
        ear = self._listen()
        watched = select.poll()  # not select(): with thousands of sockets descriptors go past 1,023
        watched.register(self._heard, select.POLLIN)
        if ear is not None:
            watched.register(ear.pgconn.socket, select.POLLIN)
        ready = watched.poll(max(0.0, seconds) * 1000)
        return self._empty() | self._hear() if ready else False

    def close(self) -> None:
        """Let go of the connection and the pipe."""
        self._lose()
        self._heard.close()
        self._ring.close()

    def _listen(self) -> psycopg.Connection[tuple[Any, ...]] | None:
        now = time.monotonic()
        try:
            if self._ear is None and now >= self._retry_at:
                self._ear = bare_connection("sigap-feed-bell")
                self._ear.add_notify_handler(lambda _heard: self.ring())  # those that come while the probe waits
                self._ear.execute(f"LISTEN {self._channel}")
                self._probed_at = now
                self.ring()  # what was sent while nobody listened
            elif self._ear is not None and now - self._probed_at > PROBE_SECONDS:
                self._ear.execute("SELECT 1")  # a peer that is gone without a word is noticed here
                self._probed_at = now
        except (psycopg.Error, OSError) as error:
            _log.warning("bell.lost", channel=self._channel, reason=type(error).__name__)
            self._lose()
        return self._ear

    def _hear(self) -> bool:
        if self._ear is None:
            return False
        try:
            self._ear.pgconn.consume_input()
            rang = False
            while self._ear.pgconn.notifies() is not None:
                rang = True
        except psycopg.Error:
            self._lose()
            return True
        return rang

    def _empty(self) -> bool:
        with contextlib.suppress(BlockingIOError):
            return bool(self._heard.recv(4096))
        return False

    def _lose(self) -> None:
        self._retry_at = time.monotonic() + RETRY_SECONDS
        if self._ear is not None:
            with contextlib.suppress(psycopg.Error):
                self._ear.close()
            self._ear = None
