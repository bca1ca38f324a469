"""The problem messages of the domain."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.problem_messages import LATER, Problem

DOMAIN_PROBLEMS: dict[str, Problem] = {
    "callsign_is_an_id": Problem(_("A callsign can't be an id"), _("Give a short name such as DMK1.")),
    "restricted_into_open": Problem(
        _("A restricted incident can't be merged into an open one"),
        _("Its words would be read by more people than may. Merge the other way round."),
    ),
    "agency_needed": Problem(_("An agency is needed"), _("Name the agency that this person works for.")),
    "agency_unknown": Problem(_("There is no such agency"), _("`GET agencies` names them.")),
    "centre_unknown": Problem(_("This place is empty"), _("Load its defaults first: ./sigap load_defaults.")),
    "demo_password_changed": Problem(
        _("The password of this person was changed"), _("Sign in with their name and the new password.")
    ),
    "first_call_unknown": Problem(
        _("There is no such call to ring"), _("Choose emergency, prank, silent, duplicate or boat.")
    ),
    "no_open_incident": Problem(
        _("No incident is open"), _("Have an emergency ring first and send it; then another caller can report it too.")
    ),
    "count_out_of_range": Problem(_("Too few or too many cards"), _("Reserve 1 to 200 numbers at a time.")),
    "number_not_reserved": Problem(
        _("This number was not reserved for a card"),
        _("Look at /cards/ for the numbers of blank cards, or give none."),
    ),
    "number_taken": Problem(
        _("This card is entered already"), _("Open incident %(number)s, or give the number of another card.")
    ),
    "desk_unknown": Problem(_("There is no such desk"), _("Name a desk of your centre or agency, or none.")),
    "key_unknown": Problem(_("There is no such key"), _("Look at the list of keys.")),
    "language_unknown": Problem(_("There is no such language"), _("Choose one of the languages offered.")),
    "last_admin": Problem(_("This is the last admin"), _("Make another person admin first.")),
    "password_to_change": Problem(_("The password is for one use"), _("Change it at /password/, then go on.")),
    "sign_in_too_many": Problem(_("Too many wrong tries with this name"), LATER),
    "sign_in_slowed": Problem(_("Many wrong passwords were tried with this name"), LATER),
    "sign_in_address_full": Problem(_("Too many tries to sign in from this network"), LATER),
    "second_factor_needed": Problem(
        _("The second factor was not given"), _("Sign in again and give it, or ask a supervisor.")
    ),
    "second_factor_to_set_up": Problem(
        _("A second factor is needed"), _("Open /second-factor/ in a browser and set one up, then go on.")
    ),
    "factor_code_wrong": Problem(
        _("The code is wrong"), _("Type the six digits that the app shows now. Check the clock of the telephone.")
    ),
    "factor_unknown": Problem(_("There is no such second factor"), _("Choose one from your list.")),
    "factor_needed": Problem(_("There is no second factor yet"), _("Set up an app or a passkey first.")),
    "last_factor": Problem(
        _("This is your last second factor"), _("Your role needs one: set up another, then remove this one.")
    ),
    "too_many_passkeys": Problem(_("There are ten passkeys already"), _("Remove one that you no longer use.")),
    "passkey_failed": Problem(
        _("The passkey was not accepted"), _("Try again, with the key that belongs to this site and this person.")
    ),
    "own_factor": Problem(_("Nobody bridges their own second factor"), _("Ask another supervisor or an admin.")),
    "no_factor_to_bridge": Problem(
        _("This person needs no second factor and has none"), _("They sign in with their password.")
    ),
    "hours_outside": Problem(_("A bridge lasts 1 to 12 hours"), _("Choose a number of hours from 1 to 12.")),
    "bridge_unknown": Problem(_("There is no such bridge"), _("Choose one from the list.")),
    "reason_needed": Problem(_("A reason is needed"), _("Say in a few words why, in at most 500 characters.")),
    "name_needed": Problem(_("A name is needed"), _("Say who answers for it.")),
    "password_weak": Problem(_("The password is too weak"), _("Take at least 10 characters that nobody would guess.")),
    "scope_needed": Problem(_("A scope is needed"), _("Name at least one scope.")),
    "desk_fixed": Problem(_("The desk belongs to another agency"), _("Close it and make one with another code.")),
    "pbx_agent_taken": Problem(
        _("Somebody else has this telephone"), _("Each agent of the exchange is one person: take it off them first.")
    ),
    "spoken_with_required": Problem(
        _("Nobody has spoken with the crew yet"),
        _("Call the crew, then give in `spoken_with` the name of the crew member who answered."),
    ),
    "unit_not_of_agency": Problem(
        _("The unit is another agency's"), _("Choose a unit in use of the person's agency, or none.")
    ),
    "username_malformed": Problem(
        _("The user name can't be taken"), _("Give at most 60 letters, digits and . _ + - @, without blanks.")
    ),
    "capability_malformed": Problem(
        _("The code can't be taken"), _("Give small letters, digits and _, a letter first, such as fire_engine.")
    ),
    "code_taken": Problem(_("There is one with this code already"), _("Open that one, or give another code.")),
    "level_tells_nobody": Problem(_("This level tells nobody"), _("Tick at least one role, or leave its seconds out.")),
    "levels_not_rising": Problem(
        _("The seconds don't rise"), _("Each level comes after the one before it, within 31 days: 60 90 180.")
    ),
    "no_level": Problem(_("There is no level"), _("Give the seconds to one level at least.")),
    "number_malformed": Problem(
        _("A number can't be dialled"), _("Write it as +62 812 3456 789, 0812 3456 789 or 113.")
    ),
    "place_official": Problem(
        _("This is an official area"), _("Its name and place are decreed. Add a place of your own beside it.")
    ),
    "place_unknown": Problem(_("There is no such place"), _("Look at the list of places.")),
    "policy_unknown": Problem(_("There is no such rule"), _("Look at the list of rules.")),
    "type_malformed": Problem(_("The code can't be taken"), _("Give a letter and two digits, such as F01.")),
    "synonym_too_long": Problem(_("A synonym is too long"), _("Give at most 80 letters: what callers say in short.")),
    "synonyms_too_many": Problem(_("There are too many synonyms"), _("Keep the 300 that callers use most.")),
    "synonym_sign": Problem(_("A synonym contains a semicolon"), _("Write each synonym on its own line.")),
    "version_old": Problem(
        _("Somebody has made another version meanwhile"), _("Open the list, look at that one, and say yours again.")
    ),
    "not_crew": Problem(_("That person is no crew member"), _("Choose somebody with the role of a crew.")),
    "warning_not_held": Problem(_("The warning does not hold"), _("Only one that is approved can be kept.")),
    "user_unknown": Problem(_("There is no such person"), _("Look at the list of people.")),
    "username_taken": Problem(_("The user name is taken"), _("Choose another one.")),
    # Places
    "warnings_unseen": Problem(
        _("There are warnings about this place"), _("Read `warnings`, say that they were seen, then go.")
    ),
    "own_warning": Problem(_("It is your own warning"), _("Another supervisor has to approve it.")),
    "warning_ended": Problem(_("The warning has ended"), _("Propose a new one.")),
    "warning_state_unknown": Problem(
        _("There is no such state of a warning"), _("Give proposed, holds, due or ended.")
    ),
    "review_past": Problem(_("The review date lies behind"), _("Give today or a later day.")),
    "end_past": Problem(_("The end lies behind"), _("Give a later moment, or none.")),
    # Calls
    "call_taken": Problem(_("Somebody else has this call"), _("`operator` names who. Take the next one.")),
    "call_linked": Problem(_("The call belongs to an incident already"), _("Link it to another one to move it.")),
    "call_state_unknown": Problem(_("There is no such state"), _("Give a state of a call, or open, or waiting.")),
    "draft_too_large": Problem(_("The draft is too large"), _("Send what is there as lines of words.")),
    "draft_malformed": Problem(_("The draft can't be kept"), _("It holds what is no text: type it again.")),
    "disposition_by_itself": Problem(
        _("This comes by itself"), _("E1 comes by opening an incident, E2 by linking, D2 by a hang-up: choose another.")
    ),
    "disposition_missing": Problem(_("The call is not filed yet"), _("Choose how the call is filed, then go on.")),
    "disposition_unknown": Problem(_("There is no such disposition"), _("Give one of the codes of the noise bar.")),
    "not_in_overflow": Problem(
        _("Not yet for dispatchers"), _("Dispatchers take calls that have waited %(overflow_seconds)s seconds.")
    ),
    "not_your_call": Problem(_("This is somebody else's call"), _("Ask whoever has it, or a supervisor.")),
    "nothing_to_undo": Problem(_("There is nothing to undo"), _("Five seconds are over. Reopen the call instead.")),
    "number_withheld": Problem(_("The number is withheld"), _("What is safe can be said of a known number only.")),
    "on_a_call": Problem(_("You are on a call"), _("End or pass on the call first.")),
    "safety_needs_person": Problem(
        _("A person must change this"),
        _("The number is unsafe to contact. It stays so until a named person who has asked changes it."),
    ),
    "person_needed": Problem(_("A person is needed"), _("A key has no state at a desk: sign in as a person.")),
    "reason_missing": Problem(_("The reason is missing"), _("Say why you are not ready.")),
    "reason_unknown": Problem(
        _("There is no such reason"),
        _("Give one of: istirahat, sholat, makan, briefing, toilet, gangguan_teknis, tugas_lain."),
    ),
    "agency_fixed": Problem(
        _("The unit belongs to another agency"), _("Its history is that agency's. Retire it and register a new one.")
    ),
    "already_stacked": Problem(
        _("The unit is stacked for this already"), _("Send it with `POST assignments/{id}/send`, or leave it.")
    ),
    "already_stamped": Problem(_("This stamp is filled already"), _("It says %(at)s. Add a note if that is wrong.")),
    "assignment_unknown": Problem(_("There is no such assignment"), _("The incident's form names its assignments.")),
    "before_dispatch": Problem(
        _("The time lies before the unit was sent"),
        _("It was sent at %(sent)s. Give a later time, or set the sender's clock right."),
    ),
    "capability_unknown": Problem(_("There is no such capability"), _("Take a code from the list of capabilities.")),
    "no_assignment": Problem(
        _("The unit was on no assignment"), _("Assign it first, or give the time at which it was on one.")
    ),
    "not_active": Problem(
        _("The assignment is not active"), _("It is stacked or has ended: report the unit's status instead.")
    ),
    "out_of_order": Problem(
        _("The times contradict each other"), _("Give a time that fits the stamps that are there.")
    ),
    "reason_required": Problem(_("A reason is needed"), _("Say why, in a few words.")),
    "station_unknown": Problem(_("There is no such station"), _("`GET stations` names them.")),
    "status_not_settable": Problem(
        _("This status can't be set here"), _("Units get it by being sent. Choose one without an assignment.")
    ),
    "status_unknown": Problem(_("There is no such status"), _("Take a status by its name, or an FMS digit.")),
    "unit_assigned": Problem(_("The unit is on an incident"), _("Free it first, then retire it.")),
    "unit_not_available": Problem(_("The unit can't be sent now"), _("It is %(state)s. Choose another unit.")),
    "unit_taken": Problem(
        _("The unit is taken"), _("%(by)s has sent it since %(since)s. Choose another, or divert it.")
    ),
    "unit_unknown": Problem(_("There is no such unit"), _("Check the callsign: `GET units` names them.")),
    "moved_on": Problem(
        _("Something else has happened since"), _("Nothing was taken back: look at how it stands now.")
    ),
    # Incidents, tasks, notes
    "too_late": Problem(
        _("It is too late to take this back"), _("Others count on it, or the seconds are over: ask a dispatcher.")
    ),
    "call_not_here": Problem(_("The call is not linked here"), _("Name calls of this incident only.")),
    "call_opened_it": Problem(
        _("The incident was opened from this call"), _("Split the call off, or cancel the incident.")
    ),
    "call_unknown": Problem(_("There is no such call"), _("Check the id, or open the incident without it.")),
    "disposition_required": Problem(
        _("A disposition is needed"), _("Say how it ended: `GET incident-dispositions` names the codes.")
    ),
    "force_refused": Problem(_("Force is a supervisor's"), _("End what is open one by one, or ask a supervisor.")),
    "incident_disposition_unknown": Problem(
        _("There is no such disposition"), _("`GET incident-dispositions` names the codes.")
    ),
    "incident_not_open": Problem(_("The incident is not open"), _("It is %(state)s. Reopen it first.")),
    "merged": Problem(_("The incident was merged"), _("Go on in the one it went into: %(into)s.")),
    "no_unit": Problem(_("You are signed on to no unit"), _("Sign on to your unit, then report.")),
    "not_a_dispatcher": Problem(
        _("This person doesn't dispatch"), _("Choose a dispatcher or a supervisor of this centre.")
    ),
    "not_a_parent": Problem(
        _("This can't be the parent"), _("Choose another incident of this centre that has no parent itself.")
    ),
    "not_your_note": Problem(
        _("This is somebody else's note"), _("Its author, a dispatcher or a supervisor strikes it.")
    ),
    "not_your_task": Problem(_("This is another agency's task"), _("That agency answers it, or a dispatcher for it.")),
    "open_tasks": Problem(
        _("Agencies are still at it"), _("Let %(agencies)s finish, or withdraw their tasks; a supervisor may force it.")
    ),
    "own_task_not_accepted": Problem(
        _("Your own task comes first"), _("Accept your agency's task, then ask a second agency.")
    ),
    "point_incomplete": Problem(_("Half a point"), _("Give both lat and lng, or neither.")),
    "point_unreadable": Problem(_("Unreadable point"), _("Give latitude and longitude as degrees: -7.0205,113.8601.")),
    "required": Problem(_("Something is missing"), _("This is needed.")),
    "same_incident": Problem(_("This is the same incident"), _("Choose another one to merge into.")),
    "still_assigned": Problem(_("Units are still assigned"), _("Free %(callsigns)s first; a supervisor may force it.")),
    "take_over_refused": Problem(
        _("Somebody else keeps this incident"), _("Ask who keeps it to hand it over, or a supervisor.")
    ),
    "task_exists": Problem(_("The agency has a task here already"), _("`task` shows it.")),
    "type_unknown": Problem(_("There is no such type"), _("`GET incident-types` names the codes.")),
    # Alarms
    "alarm_closed": Problem(_("The alarm is closed"), _("What it was about has been done: nothing to acknowledge.")),
    "name_required": Problem(_("A name is needed"), _("Give the `name` of whoever acknowledges through this key.")),
    "no_shortfall": Problem(
        _("No required unit is missing"), _("Every need of the plan has a unit: there is nothing to accept.")
    ),
    "not_snoozable": Problem(
        _("This alarm cannot be put off"),
        _("Acknowledge it: its next levels come all the same. It ends when its condition ends."),
    ),
    "number_out_of_range": Problem(
        _("That number is out of range"), _("Give a whole number that the field's help allows.")
    ),
    "time_zone_unknown": Problem(
        _("There is no such time zone"), _("Give a name of the time zone database, such as Asia/Jakarta.")
    ),
    "until_out_of_range": Problem(
        _("It can't be put off until then"), _("Give a moment ahead, at most 12 hours away.")
    ),
}
