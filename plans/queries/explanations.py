"""Why a unit is recommended, why another is not: sentences in the asker's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from places.travel import Hindrance, Method, Travel
from plans.queries.candidates import Candidate
from units.states import UnitStatus


def for_pick(unit: Candidate, travel: Travel | None, *, stacked: bool) -> list[str]:
    """Why this unit, and what is uncertain about it."""
    reasons = [_way(travel, place_known=unit.place is not None)]
    if unit.known_by == "stale" and unit.age_seconds is not None:
        reasons.append(_("its position is %(minutes)s min old") % {"minutes": max(1, round(unit.age_seconds / 60))})
    if unit.known_by == "station":
        reasons.append(_("counted from its station: no fresh position"))
    if unit.status == UnitStatus.COND_AVAILABLE:
        reasons.append(_("available with limits"))
    if unit.status == UnitStatus.RETURNING:
        reasons.append(_("on its way back from another incident"))
    if stacked:
        reasons.append(_("already due for this incident"))
    return reasons


def for_passing(unit: Candidate, travel: Travel | None, *, incident: str | None) -> list[str]:
    """Why not this unit, though it could help. incident: the number of the one it is on."""
    reasons = []
    if unit.in_emergency:
        reasons.append(_("its crew is in an emergency"))
    elif not unit.free:
        reasons.append(_hindered_by_status(unit.status, incident))
    if travel is not None and travel.hindrance:
        reasons.append(_no_way(travel.hindrance))
    return reasons


def for_shortfall(capability: str, units: Sequence[Candidate], travels: Sequence[Travel | None]) -> list[str]:
    """Why a need stays open: what the units that could meet it are doing. capability: its name in words."""
    if not units:
        return [_("no unit has this: %(capability)s") % {"capability": capability}]
    counted: Counter[str] = Counter()
    for unit, travel in zip(units, travels, strict=True):
        if unit.picked:
            counted["picked"] += 1
        elif unit.in_emergency:
            counted["emergency"] += 1
        elif unit.status in {UnitStatus.OFF_DUTY, UnitStatus.OUT_OF_SERVICE}:
            counted[unit.status] += 1
        elif not unit.free:
            counted["assigned"] += 1
        elif travel is not None and travel.hindrance:
            counted[travel.hindrance] += 1
    return [_counted(kind, count) for kind, count in counted.items()]


def _way(travel: Travel | None, *, place_known: bool) -> str:
    if travel is None or travel.seconds is None:
        if place_known:
            return _("travel time unknown: the incident has no coordinates")
        return _("travel time unknown: neither position nor station is known")
    minutes = max(1, round(travel.seconds / 60))
    if travel.harbour:
        named = {"minutes": minutes, "harbour": travel.harbour, "landing": travel.landing}
        if travel.landing:
            return _("about %(minutes)s min by land and sea: %(harbour)s to %(landing)s") % named
        return _("about %(minutes)s min by land and sea: from %(harbour)s") % named
    texts = {
        (Method.ROAD, False): _("about %(minutes)s min by road"),
        (Method.LAND, False): _("about %(minutes)s min by land, from the distance on the same island"),
        (Method.SEA, True): _("about %(minutes)s min by sea, from another island or out to sea"),
        (Method.SEA, False): _("about %(minutes)s min by sea along the coast"),
        (Method.STRAIGHT, True): _("about %(minutes)s min in a straight line: the way there is not known"),
    }
    return texts[travel.method, travel.crossing] % {"minutes": minutes}


def _no_way(hindrance: Hindrance) -> str:
    if hindrance is Hindrance.ANOTHER_ISLAND:
        return _("on another island: not reachable by road")
    if hindrance is Hindrance.AT_SEA:
        return _("a vehicle, and the place lies at sea")
    return _("a boat, and the place lies inland")


def _hindered_by_status(status: str, incident: str | None) -> str:
    if incident:
        return _("assigned to incident %(number)s") % {"number": incident}
    return str(UnitStatus(status).label)


def _counted(kind: str, count: int) -> str:
    texts = {
        "picked": ngettext("%(count)s is needed otherwise", "%(count)s are needed otherwise", count),
        "emergency": ngettext("%(count)s has a crew in an emergency", "%(count)s have crews in an emergency", count),
        "assigned": ngettext("%(count)s is assigned", "%(count)s are assigned", count),
        UnitStatus.OFF_DUTY: ngettext("%(count)s is off duty", "%(count)s are off duty", count),
        UnitStatus.OUT_OF_SERVICE: ngettext("%(count)s is out of service", "%(count)s are out of service", count),
        Hindrance.ANOTHER_ISLAND: ngettext(
            "%(count)s is on another island: not reachable by road",
            "%(count)s are on other islands: not reachable by road",
            count,
        ),
        Hindrance.AT_SEA: ngettext(
            "%(count)s is a vehicle, and the place lies at sea",
            "%(count)s are vehicles, and the place lies at sea",
            count,
        ),
        Hindrance.INLAND: ngettext(
            "%(count)s is a boat, and the place lies inland", "%(count)s are boats, and the place lies inland", count
        ),
    }
    return texts[kind] % {"count": count}
