"""Taking back a status that was just reported for a unit on an incident, while nobody has gone on from it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from accounts.actors import Actor
from accounts.roles import Right
from core import clock, events
from core.errors import Conflict, Refused, Unknown
from dispatch import events as facts
from dispatch.domain.incident_status import RANK, follow
from dispatch.domain.locking import hold
from dispatch.domain.timestamps import stamp_of
from dispatch.events import DispatchEvent
from dispatch.models import Assignment, Incident
from dispatch.states import ACTIVE, INCIDENT_OF, STAMP_OF, AssignmentStatus
from dispatch.timers.assignments import watch_assignment
from units.domain.statuses import apply_status
from units.queries import unit_for, within_reach

__all__ = ["undo_status"]

# The screens offer an undo for five seconds; a slow line may bring it later.
UNDO_WITHIN = timedelta(seconds=15)
_ORDER = tuple(STAMP_OF)


def undo_status(*, actor: Actor, assignment: UUID, status: str) -> Assignment:
    """Take the last status of an active assignment back: the one before holds again, its unit's too.

    status: the one to take back, as it was reported. Taken back already, it returns quietly. The stamp of that status
    goes; the log keeps both.
    Raises Unknown, Refused, Conflict (`not_active`; `moved_on` for another status; `nothing_to_undo` after 15 s, or
    for the first status).
    """
    with events.transaction():
        actor.require(Right.UNIT_STATUS)
        found = Assignment.objects.filter(id=assignment).first()
        if found is None:
            raise Unknown("assignment_unknown")
        if not within_reach(actor, Right.UNIT_STATUS, unit_for(actor, found.unit_id)):
            raise Refused("not_allowed", right=str(Right.UNIT_STATUS))
        held = hold(found.unit_id, incidents=[found.incident_id], assignments=[found.id])
        row = held.active
        if row is None or row.id != assignment:
            raise Conflict("not_active", assignment=str(assignment))
        if row.status != status:
            if status in _ORDER and row.status in _ORDER and stamp_of(row, status) is None:
                return row
            raise Conflict("moved_on", state=row.status, since=row.at)
        now = clock.now()
        before = _before(row)
        if before is None or now - row.at > UNDO_WITHIN:
            raise Conflict("nothing_to_undo")
        incident = held.incidents[row.incident_id]
        _step_back(row, before)
        apply_status(held.unit, row.status, at=max(now, held.unit.status_at))
        watch_assignment(row, incident, before=status, actor=actor, at=now)
        data = {
            "assignment": row.id,
            "unit": held.unit.id,
            "callsign": held.unit.callsign,
            "from": status,
            "to": row.status,
        }
        facts.state(DispatchEvent.ASSIGNMENT_STATUS_UNDONE, incident, actor=actor, at=now, data=data)
        _let_incident_follow(incident, actor=actor, at=now)
        return row


def _before(row: Assignment) -> str | None:
    """The status before the present one: the latest of those that come before it and were reached."""
    earlier = _ORDER[: _ORDER.index(AssignmentStatus(row.status))]
    return next((str(each) for each in reversed(earlier) if stamp_of(row, each)), None)


def _step_back(row: Assignment, before: str) -> None:
    if stamp_of(row, row.status) == row.at:
        setattr(row, STAMP_OF[AssignmentStatus(row.status)], None)
    row.status = before
    row.at = stamp_of(row, before) or row.at
    row.save()


def _let_incident_follow(incident: Incident, *, actor: Actor, at: datetime) -> None:
    """An incident goes back only as far as its furthest unit is, and only where units have brought it there."""
    states = Assignment.objects.filter(incident=incident, status__in=ACTIVE).values_list("status", flat=True)
    furthest = max((INCIDENT_OF[status] for status in states), key=RANK.__getitem__)
    was = incident.state
    if RANK.get(was, 0) > RANK[furthest] and was in INCIDENT_OF.values():
        incident.state = furthest
        data = {"from": was, "to": furthest}
        facts.state(DispatchEvent.INCIDENT_STATE_CHANGED, incident, actor=actor, at=at, data=data)
    follow(incident, actor=actor, at=at)
