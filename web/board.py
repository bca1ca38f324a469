"""The live board: the frame, its words and the names of codes; everything that moves comes by the feed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.queries import waiting_long_factor
from accounts.roles import Reach, Right
from dispatch.queries.stations import station_names
from units.queries import capability_names
from web.common_words import screen_context
from web.warning_words import warning_words


def board(request: HttpRequest) -> HttpResponse:
    """The page of everything open, for whoever has a board: the centre's people, an agency's desk, a crew."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by accounts.pages.decorators
    context = screen_context(request, "board", board_words())
    context["names"] = context["names"] | {
        "stations": station_names(actor),
        "capabilities": capability_names("en" if (get_language() or "").startswith("en") else "id"),
        "board": {"waiting_long_factor": waiting_long_factor(actor.centre)},
    }
    return render(
        request,
        "board.html",
        context
        | {
            "may": " ".join(_acts(actor)),
            "centre": _sees_all(actor),
            "may_approve": actor.may(Right.PLACE_WARNINGS_APPROVE),
        },
    )


def _sees_all(actor: Actor) -> bool:
    return actor.reach(Right.BOARD_SEE) is Reach.ANY


def _acts(actor: Actor) -> list[str]:
    """The actions that the page offers; the endpoints check the rights again."""
    acts = {
        "console": actor.may(Right.OPERATE),
        "own": actor.may(Right.INCIDENT_STATE) and actor.may(Right.OPERATE),
        "take_over": actor.reach(Right.CALL_WORK) is Reach.ANY,
        "acknowledge": actor.may(Right.ALARM_ACKNOWLEDGE),
    }
    return [name for name, may in acts.items() if may]


def board_words() -> dict[str, str]:
    """The texts of the board, without those that all pages share."""
    return (
        _tile_words()
        | warning_words()
        | {
            "incidents_list": _("Open incidents"),
            "incidents_line": _("{count} open"),
            "incidents_shown": _("{shown} of {count} open"),
            "order_held": _("{count} new at the foot of the list: {numbers}"),
            "priority_head": _("Priority"),
            "number": _("No."),
            "what": _("What"),
            "where": _("Where"),
            "clock": _("Clock"),
            "units": _("Units"),
            "agencies": _("Agencies"),
            "units_or_missing": _("Units, or what is missing"),
            "agencies_legend": _("○ asked · ✓ accepted"),
            "agency": _("Agency"),
            "district": _("District"),
            "sort_priority": _("By priority, then the clock that runs out first"),
            "group_no_unit": _("No unit yet"),
            "group_no_unit_hint": _("now cases, priority, the clock that runs out first"),
            "group_served": _("Being served"),
            "group_served_hint": _("units have been sent"),
            "group_waiting_long": _("Waiting long"),
            "group_waiting_long_hint": _("acknowledged, and no fitting unit is free"),
            "group_late": _("{count} past their target"),
            "chip_all": _("All"),
            "chip_no_unit": _("No unit"),
            "chip_late": _("Past target"),
            "chip_mine": _("Mine"),
            "waiting_acknowledged": _("alarms acknowledged"),
            "waiting_oldest": _("oldest {age}"),
            "waiting_review": _("next review {time}"),
            "more_below": _("{count} more below"),
            "all_in_time": _("all within their targets"),
            "new_mark": _("NEW"),
            "filter_clear": _("Show all"),
            "open_in_console": _("Open in the console"),
            "open_details": _("Open"),
            "own": _("I take it"),
            "show_on_map": _("On the map"),
            "place_not_on_map": _("This incident has no place on the map yet."),
            "not_read_back": _("place not read back"),
            "recommended": _("Recommended"),
            "timeline": _("Timeline"),
            "minutes_short": _("{count} min"),
            "filter_hint": _("number, place, unit"),
            "no_incidents": _("No open incident."),
            "no_incidents_shown": _("No open incident under this filter."),
            "calls_line": _("{waiting} waiting · {in_talk} in talk · {call_backs} to call back"),
            "no_calls": _("No call is waiting."),
            "in_talk_with": _("in talk with {name}"),
            "call_take_over": _("Take over"),
            "call_taken_over": _("The call is yours now."),
            "first_call": _("first call"),
            "place_within": _("phone within {metres}"),
            "no_operators": _("Nobody is at a desk."),
            "no_units": _("No unit is on duty."),
            "positions_age": _("positions {age} old"),
            "positions_none": _("no positions yet"),
            "owned_already": _("{number} is yours already."),
            "loading": _("Loading"),
        }
    )


def _tile_words() -> dict[str, str]:
    return {
        "waiting": _("Waiting"),
        "longest": _("longest"),
        "in_10_s": _("Answered in 10 s"),
        "today": _("today"),
        "no_emergency_today": _("No emergency today"),
        "of_calls": _("{part} of {count} call|{part} of {count} calls"),
        "no_calls_today": _("no call yet"),
        "call_takers": _("At their desks"),
        "people_more": _("and {count} more"),
        "open_incidents": _("Open incidents"),
        "units_on_duty": _("Units on duty {count}"),
        "units_free": _("free"),
        "units_sent": _("sent"),
        "units_en-route": _("en route"),
        "units_on-scene": _("on scene"),
        "units_moving": _("transporting"),
        "cover_gap": _("{place}: no {capability}"),
        "cover_more": _("and {count} more without cover"),
    }
