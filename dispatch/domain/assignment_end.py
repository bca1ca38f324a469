"""How an assignment ends, and what becomes of its unit."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from accounts.roles import Role
from core import sql
from dispatch import events as facts
from dispatch.domain.timestamps import worked
from dispatch.events import DispatchEvent
from dispatch.models import Assignment, Incident
from dispatch.states import ACTIVE, PRESENT, AssignmentStatus
from dispatch.timers.assignments import unwatch_assignments
from units.domain.statuses import apply_status
from units.models import Unit
from units.states import UnitStatus


def outcome(assignment: Assignment, *, actor: Actor) -> AssignmentStatus:
    """How an assignment ends now: cleared if the scene was reached, else refused by its crew, cancelled by others."""
    if assignment.status == AssignmentStatus.STACKED:
        return AssignmentStatus.CANCELLED
    if worked(assignment):
        return AssignmentStatus.CLEARED
    crew = Role.CREW in actor.roles and actor.unit == assignment.unit_id
    return AssignmentStatus.REFUSED if crew else AssignmentStatus.CANCELLED


def status_after(assignment: Assignment) -> UnitStatus:
    """What a unit does that is called off: one that hasn't left its station is still there, else in the field."""
    still_there = assignment.unit_status_before == UnitStatus.AVAILABLE_STATION
    if still_there and assignment.status in {AssignmentStatus.DISPATCHED, AssignmentStatus.ACKNOWLEDGED}:
        return UnitStatus.AVAILABLE_STATION
    return UnitStatus.AVAILABLE_MOBILE


def end(assignment: Assignment, how: AssignmentStatus, *, actor: Actor, at: datetime) -> str:
    """End a locked assignment, with the rules that watch it; returns the status it had. States nothing."""
    before = assignment.status
    assignment.status, assignment.at, assignment.cleared_at = how, at, at
    assignment.stacked = False
    sql.update(assignment, "status", "at", "cleared_at", "stacked")
    unwatch_assignments([(before, assignment)], actor=actor, at=at)
    return before


def state_ended(
    assignment: Assignment,
    before: str,
    unit: Unit,
    incident: Incident,
    *,
    actor: Actor,
    at: datetime,
    more: dict[str, object] | None = None,
) -> None:
    """State that an assignment has ended; the unit and its agency may have lost their part with it."""
    facts.state(
        DispatchEvent.ASSIGNMENT_ENDED,
        incident,
        actor=actor,
        at=at,
        units=(unit.id,),
        agencies=(unit.agency_id,),
        data={
            "assignment": assignment.id,
            "unit": unit.id,
            "callsign": unit.callsign,
            "from": before,
            "outcome": assignment.status,
            "unit_status": unit.status,
            **(more or {}),
        },
    )


def release_units(incident: Incident, *, actor: Actor, at: datetime) -> list[UUID]:
    """End every active and stacked assignment of a locked incident, as when it is cancelled; returns their units.

    The caller has followed up the incident itself (`follow`) and asked whether this may be.
    """
    rows = list(
        Assignment.objects.filter(incident=incident, status__in=PRESENT).order_by("id").select_for_update(no_key=True)
    )
    units = {
        unit.id: unit
        for unit in Unit.objects.filter(id__in={row.unit_id for row in rows})
        .order_by("id")
        .select_for_update(no_key=True)
    }
    for row in rows:
        unit, active = units[row.unit_id], row.status in ACTIVE
        moment = max(at, row.at)
        after = status_after(row)
        before = end(row, outcome(row, actor=actor), actor=actor, at=moment)
        if active:
            apply_status(unit, after, at=max(moment, unit.status_at))
        state_ended(row, before, unit, incident, actor=actor, at=moment)
    return [row.unit_id for row in rows]
