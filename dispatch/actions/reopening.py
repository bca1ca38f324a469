"""Taking back the end of an incident: resolved, closed, cancelled or merged."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from accounts.models import Agency
from accounts.roles import Right
from core import clock, events
from dispatch import events as facts
from dispatch.actions.merging import merge_was_undone, named, rearm_parts, restore_tasks, undo_merge
from dispatch.domain.incident_status import enter, follow, take_up
from dispatch.domain.location import count_warnings
from dispatch.domain.note_lines import line_data, write_line
from dispatch.domain.offers import offer_tasks
from dispatch.events import DispatchEvent
from dispatch.models import Incident, Task
from dispatch.queries.incidents import incident_for, locked_incidents, require_state, root_of
from dispatch.states import BEFORE_MERGE, STEPS, TaskState
from dispatch.states import IncidentState as S
from dispatch.timers.incidents import refresh

__all__ = ["reopen_incident"]


def reopen_incident(
    *,
    actor: Actor,
    incident: UUID,
    expected: str | None = None,
    reason: str | None = None,
    at: datetime | None = None,
) -> Incident:
    """Reopen an incident; its wait for help starts anew unless it still has units.

    A cancelled or forcibly closed one offers again the tasks that were withdrawn with it. A merged one gets back
    what the merge took: its calls, tasks, units, people and things; it has its state of before the merge again, and
    its wait goes on. Reopened twice returns quietly.
    expected: the state that it must still be in, such as merged where a merge is undone.
    Raises Unknown, Refused, Conflict (`step_not_allowed`, `moved_on`), Invalid (`time_in_future`).
    """
    with events.transaction():
        seen = incident_for(actor, incident, right=Right.INCIDENT_STATE)
        held = locked_incidents([incident, root_of(seen).id])
        row = held[incident]
        stamp = clock.stamp_from_person(at)
        if row.state == S.REOPENED or (row.state in BEFORE_MERGE and merge_was_undone(row)):
            return row
        require_state(row, expected)
        STEPS.check(row.state, S.REOPENED)
        before, ended_at = row.state, row.closed_at
        note = write_line(row, reason, actor=actor, at=stamp.at) if reason else None
        take_up(row, actor=actor)
        lost = facts.parts_of(*held)
        merge = undo_merge(row, held, at=stamp.at) if before == S.MERGED else None
        if merge is None:
            enter(row, S.REOPENED, at=stamp.at)
        count_warnings(row, at=stamp.at)  # what began or ended to hold meanwhile went by it
        row.save()
        also = [*lost, *(f"incident:{other}" for other in held), *(named(merge.moved) if merge else [])]
        data = {"from": before, "to": row.state, **(line_data(note) if note else {})}
        facts.state(DispatchEvent.INCIDENT_REOPENED, row, actor=actor, at=stamp.at, data=data, also=also)
        if merge:
            rearm_parts(row, at=stamp.at)
            restore_tasks(row, merge, actor=actor, at=stamp.at)
        if before in {S.CANCELLED, S.CLOSED} and ended_at:
            _offer_again(row, ended_at, actor=actor, at=stamp.at)
        follow(row, actor=actor, at=stamp.at)
        if merge and row.waiting_until is None:
            refresh(row, actor=actor, at=stamp.at)
        for other in held.values():
            if other.id != row.id:
                follow(other, actor=actor, at=stamp.at)
        return row


def _offer_again(incident: Incident, ended_at: datetime, *, actor: Actor, at: datetime) -> None:
    """Offer the tasks that ended with the incident, each to an agency that has none now."""
    tasks = Task.objects.filter(incident=incident)
    gone = tasks.filter(state=TaskState.WITHDRAWN, withdrawn_at=ended_at).order_by("offered_at", "order", "pk")
    live = set(tasks.exclude(state__in=[TaskState.DONE, TaskState.WITHDRAWN]).values_list("agency_id", flat=True))
    agencies = Agency.objects.in_bulk([task.agency_id for task in gone])
    wanted = {task.agency_id: agencies[task.agency_id] for task in gone if task.agency_id not in live}
    offer_tasks(incident, list(wanted.values()), actor=actor, at=at, by_plan=True)
