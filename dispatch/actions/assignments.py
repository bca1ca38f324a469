"""Sending units: assigning, stacking, diverting, cancelling (docs/rules/incident-states.md#assignment-states)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, Q

from accounts.actors import Actor
from accounts.roles import Reach, Right
from core import clock, events, sql
from core.digests import digest, seal
from core.errors import Conflict, Refused, Unknown
from core.idempotency import create_once
from dispatch import events as facts
from dispatch.actions.tasks import accept_by_sending
from dispatch.domain.assignment_end import end, outcome, state_ended, status_after
from dispatch.domain.incident_status import follow
from dispatch.domain.locking import Held, hold
from dispatch.events import DispatchEvent
from dispatch.models import Assignment, Incident, Task
from dispatch.queries.incidents import desk_agency, incident_for, require_open
from dispatch.states import TASK_OPEN, AssignmentStatus
from dispatch.timers.assignments import watch_assignment
from units.domain.statuses import apply_status
from units.models import Unit
from units.queries import owns, unit_for
from units.states import FREE, UnitStatus

__all__ = ["assign_unit", "cancel_assignment", "give_reason", "send_stacked"]


def assign_unit(
    *,
    actor: Actor,
    incident: UUID,
    unit: UUID | str,
    id: UUID | None = None,  # noqa: A002 - the wire's word
    stacked: bool = False,
    divert: bool = False,
    instead_of: UUID | None = None,
    reason: str | None = None,
    at: datetime | None = None,
) -> tuple[Assignment, bool]:
    """Send a unit to an incident: (the assignment, whether it is new).

    unit: id or callsign. stacked: it goes there later, by `send_stacked` or a further assignment. divert: the active
    assignment it may have ends as diverted, unless a patient is aboard. instead_of: only if that one is still its
    active one, as the undo of a diversion wants it. reason: why this unit, in words. An agency's
    desk sends own units to incidents where its agency has an open task; sending one accepts an offered task,
    stacking one does not. Of two who send the same unit at the same moment one wins, the other gets `unit_taken`.
    Raises Unknown, Refused, Invalid (`time_in_future`), Conflict (`unit_taken` {incident, by, since};
    `unit_not_available` {state}; `already_stacked`; `merged`; `incident_not_open`; `out_of_order`; `moved_on`;
    `id_taken`).
    """
    with events.transaction():
        reach = actor.require(Right.ASSIGN)
        stamp = clock.stamp_from_person(at)

        def make() -> Assignment:
            wanted = incident_for(actor, incident)
            vehicle = unit_for(actor, unit)
            own = desk_agency(actor) if reach is Reach.OWN and not stacked else None
            held = hold(vehicle.id, incidents=[wanted.id], offered_to=own)
            there = held.incidents[wanted.id]
            _require_may_send(actor, reach, there, held.unit)
            require_open(there)
            if instead_of and (held.active is None or held.active.id != instead_of):
                raise Conflict("moved_on", state=held.unit.status)
            if stacked:
                return _stack(held, there, actor=actor, key=id, reason=reason, at=stamp.at)
            moment = _start(held, stamp.at, given=at is not None)
            _make_free(held, there, actor=actor, divert=divert, at=moment)
            _leave_stack(held, there, actor=actor, at=moment)
            for task in held.offered:
                accept_by_sending(there, task, actor=actor, at=moment)
            return _send(held, there, actor=actor, key=id, reason=reason, at=moment)

        return create_once(Assignment, id, actor, make)


def send_stacked(*, actor: Actor, assignment: UUID, at: datetime | None = None) -> Assignment:
    """Send a unit to what it is stacked for, once it is free. Sent already: returns quietly.

    Raises Unknown, Refused, Conflict (`unit_taken`, `unit_not_available`, `step_not_allowed` for an ended one).
    """
    with events.transaction():
        reach = actor.require(Right.ASSIGN)
        stamp = clock.stamp_from_person(at)
        held, row = _held(actor, assignment)
        there = held.incidents[row.incident_id]
        _require_may_send(actor, reach, there, held.unit)
        if held.active and held.active.id == row.id:
            return row
        if row.status != AssignmentStatus.STACKED:
            raise Conflict("step_not_allowed", state=row.status, wanted="dispatched", allowed=[])
        require_open(there)
        moment = _start(held, stamp.at, given=at is not None)
        _make_free(held, there, actor=actor, divert=False, at=moment)
        row.unit_status_before = held.unit.status
        row.status, row.stacked, row.at, row.dispatched_at = AssignmentStatus.DISPATCHED, False, moment, moment
        row.save()
        _set_out(held, row, there, DispatchEvent.ASSIGNMENT_SENT, actor=actor, at=moment, data={})
        return row


def cancel_assignment(*, actor: Actor, assignment: UUID, at: datetime | None = None) -> Assignment:
    """Call a unit off, or take it from the stack. Ended already: returns quietly.

    An active one that was on scene ends as cleared. Raises Unknown, Refused, Conflict (`out_of_order`).
    """
    with events.transaction():
        reach = actor.require(Right.ASSIGN)
        stamp = clock.stamp_from_person(at)
        held, row = _held(actor, assignment)
        if reach is Reach.OWN and not owns(actor, held.unit):
            raise Refused("not_allowed", right=str(Right.ASSIGN))
        active = held.active is not None and held.active.id == row.id
        if not active and row.status != AssignmentStatus.STACKED:
            return row
        moment = _moment(held, stamp.at, given=at is not None) if active else stamp.at
        there, after = held.incidents[row.incident_id], status_after(row)
        before = end(row, outcome(row, actor=actor), actor=actor, at=moment)
        if active:
            apply_status(held.unit, after, at=max(moment, held.unit.status_at))
        state_ended(row, before, held.unit, there, actor=actor, at=moment)
        follow(there, actor=actor, at=moment, units=(row.unit_id,))
        return row


def give_reason(*, actor: Actor, assignment: UUID, reason: str) -> Assignment:
    """Say why this unit after it was sent, also when it has ended; the same again returns quietly.

    The log keeps the digest of each answer, the assignment the last one. Raises Unknown, Refused.
    """
    with events.transaction():
        reach = actor.require(Right.ASSIGN)
        held, row = _held(actor, assignment)
        if reach is Reach.OWN and not owns(actor, held.unit):
            raise Refused("not_allowed", right=str(Right.ASSIGN))
        if row.reason == reason:
            return row
        there = held.incidents[row.incident_id]
        row.reason, row.salt = reason, row.salt or seal(reason).salt
        row.save(update_fields=["reason", "salt"])
        there.changed_at = clock.now()
        there.save(update_fields=["changed_at"])
        data = {"assignment": row.id, "unit": row.unit_id, "callsign": held.unit.callsign}
        facts.state(
            DispatchEvent.ASSIGNMENT_REASON_GIVEN,
            there,
            actor=actor,
            at=there.changed_at,
            data=data | {"reason": digest(row.salt, reason)},
        )
        return row


def _require_may_send(actor: Actor, reach: Reach, incident: Incident, unit: Unit) -> None:
    """An agency's desk sends own units on own tasks (docs/rules/roles.md#rights)."""
    if reach is Reach.ANY:
        return
    agency = desk_agency(actor)
    tasked = agency and Task.objects.filter(incident=incident, agency=agency, state__in=TASK_OPEN).exists()
    if not tasked or not owns(actor, unit):
        raise Refused("not_allowed", right=str(Right.ASSIGN))


