"""What is known about a place."""

from __future__ import annotations

from datetime import date, datetime
from math import cos, radians
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.actors import Actor
from accounts.queries import centre_zone
from accounts.roles import Reach, Right
from core import clock, sql
from core.errors import Unknown
from places.geodesy import DEGREE_METRES, Point, distance_metres
from places.models import PlaceWarning

# No warning reaches farther than this, so that the index on the point bounds the search.
LONGEST_RADIUS_METRES = 5_000
_ANY_NEAR = """
SELECT 1 FROM places_placewarning
 WHERE centre_id = %s::uuid AND lat BETWEEN %s::float8 AND %s::float8 AND lng BETWEEN %s::float8 AND %s::float8
   AND ended_at IS NULL LIMIT 1
"""


def warnings_at(centre: UUID, lat: float, lng: float, at: datetime) -> list[PlaceWarning]:
    """The warnings that hold at a point (degrees) at a moment, nearest first: approved and not ended."""
    here = Point(lat, lng)
    south, north, west, east = degrees_around(lat, lng, LONGEST_RADIUS_METRES)
    if not sql.rows(_ANY_NEAR, [centre, south, north, west, east]):
        return []
    found = [
        (distance_metres(here, Point(warning.lat, warning.lng)), warning)
        for warning in holding(_near(centre, lat, lng), at).select_related("author", "approver")
    ]
    return [warning for metres, warning in sorted(found, key=lambda pair: pair[0]) if metres <= warning.radius_metres]


def holding(warnings: QuerySet[PlaceWarning], at: datetime) -> QuerySet[PlaceWarning]:
    """Those that hold at a moment."""
    return warnings.filter(approved_at__lte=at, ended_at=None).filter(Q(ends_at=None) | Q(ends_at__gt=at))


def readable_warnings(actor: Actor, lat: float, lng: float, at: datetime) -> list[PlaceWarning]:
    """The warnings that hold at a point and that the actor may read there: an agency its own.

    Who has a part in an incident reads those of its place with the incident, whoever wrote them.
    """
    reach = actor.reach(Right.PLACE_WARNINGS_SEE)
    if reach is Reach.NONE:
        return []
    found = warnings_at(actor.centre, lat, lng, at)
    return found if reach is Reach.ANY else [row for row in found if actor.agency and row.agency_id == actor.agency]


def visible_warnings(actor: Actor) -> QuerySet[PlaceWarning]:
    """The warnings that the actor may see, in any state: the centre's, or the own agency's."""
    found = PlaceWarning.objects.filter(centre_id=actor.centre).select_related("author", "approver", "agency")
    reach = actor.reach(Right.PLACE_WARNINGS_SEE)
    if reach is Reach.ANY:
        return found
    return found.filter(agency=actor.agency) if reach is Reach.OWN and actor.agency else found.none()


def warning_form(row: PlaceWarning, here: Point | None = None) -> dict[str, Any]:
    """A warning as it travels. here: where its distance counts from."""
    return {
        "id": row.id,
        "kind": row.kind,
        "text": row.text,
        "author": row.author_name or None,
        "approver": row.approver.name if row.approver else None,
        "agency": row.agency.code if row.agency else None,
        "state": state_of(row),
        "lat": row.lat,
        "lng": row.lng,
        "radius_metres": row.radius_metres,
        "created_at": row.created_at,
        "review_on": row.review_on,
        "ends_at": row.ended_at or row.ends_at,
        "metres": round(distance_metres(here, Point(row.lat, row.lng))) if here else None,
    }


def warning_for(actor: Actor, warning: UUID, *, lock: bool = False) -> PlaceWarning:
    """One warning that the actor may see; locked for a write if asked. Raises Unknown."""
    if actor.is_key:
        actor.require(Right.PLACE_WARNINGS_SEE)
    found = visible_warnings(actor).filter(pk=warning)
    # Who approved it, where it was waited for, is read after it.
    row = (found.select_related(None).select_for_update(no_key=True) if lock else found).first()
    if row is None:
        raise Unknown
    return row


# What can be asked for: the states, and of those that hold the ones to be looked at again by today.
STATES = ("proposed", "holds", "due", "ended")


def warnings_in(warnings: QuerySet[PlaceWarning], state: str) -> QuerySet[PlaceWarning]:
    """Those in a state: proposed, holds, ended; or due: those that hold and should be looked at again by today."""
    if state == "ended":
        return warnings.filter(ended_at__isnull=False)
    if state == "due":
        now = clock.now()
        return holding(warnings, now).filter(review_on__lte=today(now))
    return warnings.filter(ended_at=None, approved_at__isnull=state == "proposed")


def today(moment: datetime) -> date:
    """The date of a moment in the centre's time zone, by which reviews are due."""
    return moment.astimezone(centre_zone()).date()


def state_of(row: PlaceWarning) -> str:
    """proposed, holds or ended."""
    if row.ended_at:
        return "ended"
    return "holds" if row.approved_at else "proposed"


def degrees_around(lat: float, lng: float, metres: float) -> tuple[float, float, float, float]:
    """South, north, west and east of a box that holds all that is so near, in degrees."""
    height = metres / DEGREE_METRES
    width = height / max(0.01, cos(radians(lat)))
    return lat - height, lat + height, lng - width, lng + width


def _near(centre: UUID, lat: float, lng: float) -> QuerySet[PlaceWarning]:
    south, north, west, east = degrees_around(lat, lng, LONGEST_RADIUS_METRES)
    found = PlaceWarning.objects.filter(centre=centre, lat__range=(south, north), lng__range=(west, east))
    return found.select_related("agency")
