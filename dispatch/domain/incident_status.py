"""What an incident's units and tasks make of it: its state, its stamps, its wait for help."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from accounts.actors import Actor
from accounts.roles import Role
from core import clock, sql
from dispatch import events as facts
from dispatch.events import DispatchEvent
from dispatch.models import Incident
from dispatch.queries.needs import (
    SentRow,
    able_of,
    arrived_at,
    is_accepted,
    missing_units,
    sent_by_incident,
    worked_since,
)
from dispatch.states import ACTIVE, INCIDENT_OF, NOT_OPEN, PRESENT, TASK_OPEN, TaskState
from dispatch.states import IncidentState as S
from dispatch.timers import arrivals
from dispatch.timers.arrivals import wants_arrival
from dispatch.timers.incidents import refresh, wants_help
from plans.models import PlanNeed
from plans.queries.needs import NeedRow, required_needs

_TASKS = "SELECT state, done_at, agency_id FROM dispatch_task WHERE incident_id = %s::uuid"


class _TaskRow(NamedTuple):
    state: str
    done_at: datetime | None
    agency_id: UUID


# How far units have brought an incident.
RANK: dict[str, int] = {S.ASSIGNED: 1, S.EN_ROUTE: 2, S.ON_SCENE: 3, S.CONTROLLED: 3}


def follow(incident: Incident, *, actor: Actor, at: datetime, units: Iterable[UUID] = ()) -> None:
    """Let a locked incident follow its assignments and tasks after one of them has changed; saves it.

    States go forward only with the furthest active assignment; an accepted task without units counts as assigned.
    When the last active assignment has ended: resolved if any was on scene, else back to triaged, where its wait
    for help starts anew. units: those that lost their part. Its own facts are `incident.state_changed`; the caller
    states what happened.
    """
    assignments, tasks = _sent(incident), _tasks(incident)
    take_up(incident, actor=actor)
    incident.first_assigned_at = min((row.dispatched_at for row in assignments if row.dispatched_at), default=None)
    incident.first_on_scene_at = min((row.on_scene_at for row in assignments if row.on_scene_at), default=None)
    steps: list[tuple[str, str]] = []
    if incident.state not in NOT_OPEN:
        for state in _path(incident, assignments, tasks):
            steps.append((incident.state, state))
            enter(incident, state, at=at)
    settle(incident, help=_help(incident, assignments, tasks), actor=actor, at=at)
    if steps:
        parts = _parts(assignments, tasks)
        for before, after in steps:
            data = {"from": before, "to": after}
            facts.state(
                DispatchEvent.INCIDENT_STATE_CHANGED, incident, actor=actor, at=at, data=data, units=units, parts=parts
            )


def _parts(assignments: Iterable[SentRow], tasks: Iterable[_TaskRow]) -> set[str]:
    """As `facts.parts_of`, of rows that are read already."""
    present = [row for row in assignments if row.status in PRESENT]
    agencies = {task.agency_id for task in tasks if task.state != TaskState.WITHDRAWN}
    return {
        *(f"agency:{agency}" for agency in (*agencies, *(row.agency_id for row in present))),
        *(f"unit:{row.unit_id}" for row in present),
    }


def enter(incident: Incident, state: str, *, at: datetime) -> None:
    """Put a state and its stamps into an incident, which the caller saves."""
    incident.state = state
    if state == S.RESOLVED:
        incident.resolved_at = at
    elif state in NOT_OPEN:
        incident.closed_at = at
    elif state == S.REOPENED:
        incident.reopened_at = at
        incident.resolved_at = incident.closed_at = incident.merged_into = incident.disposition = None
        incident.shortfall = {}


@dataclass(frozen=True, slots=True)
class Help:
    """What an incident has of the units it needs.

    sent: every required need has a unit, or the shortfall was accepted; where the plan requires no unit, one is active
    or a task accepted. arrived_at: when the first needed unit was on scene. needs: the plan's, None where not read.
    """

    sent: bool = False
    arrived_at: datetime | None = None
    needs: Sequence[NeedRow] | None = None


NO_HELP = Help()


def settle(incident: Incident, *, help: Help, actor: Actor, at: datetime) -> None:  # noqa: A002
    """End or restart an incident's wait for help (rules 2 to 4) and for an arrival (rule 7), and save it."""
    waited = incident.waiting_until is None
    waits = not help.sent and wants_help(incident)
    if waits and not waited:
        incident.waiting_since, incident.waiting_until = at, None
    elif waited and not waits:
        incident.waiting_until = max(at, incident.waiting_since)
    expected = incident.arrival_until is None
    expects = help.arrived_at is None and wants_arrival(incident, help.needs)
    if expects and not expected:
        incident.arrival_until = None
    elif expected and not expects:
        incident.arrival_until = help.arrived_at or at
    incident.changed_at = clock.now()
    sql.update(incident)
    if waits is not waited:
        refresh(incident, actor=actor, at=at)
    if expects is not expected:
        arrivals.refresh(incident, actor=actor, at=at)


