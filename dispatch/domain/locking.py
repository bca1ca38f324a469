"""Taking hold of a unit and of what it is on, in the order of locks: incidents, assignments, unit."""

from __future__ import annotations

import contextlib
from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction as django_transaction
from django.db.models import QuerySet

from core import sql
from core.errors import Busy
from dispatch.models import Assignment, Incident, Task
from dispatch.queries.incidents import locked_incidents
from dispatch.states import ACTIVE, AssignmentStatus, TaskState
from units.models import Unit

TRIES = 5
_SEEN = f"""
SELECT id, incident_id FROM dispatch_assignment
 WHERE (unit_id = %s::uuid AND status IN {sql.among(ACTIVE)}) OR id = ANY(%s::uuid[])
"""  # noqa: S608 - states of the table
_LOCK_ASSIGNMENTS = "WHERE t.id = ANY(%s::uuid[]) ORDER BY t.id FOR NO KEY UPDATE"
_LOCK_UNIT = "WHERE t.id = %s::uuid FOR NO KEY UPDATE OF t"
_PRESENT = f"""
WHERE t.unit_id = %s::uuid AND t.status IN {sql.among({*ACTIVE, AssignmentStatus.STACKED})}
ORDER BY t.made_at, t.id
"""


@dataclass(slots=True)
class Held:
    """A locked unit with its active assignment and those it is stacked for, and the locked incidents by id.

    offered: the locked tasks that one agency is offered in the wanted incidents.
    """

    unit: Unit
    active: Assignment | None = None
    stacked: list[Assignment] = field(default_factory=list)
    others: list[Assignment] = field(default_factory=list)
    incidents: dict[UUID, Incident] = field(default_factory=dict)
    offered: list[Task] = field(default_factory=list)

    @property
    def incident(self) -> Incident | None:
        """The incident that the unit is on."""
        return self.incidents[self.active.incident_id] if self.active else None


class _Moved(Exception):
    """Between looking and locking, the unit went to another incident."""


def hold(
    unit: UUID,
    *,
    incidents: Collection[UUID] = (),
    assignments: Collection[UUID] = (),
    offered_to: UUID | None = None,
) -> Held:
    """Lock a unit with the incident it is on, and further incidents and assignments. Inside `transaction()` only.

    offered_to: an agency whose offered tasks in `incidents` are locked too.
    An incident has to be locked before the unit that is on it, and only the locked unit shows which that is: so look,
    lock, look again; if it went elsewhere meanwhile, let go (a savepoint's end does) and begin anew.
    Raises Busy where that goes on.
    """
    for _ in range(TRIES):
        with contextlib.suppress(_Moved), django_transaction.atomic():
            return _hold(unit, incidents, assignments, offered_to)
    raise Busy


def _hold(unit: UUID, incidents: Collection[UUID], assignments: Collection[UUID], offered_to: UUID | None) -> Held:
    seen = dict(sql.rows(_SEEN, [unit, list(assignments)]))
    held_incidents = locked_incidents({*incidents, *seen.values()})
    offered = list(_offered(incidents, offered_to)) if offered_to else []
    wanted_ids = {*assignments, *seen}
    locked = sql.instances(Assignment, _LOCK_ASSIGNMENTS, [list(wanted_ids)]) if wanted_ids else []
    [row] = sql.instances(Unit, _LOCK_UNIT, [unit], related=("agency", "station"))
    # Whoever sends, frees or stacks a unit holds it: from here on this stands.
    present = {each.id: each for each in sql.instances(Assignment, _PRESENT, [unit])}
    active = [each for each in present.values() if each.status in ACTIVE]
    # A merge moves assignments between incidents, and holds both while it does.
    if any(each.incident_id != seen.get(each.id) for each in (*active, *locked)):
        raise _Moved
    return Held(
        unit=row,
        active=active[0] if active else None,
        stacked=[each for each in present.values() if each.status == AssignmentStatus.STACKED],
        others=[each for each in locked if each.unit_id == unit and each.status not in ACTIVE],
        incidents=held_incidents,
        offered=offered,
    )


def _offered(incidents: Collection[UUID], agency: UUID) -> QuerySet[Task]:
    rows = Task.objects.filter(incident__in=incidents, agency=agency, state=TaskState.OFFERED).order_by("id")
    return rows.select_related("agency").select_for_update(of=("self",), no_key=True)
