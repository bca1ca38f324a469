"""Password hashes, which cost a third of a second of a core each: few at once, and never with a database connection.

Without that a shift that signs in together would hold every connection of the pool while it waits for the processor.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connections

from core.errors import Busy

AT_ONCE = 1 if (os.cpu_count() or 1) <= 2 else 2  # in one process
MOST_WAITING = 32
WAIT_SECONDS = 5.0
RETRY_SECONDS = 5


class Gate:
    """Lets so many through at once; so many more wait, for so long."""

    def __init__(self, at_once: int = AT_ONCE, waiting: int = MOST_WAITING, seconds: float = WAIT_SECONDS) -> None:
        self._places = threading.BoundedSemaphore(at_once)
        self._queue = threading.BoundedSemaphore(at_once + waiting)
        self._seconds = seconds

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Hold a place. Raises Busy where too many wait already, or none became free in time."""
        if not self._queue.acquire(blocking=False):
            raise Busy(retry_after_seconds=RETRY_SECONDS)
        try:
            if not self._places.acquire(timeout=self._seconds):
                raise Busy(retry_after_seconds=RETRY_SECONDS)
            try:
                yield
            finally:
                self._places.release()
        finally:
            self._queue.release()


gate = Gate()


class BoundedHasher(PBKDF2PasswordHasher):
    """Django's PBKDF2, through the gate. Its hashes are the same."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        """Hash a password. Raises Busy. Outside a transaction the thread's connection goes back to its pool first."""
        release_connections()
        with gate.entered():
            return self._hash(password, salt, iterations)

    def _hash(self, password: str, salt: str, iterations: int | None) -> str:
        return super().encode(password, salt, iterations)


def release_connections() -> None:
    """Give this thread's connections back to the pool, but for those in a transaction."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()
