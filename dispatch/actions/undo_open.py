"""Taking back that an incident was opened: two keys, five seconds, as long as nobody else has built on it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from accounts.roles import Right
from calls.actions.calls import unmark_incident
from calls.domain.locks import lock_with_number
from calls.durations import UNDO_GRACE, UNDO_WITHIN
from calls.models import Call
from core import clock, events
from core.errors import Busy, Conflict, Refused
from core.models import Event
from dispatch import events as facts
from dispatch.domain.incident_status import NO_HELP, enter, settle
from dispatch.domain.offers import withdraw_tasks
from dispatch.events import DispatchEvent
from dispatch.models import Assignment, Incident, IncidentCall, Task
from dispatch.queries.incidents import incident_for
from dispatch.states import IncidentState as S
from dispatch.states import TaskState

__all__ = ["undo_opening"]

# What the system does by itself, and reading, are no touch.
_CLOCK = "system:clock"
_READING = DispatchEvent.INCIDENT_DETAILS_READ


def undo_opening(*, actor: Actor, incident: UUID) -> Incident:
    """Take an incident back that the actor has just opened: it is cancelled, its tasks are withdrawn.

    The call that it was opened from is as before: not linked, E1 taken off it. Cancelled already: returns quietly.
    Raises Unknown, Refused (somebody else opened it), Conflict (`too_late`: the seconds are over, somebody else has
    touched it, a unit was assigned, a task answered, another call linked), Busy.
    """
    with events.transaction():
        seen = incident_for(actor, incident, right=Right.INCIDENT_OPEN)
        if seen.created_by != actor.ref:
            raise Refused("not_allowed", right=str(Right.INCIDENT_OPEN))
        call = _lock_call(actor, seen)
        row = incident_for(actor, incident, lock=True)
        if row.state == S.CANCELLED:
            return row
        tasks = list(
            Task.objects.filter(incident=row)
            .select_related("agency")
            .order_by("pk")
            .select_for_update(of=("self",), no_key=True)
        )
        now = clock.now()
        _require_untouched(row, call, tasks, actor=actor, now=now)
        if call:  # before the alarms of the incident are: operators follow their calls, and stand first in the order
            unmark_incident(call, actor=actor, at=now)
        _cancel(row, call, actor=actor, at=now)
        own = [task for task in tasks if task.state in {TaskState.OFFERED, TaskState.ACCEPTED}]
        withdraw_tasks(row, own, actor=actor, at=now, cause=S.CANCELLED)
        return row


def _lock_call(actor: Actor, incident: Incident) -> Call | None:
    """The call of a not yet locked incident, locked with its number: calls go before incidents."""
    link = IncidentCall.objects.filter(incident=incident).order_by("linked_at").first()
    return lock_with_number(actor, link.call_id, unseen=True)[0] if link else None


def _require_untouched(
    incident: Incident, call: Call | None, tasks: list[Task], *, actor: Actor, now: datetime
) -> None:
    links = list(IncidentCall.objects.filter(incident=incident).values_list("call_id", flat=True))
    if call and links != [call.id] and len(links) < 2:
        raise Busy  # it went elsewhere between looking and locking
    others = (
        Event.objects.filter(subjects__contains=[f"incident:{incident.id}"])
        .exclude(actor__in=[actor.ref, _CLOCK])
        .exclude(kind=_READING)
    )
    if (
        now - incident.recorded_at > UNDO_WITHIN + UNDO_GRACE
        or incident.state not in {S.NEW, S.TRIAGED, S.ASSIGNED}
        or len(links) > 1
        or (links and call is None)
        or any(_answered(incident, task) for task in tasks)
        or Assignment.objects.filter(incident=incident).exists()
        or others.exists()
    ):
        raise Conflict("too_late", since=incident.recorded_at)


def _answered(incident: Incident, task: Task) -> bool:
    """Whether an agency counts on the task; one that an agency's desk took by opening the incident is its own."""
    if task.state in {TaskState.OFFERED, TaskState.WITHDRAWN}:
        return False
    return not (task.accepted_at == task.offered_at == incident.created_at and task.created_by == incident.created_by)


def _cancel(incident: Incident, call: Call | None, *, actor: Actor, at: datetime) -> None:
    before = incident.state
    if call:
        IncidentCall.objects.filter(call=call).delete()
    enter(incident, S.CANCELLED, at=at)
    settle(incident, help=NO_HELP, actor=actor, at=at)
    facts.state(
        DispatchEvent.INCIDENT_STATE_CHANGED,
        incident,
        actor=actor,
        at=at,
        also=[f"call:{call.id}"] if call else (),
        data={"from": before, "to": S.CANCELLED, "undone": True},
    )
