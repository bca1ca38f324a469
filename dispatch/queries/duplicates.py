"""Open incidents that a call may be about: near in place, time and type, or from the same number."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from accounts.actors import Actor
from calls.models import Call
from core import clock
from dispatch.queries.board_items import incident_forms
from dispatch.queries.incidents import readable_by_centre, visible_incidents
from dispatch.states import NOT_OPEN
from places.geodesy import Point, distance_metres
from places.queries import degrees_around
from plans.models import IncidentType

SAME_NUMBER_WITHIN = timedelta(minutes=60)
NEAR_WITHIN, NEAR_METRES = timedelta(minutes=30), 500


def likely_same(actor: Actor, call: Call, point: Point | None, kind: str | None) -> list[dict[str, Any]]:
    """Open incidents that a call may belong to, the nearest first, each with its reasons and its metres if known.

    kind: the code of the type in the form; without one any type counts. `same_number`: another call of this number
    came about it within an hour of this one; of a call that was opened by hand, only incidents that the actor may
    read. `near`: same type group within 500 m, opened within the last half hour.
    """
    reasons: dict[UUID, list[str]] = defaultdict(list)
    metres: dict[UUID, float] = {}
    if call.number_id:
        for found in _of_number(actor, call):
            reasons[found].append("same_number")
    if point:
        for found, away in _near(actor, call, point, kind):
            reasons[found].append("near")
            metres[found] = away
    forms = incident_forms(set(reasons))
    found_here = sorted(forms.items(), key=lambda pair: metres.get(pair[0], 0.0))
    return [
        {
            "incident": form.body,
            "reasons": reasons[key],
            "metres": round(metres[key]) if key in metres else None,
        }
        for key, form in found_here
    ]


def _of_number(actor: Actor, call: Call) -> list[UUID]:
    around = (call.started_at - SAME_NUMBER_WITHIN, call.started_at + SAME_NUMBER_WITHIN)
    found = (
        visible_incidents(actor)
        .filter(call_links__call__number=call.number_id, call_links__call__started_at__range=around)
        .exclude(call_links__call=call)
    )
    if call.source is None:  # typed in by a person: it would find whose number a restricted incident has
        found = found.filter(readable_by_centre(actor))
    return list(found.order_by("id").values_list("id", flat=True).distinct())


def _near(actor: Actor, call: Call, point: Point, kind: str | None) -> list[tuple[UUID, float]]:
    south, north, west, east = degrees_around(point.lat, point.lng, NEAR_METRES)
    rows = (
        visible_incidents(actor)
        .filter(lat__range=(south, north), lng__range=(west, east), created_at__gte=clock.now() - NEAR_WITHIN)
        .exclude(state__in=NOT_OPEN)
        .exclude(call_links__call=call)
    )
    group = IncidentType.objects.filter(code=kind).values_list("group", flat=True).first() if kind else None
    if group:
        rows = rows.filter(type__group=group)
    return [
        (key, away)
        for key, lat, lng in rows.values_list("id", "lat", "lng").distinct()
        if lat is not None and lng is not None
        if (away := distance_metres(point, Point(lat, lng))) <= NEAR_METRES
    ]
