"""Where the demo's emergencies are: points on the land of a kecamatan, or on the sea before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from shapely import STRtree
from shapely.geometry import Point as Dot
from shapely.geometry import shape

from core.data_files import document, rows
from places.areas import kecamatan_of, land_mass_of
from places.geodesy import DEGREE_METRES, Point

# Off the shore, in degrees: near enough for a fishing boat, far enough to be at sea for any map.
NEAREST_SEA, FARTHEST_SEA = 600 / DEGREE_METRES, 5_000 / DEGREE_METRES
TRIES = 500


@dataclass(frozen=True, slots=True)
class Spot:
    """A place: degrees, and its name as people say it."""

    lat: float
    lng: float
    name: str

    @property
    def point(self) -> Point:
        """Without the name."""
        return Point(self.lat, self.lng)


@dataclass(frozen=True, slots=True)
class _District:
    code: str
    name: str
    land: Any
    villages: Sequence[tuple[str, Any]]


def on_land(luck: Random, kecamatan: str) -> Spot:
    """A point in a kecamatan (name in lower case): on its land, in one of its villages. Raises KeyError."""
    district = _districts()[kecamatan]
    name, village = luck.choice(district.villages)
    for _ in range(TRIES):
        lat, lng = _within(luck, village)
        if village.contains(Dot(lng, lat)) and kecamatan_of(lat, lng) == district.code and _dry(lat, lng):
            return Spot(lat, lng, f"Desa {name}, Kec. {district.name}")
    inside = village.representative_point()
    return Spot(inside.y, inside.x, f"Desa {name}, Kec. {district.name}")


def at_sea(luck: Random, kecamatan: str) -> Spot:
    """A point on the sea before a kecamatan, or where that has no shore, before the nearest that has."""
    for name in (kecamatan, *SHORES):
        district = _districts()[name]
        belt = district.land.buffer(FARTHEST_SEA)
        for _ in range(TRIES):
            lat, lng = _within(luck, belt)
            dot = Dot(lng, lat)
            if belt.contains(dot) and _nearest_land(dot) > NEAREST_SEA and land_mass_of(lat, lng) is None:
                return Spot(lat, lng, f"Perairan Kec. {district.name}")
    raise LookupError(kecamatan)


SHORES = ("kalianget", "dungkek", "talango")


@cache
def hospitals() -> tuple[Spot, ...]:
    """The hospitals that patients are brought to (an unofficial list)."""
    return tuple(
        Spot(round(float(row["lat"]), 6), round(float(row["lng"]), 6), row["name"])
        for row in rows("sumenep/facilities.csv")
        if row["type"] == "rs"
    )


def _within(luck: Random, area: Any) -> tuple[float, float]:
    west, south, east, north = area.bounds
    return round(luck.uniform(south, north), 6), round(luck.uniform(west, east), 6)


def _dry(lat: float, lng: float) -> bool:
    """Whether land is under it, not only near: the outlines are simplified."""
    return _lands().geometries[_lands().nearest(Dot(lng, lat))].contains(Dot(lng, lat))  # type: ignore[no-any-return]


def _nearest_land(dot: Dot) -> float:
    """Degrees to the nearest shore of the regency."""
    return float(_lands().geometries[_lands().nearest(dot)].distance(dot))


@cache
def _lands() -> Any:
    features = document("sumenep/kecamatan.geojson")["features"]
    return STRtree([part for feature in features for part in _parts(shape(feature["geometry"]))])


@cache
def _districts() -> Mapping[str, _District]:
    villages: dict[str, list[tuple[str, Any]]] = {}
    for feature in document("sumenep/desa.geojson")["features"]:
        properties = feature["properties"]
        land = max(_parts(shape(feature["geometry"])), key=lambda part: part.area)
        villages.setdefault(properties["kecamatan_code"], []).append((properties["name"], land))
    found = {}
    for feature in document("sumenep/kecamatan.geojson")["features"]:
        code, name = feature["properties"]["code"], feature["properties"]["name"]
        land = shape(feature["geometry"])
        found[name.lower()] = _District(code, name, land, villages[code])
    return found


def _parts(land: Any) -> Sequence[Any]:
    return getattr(land, "geoms", [land])  # type: ignore[no-any-return]
