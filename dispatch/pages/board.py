"""The live board: the frame, its words and the names of codes; everything that moves comes by the feed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.roles import Reach, Right
from dispatch.pages.warning_words import warning_words
from dispatch.pages.words import screen_context
from dispatch.queries.stations import station_names
from units.queries import capability_names


def board(request: HttpRequest) -> HttpResponse:
    """The page of everything open, for whoever has a board: the centre's people, an agency's desk, a crew."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by accounts.pages.guards
    context = screen_context(request, "board", board_words())
    context["names"] = context["names"] | {
        "stations": station_names(actor),
        "capabilities": capability_names("en" if (get_language() or "").startswith("en") else "id"),
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
    """What the page offers; the doors decide all the same."""
    acts = {
        "console": actor.may(Right.OPERATE),
        "own": actor.may(Right.INCIDENT_STATE) and actor.may(Right.OPERATE),
        "take_over": actor.reach(Right.CALL_WORK) is Reach.ANY,
        "acknowledge": actor.may(Right.ALARM_ACKNOWLEDGE),
    }
    return [name for name, may in acts.items() if may]


def board_words() -> dict[str, str]:
    """What the board says beside the words that all pages share."""
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
            "state": _("State"),
            "filter_hint": _("number, kind, place, unit, agency"),
            "no_incidents": _("No open incident."),
            "no_incidents_shown": _("No open incident under this filter. Esc in the filter shows all."),
            "calls_line": _("{waiting} waiting · {in_talk} in talk · {call_backs} to call back"),
            "no_calls": _("No call is waiting."),
            "in_talk_with": _("in talk with {name}"),
            "call_take_over": _("Take over"),
            "call_taken_over": _("The call is yours now."),
            "first_call": _("first call"),
            "place_within": _("phone within {metres}"),
            "no_operators": _("Nobody is at a desk."),
            "no_units": _("No unit is on duty."),
            "alarms_line": _("{count} open"),
            "acknowledge": _("Acknowledge"),
            "positions_age": _("positions {age} old"),
            "positions_none": _("no positions yet"),
            "owned": _("{number} is yours."),
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
