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


class PgListener:
    """One LISTEN connection and one private pipe, for one waiting thread.

    A connection that is lost, or can't be made, costs only the early wake-up: `wait` then ends by its time, and
    the connection is made anew.
    """

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._read_end, self._write_end = socket.socketpair()
        self._read_end.setblocking(False)  # noqa: FBT003 - the socket module's own signature
        self._write_end.setblocking(False)  # noqa: FBT003 - the socket module's own signature
        self._connection: psycopg.Connection[tuple[Any, ...]] | None = None
        self._probed_at = self._retry_at = 0.0

    def wake(self) -> None:
        """Wake the waiting thread; from any thread."""
        with contextlib.suppress(BlockingIOError, OSError):  # full: it is woken already; closed: nobody waits
            self._write_end.send(b"!")

    def wait(self, seconds: float) -> bool:
        """Wait for a notification or a wake-up, at most `seconds`; return whether one came."""
        connection = self._listen()
        watched = select.poll()  # not select(): with thousands of sockets descriptors go past 1,023
        watched.register(self._read_end, select.POLLIN)
        if connection is not None:
            watched.register(connection.pgconn.socket, select.POLLIN)
        ready = watched.poll(max(0.0, seconds) * 1000)
        return self._empty() | self._take_notifications() if ready else False

    def close(self) -> None:
        """Let go of the connection and the pipe."""
        self._lose()
        self._read_end.close()
        self._write_end.close()

    def _listen(self) -> psycopg.Connection[tuple[Any, ...]] | None:
        now = time.monotonic()
        try:
            if self._connection is None and now >= self._retry_at:
                self._connection = bare_connection("sigap-feed-listener")
                # Notifications that come while the probe waits.
                self._connection.add_notify_handler(lambda _notify: self.wake())
                self._connection.execute(f"LISTEN {self._channel}")
                self._probed_at = now
                self.wake()  # what was sent while nobody listened
            elif self._connection is not None and now - self._probed_at > PROBE_SECONDS:
                self._connection.execute("SELECT 1")  # a peer that is gone is noticed here
                self._probed_at = now
        except (psycopg.Error, OSError) as error:
            _log.warning("feed.listener_lost", channel=self._channel, reason=type(error).__name__)
            self._lose()
        return self._connection

    def _take_notifications(self) -> bool:
        if self._connection is None:
            return False
        try:
            self._connection.pgconn.consume_input()
            notified = False
            while self._connection.pgconn.notifies() is not None:
                notified = True
        except psycopg.Error:
            self._lose()
            return True
        return notified

    def _empty(self) -> bool:
        with contextlib.suppress(BlockingIOError):
            return bool(self._read_end.recv(4096))
        return False

    def _lose(self) -> None:
        self._retry_at = time.monotonic() + RETRY_SECONDS
        if self._connection is not None:
            with contextlib.suppress(psycopg.Error):
                self._connection.close()
            self._connection = None
