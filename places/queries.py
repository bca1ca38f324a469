"""What is known about a place."""

from __future__ import annotations

from datetime import datetime
from math import cos, radians
from uuid import UUID

from django.db.models import Q, QuerySet

from places.geodesy import DEGREE_METRES, Point, distance_metres
from places.models import PlaceWarning

# No warning reaches farther than this, so that the index on the point bounds the search.
LONGEST_RADIUS_METRES = 5_000


def warnings_at(centre: UUID, lat: float, lng: float, at: datetime) -> list[PlaceWarning]:
    """The warnings that hold at a point (degrees) at a moment, nearest first: approved, begun and not ended."""
    here = Point(lat, lng)
    found = [
        (distance_metres(here, Point(warning.lat, warning.lng)), warning)
        for warning in _near(centre, lat, lng)
        .filter(approver__isnull=False, created_at__lte=at)
        .filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at))
    ]
    return [warning for metres, warning in sorted(found, key=lambda pair: pair[0]) if metres <= warning.radius_metres]


def _near(centre: UUID, lat: float, lng: float) -> QuerySet[PlaceWarning]:
    height = LONGEST_RADIUS_METRES / DEGREE_METRES
    width = height / max(0.01, cos(radians(lat)))
    return PlaceWarning.objects.filter(
        centre=centre, lat__range=(lat - height, lat + height), lng__range=(lng - width, lng + width)
    )
