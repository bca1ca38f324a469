"""Agencies' tasks: offered, accepted, refused, done, withdrawn (docs/rules/incident-states.md#task-states)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from accounts.models import Agency
from accounts.queries import agency_by_code
from accounts.roles import Reach, Right
from core import clock, events
from core.errors import Conflict, Invalid, Refused, Unknown
from core.idempotency import create_once
from dispatch.domain.incident_status import follow
from dispatch.domain.note_lines import line_data, write_line
from dispatch.domain.offers import notify_offered, notify_refused, notify_withdrawn, offer_tasks, state_task
from dispatch.events import DispatchEvent
from dispatch.models import Incident, Task
from dispatch.queries.incidents import desk_agency, incident_for, locked_incidents, require_open, visible_incidents
from dispatch.queries.tasks import next_agency, task_entry
from dispatch.states import TASK_STEPS, TaskState
from dispatch.timers.tasks import unwatch_tasks, watch_offers
from units.models import Unit

__all__ = ["accept_task", "finish_task", "offer_task", "refuse_task", "withdraw_task"]

Step = Callable[[Incident, Task, datetime], None]


def offer_task(
    *,
    actor: Actor,
    incident: UUID,
    agency: str,
    id: UUID | None = None,  # noqa: A002 - the wire's word
    at: datetime | None = None,
) -> tuple[Task, bool]:
    """Offer an agency (code) a task in an open incident: (the task, whether it is new). A refused one is offered again.

    A dispatcher offers to any; an agency with an accepted task to a second one. at: when it was offered.
    Raises Unknown, Refused, Invalid (`agency_unknown`), Conflict (`task_exists` with it, `merged`,
    `incident_not_open`, `id_taken`).
    """
    with events.transaction():
        row = incident_for(actor, incident, lock=True, right=Right.TASK_OFFER)
        _require_may_offer(actor, row)
        stamp = clock.stamp_from_person(at)
        wanted = _agency(actor, agency)

        def make() -> Task:
            require_open(row)
            earlier = (
                Task.objects.filter(incident=row, agency=wanted)
                .exclude(state__in=[TaskState.DONE, TaskState.WITHDRAWN])
                .select_for_update(no_key=True)
                .first()
            )
            if earlier is None:
                [task] = offer_tasks(row, [wanted], actor=actor, at=stamp.at, by_plan=False, key=id)
            elif earlier.state == TaskState.REFUSED:
                task = _offer_again(row, earlier, wanted, actor=actor, at=stamp.at)
            else:
                earlier.agency = wanted
                raise Conflict("task_exists", agency=wanted.code, task=task_entry(earlier))
            follow(row, actor=actor, at=stamp.at)
            return task

        return create_once(Task, id, actor, make)


def accept_task(*, actor: Actor, task: UUID, reason: str | None = None, at: datetime | None = None) -> Task:
    """Accept an offered task. On an agency's behalf a person gives a reason; accepted twice returns quietly.

    Raises Unknown, Refused, Invalid (`reason_required`), Conflict (`step_not_allowed`, `merged`, `incident_not_open`).
    """
    return _answer(actor, task, TaskState.ACCEPTED, reason=reason, at=at)


def accept_by_unit(incident: Incident, unit: Unit, *, actor: Actor, at: datetime) -> Task | None:
    """Accept the offered task of a unit's agency in a locked incident: its unit has acknowledged."""
    found = Task.objects.filter(incident=incident, agency=unit.agency_id, state=TaskState.OFFERED)
    task = found.select_related("agency").select_for_update(of=("self",), no_key=True).first()
    if task is None:
        return None
    moment = max(at, task.at)
    task.state, task.at, task.accepted_at = TaskState.ACCEPTED, moment, moment
    task.save(update_fields=["state", "at", "accepted_at"])
    unwatch_tasks([task], actor=actor, at=moment)
    data = {"from": TaskState.OFFERED, "callsign": unit.callsign}
    state_task(DispatchEvent.TASK_ACCEPTED, incident, task, actor=actor, at=moment, data=data)
    return task


def accept_by_sending(incident: Incident, task: Task, *, actor: Actor, at: datetime) -> None:
    """Accept a locked offered task of a locked incident because its agency's desk sends a unit there."""
    _step(actor, incident, task, TaskState.ACCEPTED, reason=None, at=at)


def refuse_task(*, actor: Actor, task: UUID, reason: str, at: datetime | None = None) -> Task:
    """Refuse an offered task, with a reason: the next agency is offered one at once, the duty officer is notified.

    Raises Unknown, Refused, Conflict (`step_not_allowed`, `merged`, `incident_not_open`).
    """
    return _answer(actor, task, TaskState.REFUSED, reason=reason, at=at)


def finish_task(*, actor: Actor, task: UUID, reason: str | None = None, at: datetime | None = None) -> Task:
    """Report an accepted task done. On an agency's behalf a person gives a reason; done twice returns quietly.

    Raises Unknown, Refused, Invalid (`reason_required`), Conflict (`step_not_allowed`, `merged`, `incident_not_open`).
    """
    return _answer(actor, task, TaskState.DONE, reason=reason, at=at)


