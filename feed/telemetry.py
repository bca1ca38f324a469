"""What isn't an event: where units are, at most once a second, and the live figures, at most every five."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import Error as DatabaseError
from django.db import connections

from core import clock
from core.connections import use_own_connection
from core.json_codec import dumps
from core.registry import Form, Registry
from feed.audiences import View, sees
from feed.frames import kpis, positions
from feed.sockets import Socket
from feed.subscribers import Subscribers

_log = structlog.get_logger(__name__)
POSITIONS_SECONDS = 1.0
KPIS_SECONDS = 5.0
# A row can become visible some time after the moment it was received at: look back that far each time.
LOOK_BACK = timedelta(seconds=10)
# The age of positions that a client without `since` gets, and how far two hosts' clocks may differ.
RECENT = timedelta(seconds=30)
LEEWAY = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a unit is, who may see it, and when this process learnt it."""

    form: Form[Any]
    row: list[Any]
    text: bytes
    learnt_at: datetime


class Telemetry:
    """A thread that looks and a table of places; frames of it may be dropped, since a later one replaces them."""

    def __init__(
        self, registry: Registry, loop: asyncio.AbstractEventLoop, subscribers: Mapping[View, Subscribers]
    ) -> None:
        self._registry = registry
        self._loop = loop
        self._subscribers = subscribers
        self._places: dict[str, Place] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="feed-telemetry", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and its connection."""
        self._stop.set()
        self._thread.join(timeout=5)

    def send_recent(self, socket: Socket, view: View, since: datetime | None) -> None:
        """Send a new socket what has moved since the moment up to which it knows (None: lately)."""
        now = clock.now()
        known = now - RECENT if since is None else since - LEEWAY
        rows = [place.text for place in self._places.values() if place.learnt_at >= known and sees(view, place.form)]
        if rows:
            socket.write_resume(positions(now, rows))

    def take_positions(self, rows: list[tuple[Form[Any], list[Any]]], at: datetime) -> None:
        """Send to each view which of its units have moved."""
        moved = []
        for form, row in rows:
            known = self._places.get(row[0])
            if known is None or known.row != row or known.form != form:
                place = self._places[row[0]] = Place(form, row, dumps(row), at)
                moved.append(place)
        if not moved:
            return
        for view, group in self._subscribers.items():
            if group.sockets and (seen := [place.text for place in moved if sees(view, place.form)]):
                group.publish(positions(at, seen))

    def take_kpis(self, figures: dict[str, Any], at: datetime) -> None:
        """Send the centre its figures; agencies and crews have no part in its calls."""
        for view, group in self._subscribers.items():
            if view.kind == "centre" and group.sockets:
                group.publish(kpis(at, figures))

    def _run(self) -> None:
        use_own_connection("sigap-feed-telemetry")
        looked_at: datetime | None = None
        figured_at = 0.0
        while not self._stop.wait(POSITIONS_SECONDS):
            try:
                if any(group.sockets for group in list(self._subscribers.values())):
                    looked_at = self._look(looked_at)
                    if time.monotonic() - figured_at >= KPIS_SECONDS:
                        figured_at = time.monotonic()
                        call_in_loop(self._loop, self.take_kpis, self._registry.kpis(), clock.now())
            except Exception as error:  # noqa: BLE001 - whatever it is, the next second is another try
                known = isinstance(error, DatabaseError)
                _log.warning("feed.telemetry", reason=type(error).__name__, exc_info=not known)
                connections.close_all()
        connections.close_all()

    def _look(self, looked_at: datetime | None) -> datetime:
        now = clock.now()
        rows = self._registry.positions(looked_at - LOOK_BACK if looked_at else None)
        call_in_loop(self._loop, self.take_positions, rows, now)
        return now


def call_in_loop(loop: asyncio.AbstractEventLoop, function: Callable[..., None], *arguments: Any) -> None:
    """Call a function in the loop's thread; nothing happens where the loop has ended."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(function, *arguments)
