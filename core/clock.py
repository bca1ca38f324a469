"""The one source of time: every line of this project that asks "what time is it" asks here."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.errors import Conflict, Invalid
from launcher import variables

TOLERATED_AHEAD = timedelta(seconds=5)
LATE_AFTER = timedelta(seconds=60)
LATEST_EVENT = timedelta(hours=1)  # what comes later is a log that is entered later, and raises no alarm
# Nothing this project records is older: an earlier time is a clock that lost its battery, or a slip of the hand.
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_TEST_CLOCK: str = variables.get(os.environ, "SIGAP_TEST_CLOCK") or ""


def offset_seconds() -> float:
    """Seconds that `now()` is ahead of the host: 0 but under SIGAP_TEST_CLOCK (read on each call)."""
    if not _TEST_CLOCK:
        return 0.0
    try:
        return float(Path(_TEST_CLOCK).read_text(encoding="ascii") or 0)
    except FileNotFoundError:
        return 0.0


def now() -> datetime:
    """The present moment in UTC."""
    moment = datetime.now(UTC)
    return moment + timedelta(seconds=offset_seconds()) if _TEST_CLOCK else moment


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a thing happened, judged against its receipt (docs/rules/times.md)."""

    at: datetime
    late: bool
    skew_seconds: float


def stamp_from_person(at: datetime | None, received_at: datetime | None = None) -> Stamp:
    """Judge a time given by a person or a program that speaks for one.

    Up to 5 s ahead counts as receipt; more raises Invalid(`time_in_future`), before 2000 Invalid(`time_too_old`).
    More than 60 s behind is late.
    """
    received_at = received_at or now()
    if at is None:
        return Stamp(received_at, late=False, skew_seconds=0.0)
    ahead = at - received_at
    if ahead > TOLERATED_AHEAD:
        raise Invalid.field("at", "time_in_future")
    if at < EARLIEST:
        raise Invalid.field("at", "time_too_old")
    if ahead > timedelta(0):
        return Stamp(received_at, late=False, skew_seconds=0.0)
    return Stamp(at, late=received_at - at > LATE_AFTER, skew_seconds=0.0)


def stamp_from_machine(at: datetime | None, received_at: datetime | None = None) -> Stamp:
    """Judge a time given by a machine: ahead of receipt, or before 2000, is taken at receipt, the skew (s) kept."""
    received_at = received_at or now()
    if at is None:
        return Stamp(received_at, late=False, skew_seconds=0.0)
    ahead = (at - received_at).total_seconds()
    if ahead > 0 or at < EARLIEST:
        return Stamp(received_at, late=False, skew_seconds=ahead)
    return Stamp(at, late=received_at - at > LATE_AFTER, skew_seconds=0.0)


def offset_of(at: datetime | None, received_at: datetime | None = None) -> float | None:
    """Seconds that the clock of a machine is ahead of ours (negative: behind), by the time that it gave an event.

    None where nothing is known of its clock: no time, or an event that was entered more than an hour late.
    """
    if at is None:
        return None
    offset = (at - (received_at or now())).total_seconds()
    return offset if offset > -LATEST_EVENT.total_seconds() else None


def not_before(at: datetime, earliest: datetime) -> datetime:
    """`at`, or `earliest` where a clock only a little behind puts it before what it follows.

    More than 60 s before raises Conflict(`out_of_order`): a thing doesn't end before it begins.
    """
    if earliest - at > LATE_AFTER:
        raise Conflict("out_of_order", since=earliest)
    return max(at, earliest)
