"""The crew's phone page: its frame, its words, what it needs of the tables, and the parts that make it installable."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.pages import THEME_COOKIE, THEMES
from places.travel import figures
from units.models import Unit
from units.states import ASSIGNED, FMS, STEPS, UnitStatus
from web.common_words import screen_context
from web.field_words import field_words

S = UnitStatus
# What comes next, on the one big button: the way of a job, then the way home.
NEXT = {
    S.DISPATCHED: S.ACKNOWLEDGED,
    S.ACKNOWLEDGED: S.EN_ROUTE,
    S.EN_ROUTE: S.ON_SCENE,
    S.STAGING: S.ON_SCENE,
    S.ON_SCENE: S.RETURNING,
    S.TRANSPORTING: S.AT_DESTINATION,
    S.AT_DESTINATION: S.RETURNING,
    S.RETURNING: S.AVAILABLE_STATION,
    S.AVAILABLE_STATION: S.AVAILABLE_MOBILE,
    S.AVAILABLE_MOBILE: S.AVAILABLE_STATION,
    S.COND_AVAILABLE: S.AVAILABLE_STATION,
    S.OUT_OF_SERVICE: S.AVAILABLE_STATION,
    S.OFF_DUTY: S.AVAILABLE_STATION,
}
# A unit that carries patients takes them away from the scene before it is free.
CARRIES = frozenset({"ambulance", "ambulance_als"})
NEXT_WITH_PATIENT = {S.ON_SCENE: S.TRANSPORTING}
# How often a phone sends where it is, seconds (docs/rules/unit-states.md#positions).
POSITION_SECONDS = {S.EN_ROUTE: 10, S.TRANSPORTING: 10, S.ON_SCENE: 60}
POSITION_SECONDS_ELSE = 30
LEAST_MOVE_METRES = 10


def crew(request: HttpRequest) -> HttpResponse:
    """The page of a crew on its phone: its job, the dangers, and what it reports."""
    context = screen_context(request, "crew", field_words() | crew_words()) | {"field": _field(request)}
    if request.COOKIES.get(THEME_COOKIE) not in THEMES:
        context["theme"] = "light"  # read in the sun, unless the reader has chosen
    return render(request, "crew.html", context)


@require_safe
@never_cache
def service_worker(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The script that opens the crew page without a network. Below /crew/, so that it rules that page alone."""
    source = finders.find("js/features/crew/service-worker.js")
    return HttpResponse(Path(str(source)).read_text(encoding="utf-8"), content_type="text/javascript; charset=utf-8")


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """What a phone needs to put the crew page among its apps."""
    icons = [
        {"src": static("icons/sigap.svg"), "type": "image/svg+xml", "sizes": "any"},
        {"src": static("icons/sigap-192.png"), "type": "image/png", "sizes": "192x192", "purpose": "any maskable"},
        {"src": static("icons/sigap-512.png"), "type": "image/png", "sizes": "512x512", "purpose": "any maskable"},
    ]
    training = settings.SIGAP_PLACE == "training"
    manifest = {
        "name": _("Sigap crew (training)") if training else _("Sigap crew"),
        "short_name": "Sigap",
        "start_url": "/crew/",
        "scope": "/crew/",
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#fbfcfd",
        "theme_color": "#fbfcfd",
        "icons": icons,
    }
    return HttpResponse(json.dumps(manifest), content_type="application/manifest+json")


def _field(request: HttpRequest) -> dict[str, Any]:
    """The unit the crew is signed on to, and the tables of steps."""
    actor = request.actor  # type: ignore[attr-defined]  # set by accounts.pages.decorators
    unit = Unit.objects.filter(id=actor.unit, active=True).first() if actor.unit else None
    carries = unit is not None and unit.kind in CARRIES
    return {
        "unit": {"id": str(unit.id), "callsign": unit.callsign} if unit else None,
        "next": {**NEXT, **(NEXT_WITH_PATIENT if carries else {})},
        # Dispatched comes from a desk that sends the unit, never from a crew.
        "steps": {str(state): [str(to) for to in STEPS.allowed(state) if to != S.DISPATCHED] for state in S},
        "fms": {str(state): digit for state, digit in FMS.items()},
        "assigned": [str(state) for state in ASSIGNED],
        "position_seconds": {**POSITION_SECONDS, "else": POSITION_SECONDS_ELSE},
        "least_move_metres": LEAST_MOVE_METRES,
        "straight_metres_per_second": figures().straight_speed,
        "refusals": [
            _("vehicle broken down"),
            _("crew incomplete"),
            _("at another job"),
            _("road impassable"),
            _("too far, others are nearer"),
            _("not our kind of job"),
        ],
        "out_of_service": [
            _("vehicle broken down"),
            _("crew incomplete"),
            _("refuelling"),
            _("equipment missing"),
            _("water or supplies used up"),
            _("cleaning the vehicle"),
        ],
    }


