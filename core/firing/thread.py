"""The timer thread: sleeps until the earliest deadline, is woken by NOTIFY, outlives its database."""

from __future__ import annotations

import logging
import os
import selectors
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import psycopg
from django.db import connection

from core import clock
from core.connections import bare_connection, use_own_connection
from core.crashes import described
from core.firing.heartbeat import EVERY_SECONDS, Lateness
from core.firing.rounds import DATABASE_GONE, come_first, earliest_due, fire_due
from core.pg_channels import NOTIFICATIONS, TIMERS
from core.registry import Registry

logger = logging.getLogger(__name__)

LONGEST_SLEEP_SECONDS = 1.0  # a notification may be lost with its connection: look every second anyhow
# One clock goes first; the others give it so long, or all would wake and jostle for every single timer.
COURTESY = timedelta(seconds=0.01)
HELD_SECONDS = 0.02
LONGEST_HELD_SECONDS = 1.0
FIRST_RETRY_SECONDS = 0.1
LONGEST_RETRY_SECONDS = 2.0


class Clock:
    """Fires the registry's timers from a thread of its own, over two connections of its own.

    name: the worker's, stable over restarts; `wake_sender` is called when messages were queued or time was moved.
    """

    def __init__(self, registry: Registry, *, name: str, wake_sender: Callable[[], None] = lambda: None) -> None:
        self._registry, self._name, self._wake_sender = registry, name, wake_sender
        self._stopping = threading.Event()
        self._hear, self._ring = os.pipe()
        self._thread = threading.Thread(target=self._run, name="sigap-clock", daemon=True)
        self._signed_at = 0.0

    def start(self) -> None:
        """Start the thread; it needs neither broker nor, yet, a database."""
        self._thread.start()

    def stop(self, timeout_seconds: float = 5.0) -> None:
        """End the thread after the batch in hand."""
        self._stopping.set()
        os.write(self._ring, b"!")
        self._thread.join(timeout_seconds)
        if not self._thread.is_alive():
            os.close(self._hear)
            os.close(self._ring)

    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def _run(self) -> None:
        use_own_connection("sigap timers")
        retry_seconds = FIRST_RETRY_SECONDS
        while not self._stopping.is_set():
            try:
                with bare_connection("sigap timer listener") as listener:
                    listener.execute(f"LISTEN {TIMERS}")
                    listener.execute(f"LISTEN {NOTIFICATIONS}")
                    self._wake_sender()  # for what was queued while nobody listened
                    retry_seconds = FIRST_RETRY_SECONDS
                    self._tick(listener)
            except DATABASE_GONE as error:
                logger.warning("clock_without_database", extra={"error": described(error), "again_in": retry_seconds})
            except Exception:  # the clock must outlive whatever is wrong
                logger.exception("clock_failed")
            connection.close()
            self._stopping.wait(retry_seconds)
            retry_seconds = min(retry_seconds * 2, LONGEST_RETRY_SECONDS)
        connection.close()

    def _tick(self, listener: psycopg.Connection[Any]) -> None:
        lateness = Lateness(self._registry, self._name)
        held_seconds = HELD_SECONDS
        first = False
        with selectors.DefaultSelector() as selector:
            selector.register(listener.fileno(), selectors.EVENT_READ)
            selector.register(self._hear, selectors.EVENT_READ)
            while not self._stopping.is_set():
                first = first or come_first()
                due_at = earliest_due(self._registry)
                if time.monotonic() - self._signed_at >= EVERY_SECONDS:
                    lateness.judge(due_at)
                    if first:
                        self._look()
                    self._signed_at = time.monotonic()
                courtesy = timedelta(0) if first else COURTESY
                if due_at is None or due_at + courtesy > clock.now():
                    slept_through = self._sleep(selector, listener, due_at, courtesy)
                    if not (first and slept_through):
                        continue
                done = fire_due(self._registry, from_the_end=not first)
                lateness.note(done)
                if done.fired or not done.held:
                    held_seconds = HELD_SECONDS
                else:  # somebody holds all that is left: let them finish
                    self._stopping.wait(held_seconds)
                    held_seconds = min(held_seconds * 2, LONGEST_HELD_SECONDS)

    def _look(self) -> None:
        """Let each watch of the registry look once; one that fails does not stop the others."""
        for watch in self._registry.watches:
            try:
                watch()
            except DATABASE_GONE:
                raise
            except Exception:
                logger.exception("watch_failed")

    def _sleep(
        self,
        selector: selectors.BaseSelector,
        listener: psycopg.Connection[Any],
        due_at: datetime | None,
        courtesy: timedelta,
    ) -> bool:
        """Sleep until `due_at`, an earlier deadline that a notification names, one that names none, or a second.

        True if it ended by a deadline.
        """
        ends_at = time.monotonic() + LONGEST_SLEEP_SECONDS
        while not self._stopping.is_set():
            seconds = ends_at - time.monotonic()
            if due_at is not None and due_at + courtesy <= clock.now():
                return True
            if seconds <= 0:
                return False
            if due_at is not None:
                seconds = min(seconds, max(0.0, (due_at + courtesy - clock.now()).total_seconds()))
            if not selector.select(seconds):
                continue
            for channel, payload in _received(listener):
                if channel == NOTIFICATIONS or not payload:
                    self._wake_sender()
                if channel == TIMERS:
                    named = _moment(payload)
                    if named is None:
                        return False
                    due_at = named if due_at is None else min(due_at, named)
        return False


def _received(listener: psycopg.Connection[Any]) -> list[tuple[str, str]]:
    """Return the notifications received: (channel, payload). Raises psycopg.OperationalError without a connection."""
    listener.pgconn.consume_input()
    received = []
    while (notify := listener.pgconn.notifies()) is not None:
        received.append((notify.relname.decode(), notify.extra.decode()))
    return received


def _moment(payload: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(payload)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
