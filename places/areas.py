"""Which kecamatan, desa and land mass a point lies in: polygons in memory, one copy a process.

Distances to shores are measured in degrees as if these were square: near the equator that is within 1 %.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from shapely import STRtree, union_all
from shapely.geometry import Point as Spot
from shapely.geometry import Polygon, shape

from places.geodesy import DEGREE_METRES, Point

REGION = Path(settings.BASE_DIR) / "data" / "sumenep" / "region.json"
# Polygons are simplified to about 30 m, so that neighbours may part by as much without water between them.
_SEAM_DEGREES = 30 / DEGREE_METRES


@dataclass(frozen=True, slots=True)
class LandMass:
    """Land that one can drive across. island: its code, null for the mainland; name as people say it."""

    key: int
    island: str | None
    name: str
    mainland: bool


@dataclass(frozen=True, slots=True)
class Named:
    """An area's code and its name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a point lies. neighbour: the regency beside this one whose it is, where that is known."""

    kecamatan: Named | None
    desa: Named | None
    island: Named | None
    outside: bool
    neighbour: str | None


@dataclass(frozen=True)
class _Region:
    parts: Sequence[Polygon]
    kecamatan: Sequence[str]
    masses: Sequence[LandMass]
    mass_of_part: Sequence[int]
    tree: STRtree
    outlines: Sequence[Polygon]
    tolerance: float
    waters: float
    border: tuple[float, float]  # where the land border begins and ends along the mainland's outline


@dataclass(frozen=True)
class _Desa:
    parts: Sequence[Polygon]
    names: Sequence[tuple[Named, Named]]  # of each part: the desa, its kecamatan
    tree: STRtree


def whereabouts(lat: float, lng: float) -> Whereabouts:
    """All that is known of where a point lies.

    The desa determines the kecamatan: its polygons are the finer ones, so the two never contradict each other.
    """
    desa, kecamatan = _desa_of(lat, lng)
    if kecamatan is None:
        code = kecamatan_of(lat, lng)
        kecamatan = next((area for _, area in _desa().names if area.code == code), None) if code else None
    region, part = _region(), _part_of(lat, lng)
    mass = None if part is None else region.masses[region.mass_of_part[part]]
    outside = part is None and not inside_regency(lat, lng)
    return Whereabouts(
        kecamatan=kecamatan,
        desa=desa,
        island=Named(mass.island, mass.name) if mass and mass.island else None,
        outside=outside,
        neighbour=_neighbour(lat, lng) if outside else None,
    )


def region_name() -> str:
    """The regency's own name, folded as names are: it lies in each of its places."""
    return str(_facts()["name"]).lower()


def outside_file() -> Path:
    """The file of the towns beyond the regency."""
    return REGION.parent / str(_facts()["outside"])


@cache
def inhabited_islands() -> frozenset[str]:
    """The codes of the islands where people live."""
    with (REGION.parent / str(_facts()["islands"])).open(encoding="utf-8", newline="") as file:
        return frozenset(row["code"] for row in csv.DictReader(file) if row["inhabited"] == "yes")


def region_centre() -> Point:
    """The regency's seat: where short Plus Codes count from when nothing nearer is known."""
    seat = _facts()["seat"]
    return Point(seat["lat"], seat["lng"])


def kecamatan_of(lat: float, lng: float) -> str | None:
    """The code of the kecamatan a point lies in, or whose shore is within the tolerance; None at sea or outside."""
    part = _part_of(lat, lng)
    return None if part is None else _region().kecamatan[part]


def land_mass_of(lat: float, lng: float, within_metres: float | None = None) -> LandMass | None:
    """The land a point lies on, or whose shore is near enough; None at sea or outside the regency.

    within_metres: how far off the shore still counts; the region's tolerance if None.
    """
    part = _part_of(lat, lng, within_metres)
    region = _region()
    return None if part is None else region.masses[region.mass_of_part[part]]


def island_of(lat: float, lng: float) -> str | None:
    """The code of the island a point lies on; None on the mainland, at sea and outside."""
    mass = land_mass_of(lat, lng)
    return mass.island if mass else None


def inside_regency(lat: float, lng: float) -> bool:
    """Whether a point lies in the regency: on its land, or in its waters (12 nautical miles from its shores).

    Across the land border it lies outside: what is nearest to that border is the neighbour's.
    """
    if _part_of(lat, lng) is not None:
        return True
    region = _region()
    spot = Spot(lng, lat)
    nearest, metres = _nearest(region, spot)
    if metres > region.waters:
        return False
    mass = region.mass_of_part[nearest]
    if not region.masses[mass].mainland:
        return True
    outline = region.outlines[mass].exterior
    along = outline.project(spot)
    start, end = region.border
    between = start - _SEAM_DEGREES <= along <= end + _SEAM_DEGREES
    # The border is the shorter way round from one end to the other, wherever the outline's own count begins.
    return not between if end - start <= outline.length / 2 else between