def _held(actor: Actor, assignment: UUID) -> tuple[Held, Assignment]:
    """An assignment that the actor may see, held with its unit and incident."""
    found = sql.instances(Assignment, "WHERE t.id = %s::uuid", [assignment])
    if not found:
        raise Unknown("assignment_unknown")
    [row] = found
    unit = unit_for(actor, row.unit_id)
    held = hold(unit.id, incidents=[row.incident_id], assignments=[row.id])
    mine = (each for each in (held.active, *held.stacked, *held.others) if each and each.id == row.id)
    return held, next(mine)


def _moment(held: Held, at: datetime, *, given: bool) -> datetime:
    """When it happened. A given time before what the unit's active assignment has reached contradicts it."""
    if held.active is None or at >= held.active.at:
        return at
    if given:
        raise Conflict("out_of_order", since=held.active.at)
    return held.active.at


def _start(held: Held, at: datetime, *, given: bool) -> datetime:
    """When a unit is sent: not while it was still on an earlier job, by a given time up to 60 s before that one's end.

    One that was called off before it set out took none of the unit's time: a slip can be put right by what was true.
    Jobs that came after the given time don't hold it up: a log that is entered later comes in any order.
    """
    if held.active is not None:
        return _moment(held, at, given=given)
    if at >= held.unit.status_at:
        return at  # free since then: no earlier job lasted longer
    never_left = Q(status__in=(AssignmentStatus.CANCELLED, AssignmentStatus.REFUSED), en_route_at=None, staging_at=None)
    earlier = Assignment.objects.filter(unit=held.unit, dispatched_at__lte=at, cleared_at__gt=at).exclude(never_left)
    free_at = earlier.aggregate(last=Max("cleared_at"))["last"]
    if free_at is None:
        return at
    return clock.not_before(at, free_at) if given else free_at


