"""Firing what is due: locks in the order of actions, whole batches, one by one where a batch fails.

Taking a timer first and its incident second deadlocks with people's actions, which go the other way
(docs/architecture.md). So a batch reads without locks, locks subjects, then timers, and only then believes.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

import psycopg
from django.db import Error, connection

from core import clock, events
from core.event_kinds import CoreEvent
from core.models import Timer
from core.registry import Registry, SystemFault, TimerHandler

logger = logging.getLogger(__name__)

ACTOR = "system:clock"
PAGE = 1000
BATCH = 200
MOST_ATTEMPTS = 3
LATE = timedelta(seconds=1)
FIRST = 1121121122
DATABASE_GONE = (Error, psycopg.Error)
# Two that met at a lock: neither is to blame, the timer is simply tried again.
MET_AT_A_LOCK = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)

_DUE = """
SELECT id, kind, subject, due_at FROM core_timer
 WHERE state = 'armed' AND due_at <= %s AND kind = ANY(%s) AND (due_at, id) > (%s, %s)
 ORDER BY due_at, id LIMIT %s
"""
_DUE_FROM_THE_END = """
SELECT id, kind, subject, due_at FROM core_timer
 WHERE state = 'armed' AND due_at <= %s AND kind = ANY(%s) AND (due_at, id) < (%s, %s)
 ORDER BY due_at DESC, id DESC LIMIT %s
"""
# Marked before the handler speaks, so that it may arm the same kind and subject anew; undone with it if it fails.
_TAKE = """
WITH due AS MATERIALIZED (
    SELECT id FROM core_timer WHERE id = ANY(%s) AND state = 'armed' AND due_at <= %s ORDER BY id FOR UPDATE SKIP LOCKED
)
UPDATE core_timer AS timer SET state = 'fired', fired_at = %s FROM due WHERE timer.id = due.id RETURNING timer.*
"""
_NOTE_FAILURE = """
UPDATE core_timer SET attempts = attempts + 1,
       due_at = CASE WHEN attempts + 1 < %(most)s THEN %(again_at)s ELSE due_at END,
       state = CASE WHEN attempts + 1 < %(most)s THEN state ELSE 'failed' END
 WHERE id = %(id)s AND state = 'armed' RETURNING state
"""


@dataclass(frozen=True, slots=True)
class Due:
    """A timer that looked due when it was read without a lock."""

    id: int
    kind: str
    subject: str
    due_at: datetime


@dataclass(slots=True)
class FiringResult:
    """What one look over everything due did; `held` were left since somebody holds their subject.

    late: how many of the fired came over a second late; late_seconds: the worst of all. met: a whole batch had been
    fired by another clock meanwhile, so the round ended there.
    """

    fired: int = 0
    late: int = 0
    failed: int = 0
    held: int = 0
    late_seconds: float = 0.0
    met: bool = False


def fire_due(registry: Registry, *, from_the_end: bool = False) -> FiringResult:
    """Fire every timer that is due now and of a kind that the registry knows, in batches of up to 200 of one kind.

    from_the_end: begin with the latest, as a second clock does that helps the first with many timers; the round ends
    where they meet. Raises django.db.Error when the database has gone; what a handler raises stays with its timer.
    """
    done = FiringResult()
    now = clock.now()
    for page in _pages(now, list(registry.timers), from_the_end=from_the_end):
        by_kind = sorted(page, key=lambda due: due.kind)  # stable: within a kind by due time
        for kind, group in groupby(by_kind, key=lambda due: due.kind):
            batch = list(group)
            for start in range(0, len(batch), BATCH):
                _fire(registry, registry.timers[kind], batch[start : start + BATCH], done)
                if done.met:  # the page is stale: what it goes on with has been fired by another clock
                    return done
    return done


def earliest_due(registry: Registry) -> datetime | None:
    """When the next timer of a kind that the registry knows falls due; None when none is armed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT due_at FROM core_timer WHERE state = 'armed' AND kind = ANY(%s) ORDER BY due_at LIMIT 1",
            [list(registry.timers)],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def come_first() -> bool:
    """Try to be the clock that goes first; the right to it ends with this thread's connection, however that ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [FIRST])
        return bool(cursor.fetchone()[0])


def _pages(now: datetime, kinds: list[str], *, from_the_end: bool) -> Iterator[list[Due]]:
    """Everything due, a page at a time: what is held at the head never hides what stands behind it."""
    last: tuple[datetime | str, int] = ("infinity" if from_the_end else "-infinity", 0)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_DUE_FROM_THE_END if from_the_end else _DUE, [now, kinds, *last, PAGE])
            page = [Due(*row) for row in cursor.fetchall()]
        if page:
            yield page
        if len(page) < PAGE:
            return
        last = (page[-1].due_at, page[-1].id)


def _fire(registry: Registry, handler: TimerHandler, batch: list[Due], done: FiringResult) -> None:
    try:
        _fire_together(handler, batch, done)
    except Exception as error:  # whatever a handler raises, the other timers go on
        if _connection_lost():
            raise
        if len(batch) > 1:
            for due in batch:
                _fire(registry, handler, [due], done)
        elif isinstance(error.__cause__, MET_AT_A_LOCK):
            done.held += 1
        else:
            logger.exception("timer_failed", extra={"kind": batch[0].kind, "subject": batch[0].subject})
            done.failed += 1
            _note_failure(registry, batch[0])


def _fire_together(handler: TimerHandler, batch: list[Due], done: FiringResult) -> None:
    with events.transaction():
        now = clock.now()
        got = handler.lock([due.subject for due in batch])
        ids = [due.id for due in batch if due.subject in got]
        taken = sorted(Timer.objects.raw(_TAKE, [ids, now, now]), key=lambda timer: (timer.due_at, timer.id))
        if taken:
            handler.fire(taken, now)
    done.fired += len(taken)
    done.held += len(batch) - len(taken)  # those that another clock fired meanwhile too: it costs one short nap
    done.met = done.met or (len(ids) == BATCH and not taken)
    done.late += sum(now - timer.due_at > LATE for timer in taken)
    if taken:
        done.late_seconds = max(done.late_seconds, (now - taken[0].due_at).total_seconds())


def _note_failure(registry: Registry, due: Due) -> None:
    """Count a failure; try again in a second, after the third give up and say so."""
    now = clock.now()
    with events.transaction():
        with connection.cursor() as cursor:
            again_at = now + timedelta(seconds=1)
            cursor.execute(_NOTE_FAILURE, {"id": due.id, "most": MOST_ATTEMPTS, "again_at": again_at})
            row = cursor.fetchone()
        if row is None or row[0] != Timer.State.FAILED:
            return
        figures = {"timer": due.id, "timer_kind": due.kind, "due_at": events.utc_text(due.due_at)}
        registry.on_fault(SystemFault("timer.failed", due.subject, now, figures=figures))
        events.append(CoreEvent.TIMER_FAILED, actor=ACTOR, subjects=[due.subject], data=figures)


def _connection_lost() -> bool:
    raw = connection.connection
    return raw is None or bool(raw.closed)
