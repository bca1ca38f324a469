"""A unit reports what it does: one action for the unit's endpoint and the assignment's, since the two are one fact."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from accounts.actors import Actor
from accounts.roles import Right, Role
from core import clock, events
from core.errors import Conflict, Invalid, Refused, Unknown
from core.idempotency import first_time
from dispatch import events as facts
from dispatch.actions.field_initiated import open_in_the_field
from dispatch.actions.tasks import accept_by_unit
from dispatch.domain.assignment_end import end, outcome, state_ended, status_after
from dispatch.domain.incident_status import follow
from dispatch.domain.locking import Held, hold
from dispatch.domain.timestamps import fill_stamp, put_stamp, stamps_of
from dispatch.events import DispatchEvent
from dispatch.models import Assignment, Incident
from dispatch.queries.assignments import worked_incident
from dispatch.queries.warnings import unseen_by
from dispatch.states import ACTIVE, AssignmentStatus
from dispatch.timers.assignments import watch_assignment
from places.areas import point_of
from places.queries import warning_form
from units import events as unit_facts
from units.actions.flags import raise_emergency, request_talk
from units.domain.statuses import apply_status, keep_reason
from units.events import UnitEvent
from units.models import Unit
from units.queries import unit_for, within_reach
from units.states import ASSIGNED, STEPS
from units.states import UnitStatus as U

__all__ = ["report_status"]

_DIGITS = {"2": U.AVAILABLE_STATION, "3": U.EN_ROUTE, "4": U.ON_SCENE, "7": U.TRANSPORTING, "8": U.AT_DESTINATION}
# On digit 1 a unit that has got this far is on its way back, any other is free in the field
# (docs/rules/unit-states.md#fms-digits).
_PAST_EN_ROUTE = frozenset({U.STAGING, U.ON_SCENE, U.TRANSPORTING, U.AT_DESTINATION})
# Words of the assignment's own: it ends, and the unit is free again.
_ENDINGS = frozenset({AssignmentStatus.CANCELLED, AssignmentStatus.REFUSED, AssignmentStatus.CLEARED})


@dataclass(slots=True)
class _Report:
    """What is reported, by whom and when."""

    actor: Actor
    word: str
    reason: str | None
    force: bool
    stamp: clock.Stamp
    back_dated: bool

    def moment(self, present_at: datetime) -> datetime:
        """When it happened. What happens now comes after all that is known, whichever node's clock wrote that."""
        return self.stamp.at if self.back_dated else max(self.stamp.at, present_at)


def report_status(
    *,
    actor: Actor,
    status: str,
    unit: UUID | str | None = None,
    assignment: UUID | None = None,
    id: UUID | None = None,  # noqa: A002 - the wire's word
    expected: tuple[str, datetime] | None = None,
    reason: str | None = None,
    force: bool = False,
    at: datetime | None = None,
) -> Unit:
    """A unit goes into another status, and its active assignment with it.

    unit: id or callsign; or assignment: the one that must be the active one. status: a name, an FMS digit, or
    cancelled, refused, cleared for the end of an assignment. id: the report's own: sent again, it returns quietly,
    whatever has happened since. expected: the status, and since when, that the unit must
    still be in: an undo takes nothing back that has been gone on from. reason: words, sealed for the log. force: a
    supervisor's, any step, with a reason. at: when it happened. Before the present status began it is history: it
    fills the stamp of the assignment of that time and moves nothing back.
    The end of an assignment is cleared if the scene was reached, else refused by its crew, cancelled by others.
    on_scene without an assignment opens an incident of type X00 where the unit is.
    Raises Unknown, Refused, Invalid (`status_unknown`, `reason_required`, `time_in_future`), Conflict
    (`step_not_allowed` naming the allowed ones, `moved_on`, `not_active`, `no_assignment`, `already_stamped`,
    `out_of_order`, `id_taken`).
    """
    with events.transaction():
        report = _report(actor, status, reason, at, force=force)
        found = _named_unit(actor, unit, assignment)
        if report.word in {"0", "5"}:
            if report.word == "5":
                return request_talk(actor=actor, unit=found.id, id=id, at=report.stamp.at)
            also = worked_incident(found.id)
            return raise_emergency(actor=actor, unit=found.id, id=id, at=report.stamp.at, also=also)
        then = _assignment_then(found, report)
        past = [then] if then else []
        held = hold(found.id, incidents=[row.incident_id for row in past], assignments=[row.id for row in past])
        if not first_time(id, actor):
            return held.unit
        if assignment and (held.active is None or held.active.id != assignment):
            raise Conflict("not_active", assignment=str(assignment))
        if not held.unit.active:
            raise Conflict("unit_not_available", state="retired")
        present_at = held.active.at if held.active else held.unit.status_at
        target = _target(report.word, held, with_reason=bool(reason))
        if then is None and _begins_too_early(report, held.active, target):
            then = held.active
        if expected and target != held.unit.status:
            _require_still(held.unit, *expected)
        if report.moment(present_at) < present_at:
            _record_history(report, held, target, then)
        else:
            _step(report, held, target, report.moment(present_at))
        return held.unit