def _make_free(held: Held, there: Incident, *, actor: Actor, divert: bool, at: datetime) -> None:
    unit, active = held.unit, held.active
    if active is not None:
        on = held.incidents[active.incident_id]
        if not divert or on.id == there.id:
            raise Conflict(
                "unit_taken",
                unit=unit.callsign,
                incident={"id": on.id, "number": str(on.number)},
                by=active.assigned_by_name,
                since=active.dispatched_at,
            )
        if active.status == AssignmentStatus.TRANSPORTING:
            raise Conflict("unit_not_available", unit=unit.callsign, state=active.status)
        before = end(active, AssignmentStatus.DIVERTED, actor=actor, at=at)
        # Between two incidents it is free for a moment, so that both facts tell of a true state.
        apply_status(unit, UnitStatus.AVAILABLE_MOBILE, at=max(at, unit.status_at))
        state_ended(active, before, unit, on, actor=actor, at=at, more={"into": there.id})
        follow(on, actor=actor, at=at, units=(unit.id,))
    elif unit.status not in FREE or not unit.active:
        state = unit.status if unit.active else "retired"
        raise Conflict("unit_not_available", unit=unit.callsign, state=state)


def _leave_stack(held: Held, there: Incident, *, actor: Actor, at: datetime) -> None:
    """A unit that goes now is no longer stacked for the same."""
    for row in held.stacked:
        if row.incident_id == there.id:
            before = end(row, AssignmentStatus.CANCELLED, actor=actor, at=at)
            state_ended(row, before, held.unit, there, actor=actor, at=at, more={"sent_now": True})


def _stack(
    held: Held,
    there: Incident,
    *,
    actor: Actor,
    key: UUID | None,
    reason: str | None,
    at: datetime,
) -> Assignment:
    unit = held.unit
    if not unit.active:
        raise Conflict("unit_not_available", unit=unit.callsign, state="retired")
    same = [row for row in held.stacked if row.incident_id == there.id]
    if same:
        raise Conflict("already_stacked", unit=unit.callsign, assignment=same[0].id)
    if held.active and held.active.incident_id == there.id:
        _make_free(held, there, actor=actor, divert=False, at=at)
    row = _new(held, there, AssignmentStatus.STACKED, actor=actor, key=key, reason=reason, at=at)
    data = _data(row, unit, reason)
    facts.state(DispatchEvent.ASSIGNMENT_STACKED, there, actor=actor, at=at, data=data)
    follow(there, actor=actor, at=at)
    return row


def _send(
    held: Held,
    there: Incident,
    *,
    actor: Actor,
    key: UUID | None,
    reason: str | None,
    at: datetime,
) -> Assignment:
    row = _new(held, there, AssignmentStatus.DISPATCHED, actor=actor, key=key, reason=reason, at=at)
    _set_out(held, row, there, DispatchEvent.ASSIGNMENT_MADE, actor=actor, at=at, data=_data(row, held.unit, reason))
    return row


def _new(
    held: Held,
    there: Incident,
    status: AssignmentStatus,
    *,
    actor: Actor,
    key: UUID | None,
    reason: str | None,
    at: datetime,
) -> Assignment:
    sealed = seal(reason or "")
    return sql.insert(
        Assignment(
            id=key or uuid.uuid4(),
            incident=there,
            unit=held.unit,
            status=status,
            stacked=status == AssignmentStatus.STACKED,
            made_at=at,
            at=at,
            dispatched_at=at if status == AssignmentStatus.DISPATCHED else None,
            unit_status_before=held.unit.status,
            reason=reason,
            salt=sealed.salt,
            created_by=actor.ref,
            assigned_by_name=actor.name,
        )
    )


def _set_out(
    held: Held,
    row: Assignment,
    there: Incident,
    kind: DispatchEvent,
    *,
    actor: Actor,
    at: datetime,
    data: dict[str, Any],
) -> None:
    before = held.unit.status
    apply_status(held.unit, UnitStatus.DISPATCHED, at=max(at, held.unit.status_at))
    watch_assignment(row, there, before=None, actor=actor, at=at)
    names: dict[str, Any] = {"assignment": row.id, "unit": row.unit_id, "callsign": held.unit.callsign}
    facts.state(kind, there, actor=actor, at=at, data=names | {"status": row.status, "from": before} | data)
    follow(there, actor=actor, at=at)


def _data(row: Assignment, unit: Unit, reason: str | None) -> dict[str, Any]:
    data: dict[str, Any] = {"assignment": row.id, "unit": unit.id, "callsign": unit.callsign, "status": row.status}
    if reason:
        data["reason"] = digest(row.salt, reason)
    return data
