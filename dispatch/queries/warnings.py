"""Warnings of the places of incidents: which hold, who has seen them, whom they concern."""

from __future__ import annotations

import contextlib
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db import transaction as django_transaction
from django.db.models import Q

from core import clock
from core.errors import Busy
from dispatch.models import Assignment, Incident, WarningSeen
from dispatch.queries.incidents import locked_incidents
from dispatch.states import NOT_OPEN
from places.geodesy import Point, distance_metres
from places.models import PlaceWarning
from places.queries import degrees_around, warning_form, warnings_at

TRIES = 5


def share_counts(centre: UUID) -> None:
    """Wait until no warning of the centre begins or ends to hold, and keep it so to the end of the transaction.

    Whoever writes an incident's count calls it once the incident is locked, or about to be made, and before it counts.
    """
    _lock("pg_advisory_xact_lock_shared", centre)


def try_hold_counts(centre: UUID) -> bool:
    """Like the lock of `lock_reached`, without waiting: whether nobody counts the centre's warnings now."""
    return bool(_lock("pg_try_advisory_xact_lock", centre))


def lock_reached(warning: PlaceWarning) -> dict[UUID, Incident]:
    """The open incidents that a warning reaches, locked, and nobody counts its centre's warnings until the end.

    An incident that was opened there, or moved there, between looking and locking is looked for anew. Raises Busy.
    """
    for _ in range(TRIES):
        with contextlib.suppress(_More), django_transaction.atomic():
            held = locked_incidents(concerned(warning))
            _lock("pg_advisory_xact_lock", warning.centre_id)
            if not held.keys() >= set(concerned(warning)):
                raise _More
            return held
    raise Busy


def _lock(function: str, centre: UUID) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtext('sigap_place_warnings'), hashtext(%s))", [str(centre)])
        return cursor.fetchone()[0]


class _More(Exception):
    """Between looking and locking, another incident came into a warning's reach."""


def warnings_of(incident: Incident, at: datetime) -> list[PlaceWarning]:
    """The warnings that hold at an incident's place, nearest first."""
    if incident.lat is None or incident.lng is None:
        return []
    return warnings_at(incident.centre_id, incident.lat, incident.lng, at)


def unseen_by(incident: Incident, assignment: Assignment, at: datetime) -> list[PlaceWarning]:
    """The warnings of an incident's place that nobody has seen for a unit since it was sent there.

    What was seen before a merge counts: it is the unit that has to know.
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
