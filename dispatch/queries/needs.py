"""Which needs of a response plan have a unit (rules 2 to 4), and which unit on scene is the first that was needed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dispatch.models import Assignment, Incident, PlanNeed
from dispatch.states import ACTIVE, AssignmentStatus
from units.models import Unit


@dataclass(frozen=True, slots=True)
class NeedRow:
    """What a statement read of a need of a plan."""

    id: str
    agency: str | None
    capability: str
    count: int


@dataclass(frozen=True, slots=True)
class SentRow:
    """What a statement read of a unit's assignment."""

    unit_id: UUID
    status: str
    at: datetime
    on_scene_at: datetime | None
    transporting_at: datetime | None
    at_destination_at: datetime | None


Need = PlanNeed | NeedRow
Sent = Assignment | SentRow
Able = tuple[Collection[str], str]  # a unit's capabilities and its agency's code


@dataclass(frozen=True, slots=True)
class Missing:
    """A required need with how many of its units are missing."""

    need: Need
    count: int


def meets(need: Need, unit: Able) -> bool:
    """Whether a unit can meet a need."""
    capabilities, agency = unit
    return need.capability in capabilities and need.agency in {None, agency}


def units_met(needs: Sequence[Need], units: Sequence[Able], *, times: int = 1) -> list[int]:
    """How many units meet each need, in the order of the needs, where each unit meets one.

    As many needs are met as the units can meet; where not all can be, the earlier ones are. times: the alarm.
    """
    places = [index for index, need in enumerate(needs) for _ in range(need.count * times)]
    taken: dict[int, int] = {}  # unit -> place

    def fill(place: int, tried: set[int]) -> bool:
        for unit, able in enumerate(units):
            if unit in tried or not meets(needs[places[place]], able):
                continue
            tried.add(unit)
            if unit not in taken or fill(taken[unit], tried):
                taken[unit] = place
                return True
        return False

    for place in range(len(places)):
        fill(place, set())
    met = [0] * len(needs)
    for place in taken.values():
        met[places[place]] += 1
    return met


def required_needs(plan: UUID | None) -> list[PlanNeed]:
    """The needs of a plan that must be met, in its order."""
    return list(PlanNeed.objects.filter(plan=plan, required=True).order_by("order", "id")) if plan else []


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


def able_units(units: Iterable[UUID]) -> dict[UUID, Able]:
    """The capabilities and the agency of each of these units."""
    rows = Unit.objects.filter(id__in=list(units)).values_list("id", "capabilities", "agency__code")
    return {unit: (capabilities, agency) for unit, capabilities, agency in rows}


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


def not_accepted(shortfall: Mapping[str, int], missing: Iterable[Missing]) -> list[dict[str, object]]:
    """Missing units as an incident's board item names them: those beyond what a dispatcher accepted."""
    left = [(each.need.capability, each.count - shortfall.get(str(each.need.id), 0)) for each in missing]
    return [{"capability": capability, "count": count} for capability, count in left if count > 0]


def is_accepted(incident: Incident, missing: Iterable[Missing]) -> bool:
    """Whether a named dispatcher accepted that these units are missing."""
    return all(each.count <= incident.shortfall.get(str(each.need.id), 0) for each in missing)


def missing_entries(missing: Iterable[Missing]) -> list[dict[str, object]]:
    """Missing units as alarms and events name them."""
    return [{"capability": each.need.capability, "agency": each.need.agency, "count": each.count} for each in missing]


def missing_by_incident(incidents: Sequence[Incident]) -> dict[UUID, list[Missing]]:
    """The missing units of many incidents, in three statements; [] of a plan that requires none."""
    needs: Mapping[UUID, list[PlanNeed]] = defaultdict(list)
    plans = {incident.plan_id for incident in incidents if incident.plan_id}
    for need in PlanNeed.objects.filter(plan__in=plans, required=True).order_by("order", "id"):
        needs[need.plan_id].append(need)
    rows: Mapping[UUID, list[Assignment]] = defaultdict(list)
    for row in Assignment.objects.filter(incident__in=[incident.id for incident in incidents]).order_by("id"):
        rows[row.incident_id].append(row)
    units = able_units({row.unit_id for sent in rows.values() for row in sent}) if rows else {}
    return {
        incident.id: missing_units(
            needs.get(incident.plan_id, []) if incident.plan_id else [],
            rows.get(incident.id, []),
            units,
            since=incident.reopened_at,
        )
        for incident in incidents
    }


def arrived_at(
    needs: Sequence[PlanNeed], assignments: Iterable[Assignment], units: Mapping[UUID, Able]
) -> datetime | None:
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
