"""The live board: the frame, its words and the names of codes; everything that moves comes by the feed."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Centre
from accounts.sessions import PUBLIC_ID
from alarms.policies import current_policies
from calls.states import Channel, OperatorStatus, Reason
from dispatch.models import IncidentType
from dispatch.states import AssignmentStatus, IncidentState, TaskState
from places.models import Area
from units.states import UnitStatus


def board(request: HttpRequest) -> HttpResponse:
    """The page of everything open, for whoever has a board: the centre's people, an agency's desk, a crew."""
    actor = request.actor  # type: ignore[attr-defined]  # set by accounts.pages.guards
    session = str(request.session.get(PUBLIC_ID, ""))
    return render(
        request,
        "board.html",
        {
            # Tabs of one sign-in share a socket by this name: nobody else's may have it.
            "feed": hashlib.sha256(session.encode()).hexdigest()[:16],
            "time_zone": Centre.objects.get(pk=actor.centre).time_zone,
            "words": board_words(),
            "names": code_names(actor.centre),
        },
    )


def code_names(centre: Any) -> dict[str, dict[str, str]]:
    """The names of the codes that forms carry, in the reader's language."""
    language = "en" if (get_language() or "").startswith("en") else "id"
    types = IncidentType.objects.order_by("code").values_list("code", "group", f"name_{language}")
    named = {code: name for code, _group, name in types}
    return {
        # A restricted incident travels with its group's letter only.
        "types": named | {group: _("Restricted") for group in {group for _code, group, _name in types}},
        "rules": {str(rule): getattr(policy, f"name_{language}") for rule, policy in current_policies(centre).items()},
        "kecamatan": dict(Area.objects.order_by("code").values_list("code", "name")),
        "statuses": _labels(AssignmentStatus) | _labels(UnitStatus),
        "incident_states": _labels(IncidentState),
        "tasks": _labels(TaskState),
        "channels": _labels(Channel),
        "operator_states": _labels(OperatorStatus),
        "reasons": _labels(Reason),
    }


def _labels(choices: Any) -> dict[str, str]:
    return {str(value): str(label) for value, label in choices.choices}


def board_words() -> dict[str, str]:
    """What the parts of the page say; blanks in braces are filled in by the browser."""
    return {
        "connecting": _("Connecting"),
        "live": _("Live"),
        "stale": _("Stale"),
        "refused": _("You are no longer signed in, or may not see this board. Sign in again."),
        "stale_since": _("No news for {age}: what you see is old. Trying to reconnect."),
        "unknown": _("unknown"),
        "days": _("d"),
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
        "priority": _("Priority {priority}"),
        "priority_head": _("Priority"),
        "number": _("No."),
        "what": _("What"),
        "where": _("Where"),
        "clock": _("Clock"),
        "units": _("Units"),
        "agencies": _("Agencies"),
        "state": _("State"),
        "no_unit": _("no unit yet"),
        "now": _("NOW"),
        "restricted": _("restricted"),
        "outside": _("outside the regency"),
        "place_unknown": _("place unknown"),
        "calls_count": _("{count} calls"),
        "calls_before": _("{count} calls before"),
        "calls_line": _("{waiting} waiting · {in_talk} in talk · {call_backs} to call back"),
        "number_withheld": _("number withheld"),
        "strikes": _("{count} false in 24 h"),
        "unsafe": _("unsafe to call back"),
        "incident_number": _("incident {number}"),
        "acknowledged_by": _("acknowledged by {by}"),
        "level": _("L"),
        "emergency": _("EMERGENCY"),
        "rule.2": _("to assign"),
        "rule.3": _("to assign"),
        "rule.4": _("to assign"),
        "rule.5": _("to acknowledge"),
        "rule.6": _("to set out"),
        "rule.7": _("on scene within"),
        "rule.11": _("agency to accept"),
        "on_scene": _("on scene within"),
        "no_incidents": _("No open incident."),
        "no_calls": _("No call is waiting."),
        "no_alarms": _("No alarm."),
        "no_operators": _("Nobody is at a desk."),
        "no_units": _("No unit is on duty."),
    }
