"""A crew comes across something: on scene without having been sent opens an incident."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.actors import Actor
from accounts.roles import Right
from core import events
from core.errors import Refused
from dispatch import events as facts
from dispatch.actions.incidents import open_incident
from dispatch.domain.incident_status import follow
from dispatch.domain.location import Location
from dispatch.domain.locking import hold
from dispatch.events import DispatchEvent
from dispatch.models import Assignment, Incident
from dispatch.states import AssignmentStatus
from units.domain.statuses import apply_status
from units.models import Unit
from units.queries import last_place
from units.states import STEPS, UnitStatus

__all__ = ["report_incident"]


def open_in_the_field(unit: Unit, *, actor: Actor, at: datetime) -> Assignment:
    """Open an incident of unknown type where a locked unit is, with the unit on scene in it.

    at: when it got there; it sent itself at that moment, and what it skipped stays empty. Only new rows are locked
    after the unit, so the order of locks holds. Raises Refused.
    """
    place = last_place(unit)
    where = Location(unit.callsign, place.lat, place.lng) if place else Location(unit.callsign)
    incident, _ = open_incident(actor=actor, location=where, at=at)
    return join_on_scene(incident, unit, actor=actor, at=at)


def report_incident(
    *,
    actor: Actor,
    location: Location,
    id: UUID | None = None,  # noqa: A002 - the wire's word
    at: datetime | None = None,
    **words: Any,
) -> tuple[Incident, bool]:
    """A crew reports in words what it has come across: (the incident, whether it is new).

    words: what `open_incident` takes besides, but a call. A crew that may go on scene from its status is on
    scene there; one that is on its way to something else stays with that, and the centre sends others.
    Raises as `open_incident`, and Refused (`no_unit`) for a crew that is signed on to none.
    """
    with events.transaction():
        actor.require(Right.INCIDENT_OPEN)
        if actor.unit is None:
            raise Refused("no_unit")
        held = hold(actor.unit)
        incident, made = open_incident(actor=actor, location=location, id=id, at=at, **words)
        if made and held.active is None and STEPS.may(held.unit.status, UnitStatus.ON_SCENE):
            join_on_scene(incident, held.unit, actor=actor, at=incident.created_at)
        return incident, made


def join_on_scene(incident: Incident, unit: Unit, *, actor: Actor, at: datetime) -> Assignment:
    """Put a locked unit without an assignment on scene in an incident that was opened just now."""
    before = unit.status
    assignment = Assignment.objects.create(
        incident=incident,
        unit=unit,
        status=AssignmentStatus.ON_SCENE,
        made_at=at,
        at=at,
        dispatched_at=at,
        on_scene_at=at,
        unit_status_before=before,
        created_by=actor.ref,
        assigned_by_name=actor.name,
    )
    apply_status(unit, UnitStatus.ON_SCENE, at=max(at, unit.status_at))
    facts.state(
        DispatchEvent.ASSIGNMENT_MADE,
        incident,
        actor=actor,
        at=at,
        data={
            "assignment": assignment.id,
            "unit": unit.id,
            "callsign": unit.callsign,
            "status": assignment.status,
            "from": before,
            "field_initiated": True,
        },
    )
    follow(incident, actor=actor, at=at)
    return assignment
