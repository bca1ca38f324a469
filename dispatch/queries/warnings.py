"""Warnings of the places of incidents: which hold, who has seen them, whom they concern (product.md, call-taker 6)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from core import clock
from dispatch.models import Assignment, Incident, WarningSeen
from dispatch.states import NOT_OPEN
from places.geodesy import Point, distance_metres
from places.models import PlaceWarning
from places.queries import degrees_around, warning_form, warnings_at


def warnings_of(incident: Incident, at: datetime) -> list[PlaceWarning]:
    """The warnings that hold at an incident's place, nearest first."""
    if incident.lat is None or incident.lng is None:
        return []
    return warnings_at(incident.centre_id, incident.lat, incident.lng, at)


def unseen_by(incident: Incident, assignment: Assignment, at: datetime) -> list[PlaceWarning]:
    """The warnings of an incident's place that nobody has seen for a unit since it was sent there.

    What was seen before a merge counts: it is the unit that has to know. Looked up and never counted: an incident that
    was opened while a warning was being approved has it in no count.
    """
    found = warnings_of(incident, at)
    if not found:
        return []
    seen = set(
        WarningSeen.objects.filter(unit=assignment.unit_id, warning__in=found)
        .filter(Q(at__gte=assignment.made_at) | Q(incident=incident))
        .values_list("warning_id", flat=True)
    )
    return [row for row in found if row.id not in seen]


def incident_warnings(incident: Incident) -> list[dict[str, Any]]:
    """The warnings of an incident's place as they travel, with who has seen each."""
    if incident.lat is None or incident.lng is None:
        return []
    found = warnings_of(incident, clock.now())
    seen: dict[UUID, list[dict[str, Any]]] = {}
    for row in WarningSeen.objects.filter(incident=incident, warning__in=found).select_related("unit").order_by("at"):
        seen.setdefault(row.warning_id, []).append(
            {
                "unit": row.unit_id,
                "callsign": row.unit.callsign if row.unit else None,
                "name": row.seen_name,
                "at": row.at,
            }
        )
    here = Point(incident.lat, incident.lng)
    return [warning_form(row, here) | {"seen_by": seen.get(row.id, [])} for row in found]


def concerned(warning: PlaceWarning) -> list[UUID]:
    """The open incidents that lie within a warning's reach, in the order of locks."""
    south, north, west, east = degrees_around(warning.lat, warning.lng, warning.radius_metres)
    here = Point(warning.lat, warning.lng)
    rows = (
        Incident.objects.filter(centre=warning.centre_id, lat__range=(south, north), lng__range=(west, east))
        .exclude(state__in=NOT_OPEN)
        .order_by("pk")
        .values_list("pk", "lat", "lng")
    )
    return [
        pk
        for pk, lat, lng in rows
        if lat is not None and lng is not None and distance_metres(here, Point(lat, lng)) <= warning.radius_metres
    ]
