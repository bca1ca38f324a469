"""All units: what each does, since when, where, with whom; and the keys that set it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.roles import Right
from dispatch.queries.stations import station_names
from units.queries import capability_names
from units.states import STEPS, UnitStatus
from web.common_words import screen_context

_RIGHTS = {
    "status": Right.UNIT_STATUS, "force": Right.UNIT_FORCE, "board": Right.BOARD_SEE, "console": Right.OPERATE,
    "timeline": Right.LOG_SEE, "end_emergency": Right.UNIT_EMERGENCY_END,
}  # fmt: skip


def units(request: HttpRequest) -> HttpResponse:
    """The page of every unit that one may see; an agency its own, a crew the one it is signed on to."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by accounts.pages.decorators
    context = screen_context(request, "units", units_words())
    language = "en" if (get_language() or "").startswith("en") else "id"
    context["names"] = context["names"] | {
        "stations": station_names(actor),
        "capabilities": capability_names(language),
        "steps": {str(status): [str(step) for step in STEPS.allowed(status)] for status in UnitStatus},
    }
    may = " ".join(name for name, right in _RIGHTS.items() if actor.may(right))
    return render(request, "units.html", context | {"may": may})


def units_words() -> dict[str, str]:
    """The texts of the units page, without those that all pages share."""
    return {
        "units_list": _("Units"),
        "unit": _("Unit"),
        "agency": _("Agency"),
        "station": _("Station"),
        "state": _("State"),
        "since": _("Since"),
        "incident": _("Incident"),
        "crew": _("Crew"),
        "can": _("Can do"),
        "position": _("Position"),
        "flags": _("Calls for"),
        "fix_age": _("{age} old"),
        "fix_stale": _("{age} old: stale"),
        "no_fix": _("none yet"),
        "stacked": _("then {numbers}"),
        "talk": _("wants to talk"),
        "end_talk": _("Has been talked to"),
        "filter": _("Filter"),
        "filter_hint": _("callsign, agency, station, status"),
        "area_unknown": _("area unknown"),
        "group_free": _("{count} free"),
        "no_incident": _("none"),
        "last_hours": _("The last {count} hours"),
        "nothing_done": _("Nothing was recorded."),
        "loading": _("Loading"),
        "no_units": _("There is no unit yet. The admin enters agencies, stations and units."),
        "no_units_shown": _("No unit under this filter."),
        "units_line": _("{shown} of {all} units · {free} free"),
        "order_held": _("{count} new at the foot: the order comes back when you look away"),
        "status_set": _("{callsign}: {status}"),
        "status_keys": _("1 to 8 set the status of the selected unit"),
        "why_off": _("{callsign}: off duty, or out of service because"),
        "off_duty": _("off duty"),
        "why_crew": _("no crew"),
        "why_vehicle": _("vehicle or equipment"),
        "why_workshop": _("in the workshop"),
        "why_fuel": _("refuelling, cleaning"),
        "why_other": _("another reason"),
        "ask_emergency": _("{callsign}: raise an EMERGENCY on all boards?"),
        "yes_emergency": _("yes, emergency"),
        "emergency_raised": _("{callsign}: emergency raised."),
        "talk_asked": _("{callsign} wants to talk."),
        "talk_ended": _("{callsign} has been talked to."),
        "ask_force": _("{callsign} can't go from {state} to {status}. Force it because"),
        "force_radio": _("the radio said so"),
        "force_wrong": _("the status before was wrong"),
        "force_device": _("its device is out of order"),
        "may_not": _("Your role may not set a unit's status."),
    }
