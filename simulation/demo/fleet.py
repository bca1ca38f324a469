"""The units that the demo may take, and where those that it drives are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from math import atan2, cos, degrees, radians
from uuid import UUID

from core import clock
from places.geodesy import Point, distance_metres
from places.travel import travel_seconds
from simulation.demo.human_activity import Others, touched_of
from simulation.demo.locations import hospitals
from simulation.demo.scheduler import Stage
from units.actions.positions import record_positions
from units.fixes import Fix
from units.models import Unit
from units.queries import last_place, modes_of
from units.states import FREE, UnitStatus

# So many of each capability stay free for those who learn (docs/rules/demo-data.md#demo-rules).
LEFT_FREE = 2
# How often positions are sent, in seconds of the wall clock: oftener on the way than units report, to be seen moving.
TELL_EVERY_SECONDS = 4.0
STANDING_EVERY_SECONDS = 200.0
# As fast as it goes nobody watches them move (seconds of the play).
UNWATCHED_SECONDS = 300.0
# Nobody is sent from farther away, by sea either.
LONGEST_WAY_SECONDS = 4 * 3600
REPLAYED = "REPLAY-"
# No way at all: it takes this long all the same, for a unit that is somewhere odd.
ELSE_SECONDS = 900.0
# A unit, where it is, its heading (degrees) and speed (metres per second).
Place = tuple[UUID, Point, float | None, float]
_WORK = frozenset({UnitStatus.ON_SCENE, UnitStatus.AT_DESTINATION})


@dataclass(slots=True)
class Course:
    """A unit on its way from one point to another, in seconds of the play. since: when it was sent, by the clock."""

    unit: UUID
    incident: UUID | None
    start: Point
    end: Point
    from_at: float
    to_at: float
    since: datetime

    def at(self, moment: float) -> Point:
        """Where it is."""
        whole = self.to_at - self.from_at
        part = 1.0 if whole <= 0 else min(1.0, max(0.0, (moment - self.from_at) / whole))
        return Point(
            round(self.start.lat + (self.end.lat - self.start.lat) * part, 6),
            round(self.start.lng + (self.end.lng - self.start.lng) * part, 6),
        )


class Fleet:
    """What the demo knows of units."""

    def __init__(self, stage: Stage, others: Others) -> None:
        self._stage, self._others = stage, others
        self._courses: dict[UUID, Course] = {}
        self._parked: dict[UUID, Point] = {}
        self._stood_at = float("-inf")

    def choose(self, capability: str, to: Point | None, *, besides: Collection[UUID] = ()) -> Unit | None:
        """The quickest unit that the demo may take for a need, or None where it must leave the rest to others."""
        free = self._free_units()
        counts = Counter(able for unit in free for able in unit.capabilities)
        taken = self._others.units(clock.now())
        best: tuple[float, str] | None = None
        found: Unit | None = None
        for unit in free:
            if unit.id in taken or unit.id in besides or capability not in unit.capabilities:
                continue
            if any(counts[able] <= LEFT_FREE for able in unit.capabilities):
                continue
            seconds = self.seconds(unit, to) if to else 0.0
            if seconds is None or seconds > LONGEST_WAY_SECONDS:
                continue
            if best is None or (seconds, unit.callsign) < best:
                best, found = (seconds, unit.callsign), unit
        return found

    def may_still_take(self, unit: Unit) -> bool:
        """Whether a locked unit is free, nobody else's, and two of each of its capabilities stay free without it."""
        if unit.status not in FREE or not unit.active or unit.id in self._others.units(clock.now()):
            return False
        counts = Counter(able for each in self._free_units() for able in each.capabilities)
        return all(counts[able] > LEFT_FREE for able in unit.capabilities)

    def place_of(self, unit: Unit) -> Point | None:
        """Where a unit is by the demo's own reckoning, else by its last fix."""
        course = self._courses.get(unit.id)
        if course:
            return course.at(self._stage.now)
        return self._parked.get(unit.id) or last_place(unit)

    def seconds(self, unit: Unit, to: Point) -> float | None:
        """How long a unit takes to a point; None where there is no way for it."""
        start = self.place_of(unit)
        if start is None:
            return ELSE_SECONDS
        return travel_seconds(start, [to], modes_of(unit.capabilities))[0].seconds

    def send(self, unit: Unit, to: Point, seconds: float, incident: UUID | None) -> None:
        """Let a unit set out; it arrives after so many seconds of the play."""
        now = self._stage.now
        start = self.place_of(unit) or to
        self._courses[unit.id] = Course(unit.id, incident, start, to, now, now + seconds, clock.now())

    def arrive(self, unit: UUID) -> None:
        """A unit has come to where it was going."""
        course = self._courses.pop(unit, None)
        if course:
            self._parked[unit] = course.end
            self._tell([(unit, course.end, None, 0.0)])

    def leave(self, unit: UUID) -> None:
        """The demo drives this unit no more."""
        course = self._courses.pop(unit, None)
        if course:
            self._parked[unit] = course.at(self._stage.now)

    def home(self, unit: Unit) -> Point | None:
        """Where a unit stands by."""
        return Point(unit.station.lat, unit.station.lng) if unit.station else None

    def hospital(self, near: Point) -> Point:
        """The hospital nearest to a point."""
        return min((spot.point for spot in hospitals()), key=lambda spot: distance_metres(spot, near))

    def tell_places(self) -> None:
        """Tell where the moving units are, and now and then the standing ones; again and again."""
        self._drop_touched()
        moving: list[Place] = [
            (course.unit, course.at(self._stage.now), _heading(course), _speed(course))
            for course in self._courses.values()
        ]
        if self._stage.now - self._stood_at >= self._stage.real(STANDING_EVERY_SECONDS):
            self._stood_at = self._stage.now
            moving += self._standing()
        self._tell(moving)
        every = self._stage.real(TELL_EVERY_SECONDS) if self._stage.speed else UNWATCHED_SECONDS
        self._stage.after(every, self.tell_places)

    def _drop_touched(self) -> None:
        """Leave the units whose part in something another hand has touched since they set out."""
        courses = list(self._courses.values())
        if not courses:
            return
        subjects = {f"unit:{course.unit}" for course in courses}
        subjects |= {f"incident:{course.incident}" for course in courses if course.incident}
        hit = touched_of(subjects, min(course.since for course in courses))
        for course in courses:
            if f"unit:{course.unit}" in hit or f"incident:{course.incident}" in hit:
                self.leave(course.unit)

    def _standing(self) -> list[Place]:
        """The units that stand at their post or at work: a receiver there reports its place as well."""
        taken = self._others.units(clock.now())
        found: list[Place] = []
        units = Unit.objects.filter(centre_id=self._stage.actor.centre, active=True, station__isnull=False)
        for unit in units.select_related("station"):
            still = unit.status == UnitStatus.AVAILABLE_STATION or (unit.status in _WORK and unit.id in self._parked)
            place = self._parked.get(unit.id) if unit.status in _WORK else self.home(unit)
            if still and place and unit.id not in taken and unit.id not in self._courses:
                found.append((unit.id, place, None, 0.0))
        return found

    def _tell(self, places: Iterable[Place]) -> None:
        fixes = [
            Fix(str(unit), place.lat, place.lng, None, speed=speed, heading=heading, accuracy_metres=8.0)
            for unit, place, heading, speed in places
        ]
        if fixes:
            record_positions(actor=self._stage.actor, fixes=fixes)

    def _free_units(self) -> list[Unit]:
        """Units of a replayed log are of another city: they neither go nor count."""
        rows = Unit.objects.filter(centre_id=self._stage.actor.centre, active=True, status__in=FREE)
        rows = rows.exclude(agency__code__startswith=REPLAYED)
        return list(rows.select_related("station").order_by("callsign"))


def _heading(course: Course) -> float:
    east = (course.end.lng - course.start.lng) * cos(radians(course.start.lat))
    return round(degrees(atan2(east, course.end.lat - course.start.lat)) % 360, 1)


def _speed(course: Course) -> float:
    """Metres per second along the straight line."""
    whole = max(1.0, course.to_at - course.from_at)
    return round(min(40.0, distance_metres(course.start, course.end) / whole), 1)