def withdraw_task(
    *,
    actor: Actor,
    task: UUID,
    expected: str | None = None,
    reason: str | None = None,
    at: datetime | None = None,
) -> Task:
    """Withdraw an offered or accepted task: whoever may offer it; an agency only what it has offered itself.

    expected: the state that it must still be in: the undo of an offer takes nothing from an agency that has accepted.
    Raises Unknown, Refused, Conflict (`step_not_allowed`, `moved_on`, `merged`, `incident_not_open`).
    """
    with events.transaction():
        incident, row = _locked(actor, task, Right.TASK_ANSWER if _answers_by_key(actor) else Right.TASK_OFFER)
        own = actor.reach(Right.TASK_OFFER) is Reach.OWN and row.created_by == actor.ref and not row.by_plan
        if not (own or actor.reach(Right.TASK_OFFER) is Reach.ANY or _answers_by_key(actor)):
            raise Refused("not_your_task")
        if expected and row.state not in {expected, TaskState.WITHDRAWN}:
            raise Conflict("moved_on", state=row.state)
        return _step(actor, incident, row, TaskState.WITHDRAWN, reason=reason, at=at)


def _answer(actor: Actor, task: UUID, state: TaskState, *, reason: str | None, at: datetime | None) -> Task:
    with events.transaction():
        incident, row = _locked(actor, task, Right.TASK_ANSWER)
        if row.agency_id != desk_agency(actor):
            if actor.reach(Right.TASK_ANSWER) is not Reach.ANY:
                raise Refused("not_your_task")
            if actor.is_person and not reason:  # on behalf of the agency
                raise Invalid.field("reason", "reason_required")
        return _step(actor, incident, row, state, reason=reason, at=at)


def _step(
    actor: Actor,
    incident: Incident,
    task: Task,
    state: TaskState,
    *,
    reason: str | None,
    at: datetime | None,
) -> Task:
    stamp = clock.stamp_from_person(at)
    if task.state == state:
        return task
    require_open(incident)
    TASK_STEPS.check(task.state, state)
    stamp = dataclasses.replace(stamp, at=clock.not_before(stamp.at, task.at))
    before = task.state
    task.state, task.at = state, stamp.at
    setattr(task, f"{state}_at", stamp.at)
    task.save(update_fields=["state", "at", f"{state}_at"])
    note = write_line(incident, reason, actor=actor, at=stamp.at) if reason else None
    if before == TaskState.OFFERED:
        unwatch_tasks([task], actor=actor, at=stamp.at)
    if state == TaskState.WITHDRAWN:
        notify_withdrawn(incident, [task])
    data = {"from": before, **(line_data(note) if note else {})}
    state_task(DispatchEvent.named(f"task.{state}"), incident, task, actor=actor, at=stamp.at, data=data)
    if state == TaskState.REFUSED:
        _pass_on(incident, task, actor=actor, at=stamp.at)
    follow(incident, actor=actor, at=stamp.at)
    return task


def _pass_on(incident: Incident, task: Task, *, actor: Actor, at: datetime) -> None:
    """Offer what was refused to the next agency at once, and tell the duty officer."""
    notify_refused(incident, task)
    following = next_agency(incident)
    if following:
        offer_tasks(incident, [following], actor=actor, at=at, by_plan=True)


def _offer_again(incident: Incident, task: Task, agency: Agency, *, actor: Actor, at: datetime) -> Task:
    task.agency = agency
    task.state, task.at, task.offered_at = TaskState.OFFERED, at, at
    task.save(update_fields=["state", "at", "offered_at"])
    watch_offers(incident, [task], at=at)
    notify_offered(incident, [task], actor=actor, at=at)
    return task


def _locked(actor: Actor, task: UUID, right: Right) -> tuple[Incident, Task]:
    """A task with its incident, locked in that order, if the actor may see it. A merge may have moved it meanwhile."""
    if actor.is_key:
        actor.require(right)
    for _ in range(3):
        seen = Task.objects.filter(pk=task, incident__centre_id=actor.centre).first()
        if seen is None or not _may_see(actor, seen):
            break
        incident = locked_incidents([seen.incident_id])[seen.incident_id]
        row = (
            Task.objects.select_related("agency", "incident").select_for_update(of=("self",), no_key=True).get(pk=task)
        )
        if row.incident_id == incident.id:
            actor.require(right)
            row.incident = incident
            return incident, row
    raise Unknown


def _may_see(actor: Actor, task: Task) -> bool:
    """Whether the actor sees a task: its agency always, whoever sees its incident, a key that answers for all."""
    if _answers_by_key(actor) or task.agency_id == desk_agency(actor):
        return True
    return visible_incidents(actor).filter(pk=task.incident_id).exists()


def _answers_by_key(actor: Actor) -> bool:
    return actor.is_key and actor.reach(Right.TASK_ANSWER) is Reach.ANY


def _require_may_offer(actor: Actor, incident: Incident) -> None:
    """A second agency may be asked by one that has accepted its own part (docs/rules/roles.md#rights)."""
    if actor.reach(Right.TASK_OFFER) is Reach.ANY:
        return
    own = Task.objects.filter(incident=incident, agency=desk_agency(actor), state=TaskState.ACCEPTED)
    if not own.exists():
        raise Refused("own_task_not_accepted")


def _agency(actor: Actor, code: str) -> Agency:
    try:
        found = agency_by_code(code, actor.centre)
    except Unknown:
        raise Invalid.field("agency", "agency_unknown") from None
    if not found.active:
        raise Invalid.field("agency", "agency_unknown")
    return found
