"""A web server's clock against the database's, which is the clock of record: at the start and every half minute."""

from __future__ import annotations

import logging
import socket
import threading

import psycopg
from django.db import Error, connection

from core.connections import use_own_connection
from core.crashes import described
from core.firing.heartbeat import give_sign, server_offset

logger = logging.getLogger(__name__)

EVERY_SECONDS = 30.0


class ServerClock:
    """Writes down how far this host's clock is off, as a source that rule 19 and /healthz read.

    Web processes of one host share its clock and so its row; a worker does the same with each of its signs of life.
    """

    def __init__(self, name: str | None = None) -> None:
        self.name = name or f"web@{socket.gethostname()}"
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Compare now and from time to time, from a thread of its own."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="sigap-server-clock", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Compare no more."""
        self._stopping.set()

    def look(self) -> None:
        """Compare once."""
        give_sign("web", self.name, skew_seconds=server_offset())

    def _run(self) -> None:
        use_own_connection("sigap server clock")
        while not self._stopping.is_set():
            try:
                self.look()
            except (Error, psycopg.Error) as error:
                logger.warning("server_clock_without_database", extra={"error": described(error)})
            except Exception:  # it must outlive whatever is wrong
                logger.exception("server_clock_failed")
            connection.close()  # it is idle for long
            self._stopping.wait(EVERY_SECONDS)
