"""The units that a crew may ride on, and who rides on them now."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.db.models import Q

from accounts.actors import Actor
from accounts.models import User
from accounts.roles import Role
from units.models import Unit
from units.queries import visible_units


def crew_forms(actor: Actor) -> list[dict[str, Any]]:
    """The active units that the actor may see, and of a crew's agency all, each with who is signed on to it.

    Two queries, however many.
    """
    found = visible_units(actor)
    if Role.CREW in actor.roles and actor.agency:
        found = found | Unit.objects.filter(centre=actor.centre, agency=actor.agency)
    rows = found.filter(active=True).order_by("callsign").select_related("agency", "station")
    riders = _riders(actor)
    return [
        {
            "id": row.id,
            "callsign": row.callsign,
            "agency": row.agency.code,
            "station": row.station.name if row.station else None,
            "kind": row.kind,
            "status": row.status,
            "people": riders.get(row.id, []),
        }
        for row in rows
    ]


def crew_members(actor: Actor) -> list[dict[str, Any]]:
    """The crew members whom an agency's desk can sign on: its own, by name."""
    if Role.AGENCY_DESK not in actor.roles or actor.agency is None:
        return []
    found = User.objects.filter(_crew(actor), agency=actor.agency).order_by("name", "username")
    return [{"id": row.id, "name": row.name, "unit": row.unit_id} for row in found]


def _crew(actor: Actor) -> Q:
    return Q(centre=actor.centre, is_active=True, roles__contains=[Role.CREW.value])


def _riders(actor: Actor) -> dict[UUID, list[dict[str, Any]]]:
    """Who is signed on to which unit: only a crew rides, whatever else a row may say."""
    riders: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    found = User.objects.filter(_crew(actor), unit_id__isnull=False).order_by("name", "username")
    for user, name, unit in found.values_list("id", "name", "unit_id"):
        if unit:
            riders[unit].append({"id": user, "name": name})
    return riders
