"""Offering an incident's tasks to agencies: the part that opening, replanning and refusals share."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import notifications
from accounts.actors import Actor
from accounts.models import Agency
from dispatch import events as facts
from dispatch.events import DispatchEvent
from dispatch.models import Incident, Task
from dispatch.states import TaskState
from dispatch.timers.tasks import unwatch_tasks, watch_offers
from notifications import Notice


def offer_tasks(
    incident: Incident,
    agencies: Sequence[Agency],
    *,
    actor: Actor,
    at: datetime,
    by_plan: bool,
    key: UUID | None = None,
) -> list[Task]:
    """Make a task for each of these agencies in a locked incident, watch it (rule 11), notify them, append the events.

    None of the agencies may have a task there that is offered, accepted or refused. at: when they were offered.
    key: the id that a client gave the one task it offers.
    """
    tasks = make_tasks(incident, agencies, actor=actor, at=at, by_plan=by_plan, key=key)
    if tasks:
        watch_offers(incident, tasks, at=at)
        notify_offered(incident, tasks, actor=actor, at=at)
    return tasks


def make_tasks(
    incident: Incident,
    agencies: Sequence[Agency],
    *,
    actor: Actor,
    at: datetime,
    by_plan: bool,
    key: UUID | None = None,
) -> list[Task]:
    """Write the rows of offered tasks, without timers and events: the part of `offer_tasks` in opening."""
    return Task.objects.bulk_create(
        Task(
            id=key or uuid.uuid4(),
            incident=incident,
            agency=agency,
            state=TaskState.OFFERED,
            at=at,
            offered_at=at,
            by_plan=by_plan,
            order=order,
            created_by=actor.ref,
        )
        for order, agency in enumerate(agencies)
    )


def notify_offered(
    incident: Incident,
    tasks: Sequence[Task],
    *,
    actor: Actor,
    at: datetime,
    parts: Iterable[str] | None = None,
) -> None:
    """Notify agencies of tasks that are offered now, and append an event for each."""
    notifications.queue_many(
        _notice(incident, task, "offered", at=task.offered_at, target=f"agency:{task.agency_id}") for task in tasks
    )
    named = facts.parts_of(incident.id) if parts is None else parts
    for task in tasks:
        data = {"by_plan": task.by_plan}
        state_task(DispatchEvent.TASK_OFFERED, incident, task, actor=actor, at=at, parts=named, data=data)


def withdraw_tasks(incident: Incident, tasks: Sequence[Task], *, actor: Actor, at: datetime, cause: str) -> None:
    """Withdraw locked open tasks of a locked incident, because of something else that is done to it, and notify them.

    cause: a code for the log and the message: "replanned", "cancelled", "merged".
    """
    if not tasks:
        return
    for task in tasks:
        task.state, task.at, task.withdrawn_at = TaskState.WITHDRAWN, at, at
    ids = [task.id for task in tasks]
    Task.objects.filter(pk__in=ids).update(state=TaskState.WITHDRAWN, at=at, withdrawn_at=at)
    unwatch_tasks(tasks, actor=actor, at=at)
    notify_withdrawn(incident, tasks)
    parts = facts.parts_of(incident.id)
    for task in tasks:
        state_task(DispatchEvent.TASK_WITHDRAWN, incident, task, actor=actor, at=at, parts=parts, data={"cause": cause})


def notify_withdrawn(incident: Incident, tasks: Sequence[Task]) -> None:
    """Notify agencies that they are needed no more."""
    notifications.queue_many(
        _notice(incident, task, "withdrawn", at=None, target=f"agency:{task.agency_id}") for task in tasks
    )


def notify_refused(incident: Incident, task: Task) -> None:
    """Notify the duty officer that an agency has refused (docs/rules/escalation.md#rule-11)."""
    notifications.queue_many([_notice(incident, task, "refused", at=task.at, target="role:duty_officer")])


def _notice(incident: Incident, task: Task, what: str, *, at: datetime | None, target: str) -> Notice:
    """A notice by e-mail. at: when it happened, of what may happen to a task again; it keeps them apart."""
    return Notice(
        cause=f"task:{task.id}:{what}" + (f":{int(at.timestamp())}" if at else ""),
        target=target,
        channel="email",
        kind=f"task.{what}",
        params=notice_params(incident, task),
        priority=incident.priority,
    )


def state_task(
    kind: DispatchEvent,
    incident: Incident,
    task: Task,
    *,
    actor: Actor,
    at: datetime,
    parts: Iterable[str] | None = None,
    data: Mapping[str, object] | None = None,
) -> None:
    """State a fact about a task: it names the task and its agency, which may lose its part with it."""
    facts.state(
        kind,
        incident,
        actor=actor,
        at=at,
        agencies=[task.agency_id],
        also=[f"task:{task.id}"],
        parts=parts,
        data={"task": task.id, "agency": task.agency_id, "agency_code": task.agency.code, **(data or {})},
    )


def notice_params(incident: Incident, task: Task) -> dict[str, object]:
    """What a message about a task may say: ids and codes."""
    return {
        "task": str(task.id),
        "agency": task.agency.code,
        "incident": str(incident.id),
        "number": str(incident.number),
        "type": incident.type.group if incident.restricted else incident.type_id,
        "priority": incident.priority,
    }


def take_task(incident: Incident, agency: Agency, *, actor: Actor, at: datetime) -> Task:
    """Make a task that the agency has accepted already: it opened the incident itself."""
    task = Task.objects.create(
        incident=incident,
        agency=agency,
        state=TaskState.ACCEPTED,
        at=at,
        offered_at=at,
        accepted_at=at,
        created_by=actor.ref,
    )
    state_task(DispatchEvent.TASK_ACCEPTED, incident, task, actor=actor, at=at)
    return task
