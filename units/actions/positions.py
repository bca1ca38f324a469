"""Where units are: many fixes at once from trackers and crews' phones. Positions are no events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.actors import Actor
from accounts.roles import Reach, Right
from core import clock, events
from core.clock import Stamp
from places.geodesy import Point, distance_metres
from units.models import Position, Unit
from units.queries import own_units

__all__ = ["record_positions"]

# A move of less is the receiver's noise (D4).
LEAST_MOVE_METRES = 10.0

# Rows come sorted by unit, so that two calls with the same units wait for each other and never in a ring. Whoever
# comes with an older fix than the one known leaves it alone, however the two calls interleave.
_LATEST = """
INSERT INTO units_position AS known
    (unit_id, lat, lng, heading, speed, accuracy_metres, fix_at, received_at, track_lat, track_lng)
SELECT * FROM unnest(%s::uuid[], %s::float8[], %s::float8[], %s::float8[], %s::float8[], %s::float8[],
                     %s::timestamptz[], %s::timestamptz[], %s::float8[], %s::float8[])
ON CONFLICT (unit_id) DO UPDATE SET
    lat = excluded.lat, lng = excluded.lng, heading = excluded.heading, speed = excluded.speed,
    accuracy_metres = excluded.accuracy_metres, fix_at = excluded.fix_at, received_at = excluded.received_at,
    track_lat = excluded.track_lat, track_lng = excluded.track_lng
WHERE known.fix_at < excluded.fix_at
RETURNING unit_id
"""
_TRACK = """
INSERT INTO units_track (unit_id, fix_at, received_at, lat, lng, heading, speed, accuracy_metres)
SELECT * FROM unnest(%s::uuid[], %s::timestamptz[], %s::timestamptz[], %s::float8[], %s::float8[], %s::float8[],
                     %s::float8[], %s::float8[])
"""
_SOURCE = """
INSERT INTO core_source AS known (id, kind, name, last_seen_at, watched, skew_seconds, figures)
VALUES (gen_random_uuid(), 'positions', %s, %s, false, %s, '{}')
ON CONFLICT (kind, name) DO UPDATE SET last_seen_at = excluded.last_seen_at, skew_seconds = excluded.skew_seconds
"""


@dataclass(frozen=True, slots=True)
class Fix:
    """A place that a receiver has found: degrees, metres, metres per second. unit: id or callsign."""

    unit: str
    lat: float
    lng: float
    at: datetime | None = None
    speed: float | None = None
    heading: float | None = None
    accuracy_metres: float | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the fixes: they add up. ignored: not newer than what is known; unknown: no such unit of yours."""

    accepted: int
    ignored: int
    unknown: int


@dataclass(slots=True)
class _Course:
    """One unit's newer fixes in the order of time, and where its track stands."""

    unit: UUID
    known_at: datetime | None
    track: Point | None
    steps: list[tuple[Fix, datetime]]


def record_positions(*, actor: Actor, fixes: Sequence[Fix], received_at: datetime | None = None) -> Counts:
    """Keep the newest fix of each unit, and its track: one row for each move of 10 m and more.

    A receiver's clock that runs ahead is taken at receipt, its skew kept for the health page. An own reach (D9) makes
    foreign units unknown ones. Raises Refused.
    """
    with events.transaction():
        reach = actor.require(Right.UNIT_POSITION)
        received_at = received_at or clock.now()
        courses, unknown, skew = _courses(actor, reach, fixes, received_at)
        accepted = 0
        if courses:
            newest, moves = _rows(courses, received_at)
            kept = _upsert(newest)
            _keep_track([move for move in moves if move[0] in kept], received_at)
            accepted = sum(len(course.steps) for course in courses if course.unit in kept)
        with connection.cursor() as cursor:
            cursor.execute(_SOURCE, [actor.ref, received_at, skew])
        return Counts(accepted, len(fixes) - unknown - accepted, unknown)


def _courses(
    actor: Actor, reach: Reach, fixes: Sequence[Fix], received_at: datetime
) -> tuple[list[_Course], int, float]:
    names = _Names(actor, reach, {fix.unit for fix in fixes})
    unknown, skew = 0, 0.0
    courses: dict[UUID, _Course] = {}
    for fix in fixes:
        unit = names.unit_of(fix.unit)
        if unit is None:
            unknown += 1
            continue
        stamp: Stamp = clock.stamp_from_machine(fix.at, received_at)
        skew = max(skew, stamp.skew_seconds)
        course = courses.setdefault(unit, _Course(unit, None, None, []))
        course.steps.append((fix, stamp.at))
    for position in Position.objects.filter(unit__in=courses):
        course = courses[position.unit_id]
        course.known_at, course.track = position.fix_at, Point(position.track_lat, position.track_lng)
    for course in courses.values():
        course.steps = _newer(course)
    newer = [course for course in courses.values() if course.steps]
    return sorted(newer, key=lambda course: course.unit), unknown, skew


def _newer(course: _Course) -> list[tuple[Fix, datetime]]:
    """The fixes newer than the known one, by time; of several at the same moment the last one told."""
    by_time = {at: fix for fix, at in course.steps if course.known_at is None or at > course.known_at}
    return [(by_time[at], at) for at in sorted(by_time)]


class _Names:
    """Which of the named units the actor may place: one query."""

    def __init__(self, actor: Actor, reach: Reach, names: set[str]) -> None:
        ids = {each for each in (_uuid(name) for name in names) if each is not None}
        units = Unit.objects.filter(centre=actor.centre, active=True)
        if reach is not Reach.ANY:
            units = units.filter(own_units(actor))
        found = list(units.filter(id__in=ids).values_list("id", "callsign")) if ids else []
        found += list(units.filter(callsign__in=names).values_list("id", "callsign"))
        self.by_name = {callsign: unit for unit, callsign in found} | {str(unit): unit for unit, _ in found}

    def unit_of(self, name: str) -> UUID | None:
        """The unit of a name, if there is one that the actor may place."""
        return self.by_name.get(name) or self.by_name.get(name.lower())


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _rows(courses: Sequence[_Course], received_at: datetime) -> tuple[list[list[Any]], list[list[Any]]]:
    newest: list[list[Any]] = []
    moves: list[list[Any]] = []
    for course in courses:
        track = course.track
        for fix, at in course.steps:
            here = Point(fix.lat, fix.lng)
            if track is None or distance_metres(track, here) >= LEAST_MOVE_METRES:
                track = here
                move = [fix.lat, fix.lng, fix.heading, fix.speed, fix.accuracy_metres]
                moves.append([course.unit, at, received_at, *move])
        fix, at = course.steps[-1]
        end = track or Point(fix.lat, fix.lng)
        place = [fix.lat, fix.lng, fix.heading, fix.speed, fix.accuracy_metres]
        newest.append([course.unit, *place, at, received_at, end.lat, end.lng])
    return newest, moves


def _upsert(rows: list[list[Any]]) -> set[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(_LATEST, [list(column) for column in zip(*rows, strict=True)])
        return {row[0] for row in cursor.fetchall()}


def _keep_track(moves: list[list[Any]], received_at: datetime) -> None:
    if not moves:
        return
    with connection.cursor() as cursor:
        # The day's first call makes the day three ahead, so that no call waits for its own; nothing to do costs 0.1 ms.
        cursor.execute("SELECT sigap_make_track_partitions(%s)", [received_at.astimezone(UTC).date()])
        cursor.execute(_TRACK, [list(column) for column in zip(*moves, strict=True)])
