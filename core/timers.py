"""Arming and cancelling deadlines. The clock that fires them is `core.firing`; a timer is a row."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from core import events, sql
from core.models import Timer

# One statement: write the deadline and notify the timer thread, which sleeps until the earliest one it knows of.
_ARM = """
WITH armed AS (
    INSERT INTO core_timer (kind, subject, due_at, data, state, attempts)
    SELECT * FROM unnest(%s::text[], %s::text[], %s::timestamptz[], %s::jsonb[]) AS t(kind, subject, due_at, data),
           (VALUES ('armed', 0)) AS s(state, attempts)
    ON CONFLICT (kind, subject) WHERE state = 'armed'
    DO UPDATE SET due_at = excluded.due_at, data = excluded.data, attempts = 0
    RETURNING due_at
)
SELECT pg_notify('sigap_timers', min(due_at)::text) FROM armed
"""

_CANCEL_PAIRS = """
UPDATE core_timer AS timer SET state = 'cancelled'
  FROM unnest(%s::text[], %s::text[]) AS pair(subject, kind)
 WHERE timer.state = 'armed' AND timer.kind = pair.kind AND timer.subject = pair.subject
RETURNING timer.kind, timer.subject, timer.data
"""

_ARMED = """
SELECT kind, subject, data FROM core_timer
 WHERE state = 'armed' AND subject = ANY(%s::text[]) AND kind = ANY(%s::text[])
"""


@dataclass(frozen=True, slots=True)
class Armed:
    """A timer that is armed, or was until it was cancelled, with the data that it carries."""

    kind: str
    subject: str
    data: dict[str, Any]


def arm(kind: str, subject: str, due_at: datetime, data: dict[str, Any] | None = None) -> None:
    """Set a deadline, or move the one that is armed for this kind and subject. Inside `transaction()` only."""
    arm_many([(kind, subject, due_at, data or {})])


def arm_many(deadlines: Iterable[tuple[str, str, datetime, dict[str, Any]]]) -> None:
    """Set many deadlines in one statement: (kind, subject, due_at, data) each, no pair twice."""
    rows = sorted(deadlines, key=lambda row: (row[0], row[1]))
    if not rows:
        return
    if not events.is_open():
        raise RuntimeError("a timer is armed outside core.events.transaction()")
    with connection.cursor() as cursor:
        cursor.execute(
            _ARM,
            [
                [row[0] for row in rows],
                [row[1] for row in rows],
                [row[2] for row in rows],
                [events.canonical(row[3]) for row in rows],
            ],
        )


def cancel(subject: str, *kinds: str) -> int:
    """Cancel the armed timers of these kinds for a subject; returns how many there were."""
    return cancel_many([subject], *kinds)


def cancel_many(subjects: Iterable[str], *kinds: str) -> int:
    """Cancel the armed timers of these kinds for many subjects."""
    return Timer.objects.filter(subject__in=list(subjects), kind__in=kinds, state=Timer.State.ARMED).update(
        state=Timer.State.CANCELLED
    )


def cancel_pairs(pairs: Iterable[tuple[str, str]]) -> list[Armed]:
    """Cancel the armed timers of these (subject, kind) pairs, and no others of either; returns them."""
    wanted = sorted(set(pairs))
    return _armed(_CANCEL_PAIRS, [[subject for subject, _ in wanted], [kind for _, kind in wanted]])


def armed_of(subjects: Iterable[str], kinds: Iterable[str]) -> list[Armed]:
    """The armed timers of these kinds for these subjects."""
    return _armed(_ARMED, [list(subjects), list(kinds)])


def _armed(statement: str, parameters: list[list[str]]) -> list[Armed]:
    return [Armed(kind, subject, json.loads(data)) for kind, subject, data in sql.rows(statement, parameters)]


def armed(subject: str, kind: str) -> Timer | None:
    """The armed timer of this kind for a subject, if there is one."""
    return Timer.objects.filter(subject=subject, kind=kind, state=Timer.State.ARMED).first()
