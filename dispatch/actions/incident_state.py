"""What people make of an incident: under control, on hold, resolved, closed, cancelled."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from accounts.roles import Reach, Right
from core import clock, events, sql
from core.errors import Conflict, Invalid, Refused
from core.states import Steps
from dispatch import events as facts
from dispatch.actions.reopening import reopen_incident
from dispatch.domain.assignment_end import release_units
from dispatch.domain.incident_status import enter, follow, help_of, settle, take_up
from dispatch.domain.note_lines import line_data, write_line
from dispatch.domain.offers import withdraw_tasks
from dispatch.events import DispatchEvent
from dispatch.models import Assignment, Incident, Task
from dispatch.queries.assignments import assignment_entry
from dispatch.queries.incidents import incident_for, require_not_merged, require_state
from dispatch.queries.tasks import task_entry
from dispatch.states import ACTIVE, NOT_OPEN, PRESENT, TASK_OPEN
from dispatch.states import IncidentState as S
from plans.models import IncidentDisposition

__all__ = ["change_state"]

# The steps that people take (docs/rules/incident-states.md); the others follow the units and tasks by themselves.
BY_PEOPLE = Steps(
    {
        S.NEW: (S.TRIAGED, S.RESOLVED, S.CANCELLED, S.ON_HOLD),
        S.TRIAGED: (S.RESOLVED, S.CANCELLED, S.ON_HOLD),
        S.ASSIGNED: (S.RESOLVED, S.CANCELLED),
        S.EN_ROUTE: (S.RESOLVED, S.CANCELLED),
        S.ON_SCENE: (S.CONTROLLED, S.RESOLVED),
        S.CONTROLLED: (S.ON_SCENE, S.RESOLVED),
        S.RESOLVED: (S.CLOSED, S.REOPENED),
        S.CLOSED: (S.REOPENED,),
        S.CANCELLED: (S.REOPENED,),
        S.MERGED: (S.REOPENED,),
        S.ON_HOLD: (S.TRIAGED, S.CANCELLED),
        S.REOPENED: (S.RESOLVED, S.CANCELLED, S.ON_HOLD),
    }
)


def change_state(
    *,
    actor: Actor,
    incident: UUID,
    state: str,
    expected: str | None = None,
    disposition: str | None = None,
    reason: str | None = None,
    force: bool = False,
    at: datetime | None = None,
) -> Incident:
    """Take one of the steps that people take; the same state again returns quietly.

    state: triaged, on_hold, controlled, on_scene (a fire that flared up), resolved, closed, cancelled or reopened.
    expected: the state that it must still be in: an undo takes nothing back that somebody else has gone on from.
    disposition: how it ended, needed to close. reason: kept as a line of words. Cancelling calls its units off and
    withdraws its open tasks. Closing is refused while there are any; force, by a supervisor, ends them.
    Raises Unknown, Refused, Invalid (`disposition_required`, `incident_disposition_unknown`), Conflict
    (`still_assigned`, `open_tasks`, `step_not_allowed`, `merged`, `moved_on`, `out_of_order`).
    """
    if state == S.REOPENED:
        return reopen_incident(actor=actor, incident=incident, expected=expected, reason=reason, at=at)
    with events.transaction():
        row = incident_for(actor, incident, lock=True, right=Right.INCIDENT_STATE)
        stamp = clock.stamp_from_person(at)
        require_not_merged(row)
        if row.state == state:
            return row
        require_state(row, expected)
        stamp = dataclasses.replace(stamp, at=clock.not_before(stamp.at, row.created_at))
        if force and actor.reach(Right.MEASURES) is not Reach.ANY:
            raise Refused("force_refused")
        tasks, assignments = _locked_parts(row)
        steps = _steps(row, state, tasks, assignments, force=force)
        _put_disposition(row, state, disposition)
        _take(row, steps, reason=reason, forced=force, actor=actor, at=stamp.at)
        if state in NOT_OPEN:
            withdraw_tasks(row, tasks, actor=actor, at=stamp.at, cause=state)
            if assignments:
                release_units(row, actor=actor, at=stamp.at)
                follow(row, actor=actor, at=stamp.at)
        return row


_OPEN_TASKS = f"""
WHERE t.incident_id = %s::uuid AND t.state IN {sql.among(TASK_OPEN)} ORDER BY t.id FOR NO KEY UPDATE OF t
"""
_PRESENT = f"""
WHERE t.incident_id = %s::uuid AND t.status IN {sql.among(PRESENT)} ORDER BY t.id FOR NO KEY UPDATE OF t
"""


def _locked_parts(incident: Incident) -> tuple[list[Task], list[Assignment]]:
    """What is still open in an incident, locked in the order of locks."""
    tasks = sql.instances(Task, _OPEN_TASKS, [incident.id], related=("agency",))
    return tasks, sql.instances(Assignment, _PRESENT, [incident.id], related=("unit",))


def _steps(
    incident: Incident, state: str, tasks: Sequence[Task], assignments: Sequence[Assignment], *, force: bool
) -> list[str]:
    """The states to pass through, or Conflict: closing by force passes through resolved; cancelling asks for none."""
    if state == S.CLOSED and force and BY_PEOPLE.may(incident.state, S.RESOLVED):
        return [S.RESOLVED, S.CLOSED]
    active = [row for row in assignments if row.status in ACTIVE]
    unfinished = {
        "assignments": [assignment_entry(row) for row in active],
        "tasks": [task_entry(task) for task in tasks],
    }
    if state == S.CLOSED and active and not force and incident.state not in NOT_OPEN:
        raise Conflict("still_assigned", callsigns=[row.unit.callsign for row in active], **unfinished)
    BY_PEOPLE.check(incident.state, state)
    if state == S.CLOSED and tasks and not force:
        raise Conflict("open_tasks", agencies=[task.agency.code for task in tasks], **unfinished)
    return [state]


def _put_disposition(incident: Incident, state: str, disposition: str | None) -> None:
    if disposition is not None:
        if not IncidentDisposition.objects.filter(code=disposition, active=True).exists():
            raise Invalid.field("disposition", "incident_disposition_unknown")
        incident.disposition = disposition
    if state == S.CLOSED and incident.disposition is None:
        raise Invalid.field("disposition", "disposition_required")


def _take(
    incident: Incident,
    steps: Sequence[str],
    *,
    reason: str | None,
    forced: bool,
    actor: Actor,
    at: datetime,
) -> None:
    take_up(incident, actor=actor)
    note = write_line(incident, reason, actor=actor, at=at) if reason else None
    taken = []
    for state in steps:
        taken.append({"from": incident.state, "to": state})
        enter(incident, state, at=at)
    settle(incident, help=help_of(incident), actor=actor, at=at)
    parts = facts.parts_of(incident.id)
    more = {"disposition": incident.disposition, **({"forced": True} if forced else {})}
    for step in taken:
        words = line_data(note) if note and step is taken[-1] else {}
        facts.state(
            DispatchEvent.INCIDENT_STATE_CHANGED, incident, actor=actor, at=at, parts=parts, data=step | more | words
        )