def _report(actor: Actor, status: str, reason: str | None, at: datetime | None, *, force: bool) -> _Report:
    actor.require(Right.UNIT_STATUS)
    if force:
        actor.require(Right.UNIT_FORCE)
        if not reason:
            raise Invalid.field("reason", "reason_required")
    received_at = clock.now()
    stamp = actor.stamp(at, received_at)
    return _Report(actor, status, reason, force, stamp, back_dated=stamp.at < received_at)


def _named_unit(actor: Actor, unit: UUID | str | None, assignment: UUID | None) -> Unit:
    if assignment is not None:
        row = Assignment.objects.filter(id=assignment).first()
        if row is None:
            raise Unknown("assignment_unknown")
        unit = row.unit_id
    if unit is None:
        raise Unknown("unit_unknown")
    found = unit_for(actor, unit)
    if not within_reach(actor, Right.UNIT_STATUS, found):
        raise Refused("not_allowed", right=str(Right.UNIT_STATUS))
    return found


def _target(word: str, held: Held, *, with_reason: bool) -> U:
    """The status that a word means for this unit now."""
    status = held.unit.status
    if word == "1":
        return U.RETURNING if held.active and status in _PAST_EN_ROUTE else U.AVAILABLE_MOBILE
    if word == "6":
        return U.OUT_OF_SERVICE if with_reason else U.OFF_DUTY
    if word in _ENDINGS:
        return status_after(held.active) if held.active else U.AVAILABLE_MOBILE
    if word in _DIGITS:
        return _DIGITS[word]
    if word not in U.values:
        raise Invalid.field("status", "status_unknown")
    return U(word)


def _begins_too_early(report: _Report, active: Assignment | None, target: U) -> bool:
    """Whether a clock a little behind puts a report before its unit was sent: it then counts from that moment.

    More than 60 s before raises Conflict(`before_dispatch`).
    """
    if active is None or active.dispatched_at is None or target not in ASSIGNED:
        return False
    if not report.back_dated or report.stamp.at >= active.dispatched_at:
        return False
    if active.dispatched_at - report.stamp.at > clock.LATE_AFTER:
        raise Conflict("before_dispatch", sent=events.utc_text(active.dispatched_at))
    report.stamp = dataclasses.replace(report.stamp, at=active.dispatched_at)
    return True


def _require_still(unit: Unit, status: str, since: datetime) -> None:
    if (unit.status, unit.status_at) != (status, since):
        raise Conflict("moved_on", state=unit.status, since=unit.status_at)


def _step(report: _Report, held: Held, target: U, moment: datetime) -> None:
    unit, active = held.unit, held.active
    if target == unit.status:
        return
    # Dispatched comes from a desk that sends the unit, never from a report.
    allowed = [step for step in STEPS.allowed(unit.status) if step != U.DISPATCHED]
    forced = target not in allowed
    if forced and not report.force:
        raise Conflict(
            "step_not_allowed",
            f"{unit.status} -> {target}",
            state=unit.status,
            wanted=target.value,
            allowed=[str(step) for step in allowed],
        )
    if target in ASSIGNED and active is None:
        if forced or target != U.ON_SCENE:
            raise Conflict("no_assignment", state=unit.status, wanted=target.value)
        open_in_the_field(unit, actor=report.actor, at=moment)
        return
    if target == U.EN_ROUTE and active:
        _require_seen(report, held.incidents[active.incident_id], active)
    data: dict[str, Any] = {**keep_reason(unit, report.reason, actor=report.actor, at=moment)}
    data |= {"forced": True} if forced else {}
    data |= {"skew_seconds": round(report.stamp.skew_seconds)} if report.stamp.skew_seconds >= 1 else {}
    before = unit.status
    apply_status(unit, target, at=max(moment, unit.status_at), reason=report.reason)
    if active is None:
        data |= {"from": before, "to": unit.status}
        unit_facts.emit(UnitEvent.UNIT_STATUS_CHANGED, unit, actor=report.actor, at=moment, data=data)
    elif target in ASSIGNED:
        _advance(report, held, active, target, moment, data)
    else:
        _end(report, held, active, moment, data)


