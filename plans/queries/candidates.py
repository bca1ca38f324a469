"""Units that might be sent to a place: where they are as far as is known, and how long they would take."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import cos, inf, radians
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce, Least, Length

from accounts.actors import Actor
from places.areas import point_of
from places.crossings import Harbours
from places.geodesy import DEGREE_METRES, Point, distance_metres
from places.travel import Travel, figures, travel_seconds
from units.models import Unit
from units.queries import modes_of, visible_units
from units.states import FREE, UnitStatus

# How often a receiver reports (docs/rules/unit-states.md#positions); three times as long without a fix makes it stale.
_EVERY = {
    UnitStatus.AVAILABLE_STATION: timedelta(seconds=300),
    UnitStatus.EN_ROUTE: timedelta(seconds=10),
    UnitStatus.TRANSPORTING: timedelta(seconds=10),
    UnitStatus.ON_SCENE: timedelta(seconds=60),
}
_ELSE = timedelta(seconds=30)
STALE_AFTER = 3
# An older fix is a worse estimate of where a unit is than its station.
UNUSABLE_AFTER = timedelta(hours=1)
# Sorting by degrees is as good as by metres but for so much, over the few hundred kilometres that matter.
_SORTING_ERROR = 0.99

_COLUMNS = (
    "id",
    "callsign",
    "agency__code",
    "capabilities",
    "status",
    "station__lat",
    "station__lng",
    "position__lat",
    "position__lng",
    "position__fix_at",
    "emergency_at",
)


@dataclass(slots=True)
class Candidate:
    """A unit that has what is needed.

    place: where it counts from, and `known_by` is how that is known: "fix", "stale" (a fix, age in `age_seconds`),
    "station", or "" where nothing is known. straight: metres to the place wanted, which no way undercuts.
    """

    id: UUID
    callsign: str
    agency: str
    capabilities: frozenset[str]
    status: str
    in_emergency: bool
    place: Point | None
    known_by: str
    age_seconds: int | None
    straight: float = inf
    harbours: Harbours = field(default_factory=Harbours, repr=False)
    picked: bool = False
    _travel: Travel | None = field(default=None, repr=False)

    @property
    def free(self) -> bool:
        """Whether it can be sent: nobody is diverted, and its own crew is in no emergency."""
        return self.status in FREE and not self.in_emergency

    def travel(self, to: Point | None) -> Travel | None:
        """Its quickest way, worked out once; None where either place is unknown."""
        if self._travel is None and to is not None and self.place is not None:
            self._travel = travel_seconds(self.place, [to], modes_of(self.capabilities), self.harbours)[0]
        return self._travel


class Fleet:
    """The active units that an actor may see and that can do what is needed at a place, as far out as was looked.

    A state has thousands, and the first few dozen decide: of each capability the nearest are read, then those within
    what the choice made of them leaves possible.
    """

    def __init__(self, actor: Actor, to: Point | None, now: datetime) -> None:
        self._actor, self._to, self._now = actor, to, now
        self._found: dict[UUID, Candidate] = {}
        self._horizon: dict[str, float] = {}
        self._order = _order(to)
        self._harbours = Harbours()

    def look_for(self, capability: str, nearest: int) -> None:
        """Read so many free and so many other units with a capability: those that may be nearest."""
        free = self._take(self._able(capability).filter(status__in=FREE), nearest)
        full = len(free) == nearest
        self._horizon[capability] = _least_metres(free[-1], self._to) if full else inf
        self._take(self._able(capability).exclude(status__in=FREE), nearest)

    def look_out(self, capability: str, metres: float) -> None:
        """Read every free unit with a capability that may be within so many metres; infinite: all there are."""
        rows = self._able(capability)
        if metres != inf:
            bound: dict[str, Any] = {"least__lte": (metres / (DEGREE_METRES * _SORTING_ERROR)) ** 2}
            rows = rows.filter(status__in=FREE, **bound)
        self._take(rows, None)
        self._horizon[capability] = metres

    def horizon(self, capability: str) -> float:
        """Metres within which every free unit with a capability is known; infinite where all are."""
        return self._horizon[capability]

    def units(self) -> list[Candidate]:
        """All that were read, the nearest first, none of them picked."""
        for unit in self._found.values():
            unit.picked = False
        return sorted(self._found.values(), key=lambda unit: unit.straight)

    def _able(self, capability: str) -> QuerySet[Unit, Unit]:
        able = visible_units(self._actor).filter(active=True, capabilities__contains=[capability])
        return able.alias(**self._order)

    def _take(self, rows: QuerySet[Unit, Unit], most: int | None) -> list[tuple[Any, ...]]:
        taken = list(rows.order_by(*self._order, "callsign").values_list(*_COLUMNS)[:most])
        for row in taken:
            if row[0] not in self._found:
                self._found[row[0]] = _candidate(row, self._to, self._now, self._harbours)
        return taken


def quickest(pool: Iterable[Candidate], to: Point | None, count: int) -> list[tuple[Candidate, Travel | None]]:
    """The `count` of a pool that would be there first; the pool comes nearest first.

    Only as many ways are worked out as can matter: beyond the distance that nobody covers in the time of the last one
    chosen, nobody is quicker. Who has no way is none of them.
    """
    chosen: list[tuple[tuple[float, int, str], Candidate, Travel | None]] = []
    fastest = figures().fastest
    for unit in pool:
        if len(chosen) >= count and unit.straight / fastest > chosen[count - 1][0][0] + 1:
            break
        travel = unit.travel(to)
        if travel is not None and travel.seconds is None:
            continue
        seconds = inf if travel is None or travel.seconds is None else float(travel.seconds)
        chosen.append(((seconds, len(unit.callsign), unit.callsign), unit, travel))
        chosen.sort(key=lambda entry: entry[0])
    return [(unit, travel) for _, unit, travel in chosen[:count]]


def _order(to: Point | None) -> dict[str, Any]:
    """What comes first: the least distance that a unit's fix or its station leaves possible, unknown ones last."""
    if to is None:
        return {"length": Length("callsign")}
    return {"least": Coalesce(Least(_square("position", to), _square("station", to)), Value(inf))}


