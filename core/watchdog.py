"""Whether the database still answers: asked twice a second, on a connection of its own, by a thread of its own.

A server that is stopped, or whose disk hangs, keeps its connections and is silent. No timeout of its own acts then,
so whoever asked it waits until it goes on. The watchdog notices within 4 s, and requests are answered without it.
"""

from __future__ import annotations

import asyncio
import contextlib
import select
import threading

import psycopg
import structlog

from core.connections import bare_connection

_log = structlog.get_logger(__name__)
PERIOD_SECONDS = 0.5
CONNECT_SECONDS = 3
# Counted in waits and not by the clock: a machine that stood still for a moment has not waited for anybody.
WAIT_SECONDS = 0.25
SILENT_AFTER_WAITS = 12


class Watchdog:
    """Asks the database; `is_silent` and `silence` are for the event loop that it was started in."""

    def __init__(self) -> None:
        self.is_silent = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._silence: asyncio.Future[None] | None = None
        self._stopped = threading.Event()

    def start(self) -> None:
        """Begin to ask; in the event loop."""
        self._loop = asyncio.get_running_loop()
        self._silence = self._loop.create_future()
        self._stopped.clear()
        threading.Thread(target=self._run, name="sigap-watchdog", daemon=True).start()

    def stop(self) -> None:
        """Ask no more; from any thread."""
        self._stopped.set()

    def silence(self) -> asyncio.Future[None] | None:
        """A future that is done when the database falls silent; None before the start."""
        return self._silence

    def _run(self) -> None:
        connection: psycopg.Connection[tuple[object, ...]] | None = None
        while not self._stopped.is_set():
            try:
                if connection is None:
                    connection = bare_connection("sigap watchdog", connect_timeout=CONNECT_SECONDS)
                self._ask(connection.pgconn)
                self._note(silent=False)
            except (psycopg.Error, OSError) as error:
                # A server that refuses or ends connections is not silent: requests are refused without a wait.
                self._note(silent=isinstance(error, psycopg.errors.ConnectionTimeout))
                if connection is not None:
                    with contextlib.suppress(psycopg.Error):
                        connection.close()
                    connection = None
            self._stopped.wait(PERIOD_SECONDS)

    def _ask(self, connection: psycopg.pq.abc.PGconn) -> None:
        """Wait for an answer, however long; raises psycopg.Error where the connection ends."""
        connection.send_query(b"SELECT 1")
        heard = select.poll()  # not select(): with thousands of sockets descriptors go past 1,023
        heard.register(connection.socket, select.POLLIN)
        waits = 0
        while connection.is_busy() and not self._stopped.is_set():
            if heard.poll(WAIT_SECONDS * 1000):
                connection.consume_input()
                continue
            waits += 1
            if waits == SILENT_AFTER_WAITS:
                self._note(silent=True)
        while not self._stopped.is_set() and connection.get_result() is not None:
            pass
        if connection.status != psycopg.pq.ConnStatus.OK:
            raise psycopg.OperationalError("the connection ended")

    def _note(self, *, silent: bool) -> None:
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(self._change, silent)

    def _change(self, silent: bool) -> None:  # noqa: FBT001 - a callback
        if silent == self.is_silent or self._loop is None or self._silence is None:
            return
        self.is_silent = silent
        if silent:
            _log.warning("database.silent")
            self._silence.set_result(None)
        else:
            _log.warning("database.answers")
            self._silence = self._loop.create_future()


watchdog = Watchdog()