def shore_metres(lat: float, lng: float) -> float:
    """Metres to the nearest shore: of the land a point lies on, or of the nearest land where it lies at sea."""
    region, spot = _region(), Spot(lng, lat)
    part = _part_of(lat, lng)
    if part is None:
        return _nearest(region, spot)[1]
    return region.outlines[region.mass_of_part[part]].exterior.distance(spot) * DEGREE_METRES


def _part_of(lat: float, lng: float, within_metres: float | None = None) -> int | None:
    region, spot = _region(), Spot(lng, lat)
    inside = region.tree.query(spot, predicate="intersects")
    if len(inside):
        return int(min(inside))
    nearest, metres = _nearest(region, spot)
    return nearest if metres <= (region.tolerance if within_metres is None else within_metres) else None


def _nearest(region: _Region, spot: Spot) -> tuple[int, float]:
    """The nearest part and the metres to it."""
    nearest = int(region.tree.nearest(spot))
    return nearest, region.parts[nearest].distance(spot) * DEGREE_METRES


def _desa_of(lat: float, lng: float) -> tuple[Named | None, Named | None]:
    """The desa of a point, or the nearest one within the tolerance, and its kecamatan."""
    desa, spot = _desa(), Spot(lng, lat)
    inside = desa.tree.query(spot, predicate="intersects")
    if len(inside):
        return desa.names[int(min(inside))]
    nearest = int(desa.tree.nearest(spot))
    metres = desa.parts[nearest].distance(spot) * DEGREE_METRES
    return desa.names[nearest] if metres <= _facts()["shore_tolerance_metres"] else (None, None)


def _neighbour(lat: float, lng: float) -> str | None:
    for each in _facts()["neighbours"]:
        south, west, north, east = each["box"]
        if south <= lat <= north and west <= lng < east:
            return str(each["name"])
    return None


@cache
def _facts() -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(REGION.read_text(encoding="utf-8"))
    return facts


@cache
def _desa() -> _Desa:
    """The desa, read when the first one is asked for: starting needs none of them."""
    parts: list[Polygon] = []
    names: list[tuple[Named, Named]] = []
    for feature in json.loads((REGION.parent / _facts()["desa"]).read_text(encoding="utf-8"))["features"]:
        properties, geometry = feature["properties"], shape(feature["geometry"])
        for part in getattr(geometry, "geoms", [geometry]):
            parts.append(part)
            names.append(
                (
                    Named(properties["code"], properties["name"]),
                    Named(properties["kecamatan_code"], properties["kecamatan"]),
                )
            )
    return _Desa(parts, names, STRtree(parts))


@cache
def _region() -> _Region:
    facts = _facts()
    features = json.loads((REGION.parent / facts["areas"]).read_text(encoding="utf-8"))["features"]
    parts: list[Polygon] = []
    kecamatan: list[str] = []
    for feature in features:
        geometry: Any = shape(feature["geometry"])
        for part in getattr(geometry, "geoms", [geometry]):
            parts.append(part)
            kecamatan.append(feature["properties"]["code"])
    joined: Any = union_all([part.buffer(_SEAM_DEGREES / 2) for part in parts])
    outlines: list[Polygon] = sorted(getattr(joined, "geoms", [joined]), key=lambda land: -land.area)
    owners = STRtree(outlines)
    border = facts["land_border"]
    ends = [outlines[0].exterior.project(Spot(border[end]["lng"], border[end]["lat"])) for end in ("from", "to")]
    return _Region(
        parts=parts,
        kecamatan=kecamatan,
        masses=_masses(outlines, owners, REGION.parent / facts["islands"]),
        mass_of_part=[int(owners.query(part.representative_point(), predicate="within")[0]) for part in parts],
        tree=STRtree(parts),
        outlines=outlines,
        tolerance=facts["shore_tolerance_metres"],
        waters=facts["waters_metres"],
        border=(min(ends), max(ends)),
    )


def _masses(outlines: Sequence[Polygon], owners: STRtree, islands: Path) -> list[LandMass]:
    """Name each land mass by the island whose point lies on it: an inhabited one first, then the largest."""
    named: dict[int, tuple[tuple[bool, float], str, str]] = {}
    with islands.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            spot = Spot(float(row["lng"]), float(row["lat"]))
            rank = (row["inhabited"] == "yes", float(row["area_km2"] or 0))
            for owner in owners.query(spot, predicate="intersects"):
                if int(owner) not in named or rank > named[int(owner)][0]:
                    named[int(owner)] = (rank, row["code"], row["name"])
    masses = [LandMass(0, None, "Madura", mainland=True)]
    for key in range(1, len(outlines)):
        _, code, name = named.get(key, (None, None, ""))
        masses.append(LandMass(key, code, name, mainland=False))
    return masses


def point_of(lat: float | None, lng: float | None) -> Point | None:
    """A point of two coordinates that may be unknown."""
    return None if lat is None or lng is None else Point(lat, lng)
