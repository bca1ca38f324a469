"""Two reports of one thing: merging incidents, taking that back, and splitting one that was two."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.actors import Actor
from accounts.models import Agency
from accounts.roles import Right
from core import clock, events
from core.errors import Busy, Conflict, Invalid
from dispatch import events as facts
from dispatch.actions.calls import forget_ring
from dispatch.domain.assignment_end import end, state_ended
from dispatch.domain.caller_safety import lock_callers, make_callers_unsafe
from dispatch.domain.incident_status import NO_HELP, enter, follow, settle, take_up
from dispatch.domain.note_lines import line_data, write_line
from dispatch.domain.offers import offer_tasks, state_task, take_task, withdraw_tasks
from dispatch.events import DispatchEvent
from dispatch.models import Assignment, Incident, IncidentCall, Merge, PeopleAtRisk, Person, Task, Vehicle, Vessel
from dispatch.queries.incidents import incident_for, locked_incidents, require_not_merged, require_open
from dispatch.states import PRESENT, STEPS, AssignmentStatus, TaskState
from dispatch.states import IncidentState as S
from dispatch.timers import arrivals
from dispatch.timers.assignments import rearm
from dispatch.timers.tasks import unwatch_tasks, watch_offers
from units.models import Unit

__all__ = ["merge_incident"]

# What goes with a merge, by the name it is remembered under.
MOVED: dict[str, Any] = {
    "calls": IncidentCall,
    "tasks": Task,
    "assignments": Assignment,
    "people_at_risk": PeopleAtRisk,
    "persons": Person,
    "vehicles": Vehicle,
    "vessels": Vessel,
}
_LIVE = (TaskState.REFUSED, TaskState.OFFERED, TaskState.ACCEPTED)  # weakest first


def merge_incident(
    *,
    actor: Actor,
    incident: UUID,
    into: UUID,
    reason: str | None = None,
    at: datetime | None = None,
) -> Incident:
    """Merge an incident into another open one: calls, tasks, units, people and things move there.

    Its notes stay where they are and are read in both. Where both have a task for one agency, the target's stays
    and takes the further state, the other is withdrawn; a unit stacked on both stays stacked once. Reopening takes
    all of it back. Merged into the same again returns quietly.
    Raises Unknown, Refused, Invalid (`same_incident`), Conflict (`merged`, `incident_not_open`, `step_not_allowed`).
    """
    with events.transaction():
        if incident == into:
            raise Invalid.field("into", "same_incident")
        for each in (incident, into):
            incident_for(actor, each, right=Right.INCIDENT_STATE)
        callers = lock_callers([incident, into])
        held = locked_incidents([incident, into])
        source, target = held[incident], held[into]
        stamp = clock.stamp_from_person(at)
        if source.state == S.MERGED and source.merged_into_id == target.id:
            return source
        require_not_merged(source)
        require_open(target)
        STEPS.check(source.state, S.MERGED)
        if source.restricted and not target.restricted:
            raise Conflict("restricted_into_open", into=target.id)
        parts = facts.parts_of(source.id, target.id)
        note = write_line(source, reason, actor=actor, at=stamp.at) if reason else None
        before = {"state": source.state, "waiting": source.waiting_until is None}
        moved = _move(source, target, actor=actor, at=stamp.at) | {"before": before}
        rearm_parts(target, at=stamp.at)
        enter(source, S.MERGED, at=stamp.at)
        source.merged_into = target
        settle(source, help=NO_HELP, actor=actor, at=stamp.at)
        Merge.objects.create(source=source, into=target, moved=moved, made_at=stamp.at, made_by=actor.ref)
        take_up(target, actor=actor)
        if source.first_ring_at:
            target.first_ring_at = min(source.first_ring_at, target.first_ring_at or source.first_ring_at)
        facts.state(
            DispatchEvent.INCIDENT_MERGED,
            source,
            actor=actor,
            at=stamp.at,
            also=[*parts, f"incident:{target.id}", *named(moved)],
            data={
                "into": target.id,
                "number": target.number,
                "calls": moved["calls"],
                **(line_data(note) if note else {}),
            },
        )
        make_callers_unsafe(target, callers, actor=actor, at=stamp.at)
        follow(target, actor=actor, at=stamp.at)
        arrivals.rearm(target, at=stamp.at)  # its first call may have rung earlier
        return source


def rearm_parts(incident: Incident, *, at: datetime) -> None:
    """Let rules 5, 6 and 11 count with this incident's priority for what has just come to it: same base."""
    rearm(incident, at=at)
    watch_offers(incident, list(Task.objects.filter(incident=incident, state=TaskState.OFFERED)), at=at)


def undo_merge(source: Incident, held: Mapping[UUID, Incident], *, at: datetime) -> Merge:
    """Give a locked incident back what its merge took, as far as it is still where it went; returns the merge.

    It has its state of before the merge again, and its wait for help counts from where it did. One that an earlier
    version merged, without these, is reopened. held: the locked incidents: the source and the one in which everything
    is now, which the caller saves. `restore_tasks` does the rest.
    Raises Busy where it went on elsewhere between looking and locking.
    """
    merge = Merge.objects.filter(source=source, undone_at=None).first()
    here = [other for other in held if other != source.id]
    if merge is None or not here:
        raise Busy
    for name, model in MOVED.items():
        model.objects.filter(pk__in=merge.moved[name], incident__in=here).update(incident=source)
    for other in here:
        forget_ring(held[other], source.first_ring_at)
    before = merge.moved.get("before", {})
    if before:
        source.state, source.closed_at, source.merged_into = before["state"], None, None
    else:
        enter(source, S.REOPENED, at=at)
    if before.get("waiting"):
        source.waiting_until = None
    merge.undone_at = at
    merge.save(update_fields=["undone_at"])
    return merge


