"""Opening an incident: the one action for a call, a desk, a crew in the field and a program."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from accounts.models import Agency
from accounts.roles import Reach, Right
from calls.actions.calls import mark_incident
from calls.models import Call
from calls.states import Disposition
from core import clock, events, sql
from core.errors import Conflict, Unknown
from core.idempotency import create_once
from dispatch.actions.calls import lock_linkable
from dispatch.actions.numbers import take_reserved
from dispatch.domain.caller_safety import make_caller_unsafe
from dispatch.domain.location import Location, put_location
from dispatch.domain.opening import new_incident, put_narrative, start, state_opened, type_of
from dispatch.models import Incident, IncidentCall
from dispatch.queries.incidents import desk_agency
from dispatch.queries.tasks import planned_agencies

__all__ = ["open_incident"]

UNKNOWN = "X00"  # until somebody chooses a type (docs/rules/incident-types.md#unknown-type)


def open_incident(
    *,
    actor: Actor,
    location: Location,
    id: UUID | None = None,  # noqa: A002 - the wire's word
    number: int | None = None,
    type: str | None = None,  # noqa: A002
    priority: int | None = None,
    priority_reason: str | None = None,
    narrative: str | None = None,
    call: UUID | None = None,
    at: datetime | None = None,
) -> tuple[Incident, bool]:
    """Open an incident, offer its plan's tasks and start its clocks: (the incident, whether it is new).

    type: a code, X00 if None; priority: 1 to 5, the type's if None. call: the call it is opened from, which
    becomes E1. number: one that was reserved for a blank card. at: when it happened; more than 60 s ago makes it a
    late entry. An agency that opens one has accepted
    its own task at once. Raises Refused, Unknown (the call), Invalid (`type_unknown`, `time_in_future`),
    Conflict (`id_taken`, `call_linked`).
    """
    with events.transaction():
        own = actor.require(Right.INCIDENT_OPEN) is Reach.OWN
        stamp = clock.stamp_from_person(at)

        def make() -> Incident:
            from_call = _call_to_open_from(actor, call) if call else None
            rang_at = from_call.started_at if from_call else None
            reserved = take_reserved(actor.centre, number) if number is not None else None
            incident = new_incident(actor, id, type_of(type or UNKNOWN), priority, stamp, rang_at, reserved)
            incident.priority_reason = priority_reason
            put_location(incident, location, at=stamp.at)
            put_narrative(incident, narrative)
            incident.save(force_insert=True)
            if from_call:
                _link(from_call, incident, actor=actor, at=stamp.at)
            agencies = planned_agencies(incident)
            own_agency = desk_agency(actor) if own else None
            taken_by = Agency.objects.get(pk=own_agency) if own_agency else None
            state_opened(incident, from_call, [*agencies, *([taken_by] if taken_by else [])], actor=actor)
            start(incident, agencies, actor=actor, taken_by=taken_by)
            return incident

        return create_once(Incident, id, actor, make)


def _link(call: Call, incident: Incident, *, actor: Actor, at: datetime) -> None:
    sql.insert(IncidentCall(call=call, incident=incident, linked_at=at, linked_by=actor.ref))
    mark_incident(call, Disposition.E1, actor=actor, at=at)
    make_caller_unsafe(call.number, [call.id], incident, actor=actor, at=at)


def _call_to_open_from(actor: Actor, call: UUID) -> Call:
    """The call, locked: any, or a call-taker's own or a waiting one."""
    try:
        row = lock_linkable(actor, call)
    except Unknown:
        raise Unknown("call_unknown") from None
    linked = sql.rows("SELECT incident_id FROM dispatch_incidentcall WHERE call_id = %s::uuid", [row.id])
    if linked:
        raise Conflict("call_linked", incident=linked[0][0])
    return row
