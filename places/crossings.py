"""Ways over the sea: from which harbour to which landing.

Harbours are those that stand in the gazetteer now; a way leads by land to one of them, over the water, and by land
from where it lands; straight to the place where it lies at sea, or on an island that has no landing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from places.areas import LandMass, land_mass_of
from places.geodesy import Point, distance_metres
from places.models import Place

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


class Harbours:
    """The harbours of the gazetteer, read when the first way over the sea is asked for: for one choice of units."""

    def __init__(self) -> None:
        self._known: dict[int, list[Harbour]] | None = None

    def of(self, mass: int) -> Sequence[Harbour]:
        """Those of a land mass, by its key."""
        if self._known is None:
            self._known = _read()
        return self._known.get(mass, ())


def crossings(
    start: Point,
    end: Point,
    from_land: LandMass,
    to_land: LandMass | None,
    harbours: Harbours,
    *,
    own_boat: bool = False,
) -> Iterator[Crossing]:
    """Every way from a point on land to another land mass, or out to sea; none where no harbour is known.

    own_boat: it lies in the nearest harbour, and takes them to a landing; what it reaches by itself (a beach, the open
    sea) is a boat's way, not people's.
    """
    known = harbours.of(from_land.key)
    quays = [each for each in known if each.quay] or list(known)
    if own_boat and quays:
        quays = [min(quays, key=lambda harbour: distance_metres(start, harbour.point))]
    landings = harbours.of(to_land.key) if to_land else ()
    onward = [distance_metres(landing.point, end) for landing in landings]
    for harbour in quays:
        to_harbour = distance_metres(start, harbour.point)
        for landing, further in zip(landings, onward, strict=True):
            yield Crossing(harbour.name, landing.name, to_harbour + further, _between(harbour.point, landing.point))
        if not landings and not own_boat:
            yield Crossing(harbour.name, None, to_harbour, distance_metres(harbour.point, end))


@lru_cache(maxsize=4096)
def _between(one: Point, other: Point) -> float:
    return distance_metres(one, other)


@lru_cache(maxsize=1024)
def _mass_at(lat: float, lng: float) -> LandMass | None:
    return land_mass_of(lat, lng, _QUAY_METRES)


def _read() -> dict[int, list[Harbour]]:
    """By land mass: some dozens of rows, whichever centre wrote them."""
    found: dict[int, list[Harbour]] = {}
    rows = Place.objects.filter(kind=Place.Kind.HARBOUR).order_by("centre", "code")
    for name, lat, lng, landing_only in rows.values_list("name", "lat", "lng", "landing_only"):
        mass = _mass_at(lat, lng)
        if mass:
            found.setdefault(mass.key, []).append(Harbour(name, Point(lat, lng), quay=not landing_only))
    return found
