"""Which units to send: what the plan needs and hasn't got, met by those that are there first.

See docs/rules/agencies-and-plans.md#recommendation.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from uuid import UUID

from django.utils import translation

from accounts.actors import Actor
from core import clock
from places.geodesy import Point
from places.travel import Travel, figures
from plans.models import PlanNeed
from plans.queries.candidates import Candidate, Fleet, quickest
from plans.queries.explanations import for_passing, for_pick, for_shortfall
from plans.queries.needs import Able, meets, units_met
from plans.queries.shapes import NeedShortfall, PassedOver, Pick, Recommendation, RecommendedNeed
from units.queries import capability_names

MOST_PASSED_OVER = 10
# Of each capability; where these don't decide it, those within what they leave possible are looked at too.
NEAREST = 50
MOST_LOOKS = 3

_Choice = tuple[Candidate, Travel | None]


@dataclass(slots=True)
class _Need:
    """A line of the plan so many times over, with how many units are on it already and how many are left to find."""

    line: PlanNeed
    assigned: int
    times: int

    @property
    def count(self) -> int:
        return int(self.line.count) * self.times

    @property
    def missing(self) -> int:
        return max(0, self.count - self.assigned)

    def meets(self, capabilities: Collection[str], agency: str) -> bool:
        """Whether a unit of an agency that can do these meets it."""
        return meets(self.line, (capabilities, agency))


@dataclass(frozen=True, slots=True)
class Present:
    """The units of an incident: those on their way or there with what they can do, and those stacked for it."""

    assigned: Mapping[UUID, Able]
    stacked: Collection[UUID]


def recommend(
    actor: Actor,
    *,
    plan: UUID | None,
    to: Point | None,
    present: Present,
    numbers_of: Callable[[Sequence[UUID]], Mapping[UUID, str]],
    alarm: int = 1,
) -> Recommendation:
    """The recommendation for an incident with this plan at this point, as it is sent.

    numbers_of: the number of the incident that each of these units is on. alarm: how many times the plan's needs are
    wanted in all; 2 is the second alarm.
    Needs in the plan's order, the required first; a unit meets one need, of the agency that the plan names or of any.
    Candidates are the active units that the actor sees; those present count as sent. Passed over are units that are as
    near as the picks and can't go, at most 10.
    """
    lines = sorted(PlanNeed.objects.filter(plan=plan), key=lambda need: (not need.required, need.order))
    assigned, stacked = present.assigned, present.stacked
    needs = _needs(lines, assigned, times=alarm)
    capabilities = {need.line.capability for need in needs if need.missing}
    fleet = Fleet(actor, to, clock.now())
    for capability in sorted(capabilities):
        fleet.look_for(capability, NEAREST)
    looks = 0
    while True:
        pool = [unit for unit in fleet.units() if unit.id not in assigned]
        chosen = [(need, _choose(need, pool, to)) for need in needs]
        wider = _doubts(chosen, fleet)
        if not wider:
            break
        looks += 1
        for capability, metres in sorted(wider.items()):
            fleet.look_out(capability, metres if looks < MOST_LOOKS else inf)
    with translation.override(actor.language):
        return {
            "needs": [_need_form(need) for need in needs],
            "picks": [_pick(need, *one, stacked=one[0].id in stacked) for need, choice in chosen for one in choice],
            "passed_over": _passed_over(needs, pool, to, numbers_of),
            "shortfall": _shortfall(chosen, pool, to, actor.language),
        }


def _needs(lines: Sequence[PlanNeed], assigned: Mapping[UUID, Able], *, times: int) -> list[_Need]:
    met = units_met(lines, list(assigned.values()), times=times)
    return [_Need(line, count, times) for line, count in zip(lines, met, strict=True)]


def _choose(need: _Need, pool: Sequence[Candidate], to: Point | None) -> list[_Choice]:
    if not need.missing:
        return []
    able = (unit for unit in pool if unit.free and not unit.picked and need.meets(unit.capabilities, unit.agency))
    choice = quickest(able, to, need.missing)
    for unit, _ in choice:
        unit.picked = True
    return choice


def _doubts(chosen: Sequence[tuple[_Need, Sequence[_Choice]]], fleet: Fleet) -> dict[str, float]:
    """Capabilities of which a unit that wasn't looked at could be there sooner, and within how many metres."""
    found: dict[str, float] = {}
    for need, choice in chosen:
        capability = need.line.capability
        if not need.missing or fleet.horizon(capability) == inf:
            continue
        last = choice[-1][1] if len(choice) == need.missing else None
        bound = inf if last is None or last.seconds is None else (last.seconds + 1) * figures().fastest
        if bound > fleet.horizon(capability):
            found[capability] = max(bound, found.get(capability, 0.0))
    return found


def _pick(need: _Need, unit: Candidate, travel: Travel | None, *, stacked: bool) -> Pick:
    return {
        "unit": unit.id,
        "callsign": unit.callsign,
        "need": need.line.id,
        "travel_seconds": travel.seconds if travel else None,
        "method": travel.method.value if travel else None,
        "reasons": for_pick(unit, travel, stacked=stacked),
    }


def _need_form(need: _Need) -> RecommendedNeed:
    line = need.line
    return {
        "id": line.id,
        "agency": line.agency,
        "capability": line.capability,
        "count": need.count,
        "required": line.required,
        "assigned": need.assigned,
    }


def _passed_over(
    needs: Sequence[_Need],
    pool: Sequence[Candidate],
    to: Point | None,
    numbers_of: Callable[[Sequence[UUID]], Mapping[UUID, str]],
) -> list[PassedOver]:
    """Units that are nearer than the farthest pick of a need, or any where a need stays open, and can't go."""
    found: list[tuple[Candidate, Travel | None]] = []
    for need in needs:
        able = [unit for unit in pool if need.meets(unit.capabilities, unit.agency)]
        picked = [unit.straight for unit in able if unit.picked]
        bound = max(picked, default=0.0) if len(picked) >= need.missing else float("inf")
        for unit in able:
            if unit.straight > bound or len(found) >= MOST_PASSED_OVER:
                break
            if need.missing and not unit.picked and all(unit is not seen for seen, _ in found):
                travel = unit.travel(to)
                if not unit.free or (travel is not None and travel.hindrance):
                    found.append((unit, travel))
    numbers = numbers_of([unit.id for unit, _ in found])
    return [
        {
            "unit": unit.id,
            "callsign": unit.callsign,
            "reasons": for_passing(unit, travel, incident=numbers.get(unit.id)),
        }
        for unit, travel in found
    ]


def _shortfall(
    chosen: Sequence[tuple[_Need, Sequence[_Choice]]], pool: Sequence[Candidate], to: Point | None, language: str
) -> list[NeedShortfall]:
    open_needs = [(need, choice) for need, choice in chosen if need.missing > len(choice)]
    if not open_needs:
        return []
    names = capability_names(language)
    shortfall: list[NeedShortfall] = []
    for need, choice in open_needs:
        mine = {unit.id for unit, _ in choice}
        able = [unit for unit in pool if need.meets(unit.capabilities, unit.agency) and unit.id not in mine]
        name = names.get(need.line.capability, need.line.capability)
        reasons = for_shortfall(name, able, [unit.travel(to) if unit.free else None for unit in able])
        shortfall.append({"need": need.line.id, "missing": need.missing - len(choice), "reasons": reasons})
    return shortfall
