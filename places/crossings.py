"""Ways over the sea: from which harbour to which landing (architecture.md "Places and travel time").

Harbours are those that the site entered; a way leads by land to one of them, over the water, and by land from where it
lands; straight to the place where it lies at sea, or on an island that has no landing.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from places.areas import REGION, LandMass, land_mass_of
from places.geodesy import Point, distance_metres

FILE = "harbours.csv"
# A quay lies in the water, as maps of the shore see it.
_QUAY_METRES = 300


@dataclass(frozen=True, slots=True)
class Harbour:
    """Where one can board or land."""

    name: str
    point: Point
    quay: bool  # people find a boat there; else one can only land


@dataclass(frozen=True, slots=True)
class Crossing:
    """A way over the sea, metres in a straight line on land and on the water. landing: None at sea or on a beach."""

    harbour: str
    landing: str | None
    land_metres: float
    sea_metres: float


def crossings(
    start: Point, end: Point, from_land: LandMass, to_land: LandMass | None, *, own_boat: bool = False
) -> Iterator[Crossing]:
    """Every way from a point on land to another land mass, or out to sea; none where no harbour is known.

    own_boat: it lies in the nearest harbour, and takes them to a landing; what it reaches by itself (a beach, the open
    sea) is a boat's way, not people's.
    """
    known = harbours_of(from_land.key)
    quays = [each for each in known if each.quay] or list(known)
    if own_boat and quays:
        quays = [min(quays, key=lambda harbour: distance_metres(start, harbour.point))]
    landings = harbours_of(to_land.key) if to_land else ()
    onward = [distance_metres(landing.point, end) for landing in landings]
    for harbour in quays:
        to_harbour = distance_metres(start, harbour.point)
        for landing, further in zip(landings, onward, strict=True):
            yield Crossing(harbour.name, landing.name, to_harbour + further, _between(harbour.point, landing.point))
        if not landings and not own_boat:
            yield Crossing(harbour.name, None, to_harbour, distance_metres(harbour.point, end))


def harbours_of(mass: int) -> Sequence[Harbour]:
    """The harbours of a land mass, by its key."""
    return _harbours().get(mass, ())


@cache
def _between(one: Point, other: Point) -> float:
    return distance_metres(one, other)


@cache
def _harbours() -> dict[int, list[Harbour]]:
    """By land mass, read when the first way over the sea is asked for."""
    found: dict[int, list[Harbour]] = {}
    with (REGION.parent / FILE).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            point = Point(float(row["lat"]), float(row["lng"]))
            mass = land_mass_of(point.lat, point.lng, _QUAY_METRES)
            if mass:
                found.setdefault(mass.key, []).append(Harbour(row["name"], point, quay=row["kind"] == "harbour"))
    return found
