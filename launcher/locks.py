"""Locks between processes: flock on a file, which the kernel lets go when its holder dies, however it dies."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LOOK_SECONDS = 0.01
# Long enough for whoever only looks, short enough for whoever waits at a terminal.
PATIENCE_SECONDS = 0.3


class Lock:
    """A lock on a file; many may hold it shared, or one alone."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Not inherited by children (PEP 446), so that a child never holds its parent's lock.
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def take(self, *, shared: bool = False) -> None:
        """Wait until the lock is ours."""
        fcntl.flock(self._descriptor, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)

    def try_take(self, *, patience_seconds: float = 0.0) -> bool:
        """Take the lock alone and return True, or return False when another holds it all that time.

        Patience outlasts those who only look whether it is held (`is_held`).
        """
        deadline = time.monotonic() + patience_seconds
        while True:
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    return False
                time.sleep(LOOK_SECONDS)
            else:
                return True

    def close(self) -> None:
        """Let go of the lock and its file."""
        os.close(self._descriptor)


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock on `path` alone for the length of the block, waiting for it first."""
    lock = Lock(path)
    try:
        lock.take()
        yield
    finally:
        lock.close()


def is_held(path: Path) -> bool:
    """Say whether some process holds the lock on `path` alone at this moment; makes no file."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def is_shared(path: Path, *, patience_seconds: float = 0.0) -> bool:
    """Return whether processes hold the lock on `path` shared all that time; makes no file.

    Patience outlasts those who only look whether it is held.
    """
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    deadline = time.monotonic() + patience_seconds
    try:
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return False
            if is_held(path):
                return False
            if time.monotonic() >= deadline:
                return True
            time.sleep(LOOK_SECONDS)
    finally:
        os.close(descriptor)
