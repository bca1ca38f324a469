"""Reading assignments: their entries in an incident's form, and which unit is on what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any
from uuid import UUID

from dispatch.models import Assignment
from dispatch.states import ACTIVE, PRESENT
from units.states import FMS


def assignments_of(incidents: Collection[UUID]) -> dict[UUID, list[Assignment]]:
    """Every assignment of these incidents, ended ones too, with its unit, oldest first. One query."""
    found: dict[UUID, list[Assignment]] = defaultdict(list)
    rows = Assignment.objects.filter(incident__in=incidents).select_related("unit").order_by("made_at", "id")
    for row in rows:
        found[row.incident_id].append(row)
    return found


def assignment_entry(assignment: Assignment) -> dict[str, Any]:
    """An assignment as it travels in its incident's form (interfaces.md "Shapes"); its unit is loaded."""
    return {
        "id": assignment.id,
        "unit": assignment.unit_id,
        "callsign": assignment.unit.callsign,
        "status": assignment.status,
        "fms": FMS.get(assignment.status),
        "at": assignment.at,
        "stacked": assignment.stacked,
        "dispatched_at": assignment.dispatched_at,
        "acknowledged_at": assignment.acknowledged_at,
        "en_route_at": assignment.en_route_at,
        "on_scene_at": assignment.on_scene_at,
        "cleared_at": assignment.cleared_at,
    }


def assignment_entries(incidents: Collection[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """The `assignments` of the forms of these incidents, oldest first. One query."""
    return {incident: [assignment_entry(row) for row in rows] for incident, rows in assignments_of(incidents).items()}


def active_assignment(unit: UUID) -> Assignment | None:
    """The one active assignment of a unit, with its incident."""
    return Assignment.objects.filter(unit=unit, status__in=ACTIVE).select_related("incident").first()


def has_part(unit: UUID, incident: UUID) -> bool:
    """Whether a unit is active or stacked on an incident."""
    return Assignment.objects.filter(unit=unit, incident=incident, status__in=PRESENT).exists()
