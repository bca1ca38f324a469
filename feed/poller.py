"""The thread that reads the log for a process: at each NOTIFY, and every second should one be lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import structlog
from django.db import Error as DatabaseError
from django.db import connections

from core.connections import use_own_connection
from core.pg_channels import EVENTS
from core.registry import Registry
from feed.pg_listener import PgListener
from feed.snapshot import Reading, read_after

_log = structlog.get_logger(__name__)
LOOK_SECONDS = 1.0
# The first fact after a silence is sent at once; those that follow on its heels travel together.
PAUSE_SECONDS = 0.015
# How long to wait for the hub to have sent the last reading: under load this is what makes batches.
PUBLISHED_SECONDS = 5.0


class Poller:
    """Reads what came after its last seq and passes it to `publish`, one reading at a time."""

    def __init__(self, registry: Registry, publish: Callable[[Reading], None]) -> None:
        self._registry = registry
        self._publish = publish
        self._listener = PgListener(EVENTS)
        self._seq: int | None = None
        self._wanted: int | None = None
        self._guard = threading.Lock()
        self._published = threading.Event()
        self._published.set()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="feed-poller", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and its connections."""
        self._stopped = True
        self._published.set()
        self._listener.wake()
        self._thread.join(timeout=5)

    def want(self, since: int | None = None) -> None:
        """Ask for a reading now, one that reaches back to `since` if given."""
        self._note(since)
        self._listener.wake()

    def published(self) -> None:
        """Note that the hub has sent the last reading: the next may come."""
        self._published.set()

    def _run(self) -> None:
        use_own_connection("sigap-feed-poller")
        read_at = 0.0
        try:
            while not self._stopped:
                self._listener.wait(read_at + LOOK_SECONDS - time.monotonic())
                time.sleep(max(0.0, read_at + PAUSE_SECONDS - time.monotonic()))
                self._published.wait(PUBLISHED_SECONDS)
                read_at = time.monotonic()
                if not self._stopped:
                    self._read()
        finally:
            self._listener.close()
            connections.close_all()

    def _read(self) -> None:
        with self._guard:
            wanted, self._wanted = self._wanted, None
        start = self._seq if wanted is None or self._seq is None else min(wanted, self._seq)
        try:
            reading = read_after(self._registry, start)
        except Exception as error:  # noqa: BLE001 - whatever it is, the feed must come back by itself
            known = isinstance(error, DatabaseError)
            _log.warning("feed.unread", after=start, reason=type(error).__name__, exc_info=not known)
            connections.close_all()
            self._note(wanted)  # without a wake: the next look is the next try
            return
        self._seq = reading.seq
        self._published.clear()
        self._publish(reading)

    def _note(self, since: int | None) -> None:
        if since is not None:
            with self._guard:
                self._wanted = since if self._wanted is None else min(since, self._wanted)