def take_up(incident: Incident, *, actor: Actor) -> None:
    """Give an incident without an owner to the dispatcher who acts on it: every open incident has one."""
    if incident.owner_id is None and actor.user and Role.DISPATCHER in actor.roles:
        incident.owner_id = actor.user
        incident.desk = actor.desk or incident.desk


def _path(incident: Incident, assignments: Sequence[SentRow], tasks: Sequence[_TaskRow]) -> list[str]:
    active = [row for row in assignments if row.status in ACTIVE]
    if not active:
        return _path_without_units(incident, assignments, tasks)
    wanted = max((INCIDENT_OF[row.status] for row in active), key=RANK.__getitem__)
    if incident.state == S.ON_HOLD:
        return [S.TRIAGED, wanted]
    if incident.state == S.RESOLVED:
        since = incident.resolved_at
        sent_after = since is None or any(row.dispatched_at and row.dispatched_at > since for row in active)
        return [S.REOPENED, wanted] if sent_after else []
    return [wanted] if RANK[wanted] > RANK.get(incident.state, 0) else []


def _path_without_units(incident: Incident, assignments: Sequence[SentRow], tasks: Sequence[_TaskRow]) -> list[str]:
    accepted = any(task.state == TaskState.ACCEPTED for task in tasks)
    if incident.state in {S.NEW, S.TRIAGED, S.REOPENED}:
        return [S.ASSIGNED] if accepted else []
    if incident.state not in RANK:
        return []
    if any(worked_since(row, incident.reopened_at) for row in assignments):
        return [S.RESOLVED]
    if accepted:
        return [] if incident.state == S.ASSIGNED else [S.TRIAGED, S.ASSIGNED]
    if _all_done(incident, tasks):
        return [S.RESOLVED]
    return [S.TRIAGED]


def _all_done(incident: Incident, tasks: Sequence[_TaskRow]) -> bool:
    """Whether agencies alone have done the work: the plan needs no unit, nothing is open, something is done."""
    since = incident.reopened_at
    done = [task for task in tasks if task.done_at and (since is None or task.done_at > since)]
    return bool(done) and not any(task.state in TASK_OPEN for task in tasks) and not _needs_units(incident)


def help_of(incident: Incident) -> Help:
    """What an incident has of the units it needs, as its rows stand now."""
    return _help(incident, _sent(incident), _tasks(incident))


def _sent(incident: Incident) -> list[SentRow]:
    return sent_by_incident([incident.id]).get(incident.id, [])


def _tasks(incident: Incident) -> list[_TaskRow]:
    return [_TaskRow(*row) for row in sql.rows(_TASKS, [incident.id])]


def _help(incident: Incident, assignments: Sequence[SentRow], tasks: Sequence[_TaskRow]) -> Help:
    needs = required_needs(incident.plan_id)
    units = able_of(assignments)
    arrived = arrived_at(needs, assignments, units)
    if needs:
        missing = missing_units(needs, assignments, units, since=incident.reopened_at)
        return Help(sent=is_accepted(incident, missing), arrived_at=arrived, needs=needs)
    active = any(row.status in ACTIVE for row in assignments)
    return Help(active or any(task.state == TaskState.ACCEPTED for task in tasks), arrived, needs)


def _needs_units(incident: Incident) -> bool:
    return PlanNeed.objects.filter(plan=incident.plan_id).exists()
