"""What the dispatcher's side of the console, the bar of alarms and the command line say, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from dispatch.actions.incident_state import BY_PEOPLE
from dispatch.states import IncidentState


def dispatch_words() -> dict[str, str]:
    """The words of the incident list and the incident pane; `steps.STATE` names the states that people may set next."""
    return _list_words() | _pane_words() | _act_words() | _step_words()


def _list_words() -> dict[str, str]:
    return {
        "no_incidents": _("No open incident."),
        "open_count": _("{count} open"),
        "open_shown": _("{shown} of {count} open"),
        "filter": _("Filter, or find in the last year"),
        "filter_hint": _("Number, type, place, phone"),
        "no_match": _("No open incident fits."),
        "found": _("Found in the last year"),
        "found_none": _("Nothing fits in the last year."),
        "searching": _("Searching"),
        "found_call": _("Call of {time}"),
        "list_new": _("{count} new below"),
        "list_moved": _("The order has changed"),
        "sort_again": _("Sort"),
        "new_mark": _("new"),
        "incidents": _("Incidents"),
        "people_count": _("{count} at risk"),
        "warnings_count": _("{count} warning|{count} warnings"),
        "late_mark": _("entered late"),
        "owner_none": _("nobody has it"),
        "no_longer_open": _("No longer open"),
    }


def _pane_words() -> dict[str, str]:
    return {
        "read_back": _("place read back"),
        "not_read_back": _("place not read back"),
        "confirm_place": _("Read back"),
        "no_point": _("no coordinates"),
        "state": _("State"),
        "owner": _("Dispatcher"),
        "opened_at": _("opened {time}"),
        "recommended": _("Recommended"),
        "second_alarm": _("Second alarm"),
        "alarm_number": _("Alarm {number}"),
        "send_all": _("Send all"),
        "send": _("Send"),
        "recommend_wait": _("Looking for the nearest units"),
        "recommend_failed": _("No recommendation: {why}"),
        "nothing_needed": _("The plan needs nothing more."),
        "no_plan": _("No plan for this type: choose units by hand (U)."),
        "short_of": _("Short of {missing}: {what}"),
        "passed_over": _("Not recommended"),
        "missed": _("{callsign} was not sent: {why}"),
        "taken_by": _("{by} sent it to {number} at {time}"),
        "dismiss": _("Seen"),
        "units_here": _("Units"),
        "no_units_here": _("No unit is assigned."),
        "digits": _("digits: status"),
        "send_stacked": _("Send now"),
        "call_off": _("Call off"),
        "stamp_dispatched_at": _("dispatched"),
        "stamp_acknowledged_at": _("acknowledged"),
        "stamp_en_route_at": _("en route"),
        "stamp_on_scene_at": _("on scene"),
        "stamp_cleared_at": _("free"),
        "agencies": _("Agencies"),
        "no_tasks": _("No agency has a task."),
        "accept_for": _("Accept"),
        "refuse_for": _("Refuse"),
        "done_for": _("Done"),
        "withdraw": _("Withdraw"),
        "notes": _("Notes"),
        "no_notes": _("No note yet. N writes one."),
        "strike": _("Strike"),
        "struck_by": _("struck by {by}: {reason}"),
        "said_at": _("said {at}, written {recorded}"),
        "calls_here": _("Calls"),
        "people": _("People at risk"),
        "people_rescued": _("rescued {time}"),
        "people_contact": _("last contact"),
        "contact_now": _("Heard of"),
        "rescued_now": _("Rescued"),
        "add_people": _("Add people at risk"),
        "place_warnings": _("Warnings here"),
        "history": _("Timeline"),
        "hidden": _("Restricted: you may not read the words of this incident."),
        "history_open": _("Restricted: each reading is logged. H shows it."),
        "merged_into": _("Merged: go on in {number}."),
        "merged_from": _("Merged in: {numbers}"),
        "gone": _("This incident is not there, or not yours to see."),
        "reading": _("Reading"),
        "change": _("Change"),
        "priority_word": _("Priority"),
        "type_word": _("Type"),
        "place_word": _("Place"),
    }


def _act_words() -> dict[str, str]:
    return {
        "sent": _("{callsigns} sent to {number}"),
        "unit_field": _("Other unit for {number}"),
        "divert_field": _("Divert to {number}"),
        "unit_hint": _("Callsign, kind or agency; Enter sends"),
        "divert_hint": _("A unit that is on another incident; Enter diverts it"),
        "no_unit_fits": _("No unit fits these letters."),
        "unit_cannot": _("{callsign} can't be sent: {status}"),
        "unit_elsewhere": _("{callsign} is on {number}. D diverts it."),
        "diverted": _("{callsign} diverted from {from} to {number}"),
        "why_short": _("why?"),
        "open_it": _("Open it"),
        "act_note": _("Note"),
        "act_other_unit": _("Other unit"),
        "act_divert": _("Divert"),
        "act_task": _("Agency"),
        "act_second_alarm": _("Second alarm"),
        "act_late": _("Late status"),
        "act_merge": _("Merge"),
        "act_state": _("State"),
        "act_own": _("Mine"),
        "why_unit": _("Why {callsign}? Esc leaves it blank."),
        "why_nearer": _("is nearer"),
        "why_asked": _("the crew offered itself"),
        "why_equipment": _("has what is needed"),
        "why_unfit": _("the recommended one can't go"),
        "why_other": _("another reason"),
        "task_field": _("Ask another agency, {number}"),
        "task_offered": _("{agency} asked for {number}"),
        "task_reason": _("On behalf of {agency}: why?"),
        "no_agency_fits": _("No agency fits these letters."),
        "merge_field": _("Merge {number} into"),
        "merge_hint": _("Number or place of the one that stays"),
        "merged_now": _("{number} merged into {into}"),
        "no_incident_fits": _("No open incident fits."),
        "strike_field": _("Strike this note: why is it wrong?"),
        "state_bar": _("State of {number}"),
        "no_steps": _("No step can be taken from here."),
        "state_set": _("{number}: {state}"),
        "end_bar": _("How did {number} end?"),
        "still_there": _("Still at {number}: {who}"),
        "free_and_close": _("Free all units and close"),
        "free_and_cancel": _("Free all units and cancel"),
        "only_back": _("Leave it open"),
        "freed_closed": _("{number} closed, {who} freed"),
        "freed_cancelled": _("{number} cancelled, {who} freed"),
        "owned": _("{number} is yours"),
        "given_up": _("{number} has nobody now"),
        "owner_other": _("{name} has {number}: ask for it, or a supervisor takes it over."),
        "status_done": _("{callsign}: {status}"),
        "status_refused": _("{callsign} can't go from {state} to that. Allowed: {allowed}"),
        "status_no_unit": _("Choose a unit of this incident first: left and right arrow."),
        "status_why": _("Why is {callsign} out of service? Blank: off duty"),
        "emergency_bar": _("{callsign}: crew in trouble?"),
        "emergency_yes": _("Emergency: alarm everybody"),
        "late_field": _("{callsign}: status and time"),
        "late_hint": _("such as 4 1405, or 4 -5 for five minutes ago"),
        "late_wrong": _("Write a status (1 to 8, a, s) and a time, such as 4 1405."),
        "priority_bar": _("Priority of {number}"),
        "type_field": _("Type of {number}"),
        "no_type_fits": _("No type fits these letters."),
        "place_field": _("Place of {number}"),
        "place_hint": _("Enter keeps your words; a choice sets the point too"),
        "changed": _("{number} changed"),
        "conflict": _("{by} changed this at {time}. Theirs: {theirs}. Yours: {yours}."),
        "conflict_mine": _("Take mine"),
        "conflict_theirs": _("Keep theirs"),
        "people_field": _("People at risk: count and where"),
        "people_hint": _("such as 3 second floor"),
        "people_wrong": _("Write how many and where, such as 3 second floor."),
        "not_yours": _("Your role sees this and may not do it. Ask a dispatcher."),
        "km": _("km"),
    }


def _step_words() -> dict[str, str]:
    """The states that people may set from each, as codes with blanks between."""
    return {f"steps.{state}": " ".join(BY_PEOPLE.allowed(state)) for state in IncidentState}


def alarm_reasons() -> dict[str, str]:
    """Why an alarm is acknowledged, under the digits 1 to 6: the codes that are kept, and their words."""
    return {
        "seen": _("seen, I am on it"),
        "unit_on_way": _("a unit is on its way"),
        "caller_told": _("the caller knows"),
        "wrong_alarm": _("wrong alarm"),
        "no_unit_free": _("no unit is free"),
        "other": _("another reason"),
    }


def fms_names() -> dict[str, str]:
    """What each FMS digit means when a desk presses it (D4)."""
    return {
        "0": _("Emergency"),
        "1": _("Free, on the road"),
        "2": _("Free, at station"),
        "3": _("En route"),
        "4": _("On scene"),
        "5": _("Wants to talk"),
        "6": _("Out of service"),
        "7": _("Transporting"),
        "8": _("At destination"),
    }


def command_words() -> dict[str, str]:
    """The words of the command line, for every page that has one."""
    return {
        "command": _("command"),
        "command_line": _("Command line"),
        "command_example": _("DMK1 4 · DMK1 > 1187 · 1187 n text · ? DMK1 · ? 0812..."),
        "searching_line": _("Searching"),
        "command_unit": _("{callsign}: {status}"),
        "command_on": _("on {number}"),
        "command_status": _("{callsign} from {state} to {status}"),
        "command_at": _("at {time}"),
        "command_assign": _("Enter shows, Enter again sends"),
        "command_again": _("Enter again sends {callsigns}"),
        "command_note": _("note to {number}"),
        "command_find": _("Enter searches for it"),
        "command_nothing": _("Nothing was found for {what}."),
        "wrong_unit": _("There is no unit {what}. Tab completes."),
        "wrong_several": _("{what} may be {callsigns}."),
        "wrong_incident": _("There is no open incident {what}. ? {what} searches older ones."),
        "wrong_status": _("{what} is no status: 1 to 8, a acknowledged, s staging."),
        "wrong_time": _("{what} is no time: write @14:05, @1405, or @-5 for minutes ago."),
        "wrong_verb": _("After {what} comes a status, > or n. Example: DMK1 4, DMK1 > 1187, 1187 n text."),
        "wrong_text": _("Write the note's words after n."),
        "wrong_target": _("Write what to send where: DMK1 > 1187."),
        "wrong_show": _("Write what to show after ?: a unit, a number, a phone, a place."),
        "wrong_no_assignment": _("{callsign} is on no incident: {status} needs one."),
        "wrong_emergency": _("An emergency is set from the unit's own row, with a second key."),
        "command_sent": _("{callsigns} sent to {number}"),
        "note_field": _("Note to {number}"),
        "note_waits": _("Kept: the note goes out when the line is back."),
        "ask_take": _("Take"),
        "command_noted": _("Note added to {number}"),
        "command_missed": _("{callsign} was not sent: {why}"),
    }
