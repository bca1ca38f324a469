"""What is known about a point: where it lies, what warns of it, what happened there."""

from __future__ import annotations

from typing import Any

from accounts.actors import Actor
from core import clock
from dispatch.models import Incident
from dispatch.queries.incidents import visible_incidents
from places.areas import Named, whereabouts
from places.geodesy import Point, distance_metres
from places.queries import degrees_around, readable_warnings, warning_form

PAST_METRES = 100
PAST_COUNT = 20


def place_at(actor: Actor, lat: float, lng: float) -> dict[str, Any]:
    """All that the actor may know about a point (degrees): areas, warnings that hold, past incidents within 100 m."""
    where, here = whereabouts(lat, lng), Point(lat, lng)
    return {
        "kecamatan": _area(where.kecamatan),
        "desa": _area(where.desa),
        "island": _area(where.island),
        "outside": where.outside,
        "neighbour": where.neighbour,
        "warnings": [warning_form(row, here) for row in readable_warnings(actor, lat, lng, clock.now())],
        "past": _past(actor, here),
    }


def _past(actor: Actor, here: Point) -> list[dict[str, Any]]:
    """What happened within 100 m, the latest first, open or not."""
    south, north, west, east = degrees_around(here.lat, here.lng, PAST_METRES)
    rows = (
        visible_incidents(actor)
        .filter(lat__range=(south, north), lng__range=(west, east))
        .select_related("type")
        .order_by("-created_at", "-id")[: 4 * PAST_COUNT]
    )
    near = [
        (row, distance_metres(here, Point(row.lat, row.lng)))
        for row in rows
        if row.lat is not None and row.lng is not None
    ]
    return [_past_form(row, metres) for row, metres in near if metres <= PAST_METRES][:PAST_COUNT]


def _past_form(row: Incident, metres: float) -> dict[str, Any]:
    return {
        "number": str(row.number),
        "id": row.id,
        "type": row.type.group if row.restricted else row.type_id,
        "priority": row.priority,
        "state": row.state,
        "created_at": row.created_at,
        "metres": round(metres),
    }


def _area(area: Named | None) -> dict[str, str] | None:
    return {"code": area.code, "name": area.name} if area else None
