"""Putting a place into an incident: the words, the point, and what is known of where it lies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core import clock
from core.errors import Invalid
from dispatch.models import Incident
from dispatch.queries.warnings import share_counts, warnings_of
from places.areas import whereabouts
from places.search import is_outside


@dataclass(frozen=True, slots=True)
class Location:
    """A place as reported: the caller's text, a point in degrees (both coordinates or none), if it was read back."""

    text: str
    lat: float | None = None
    lng: float | None = None
    verified: bool = False

    def __post_init__(self) -> None:
        if (self.lat is None) is not (self.lng is None):
            raise Invalid.field("location.lng" if self.lng is None else "location.lat", "point_incomplete")


def put_location(incident: Incident, location: Location, *, at: datetime) -> None:
    """Write a place into an incident, which the caller saves.

    at: when it was reported. Place warnings count that hold then or now: of a late entry too crews must know.
    """
    incident.location_text, incident.verified = location.text, location.verified
    incident.lat, incident.lng = location.lat, location.lng
    incident.kecamatan = incident.desa = incident.island = None
    incident.outside, incident.warnings = False, 0
    if location.lat is None or location.lng is None:
        incident.outside = is_outside(incident.centre_id, location.text)
        return
    where = whereabouts(location.lat, location.lng)
    incident.kecamatan = where.kecamatan.code if where.kecamatan else None
    incident.desa = where.desa.code if where.desa else None
    incident.island = where.island.code if where.island else None
    incident.outside = where.outside
    count_warnings(incident, at=at)


def count_warnings(incident: Incident, *, at: datetime) -> None:
    """Count the place warnings of a locked or new incident, which the caller saves: those that hold at `at` or now."""
    share_counts(incident.centre_id)
    incident.warnings = len(warnings_of(incident, max(at, clock.now())))


def location_of(incident: Incident) -> Location:
    """The place of an incident as it was reported."""
    return Location(incident.location_text, incident.lat, incident.lng, verified=incident.verified)