def crew_words() -> dict[str, str]:
    """The texts of the phone page, without those that all pages share."""
    return {
        # the one big button, by the state it leads to
        "next.acknowledged": _("Acknowledge"),
        "next.en_route": _("En route"),
        "next.on_scene": _("On scene"),
        "next.transporting": _("Transporting"),
        "next.at_destination": _("At destination"),
        "next.returning": _("Clear, returning"),
        "next.available_station": _("Ready at station"),
        "next.available_mobile": _("Ready in the field"),
        "note_back": _("Your note of {at} was not taken: {why}"),
        "note_again": _("Write it again"),
        "note_drop": _("Throw away"),
        "talk": _("Talk to dispatch"),
        "talk_asked": _("Dispatch will call you"),
        "talk_take_back": _("asked {at} · tap to take back"),
        "emergency_hold": _("Emergency: hold"),
        "emergency_holding": _("Keep holding ..."),
        "emergency_short": _("Hold the button for one and a half seconds."),
        "emergency_sure": _("Send an emergency? Every board of the centre and your agency sounds."),
        "emergency_send": _("Send emergency"),
        "emergency_stands": _("EMERGENCY since {at}: all boards know. It ends when the centre has spoken with you."),
        "emergency_withdraw": _("Pressed by mistake"),
        "emergency_taken_back": _(
            "Taken back at {at}. The centre will call you by voice to confirm, and ends it then."
        ),
        "emergency_sending": _("EMERGENCY: sending ..."),
        "emergency_kept": _("EMERGENCY NOT SENT YET: no connection. Use the radio!"),
        "more": _("More"),
        "more_title": _("Other states"),
        "refuse": _("Refuse the job"),
        "refuse_why": _("Why can't you go?"),
        "job_here": _("On scene: something happened here"),
        "since_dispatch": _("{age} since dispatch"),
        "no_job": _("No job"),
        "no_job_hint": _("A new job comes up here by itself, with a sound."),
        "since": _("for {age}"),
        "stacked": _("Next for you"),
        "navigate": _("Navigate"),
        "call_caller": _("Call the caller"),
        "call_none": _("No number"),
        "dangers": _("Danger here"),
        "dangers_hint": _("Read, then tap. You can't set out before."),
        "seen": _("Seen"),
        "write_note": _("Note"),
        "note_what": _("What should dispatch know?"),
        "quiet": _("Stop the sound"),
        "new_job": _("NEW JOB"),
        "new_job_title": _("New job!"),
        "kept_strip": _("No connection. {count} kept, goes out by itself."),
        "kept_sending": _("Sending {count} ..."),
        "kept_act": _("{what} {at}"),
        "act_refused": _("{what} ({at}) was not taken: {why}"),
        "sign_out_kept": _("{count} not sent yet. Sign out all the same, and lose it?"),
        "position_on": _("Your position is sent while this page is open. A locked phone stops sending."),
        "position_ask": _("Send my position"),
        "position_off": _("Position off. Allow it in the browser's settings for this page."),
        "position_none": _("This phone gives no position here (it needs HTTPS)."),
        "position_waiting": _("Looking for your position ..."),
        "no_unit_title": _("You are not signed on to a unit."),
        "no_unit_hint": _(
            "Tap the unit you ride on today. Your desk can do it for you: this page opens by itself then."
        ),
        "ride_change": _("Change unit or sign off"),
        "ride_title": _("Which unit do you ride on?"),
        "ride_off": _("End of shift: sign off"),
        "ride_kept": _("{count} not sent yet. Wait for the connection, then change."),
        "ride_none": _("Your agency has no other unit. The admin enters units."),
        "ride_no_fit": _("No unit fits these words."),
        "crew_find": _("Find"),
        "crew_more": _("{count} more: type to find them."),
        "unit_gone": _("Your unit is not on the board. Call dispatch."),
    }
