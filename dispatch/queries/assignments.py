"""Reading assignments: their entries in an incident's form, and which unit is on what."""

from __future__ import annotations

from uuid import UUID

from dispatch.models import Assignment
from dispatch.queries.shapes import AssignmentEntry
from dispatch.states import ACTIVE, PRESENT
from units.states import FMS


def assignment_entry(assignment: Assignment) -> AssignmentEntry:
    """An assignment as it travels in its incident's form; its unit is loaded."""
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


def active_assignment(unit: UUID) -> Assignment | None:
    """The one active assignment of a unit, with its incident."""
    return Assignment.objects.filter(unit=unit, status__in=ACTIVE).select_related("incident").first()


def has_part(unit: UUID, incident: UUID) -> bool:
    """Whether a unit is active or stacked on an incident."""
    return Assignment.objects.filter(unit=unit, incident=incident, status__in=PRESENT).exists()


def worked_incident(unit: UUID) -> frozenset[str]:
    """The subject of the incident that a unit is active on, for events about the unit; empty where there is none."""
    found = Assignment.objects.filter(unit=unit, status__in=ACTIVE).values_list("incident_id", flat=True)
    return frozenset(f"incident:{incident}" for incident in found)
