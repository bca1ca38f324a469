"""Reading tasks: their entries in an incident's form, whose they are to answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from accounts.actors import Actor
from accounts.models import Agency, Desk, User
from accounts.roles import Role
from core import sql
from directory.models import Contact
from dispatch.models import Incident, Task
from dispatch.queries.shapes import TaskEntry, TaskForm
from dispatch.states import TaskState
from plans.models import ALL


def task_entry(task: Task) -> TaskEntry:
    """A task as it travels in its incident's form; its agency is loaded."""
    return {"id": task.id, "agency": task.agency.code, "state": task.state, "at": task.at}


def task_form_of(task: Task) -> TaskForm:
    """A task as the calls on it answer: its entry, its incident and the stamp of each step."""
    return {
        **task_entry(task),
        "incident": {"id": task.incident_id, "number": str(task.incident.number)},
        "offered_at": task.offered_at,
        "accepted_at": task.accepted_at,
        "refused_at": task.refused_at,
        "done_at": task.done_at,
        "withdrawn_at": task.withdrawn_at,
        "by_plan": task.by_plan,
    }


def same_capability(tasks: Sequence[Task]) -> dict[UUID, list[str]]:
    """The codes of the agencies that can do what each task's agency can, have a desk on duty and no task there.

    Only these may be offered the task as well while its own agency does not answer; the first offer stays.
    """
    if not tasks:
        return {}
    others = list(agencies_on_duty(tasks[0].incident.centre_id))
    asked: Mapping[UUID, set[UUID]] = defaultdict(set)
    for incident, agency in (
        Task.objects.filter(incident__in={task.incident_id for task in tasks})
        .exclude(state=TaskState.WITHDRAWN)
        .values_list("incident_id", "agency_id")
    ):
        asked[incident].add(agency)
    return {
        task.id: [
            other.code
            for other in others
            if other.id not in asked[task.incident_id] and set(other.capabilities) & set(task.agency.capabilities)
        ]
        for task in tasks
    }


def telephones(agencies: Collection[UUID]) -> dict[UUID, Contact]:
    """Whom to telephone at each of these agencies: its own number before its duty officer's."""
    found = Contact.objects.filter(agency__in=agencies, active=True).exclude(numbers=[])
    kinds = (Contact.Kind.AGENCY, Contact.Kind.DUTY_OFFICER)
    ranked = sorted(found, key=lambda row: (kinds.index(row.kind) if row.kind in kinds else len(kinds), row.code))
    return {row.agency_id: row for row in reversed(ranked) if row.agency_id}


def visible_tasks(actor: Actor) -> QuerySet[Task]:
    """The tasks of the actor's centre; what may be done with one, its incident decides."""
    return Task.objects.filter(incident__centre_id=actor.centre).select_related("agency", "incident")


def agencies_on_duty(centre: UUID) -> QuerySet[Agency]:
    """The agencies with a desk on duty: an active desk, or an active person who keeps one."""
    desks = Desk.objects.filter(agency=OuterRef("pk"), active=True)
    people = User.objects.filter(agency=OuterRef("pk"), is_active=True, roles__contains=[Role.AGENCY_DESK])
    return Agency.objects.filter(Exists(desks) | Exists(people), centre_id=centre, active=True).order_by("code")


def planned_agencies(incident: Incident) -> list[Agency]:
    """The agencies that the incident's plan gives a task, in its order; ALL stands for those with a desk on duty."""
    if incident.plan is None:
        return []
    wanted = incident.plan.tasks
    clause = "WHERE t.centre_id = %s::uuid AND t.code = ANY(%s::text[]) AND t.active"
    known = {agency.code: agency for agency in sql.instances(Agency, clause, [incident.centre_id, list(wanted)])}
    found: dict[str, Agency] = {}
    for code in wanted:
        if code == ALL:
            found |= {
                agency.code: agency for agency in agencies_on_duty(incident.centre_id) if agency.code not in found
            }
        elif code in known:
            found.setdefault(code, known[code])
    return list(found.values())


def next_agency(incident: Incident) -> Agency | None:
    """Who is asked when an agency refuses: the plan's next, else the type's lead, then support, without a task there.

    The plan gives a task at once to all but those that stand in for the lead (B08: BPBD for DLH): these wait here.
    """
    asked = set(Task.objects.filter(incident=incident).values_list("agency__code", flat=True))
    planned = incident.plan.tasks if incident.plan else []
    for code in [*planned, *incident.type.lead, *incident.type.support]:
        if code in asked or code == ALL:
            continue
        agency = Agency.objects.filter(centre_id=incident.centre_id, code=code, active=True).first()
        if agency:
            return agency
    return None
