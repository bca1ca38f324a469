"""Rule 11: an agency's task that nobody has answered (docs/rules/escalation.md#rule-11)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from alarms.actions import Watch, unwatch_many, watch_many
from alarms.conditions import Rule, Standing
from alarms.rules import EscalationRule
from directory.models import Contact
from dispatch.models import Incident, Task
from dispatch.queries.tasks import same_capability, telephones
from dispatch.states import NOT_OPEN, TaskState

RULE = EscalationRule.TASK_NOT_ACCEPTED


def subject_of(task: UUID) -> str:
    """How timers and facts name a task."""
    return f"task:{task}"


def watch_offers(incident: Incident, tasks: Iterable[Task], *, at: datetime) -> None:
    """Watch offered tasks of a locked incident until they are answered; base: offered.

    at: when the act happened. Called again after the priority has changed it re-arms from the same base.
    """
    watch_many(watches_of(incident, tasks, at=at), centre_id=incident.centre_id)


def watches_of(incident: Incident, tasks: Iterable[Task], *, at: datetime) -> list[Watch]:
    """What is to be watched of an incident's tasks: those that are offered."""
    return [
        Watch(RULE, subject_of(task.id), task.offered_at, incident.priority, at)
        for task in tasks
        if task.state == TaskState.OFFERED
    ]


def unwatch_tasks(tasks: Iterable[Task], *, actor: Actor, at: datetime) -> None:
    """End the watch: the tasks were accepted, refused or withdrawn."""
    unwatch_many([(RULE, subject_of(task.id)) for task in tasks], actor=actor, at=at)


def lock(subjects: Sequence[str]) -> set[str]:
    """Lock the tasks that nobody holds, each after its incident; returns their subjects."""
    ids = [UUID(subject.partition(":")[2]) for subject in subjects]
    incidents = Task.objects.filter(pk__in=ids).values_list("incident_id", flat=True)
    held = list(
        Incident.objects.filter(pk__in=list(incidents))
        .order_by("pk")
        .select_for_update(skip_locked=True, of=("self",), no_key=True)
        .values_list("pk", flat=True)
    )
    rows = (
        Task.objects.filter(pk__in=ids, incident__in=held)
        .order_by("pk")
        .select_for_update(skip_locked=True, no_key=True)
    )
    return {subject_of(row) for row in rows.values_list("pk", flat=True)}


def standing(subjects: Collection[str]) -> dict[str, Standing]:
    """Which of these tasks are still offered in an incident that is still open."""
    ids = [UUID(subject.partition(":")[2]) for subject in subjects]
    found = (
        Task.objects.filter(pk__in=ids, state=TaskState.OFFERED)
        .exclude(incident__state__in=NOT_OPEN)
        .select_related("incident__type", "agency")
    )
    others, contacts = same_capability(list(found)), telephones({task.agency_id for task in found})
    return {
        subject_of(task.id): Standing(
            centre=task.incident.centre_id,
            priority=task.incident.priority,
            subjects=(f"incident:{task.incident_id}", f"agency:{task.agency_id}"),
            agencies=(task.agency_id,),
            params={
                "task": str(task.id),
                "agency": task.agency.code,
                "incident": str(task.incident_id),
                "number": str(task.incident.number),
                "type": task.incident.type.group if task.incident.restricted else task.incident.type_id,
                "priority": task.incident.priority,
                "others": others[task.id],
                **_telephone(contacts.get(task.agency_id)),
            },
        )
        for task in found
    }


def _telephone(contact: Contact | None) -> dict[str, str]:
    """The line "telephone X": an agency that has not read its task is called."""
    return {"contact": contact.name, "telephone": contact.numbers[0]} if contact else {}


RULES: tuple[Rule, ...] = (Rule(RULE, lock=lock, standing=standing),)
