"""Units that might be sent to a place: where they are as far as is known, and how long they would take."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from typing import Any
from uuid import UUID

from accounts.actors import Actor
from places.areas import point_of
from places.geodesy import Point, distance_metres
from places.travel import Travel, figures, travel_seconds
from units.queries import modes_of, visible_units
from units.states import FREE, UnitStatus

# How often a receiver reports (D4); three times as long without a fix makes it stale.
_EVERY = {
    UnitStatus.AVAILABLE_STATION: timedelta(seconds=300),
    UnitStatus.EN_ROUTE: timedelta(seconds=10),
    UnitStatus.TRANSPORTING: timedelta(seconds=10),
    UnitStatus.ON_SCENE: timedelta(seconds=60),
}
_ELSE = timedelta(seconds=30)
STALE_AFTER = 3

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
)


@dataclass(slots=True)
class Candidate:
    """A unit that has what is needed.

    place: where it counts from, and `known_by` says how that is known: "fix", "stale" (a fix, age in `age_seconds`),
    "station", or "" where nothing is known. straight: metres to the place wanted, which no way undercuts.
    """

    id: UUID
    callsign: str
    agency: str
    capabilities: frozenset[str]
    status: str
    place: Point | None
    known_by: str
    age_seconds: int | None
    straight: float = inf
    picked: bool = False
    _travel: Travel | None = field(default=None, repr=False)

    @property
    def free(self) -> bool:
        """Whether it can be sent without diverting it."""
        return self.status in FREE

    def travel(self, to: Point | None) -> Travel | None:
        """Its quickest way, worked out once; None where either place is unknown."""
        if self._travel is None and to is not None and self.place is not None:
            self._travel = travel_seconds(self.place, [to], modes_of(self.capabilities))[0]
        return self._travel


def candidates(actor: Actor, capabilities: Collection[str], to: Point | None, now: datetime) -> list[Candidate]:
    """The active units that the actor may see and that have one of these capabilities, the nearest first. One query."""
    rows = visible_units(actor).filter(active=True, capabilities__overlap=list(capabilities)).values_list(*_COLUMNS)
    found = [_candidate(row, to, now) for row in rows]
    return sorted(found, key=lambda unit: unit.straight)


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
        key = (seconds, len(unit.callsign), unit.callsign)
        chosen.append((key, unit, travel))
        chosen.sort(key=lambda entry: entry[0])
    return [(unit, travel) for _, unit, travel in chosen[:count]]


def _candidate(row: tuple[Any, ...], to: Point | None, now: datetime) -> Candidate:
    unit, callsign, agency, capabilities, status, station_lat, station_lng, lat, lng, fix_at = row
    station, fix = point_of(station_lat, station_lng), point_of(lat, lng)
    age = int((now - fix_at).total_seconds()) if fix_at else None
    stale = fix_at is not None and now - fix_at > STALE_AFTER * _EVERY.get(status, _ELSE)
    place, known_by = fix, "stale" if fix is not None else ""
    if fix is not None and not stale:
        known_by = "fix"
    elif station is not None and (fix is None or status == UnitStatus.AVAILABLE_STATION):
        place, known_by = station, "station"
    return Candidate(
        id=unit,
        callsign=callsign,
        agency=agency,
        capabilities=frozenset(capabilities),
        status=status,
        place=place,
        known_by=known_by,
        age_seconds=age if known_by == "stale" else None,
        straight=inf if place is None or to is None else distance_metres(place, to),
    )
