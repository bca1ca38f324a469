"""Which needs of an incident's plan have a unit (rules 2 to 4), and which unit on scene was the first needed one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import sql
from dispatch.models import Assignment, Incident
from dispatch.states import ACTIVE, AssignmentStatus
from plans.models import PlanNeed
from plans.queries.needs import Able, Missing, Need, meets, units_met


@dataclass(frozen=True, slots=True)
class SentRow:
    """What a statement read of a unit's assignment."""

    unit_id: UUID
    status: str
    at: datetime
    on_scene_at: datetime | None
    transporting_at: datetime | None
    at_destination_at: datetime | None
    dispatched_at: datetime | None = None
    agency_id: UUID | None = None
    capabilities: Collection[str] = ()
    agency: str = ""


_SENT = """
SELECT s.incident_id, s.unit_id, s.status, s.at, s.on_scene_at, s.transporting_at, s.at_destination_at, s.dispatched_at,
       u.agency_id, u.capabilities, a.code
  FROM dispatch_assignment s JOIN units_unit u ON u.id = s.unit_id JOIN accounts_agency a ON a.id = u.agency_id
 WHERE s.incident_id = ANY(%s::uuid[]) ORDER BY s.id
"""
Sent = Assignment | SentRow


def sent_by_incident(incidents: Iterable[UUID]) -> dict[UUID, list[SentRow]]:
    """The units that were ever sent to these incidents; an incident without any is left out."""
    found: dict[UUID, list[SentRow]] = defaultdict(list)
    for incident, *row in sql.rows(_SENT, [list(incidents)]):
        found[incident].append(SentRow(*row))
    return dict(found)


def able_of(sent: Iterable[SentRow]) -> dict[UUID, Able]:
    """The capabilities and the agency of each of these units."""
    return {row.unit_id: (row.capabilities, row.agency) for row in sent}


def counts(assignment: Sent, *, since: datetime | None) -> bool:
    """Whether a unit counts for a need: it is on its way or there, or has done its work there.

    since: when the incident was reopened; work before that does not count.
    """
    if assignment.status in ACTIVE:
        return True
    return assignment.status == AssignmentStatus.CLEARED and worked_since(assignment, since)


def worked_since(assignment: Sent, since: datetime | None) -> bool:
    """Whether a unit was on scene in this life of the incident: before a reopening does not count."""
    on_scene = assignment.on_scene_at or assignment.transporting_at or assignment.at_destination_at
    return on_scene is not None and (since is None or assignment.at > since)


def missing_units(
    needs: Sequence[Need],
    assignments: Iterable[Sent],
    units: Mapping[UUID, Able],
    *,
    since: datetime | None,
) -> list[Missing]:
    """The required needs without enough units, with how many are missing."""
    there = {row.unit_id for row in assignments if counts(row, since=since)}
    met = units_met(needs, [units[unit] for unit in sorted(there) if unit in units])
    return [Missing(need, need.count - got) for need, got in zip(needs, met, strict=True) if got < need.count]


def is_accepted(incident: Incident, missing: Iterable[Missing]) -> bool:
    """Whether a named dispatcher accepted that these units are missing."""
    return all(each.count <= incident.shortfall.get(str(each.need.id), 0) for each in missing)


def missing_by_incident(incidents: Sequence[Incident]) -> dict[UUID, list[Missing]]:
    """The missing units of many incidents, in two statements; [] of a plan that requires none."""
    needs: Mapping[UUID, list[PlanNeed]] = defaultdict(list)
    plans = {incident.plan_id for incident in incidents if incident.plan_id}
    for need in PlanNeed.objects.filter(plan__in=plans, required=True).order_by("order", "id"):
        needs[need.plan_id].append(need)
    rows = sent_by_incident(incident.id for incident in incidents)
    return {
        incident.id: missing_units(
            needs.get(incident.plan_id, []) if incident.plan_id else [],
            rows.get(incident.id, []),
            able_of(rows.get(incident.id, [])),
            since=incident.reopened_at,
        )
        for incident in incidents
    }


def arrived_at(needs: Sequence[Need], assignments: Iterable[Sent], units: Mapping[UUID, Able]) -> datetime | None:
    """When the first unit was on scene that meets a required need; any unit, where the plan requires none."""
    return min(
        (
            row.on_scene_at
            for row in assignments
            if row.on_scene_at
            and (not needs or (row.unit_id in units and any(meets(need, units[row.unit_id]) for need in needs)))
        ),
        default=None,
    )
