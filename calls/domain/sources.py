"""Signs of life of telephone exchanges, and how far off their clocks are."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from core import clock, events, sql
from core.models import Source
from core.skew import add_sample

SIGN_EVERY = timedelta(seconds=1)
BETTER_BY_SECONDS = 1.0


def note_sign(
    source: str, *, sent_at: datetime | None = None, error: dict[str, Any] | None = None, watched: bool = False
) -> None:
    """Note when an exchange last sent something, at most once a second, in a transaction of its own.

    sent_at: the time that it gave, from which its clock is judged. error: what of an event could not be read.
    """
    now = clock.now()
    row = next(iter(sql.instances(Source, "WHERE t.kind = 'telephony' AND t.name = %s", [source])), None)
    if row and error is None and _adds_nothing(row, now, sent_at, watched=watched):
        return
    with events.transaction():
        if row is None:
            row = Source(kind="telephony", name=source, last_seen_at=now, watched=watched)
            _judge(row, now, sent_at, error)
            Source.objects.bulk_create([row], ignore_conflicts=True)
            return
        row.last_seen_at, row.watched = now, row.watched or watched
        _judge(row, now, sent_at, error)
        row.save(update_fields=["last_seen_at", "watched", "skew_seconds", "figures"])


def _adds_nothing(row: Source, now: datetime, sent_at: datetime | None, *, watched: bool) -> bool:
    """Whether the last sign came less than a second ago and this one brings nothing new.

    Not where this one shows that the clock is less behind than was known: a right clock ends its alarm at once.
    """
    fresh = row.last_seen_at is not None and abs(now - row.last_seen_at) < SIGN_EVERY
    offset = clock.offset_of(sent_at, now)
    better = offset is not None and offset - row.skew_seconds > BETTER_BY_SECONDS
    return fresh and row.watched >= watched and not better


def _judge(row: Source, now: datetime, sent_at: datetime | None, error: dict[str, Any] | None) -> None:
    offset = clock.offset_of(sent_at, now)
    if offset is not None:
        add_sample(row, offset, now)
    if error is not None:
        figures = dict(row.figures)
        row.figures = figures | {"errors": int(figures.get("errors", 0)) + 1, "last_error": error}