def merge_was_undone(incident: Incident) -> bool:
    """Whether an incident was merged once and has been taken apart again."""
    return Merge.objects.filter(source=incident, undone_at__isnull=False).exists()


def restore_tasks(source: Incident, merge: Merge, *, actor: Actor, at: datetime) -> None:
    """Make again, as far as they had got, the tasks that a merge withdrew from an incident."""
    live = set(Task.objects.filter(incident=source, state__in=_LIVE).values_list("agency_id", flat=True))
    wanted = {UUID(agency): state for agency, state in merge.moved["withdrawn"].items() if UUID(agency) not in live}
    agencies = Agency.objects.in_bulk(wanted)
    offered = [agencies[agency] for agency, state in wanted.items() if state == TaskState.OFFERED]
    offer_tasks(source, offered, actor=actor, at=at, by_plan=True)
    for agency, state in wanted.items():
        if state == TaskState.ACCEPTED:
            take_task(source, agencies[agency], actor=actor, at=at)


def named(moved: Mapping[str, Any]) -> list[str]:
    """The calls, tasks and assignments of a merge as subjects."""
    return [
        *(f"call:{key}" for key in moved["calls"]),
        *(f"task:{key}" for key in moved["tasks"]),
        *(f"assignment:{key}" for key in moved["assignments"]),
    ]


def _move(source: Incident, target: Incident, *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Move everything that can be moved; what clashes is brought to an end first. Returns the ids by kind."""
    tasks, withdrawn = _settle_tasks(source, target, actor=actor, at=at)
    _settle_stacked(source, target, actor=actor, at=at)
    moved: dict[str, Any] = {}
    for name, model in MOVED.items():
        rows = model.objects.filter(incident=source)
        if name == "tasks":
            rows = rows.filter(pk__in=[task.id for task in tasks])
        if name == "assignments":
            rows = rows.filter(status__in=PRESENT)
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        model.objects.filter(pk__in=keys).update(incident=target)
        moved[name] = [str(key) for key in keys]
    return moved | {"withdrawn": {str(task.agency_id): before for task, before in withdrawn}}


def _settle_tasks(
    source: Incident, target: Incident, *, actor: Actor, at: datetime
) -> tuple[list[Task], list[tuple[Task, str]]]:
    """Which tasks of the source move, and which were withdrawn because the target's stands for both."""
    rows = (
        Task.objects.filter(incident__in=[source.id, target.id], state__in=_LIVE)
        .select_related("agency")
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
    )
    target_tasks = {task.agency_id: task for task in rows if task.incident_id == target.id}
    moving, clashing = [], []
    for task in rows:
        if task.incident_id != source.id:
            continue
        other = target_tasks.get(task.agency_id)
        if other is None:
            moving.append(task)
            continue
        if _LIVE.index(TaskState(task.state)) > _LIVE.index(TaskState(other.state)):
            _bring_to(other, task, target, actor=actor, at=at)
        if task.state != TaskState.REFUSED:
            clashing.append((task, task.state))
    withdraw_tasks(source, [task for task, _ in clashing], actor=actor, at=at, cause="merged")
    return moving, clashing


def _bring_to(other: Task, task: Task, target: Incident, *, actor: Actor, at: datetime) -> None:
    """Bring the target's task to where the agency had got in the source's."""
    other.state, other.at = task.state, at
    if task.state == TaskState.ACCEPTED:
        other.accepted_at = task.accepted_at
    else:
        other.offered_at = at
    other.save(update_fields=["state", "at", "accepted_at", "offered_at"])
    unwatch_tasks([other], actor=actor, at=at)
    watch_offers(target, [other], at=at)
    state_task(DispatchEvent.named(f"task.{task.state}"), target, other, actor=actor, at=at, data={"cause": "merged"})


def _settle_stacked(source: Incident, target: Incident, *, actor: Actor, at: datetime) -> None:
    """A unit that has a part in both keeps one: the active one, else the target's."""
    rows = list(
        Assignment.objects.filter(incident__in=[source.id, target.id], status__in=PRESENT)
        .order_by("pk")
        .select_for_update(no_key=True)
    )
    units = {
        unit.id: unit
        for unit in Unit.objects.filter(pk__in={row.unit_id for row in rows})
        .order_by("pk")
        .select_for_update(no_key=True)
    }
    by_unit: dict[UUID, list[Assignment]] = {}
    for row in rows:
        by_unit.setdefault(row.unit_id, []).append(row)
    for unit, both in by_unit.items():
        keep = min(both, key=lambda row: (row.status == AssignmentStatus.STACKED, row.incident_id != target.id))
        for row in both:
            if row is not keep:
                before = end(row, AssignmentStatus.CANCELLED, actor=actor, at=max(at, row.at))
                incident = source if row.incident_id == source.id else target
                state_ended(row, before, units[unit], incident, actor=actor, at=at, more={"cause": "merged"})
