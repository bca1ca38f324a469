"""The needs of a response plan, and how many of them a set of units meets."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from typing_extensions import TypedDict

from core import sql
from plans.models import PlanNeed


@dataclass(frozen=True, slots=True)
class NeedRow:
    """What a statement read of a need of a plan."""

    id: str
    agency: str | None
    capability: str
    count: int


Need = PlanNeed | NeedRow
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


_REQUIRED = """
SELECT id::text, agency, capability, count FROM plans_planneed
 WHERE plan_id = %s::uuid AND required ORDER BY "order", id
"""


def required_needs(plan: UUID | None) -> list[NeedRow]:
    """The needs of a plan that must be met, in its order."""
    return [NeedRow(*row) for row in sql.rows(_REQUIRED, [plan])] if plan else []


class MissingUnits(TypedDict):
    """Units that the plan requires, that nobody was sent for and that nobody accepted as missing."""

    capability: str
    count: int


def not_accepted(shortfall: Mapping[str, int], missing: Iterable[Missing]) -> list[MissingUnits]:
    """Missing units as an incident's board item names them: those beyond what a dispatcher accepted."""
    left = [(each.need.capability, each.count - shortfall.get(str(each.need.id), 0)) for each in missing]
    return [{"capability": capability, "count": count} for capability, count in left if count > 0]


def missing_entries(missing: Iterable[Missing]) -> list[dict[str, object]]:
    """Missing units as alarms and events name them."""
    return [{"capability": each.need.capability, "agency": each.need.agency, "count": each.count} for each in missing]
