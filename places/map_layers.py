"""What the map draws beneath units and incidents: one GeoJSON text, known by its hash."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import orjson

from places.areas import REGION
from places.models import Place

_POINTS = (Place.Kind.ISLAND, Place.Kind.HARBOUR, Place.Kind.HOSPITAL, Place.Kind.PUSKESMAS)
_DECIMALS = 4  # about 11 m: finer than the outlines themselves


@dataclass(frozen=True, slots=True)
class MapDocument:
    """The text and its hash."""

    text: bytes
    version: str


def map_document(centre: UUID) -> MapDocument:
    """The outlines of the kecamatan, and the islands, harbours and facilities of a centre, as they are now."""
    rows = Place.objects.filter(centre=centre, kind__in=_POINTS).order_by("kind", "code")
    points = [
        {
            "type": "Feature",
            "properties": {"kind": kind, "code": code, "name": name, "official": official},
            "geometry": {"type": "Point", "coordinates": [round(lng, 5), round(lat, 5)]},
        }
        for kind, code, name, official, lat, lng in rows.values_list("kind", "code", "name", "official", "lat", "lng")
    ]
    features = b",".join([_outlines(), *(orjson.dumps(point) for point in points)])
    text = b'{"type":"FeatureCollection","features":[' + features + b"]}"
    return MapDocument(text, hashlib.sha256(text).hexdigest()[:20])


@cache
def _outlines() -> bytes:
    """The kecamatan as features parted by commas, read once a process."""
    collection = json.loads((REGION.parent / "kecamatan.geojson").read_text(encoding="utf-8"))
    return b",".join(
        orjson.dumps(
            {
                "type": "Feature",
                "properties": {
                    "kind": "kecamatan",
                    "code": feature["properties"]["code"],
                    "name": feature["properties"]["name"],
                    "official": True,
                },
                "geometry": {
                    "type": feature["geometry"]["type"],
                    "coordinates": _rounded(feature["geometry"]["coordinates"]),
                },
            }
        )
        for feature in collection["features"]
    )


def _rounded(coordinates: Any) -> Any:
    """The same rings with fewer decimals, and no point twice in a row."""
    if isinstance(coordinates[0][0], int | float):
        ring: list[list[float]] = []
        for lng, lat in coordinates:
            point = [round(lng, _DECIMALS), round(lat, _DECIMALS)]
            if not ring or ring[-1] != point:
                ring.append(point)
        return ring
    return [_rounded(part) for part in coordinates]