def _square(where: str, to: Point) -> Any:
    """Square of a distance in degrees of latitude: near enough to sort by."""
    north = F(f"{where}__lat") - Value(to.lat)
    east = (F(f"{where}__lng") - Value(to.lng)) * Value(cos(radians(to.lat)))
    return north * north + east * east


def _least_metres(row: tuple[Any, ...], to: Point | None) -> float:
    if to is None:
        return inf  # no distance to miss: by callsign, the first ones are the first
    places = [place for place in (point_of(*row[5:7]), point_of(*row[7:9])) if place]
    return min((distance_metres(place, to) for place in places), default=inf) * _SORTING_ERROR


def _candidate(row: tuple[Any, ...], to: Point | None, now: datetime, harbours: Harbours) -> Candidate:
    unit, callsign, agency, capabilities, status, station_lat, station_lng, lat, lng, fix_at, emergency_at = row
    station, fix = point_of(station_lat, station_lng), point_of(lat, lng)
    age = int((now - fix_at).total_seconds()) if fix_at else None
    stale = fix_at is not None and now - fix_at > STALE_AFTER * _EVERY.get(status, _ELSE)
    unusable = fix_at is None or now - fix_at > UNUSABLE_AFTER
    place, known_by = fix, "stale" if fix is not None else ""
    if fix is not None and not stale:
        known_by = "fix"
    elif station is not None and (unusable or status == UnitStatus.AVAILABLE_STATION):
        place, known_by = station, "station"
    return Candidate(
        id=unit,
        callsign=callsign,
        agency=agency,
        capabilities=frozenset(capabilities),
        status=status,
        in_emergency=emergency_at is not None,
        place=place,
        known_by=known_by,
        age_seconds=age if known_by == "stale" else None,
        straight=inf if place is None or to is None else distance_metres(place, to),
        harbours=harbours,
    )
