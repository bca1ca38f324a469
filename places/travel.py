"""How long it takes to get there, whatever is known about the ground.

By land on the same land mass, up to its shore; by sea for boats, and for people who leave their car at the quay; a
straight line only where nothing else is known, as beyond the regency's border. A vehicle does not cross the sea: there
is no way by road, and that is the answer.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from places.areas import inside_regency, land_mass_of, shore_metres
from places.crossings import Crossing, Harbours, crossings
from places.geodesy import Point, distance_metres

FIGURES = Path(settings.BASE_DIR) / "data" / "defaults" / "travel.json"


class Mode(StrEnum):
    """What moves: a vehicle that stays on its land, people who can be put on a boat, a boat."""

    VEHICLE = "vehicle"
    TEAM = "team"
    BOAT = "boat"


class Method(StrEnum):
    """How a travel time was got."""

    ROAD = "road"
    LAND = "land"
    SEA = "sea"
    STRAIGHT = "straight"


class Hindrance(StrEnum):
    """Why there is no way."""

    ANOTHER_ISLAND = "another_island"
    AT_SEA = "at_sea"
    INLAND = "inland"


@dataclass(frozen=True, slots=True)
class Travel:
    """A way from one point to another. seconds: None where there is none, and `hindrance` is the reason.

    crossing: the way leads to another land mass, or out to sea. harbour, landing: where people board and land on it.
    """

    seconds: int | None
    method: Method
    crossing: bool = False
    hindrance: Hindrance | None = None
    harbour: str | None = None
    landing: str | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """What a site may change: speeds in metres per second, how much longer a way is than its straight line."""

    land_speed: float
    land_factor: float
    sea_speed: float
    sea_factor: float
    boat_ready_seconds: int
    crossing_ready_seconds: int
    landing_metres: float
    straight_speed: float

    @property
    def fastest(self) -> float:
        """Metres of straight line per second that nobody beats: bounds a search for the nearest."""
        return max(self.land_speed / self.land_factor, self.sea_speed / self.sea_factor, self.straight_speed)


@cache
def figures() -> Figures:
    """The figures of `data/defaults/travel.json`, read once a process."""
    figures: dict[str, Any] = json.loads(FIGURES.read_text(encoding="utf-8"))
    return Figures(
        land_speed=figures["land"]["metres_per_second"],
        land_factor=figures["land"]["road_factor"],
        sea_speed=figures["sea"]["metres_per_second"],
        sea_factor=figures["sea"]["way_factor"],
        boat_ready_seconds=figures["sea"]["boat_ready_seconds"],
        crossing_ready_seconds=figures["sea"]["crossing_ready_seconds"],
        landing_metres=figures["sea"]["landing_metres"],
        straight_speed=figures["straight"]["metres_per_second"],
    )


def travel_seconds(
    origin: Point,
    destinations: Sequence[Point],
    modes: Collection[Mode] = (Mode.VEHICLE,),
    harbours: Harbours | None = None,
) -> list[Travel]:
    """The quickest way from `origin` to each destination by any of the modes; ways count the same back and forth.

    harbours: read once for many origins; anew for this one if None.
    """
    known = harbours or Harbours()
    own_boat = Mode.BOAT in modes
    return [
        min((_way(origin, to, mode, known, own_boat=own_boat) for mode in modes), key=_slowness) for to in destinations
    ]


def _slowness(travel: Travel) -> tuple[bool, bool, int]:
    """Ways that are known go before a straight line, however short: a car is not quicker out at sea than a boat."""
    return travel.seconds is None, travel.method is Method.STRAIGHT, travel.seconds or 0


def _way(start: Point, end: Point, mode: Mode, harbours: Harbours, *, own_boat: bool) -> Travel:
    known, metres = figures(), distance_metres(start, end)
    from_land, to_land = (land_mass_of(at.lat, at.lng, known.landing_metres) for at in (start, end))
    by_sea = round(metres * known.sea_factor / known.sea_speed)
    if mode is Mode.BOAT:
        if to_land and shore_metres(end.lat, end.lng) > known.landing_metres:
            return Travel(None, Method.SEA, hindrance=Hindrance.INLAND)
        return Travel(known.boat_ready_seconds + by_sea, Method.SEA, crossing=from_land != to_land)
    if from_land and from_land == to_land:
        return Travel(round(metres * known.land_factor / known.land_speed), Method.LAND)
    if from_land and (to_land or inside_regency(end.lat, end.lng)):
        if mode is Mode.VEHICLE:
            hindrance = Hindrance.ANOTHER_ISLAND if to_land else Hindrance.AT_SEA
            return Travel(None, Method.LAND, crossing=True, hindrance=hindrance)
        ready = known.boat_ready_seconds if own_boat else known.crossing_ready_seconds
        ways = crossings(start, end, from_land, to_land, harbours, own_boat=own_boat)
        return _over_the_sea(ways, ready) or Travel(ready + by_sea, Method.SEA, crossing=True)
    return Travel(round(metres / known.straight_speed), Method.STRAIGHT, crossing=True)


def _over_the_sea(ways: Iterable[Crossing], ready: int) -> Travel | None:
    """People's quickest way by land to a harbour, over the water and on from there; None where no harbour is known."""
    known = figures()
    land, sea = known.land_factor / known.land_speed, known.sea_factor / known.sea_speed
    timed = [(way.land_metres * land + way.sea_metres * sea, way) for way in ways]
    if not timed:
        return None
    seconds, best = min(timed, key=lambda pair: pair[0])
    return Travel(ready + round(seconds), Method.SEA, crossing=True, harbour=best.harbour, landing=best.landing)