def _require_seen(report: _Report, incident: Incident, active: Assignment) -> None:
    """A crew leaves when it has seen what warns of the place; what it reports late has happened.

    Whoever reports for it is not held up: rule 17 raises an alarm about what the crew has not seen.
    """
    if Role.CREW not in report.actor.roles or report.stamp.late:
        return
    unseen = unseen_by(incident, active, clock.now())
    if unseen:
        here = point_of(incident.lat, incident.lng)
        raise Conflict("warnings_unseen", incident=incident.id, warnings=[warning_form(row, here) for row in unseen])


def _advance(
    report: _Report, held: Held, active: Assignment, target: U, moment: datetime, data: dict[str, Any]
) -> None:
    incident = held.incidents[active.incident_id]
    before = active.status
    put_stamp(active, target, moment)
    active.status, active.at = target, moment
    active.save()
    watch_assignment(active, incident, before=before, actor=report.actor, at=moment)
    facts.state(
        DispatchEvent.ASSIGNMENT_STATUS_CHANGED,
        incident,
        actor=report.actor,
        at=moment,
        data=_names(active, held.unit) | {"from": before, "to": target.value} | data,
    )
    if before == U.DISPATCHED:  # the agency has its task: its unit is under way to it
        accept_by_unit(incident, held.unit, actor=report.actor, at=moment)
    follow(incident, actor=report.actor, at=moment)


def _end(report: _Report, held: Held, active: Assignment, moment: datetime, data: dict[str, Any]) -> None:
    incident = held.incidents[active.incident_id]
    before = end(active, outcome(active, actor=report.actor), actor=report.actor, at=moment)
    state_ended(active, before, held.unit, incident, actor=report.actor, at=moment, more={**data})
    follow(incident, actor=report.actor, at=moment, units=(held.unit.id,))


def _assignment_then(unit: Unit, report: _Report) -> Assignment | None:
    """The assignment that the unit was on at a back-dated moment; not locked yet."""
    if not report.back_dated:
        return None
    at = report.stamp.at
    return (
        Assignment.objects.filter(unit=unit, dispatched_at__lte=at)
        .filter(Q(status__in=ACTIVE) | Q(cleared_at__gte=at))
        .order_by("-dispatched_at", "-id")
        .first()
    )


def _record_history(report: _Report, held: Held, target: U, then: Assignment | None) -> None:
    """A late report of something before the present status: the stamp is filled, the present stands."""
    moment = report.stamp.at
    if target in ASSIGNED:
        row = next((each for each in (held.active, *held.others) if each and then and each.id == then.id), None)
        if row is None:
            raise Conflict("no_assignment", wanted=target.value)
        if fill_stamp(row, target, moment):
            row.save()
            incident = held.incidents[row.incident_id]
            facts.state(
                DispatchEvent.ASSIGNMENT_STAMPED,
                incident,
                actor=report.actor,
                at=moment,
                units=(held.unit.id,),
                agencies=(held.unit.agency_id,),
                data=_names(row, held.unit) | {"status": target.value},
            )
            follow(incident, actor=report.actor, at=moment)
        return
    if held.active and held.active.dispatched_at and moment >= held.active.dispatched_at:
        raise Conflict("out_of_order", stamps=stamps_of(held.active))
    data = keep_reason(held.unit, report.reason, actor=report.actor, at=moment)
    unit_facts.emit(
        UnitEvent.UNIT_STATUS_NOTED,
        held.unit,
        actor=report.actor,
        at=moment,
        data=data | {"to": target.value},
    )


def _names(assignment: Assignment, unit: Unit) -> dict[str, Any]:
    return {"assignment": assignment.id, "unit": unit.id, "callsign": unit.callsign}
