"""Where units are: many fixes at once from trackers and crews' phones. Positions are no events."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.actors import Actor
from accounts.roles import Reach, Right
from core import clock, events
from core.clock import Stamp
from core.moments import unroll
from core.types import plain_code
from places.geodesy import Point, distance_metres
from units.fixes import OLDEST, Fix, RowError, implausible, is_jump, is_null_island
from units.models import Position, Unit
from units.queries import own_units

__all__ = ["record_positions"]

# A move of less is the receiver's noise (docs/rules/unit-states.md#positions).
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
VALUES (gen_random_uuid(), 'positions', %s, %s, false, %s,
        jsonb_build_object('implausible', %s::bigint, 'invalid', %s::bigint, 'rollovers', %s::bigint) || %s::jsonb)
ON CONFLICT (kind, name) DO UPDATE SET last_seen_at = excluded.last_seen_at, skew_seconds = excluded.skew_seconds,
    figures = known.figures || jsonb_build_object(
        'implausible', coalesce((known.figures->>'implausible')::bigint, 0) + %s::bigint,
        'invalid', coalesce((known.figures->>'invalid')::bigint, 0) + %s::bigint,
        'rollovers', coalesce((known.figures->>'rollovers')::bigint, 0) + %s::bigint) || %s::jsonb
"""


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the rows: they add up.

    ignored: not newer than what is known, or more than a day old; unknown: no such unit of yours; implausible: not
    believed; invalid: not readable. errors: why, of the last two.
    """

    accepted: int
    ignored: int
    unknown: int
    implausible: int = 0
    invalid: int = 0
    errors: tuple[RowError, ...] = ()


@dataclass(slots=True)
class _Course:
    """One unit's newer fixes in the order of time, where its track stands, and its last believed position."""

    unit: UUID
    known_at: datetime | None
    track: Point | None
    steps: list[tuple[Fix, datetime]]
    known: Point | None = None


@dataclass(slots=True)
class _Batch:
    """What was found in the rows of one call."""

    courses: list[_Course]
    unknown: int = 0
    skew_seconds: float = 0.0
    rollovers: int = 0
    rolled_over: str = ""  # the unit whose receiver did it last
    implausible: list[RowError] = field(default_factory=list)


def record_positions(
    *,
    actor: Actor,
    fixes: Sequence[Fix],
    invalid: Sequence[RowError] = (),
    received_at: datetime | None = None,
) -> Counts:
    """Keep the newest fix of each unit, and its track: one row for each move of 10 m and more.

    invalid: rows that could not be read; they are counted. A receiver's clock that runs ahead is taken at receipt, one
    whose GPS week number rolled over is put right, counted and named as such; the skew of the others is kept for the
    health page. A fix at 0,0 or one that no
    unit could reach is not believed. An own reach makes foreign units unknown ones. Raises Refused.
    """
    with events.transaction():
        reach = actor.require(Right.UNIT_POSITION)
        received_at = received_at or clock.now()
        batch = _read(actor, reach, fixes, received_at)
        accepted = 0
        if batch.courses:
            newest, moves = _rows(batch.courses, received_at)
            kept = _upsert(newest)
            _keep_track([move for move in moves if move[0] in kept], received_at)
            accepted = sum(len(course.steps) for course in batch.courses if course.unit in kept)
        counts = Counts(
            accepted,
            len(fixes) - batch.unknown - len(batch.implausible) - accepted,
            batch.unknown,
            len(batch.implausible),
            len(invalid),
            tuple(sorted([*invalid, *batch.implausible], key=lambda error: error.index)),
        )
        _note_source(actor.ref, received_at, batch, counts)
        return counts


def _note_source(name: str, received_at: datetime, batch: _Batch, counts: Counts) -> None:
    error: dict[str, Any] = {}
    if batch.rolled_over:
        message = (
            f"GPS week number of {batch.rolled_over} is 1,024 weeks off; its time was put right. Update the receiver."
        )
        error = {"last_error": {"code": "gps_week_rollover", "message": message}}
    added: list[Any] = [counts.implausible, counts.invalid, batch.rollovers, json.dumps(error)]
    with connection.cursor() as cursor:
        cursor.execute(_SOURCE, [name, received_at, batch.skew_seconds, *added, *added])


def _read(actor: Actor, reach: Reach, fixes: Sequence[Fix], received_at: datetime) -> _Batch:
    names = _Names(actor, reach, {fix.unit for fix in fixes})
    batch = _Batch([])
    courses: dict[UUID, _Course] = {}
    for fix in fixes:
        unit = names.unit_of(fix.unit)
        if unit is None:
            batch.unknown += 1
        elif is_null_island(fix.lat, fix.lng):
            batch.implausible.append(implausible(fix.index))
        else:
            course = courses.setdefault(unit, _Course(unit, None, None, []))
            at = _moment(fix, received_at, batch)
            if received_at - at <= OLDEST:
                course.steps.append((fix, at))
    for position in Position.objects.filter(unit__in=courses):
        course = courses[position.unit_id]
        course.known_at, course.track = position.fix_at, Point(position.track_lat, position.track_lng)
        course.known = Point(position.lat, position.lng)
    for course in courses.values():
        course.steps = _believed(course, _newer(course), batch)
    batch.courses = sorted((course for course in courses.values() if course.steps), key=lambda course: course.unit)
    return batch


def _moment(fix: Fix, received_at: datetime, batch: _Batch) -> datetime:
    """When a fix was found, with the clock of its receiver judged."""
    if fix.at is None:
        return received_at
    at = unroll(fix.at, received_at)
    if at != fix.at:
        # A fault of the receiver's week number, no clock that somebody could set right.
        batch.rollovers, batch.rolled_over = batch.rollovers + 1, fix.unit
        return min(at, received_at)
    if at <= received_at:
        return at
    stamp: Stamp = clock.stamp_from_machine(at, received_at)
    batch.skew_seconds = max(batch.skew_seconds, stamp.skew_seconds)
    return stamp.at


def _newer(course: _Course) -> list[tuple[Fix, datetime]]:
    """The fixes newer than the known one, by time; of several at the same moment the last one sent."""
    by_time = {at: fix for fix, at in course.steps if course.known_at is None or at > course.known_at}
    return [(by_time[at], at) for at in sorted(by_time)]


def _believed(course: _Course, steps: list[tuple[Fix, datetime]], batch: _Batch) -> list[tuple[Fix, datetime]]:
    """The fixes that the unit can have reached from the one before."""
    kept = []
    place, since = course.known, course.known_at
    for fix, at in steps:
        here = Point(fix.lat, fix.lng)
        if place is not None and since is not None and is_jump(place, since, here, at):
            batch.implausible.append(implausible(fix.index))
            continue
        place, since = here, at
        kept.append((fix, at))
    return kept


class _Names:
    """Which of the named units the actor may place: one query."""

    def __init__(self, actor: Actor, reach: Reach, names: set[str]) -> None:
        names = {plain_code(name) for name in names}
        ids = {each for each in (_uuid(name) for name in names) if each is not None}
        units = Unit.objects.filter(centre=actor.centre, active=True)
        if reach is not Reach.ANY:
            units = units.filter(own_units(actor))
        found = list(units.filter(id__in=ids).values_list("id", "callsign")) if ids else []
        found += list(units.filter(callsign__in=names).values_list("id", "callsign"))
        self.by_name = {callsign: unit for unit, callsign in found} | {str(unit).upper(): unit for unit, _ in found}

    def unit_of(self, name: str) -> UUID | None:
        """The unit of a name, if there is one that the actor may place."""
        return self.by_name.get(plain_code(name))


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
