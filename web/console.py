"""The console: the frame, its words and the codes that the call form needs; everything that moves comes by the feed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.roles import Right
from calls.states import CHOSEN, CallState
from core.data_files import rows
from plans.models import IncidentType
from plans.queries.types import prepare_index
from web.call_words import call_words
from web.common_words import screen_context
from web.dispatch_words import command_words, dispatch_words
from web.warning_words import warning_words

# The letters of the noise bar by disposition, in its order there (docs/rules/call-states.md#dispositions).
NOISE = {row["code"]: row["letter"] for row in rows("defaults/call_dispositions.csv") if row["letter"]}


def console(request: HttpRequest) -> HttpResponse:
    """The page of who takes calls and who dispatches: calls, the call form, incidents, the command line."""
    prepare_index()
    context = screen_context(request, "console", dispatch_words() | command_words() | call_words() | warning_words())
    context["names"] |= {"call_states": {str(value): str(label) for value, label in CallState.choices}}
    actor = request.actor  # type: ignore[attr-defined]  # set by accounts.pages.decorators
    own = {"roles": " ".join(sorted(actor.roles)), "codes": call_codes()}
    return render(request, "console.html", context | own | {"may_approve": actor.may(Right.PLACE_WARNINGS_APPROVE)})


def call_codes() -> dict[str, Any]:
    """What the call form looks up: the kinds of trouble in both languages, and the letters of the noise bar."""
    types = IncidentType.objects.filter(active=True).order_by("code")
    return {
        "types": [
            {"code": row.code, "group": row.group, "priority": row.priority, "id": row.name_id, "en": row.name_en}
            for row in types
        ],
        "noise": [[letter, code] for code, letter in NOISE.items() if code in CHOSEN],
    }
