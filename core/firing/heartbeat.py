"""A worker's sign of life, and whether its clock is on time."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection

from core import clock, events
from core.event_kinds import CoreEvent
from core.firing.rounds import ACTOR, FiringResult
from core.registry import Registry, SystemFault

EVERY_SECONDS = 2.0
LATE_SECONDS = 5.0

_SIGN = """
INSERT INTO core_source (id, kind, name, last_seen_at, watched, skew_seconds, figures)
VALUES (%(id)s, %(kind)s, %(name)s, %(now)s, true, coalesce(%(skew)s::float, 0), %(figures)s::jsonb)
ON CONFLICT (kind, name) DO UPDATE SET last_seen_at = excluded.last_seen_at,
    skew_seconds = coalesce(%(skew)s::float, core_source.skew_seconds),
    figures = core_source.figures || excluded.figures
RETURNING id, figures
"""


def server_offset() -> float:
    """Seconds that this server's clock is ahead of the database's for certain, measured over one round trip."""
    with connection.cursor() as cursor:
        asked_at = datetime.now(UTC)
        cursor.execute("SELECT clock_timestamp()")
        database_at: datetime = cursor.fetchone()[0]
        answered_at = datetime.now(UTC)
    return certain_offset(asked_at, database_at, answered_at)


def certain_offset(asked_at: datetime, database_at: datetime, answered_at: datetime) -> float:
    """Seconds that a clock read at both ends of a round trip is ahead of the one read in between, below 0 behind.

    Only what the round trip itself cannot explain: a database that did not answer for a minute makes no clock wrong.
    """
    ahead = (asked_at - database_at).total_seconds()
    behind = (answered_at - database_at).total_seconds()
    return max(ahead, 0.0) + min(behind, 0.0)


def give_sign(
    kind: str, name: str, figures: dict[str, object] | None = None, *, skew_seconds: float | None = None
) -> tuple[UUID, dict[str, object]]:
    """Write down that a part of us lives (kind worker or beat); returns its source row's id and its figures."""
    with connection.cursor() as cursor:
        cursor.execute(
            _SIGN,
            {
                "id": uuid.uuid4(),
                "kind": kind,
                "name": name,
                "now": clock.now(),
                "skew": skew_seconds,
                "figures": json.dumps(figures or {}),
            },
        )
        row = cursor.fetchone()
    stored = row[1] if isinstance(row[1], dict) else json.loads(row[1])
    return row[0], stored


@dataclass(slots=True)
class Lateness:
    """Judges by periods of two seconds: late by more than 5 s twice in a row is trouble, once is a hiccup."""

    registry: Registry
    name: str
    worst_seconds: float = 0.0
    fired: int = 0
    late: int = 0
    in_a_row: int = 0
    offset_seconds: float = field(default_factory=clock.offset_seconds)

    def note(self, done: FiringResult) -> None:
        """Take in how a round went."""
        self.fired += done.fired
        self.late += done.late
        self.worst_seconds = max(self.worst_seconds, done.late_seconds)

    def judge(self, earliest_due: datetime | None) -> None:
        """Close a period: give the sign of life, and state `clock.late` or `clock.on_time` when that changes."""
        now, offset = clock.now(), clock.offset_seconds()
        if earliest_due:
            self.worst_seconds = max(self.worst_seconds, (now - earliest_due).total_seconds())
        late = self.worst_seconds > LATE_SECONDS and offset == self.offset_seconds  # a test's jump is nobody's fault
        self.in_a_row = self.in_a_row + 1 if late else 0
        figures: dict[str, object] = {
            "late_seconds": round(self.worst_seconds, 3),
            "late_in_a_row": self.in_a_row,
            "fired_since_start": self.fired,
            "late_since_start": self.late,
        }
        worker, stored = give_sign("worker", self.name, figures, skew_seconds=server_offset())
        # The row keeps whether `clock.late` was emitted: a worker killed while late emits `clock.on_time` then.
        if (self.in_a_row >= 2) != bool(stored.get("late")):
            self._tell(worker, now)
        self.worst_seconds, self.offset_seconds = 0.0, offset

    def _tell(self, worker: UUID, now: datetime) -> None:
        late = self.in_a_row >= 2
        seconds = {"seconds": round(self.worst_seconds)}
        with events.transaction():
            give_sign("worker", self.name, {"late": late})
            fault = SystemFault("clock.late", f"source:{worker}", now, standing=late, figures=seconds)
            self.registry.on_fault(fault)
            kind = CoreEvent.CLOCK_LATE if late else CoreEvent.CLOCK_ON_TIME
            events.append(kind, actor=ACTOR, subjects=[f"source:{worker}"], data=seconds)
