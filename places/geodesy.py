"""Distances on the ground."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH_METRES = 6_371_008.8
DEGREE_METRES = 111_195.0  # of latitude, and of longitude at the equator


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the ground, degrees WGS 84."""

    lat: float
    lng: float


def distance_metres(one: Point, other: Point) -> float:
    """Metres between two points on a sphere: within 0.5 % of the ellipsoid's, less than any road adds."""
    lat1, lat2 = radians(one.lat), radians(other.lat)
    half_lat = sin((lat2 - lat1) / 2)
    half_lng = sin(radians(other.lng - one.lng) / 2)
    chord = half_lat * half_lat + cos(lat1) * cos(lat2) * half_lng * half_lng
    return 2 * EARTH_METRES * asin(sqrt(min(1.0, chord)))
