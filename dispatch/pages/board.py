"""The live board: the frame, its words and the names of codes; everything that moves comes by the feed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from dispatch.pages.words import screen_context


def board(request: HttpRequest) -> HttpResponse:
    """The page of everything open, for whoever has a board: the centre's people, an agency's desk, a crew."""
    return render(request, "board.html", screen_context(request, "board", board_words()))


def board_words() -> dict[str, str]:
    """What the board says beside the words that all pages share."""
    return {
        "waiting": _("Waiting"),
        "longest": _("longest"),
        "in_10_s": _("Answered in 10 s"),
        "today": _("today"),
        "emergencies_today": _("Emergencies today"),
        "of_calls": _("of {count} calls"),
        "open_incidents": _("Open incidents {count}"),
        "units_on_duty": _("Units on duty {count}"),
        "units_free": _("free"),
        "units_sent": _("sent"),
        "units_en-route": _("en route"),
        "units_on-scene": _("on scene"),
        "units_moving": _("transporting"),
        "priority_head": _("Priority"),
        "number": _("No."),
        "what": _("What"),
        "where": _("Where"),
        "clock": _("Clock"),
        "units": _("Units"),
        "agencies": _("Agencies"),
        "state": _("State"),
        "calls_line": _("{waiting} waiting · {in_talk} in talk · {call_backs} to call back"),
        "no_incidents": _("No open incident."),
        "no_calls": _("No call is waiting."),
        "no_alarms": _("No alarm."),
        "no_operators": _("Nobody is at a desk."),
        "no_units": _("No unit is on duty."),
    }
