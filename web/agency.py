"""The desk of one agency: its tasks, the incidents they belong to, its units, its alarms."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.models import Agency
from alarms.queries import policy_seconds
from alarms.rules import EscalationRule
from places.travel import figures
from units.states import ASSIGNED, FMS, FREE, STEPS, UnitStatus
from web.common_words import screen_context
from web.field_words import field_words
from web.units import units_words
from web.warning_words import warning_words

ACCEPT_RULE = EscalationRule.TASK_NOT_ACCEPTED


def agency(request: HttpRequest) -> HttpResponse:
    """The page of an agency's desk."""
    context = screen_context(request, "agency", units_words() | field_words() | warning_words() | agency_words())
    return render(request, "agency.html", context | {"field": _field(request)})


def _field(request: HttpRequest) -> dict[str, Any]:
    """Whose desk it is, until when it should have accepted, the steps of its units, and words that one key picks."""
    actor = request.actor  # type: ignore[attr-defined]  # set by accounts.pages.decorators
    own = Agency.objects.get(pk=actor.agency)
    seconds = policy_seconds(actor.centre).get(ACCEPT_RULE, {})
    return {
        "agency": own.code,
        "name": own.name,
        "accept_seconds": {str(priority): steps for priority, steps in seconds.items() if priority},
        "steps": {
            str(state): [str(to) for to in STEPS.allowed(state) if to != UnitStatus.DISPATCHED] for state in UnitStatus
        },
        "fms": {str(state): digit for state, digit in FMS.items()},
        "free": [str(state) for state in FREE],
        "assigned": [str(state) for state in ASSIGNED],
        "straight_metres_per_second": figures().straight_speed,
        "refusals": [
            _("no unit free"),
            _("outside our area"),
            _("not our kind of job"),
            _("road impassable"),
            _("equipment missing"),
            _("another agency is better placed"),
        ],
        "reports": [
            _("handled, nothing left to do"),
            _("handled, follow-up needed"),
            _("nothing found on scene"),
            _("false report"),
            _("handed over to another agency"),
        ],
        "out_of_service": [
            _("vehicle broken down"),
            _("crew incomplete"),
            _("refuelling"),
            _("equipment missing"),
            _("cleaning the vehicle"),
        ],
    }


def agency_words() -> dict[str, str]:
    """The texts of the agency desk, without those that all pages share."""
    return {
        "offered_count": _("{count} to answer"),
        "running_count": _("{count} running"),
        "free_count": _("{count} unit free|{count} units free"),
        "group_offered": _("To answer"),
        "group_accepted": _("Running"),
        "group_units": _("Our units, no task of ours"),
        "group_done": _("Answered, incident still open"),
        "no_tasks": _("Nothing asks for you. What comes in appears here with a sound."),
        "accept_of": _("of {time}"),
        "accept_before": _("answer before {time}"),
        "accept_level": _("level {level}"),
        "passed_on_short": _("waiting for an answer"),
        "accept": _("Accept"),
        "refuse": _("Refuse"),
        "refuse_task": _("Refuse task {number}"),
        "refuse_hint": _("The next agency is asked at once."),
        "report_done": _("Report done"),
        "done_task": _("Done: {number}"),
        "done_hint": _("What should the centre know? Pick, add words, send."),
        "done_send": _("Report and close"),
        "accept_send": _("Accept and send {units}"),
        "accept_only": _("Accept only"),
        "send_ticked": _("Send {units}"),
        "refuse_why_dots": _("Refuse, reason ..."),
        "bar_only": _("all keys below act on this task only"),
        "task_gone": _("{number} is no longer here. Select a task first."),
        "key_no_task": _("Select a task first: up and down arrow."),
        "key_cannot": _("{number}: this key does nothing for it now."),
        "units_changed": _("The units have changed. {number}: {act}. Press Enter again."),
        "units_for": _("for {number}: {needs}"),
        "units_for_none": _("for {number}: the plan needs no more of ours"),
        "units_looking": _("Looking for the nearest units"),
        "need_count": _("{count} {what}"),
        "minutes_short": _("{count} min"),
        "minutes_guess": _("about {count} min"),
        "tick": _("send {unit}"),
        "no_free_unit": _("No unit of yours is free."),
        "units_sent": _("{units} sent to {number}."),
        "unit_not_sent": _("{unit} was not sent to {number}: {why}"),
        "accepted": _("Accepted: {number}."),
        "note": _("Note"),
        "note_what": _("Note to {number}"),
        "note_sent_to": _("Note sent to {number}."),
        "taken_by": _("{by} sent it to {number} at {time}"),
        "call_off": _("Call off"),
        "called_off": _("{unit} called off."),
        "status_of": _("{unit}: now {status}. Change to"),
        "back": _("Back to the tasks"),
        "choose": _("Select a task: its keys stand here."),
        "callers": _("Callers"),
        "number_hidden": _("Numbers are shown once you have accepted."),
        "timeline": _("Timeline"),
        "units_here": _("Units"),
        "nobody_yet": _("Nobody is on the way yet."),
        "others": _("Agencies"),
        "new_task_title": _("New task!"),
        "no_units": _("Your agency has no units on the board."),
        "ask_agency": _("Ask another agency"),
        "task_field": _("Ask which agency for {number}?"),
        "task_offered": _("{agency} asked for {number}."),
        "new_incident": _("New incident"),
        "new_title": _("Open an incident of our own"),
        "new_hint": _("Our task is accepted at once; the centre and the agencies of the plan see it."),
        "new_kind": _("What has happened?"),
        "new_kind_unknown": _("not known yet"),
        "new_kind_choose": _("choose what fits; without a choice your words go along and the type stays open"),
        "new_place": _("Where?"),
        "new_place_hint": _("desa, landmark, road; choose a match to put it on the map"),
        "new_place_found": _("on the map: {place}"),
        "new_place_none": _("not on the map yet: the words are kept"),
        "new_words": _("What is known?"),
        "new_send": _("Open the incident"),
        "new_opened": _("Incident {number} is open, and yours."),
        "crew_of": _("Who rides on {unit}?"),
        "crew_none": _("nobody signed on"),
        "crew_no_members": _("Your agency has no crew members yet. The admin enters people."),
        "crew_here": _("rides here: sign off"),
        "crew_elsewhere": _("rides on {unit}: move here"),
        "crew_free": _("sign on"),
        "crew_on": _("{name} rides on {unit}."),
        "crew_off": _("{name} signed off."),
        "crew_more": _("{count} more: type to find them."),
        "crew_find": _("Find"),
        "focus_tasks": _("for the selected task"),
        "focus_alarms": _("in the alarms"),
        "focus_units": _("in the units"),
    }
