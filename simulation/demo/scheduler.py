"""The demo's clock and its queue: what is to happen, in the order of the play's own time; the wall clock only paces."""

from __future__ import annotations

import heapq
import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import Error as DatabaseError
from django.db import connection

from accounts.actors import Actor
from core import clock
from core.crashes import described
from core.errors import Busy, DomainError
from simulation.demo.random_events import Dice

logger = logging.getLogger(__name__)

RETRY_SECONDS = 1.0
# A play that has fallen farther behind than this goes on from here: nobody wants to see a backlog rush past.
MOST_BEHIND_SECONDS = 30.0

DemoEvent = tuple[float, str, tuple[object, ...]]


class Stage:
    """One play. `now` is the play's time in seconds; below zero is what had happened before it began.

    speed: seconds of the play in one of the wall clock; None: as fast as it goes (for tests).
    """

    def __init__(
        self,
        actor: Actor,
        dice: Dice,
        *,
        speed: float | None = 1.0,
        begins_at: datetime | None = None,
        zone: ZoneInfo | None = None,
        tell: Callable[[DemoEvent], None] = lambda _event: None,
    ) -> None:
        self.actor, self.dice, self.speed = actor, dice, speed
        self.begun_at = clock.now()
        self._day = (begins_at or self.begun_at).astimezone(zone or UTC)
        self.now = 0.0
        self._tell = tell
        self._queue: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0
        self._wall_zero = time.monotonic()
        self._stop = threading.Event()

    def after(self, seconds: float, do: Callable[[], None]) -> None:
        """Have something done so many seconds of the play from now."""
        self._count += 1
        heapq.heappush(self._queue, (self.now + max(0.0, seconds), self._count, do))

    def real(self, seconds: float) -> float:
        """So many seconds of the wall clock, as seconds of the play."""
        return seconds * (self.speed or 1.0)

    def at(self) -> datetime | None:
        """When what is done now happened, for an action: None is now; before the play began it is a late entry."""
        return self.begun_at + timedelta(seconds=self.now) if self.now < 0 else None

    def local_time(self) -> datetime:
        """The time of the day in the play, where the centre is."""
        return self._day + timedelta(seconds=self.now)

    def report(self, what: str, *details: object) -> None:
        """Report an event of the play."""
        self._tell((round(self.now, 1), what, details))

    def stop(self) -> None:
        """End the play after the step that is under way; may be called from a signal handler."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        """Whether the end was asked for."""
        return self._stop.is_set()

    def run(self, *, until: float | None = None) -> None:
        """Play until stopped, or until a moment of the play."""
        while self._queue and not self.stopping:
            at, _, do = self._queue[0]
            if until is not None and at > until:
                return
            if not self._wait(at):
                return
            heapq.heappop(self._queue)
            self.now = at
            self._do(do)

    def _wait(self, at: float) -> bool:
        """Wait until a moment of the play has come; False if the end was asked for meanwhile."""
        if self.speed is None or at < 0:
            return True
        if self.now < 0:  # what had happened is entered: time begins
            self._wall_zero = time.monotonic()
        wait = self._wall_zero + at / self.speed - time.monotonic()
        if wait < -MOST_BEHIND_SECONDS:
            self._wall_zero -= wait
        return not self._stop.wait(max(0.0, wait))

    def _do(self, do: Callable[[], None]) -> None:
        """Take a step. Where the database is gone or a lock is held it is taken again; what can't be is left."""
        warned = False
        while not self.stopping:
            begun = time.monotonic()
            try:
                do()
            except DomainError as error:
                if not isinstance(error, Busy):
                    self.report("left", error.code)
                    return
            except DatabaseError as error:
                if connection.in_atomic_block:  # a test's: there is no way on inside it
                    raise
                connection.close()  # it may have died with its server
                if not warned:
                    logger.warning("demo_waits_for_the_database", extra={"error": described(error)})
                warned = True
            else:
                return
            self._stop.wait(RETRY_SECONDS)
            self._wall_zero += time.monotonic() - begun
