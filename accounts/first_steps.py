"""What a newcomer tries first on a training site, by role: a list that is ticked off and put away for good."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.roles import Role

# In the session of somebody who signed in by a role card of a training site: the first steps are shown open.
NEWCOMER = "newcomer"
CLOSED = "closed"  # kept beside the steps of somebody who has put the list away


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to try: its code, the key that does it (shown, and ticks it off when it is pressed), and the words."""

    code: str
    keys: str
    text: Promise


STEPS: dict[Role, tuple[Step, ...]] = {
    Role.CALL_TAKER: (
        Step("ready", "F9", _("Say that you are ready: F9, then R.")),
        Step("take", "F2", _("Have a call ring (below), and take it.")),
        Step("place", "Alt+G", _("Type where it is; the arrows choose, Enter takes it.")),
        Step("send", "Ctrl+Enter", _("Say what it is, type the caller’s words, and send.")),
        Step("end", "Alt+X", _("End the call.")),
        Step("noise", "F8", _("Have a prank ring, and file it with one letter.")),
    ),
    Role.DISPATCHER: (
        Step("incidents", "Alt+I", _("Go to the incidents; the arrows move.")),
        Step("send", "Enter", _("Open one, and once more: send what is recommended.")),
        Step("note", "N", _("Add a note to it.")),
        Step("command", "/", _("Type DMK1 4: a unit’s status by the command line.")),
        Step("alarms", "Alt+J", _("Open the alarms; a digit acknowledges.")),
    ),
    Role.SUPERVISOR: (
        Step("incidents", "Alt+I", _("Go through the incidents with the arrows.")),
        Step("open", "Enter", _("Open one in the console.")),
        Step("filter", "Alt+U", _("Filter by number, kind, place, unit or agency.")),
        Step("alarms", "Alt+J", _("Open the alarms; a digit acknowledges.")),
        Step("print", "Ctrl+P", _("Print the board: all rows come on paper.")),
    ),
    Role.AGENCY_DESK: (
        Step("tasks", "Alt+I", _("Go to the tasks; the arrows move.")),
        Step("accept", "A", _("Accept one.")),
        Step("send", "Enter", _("Tick a unit of yours by its digit; Enter sends it.")),
        Step("done", "D", _("Report back when it is done.")),
    ),
    Role.CREW: (
        Step("next", "", _("Press the large button: it is always the next step.")),
        Step("talk", "", _("Ask the centre to call you back by radio.")),
        Step("emergency", "", _("Hold the emergency button: everybody sees it at once.")),
    ),
    Role.ADMIN: (
        Step("people", "", _("Add a person, and give them a role.")),
        Step("units", "", _("Change a unit’s station.")),
        Step("rules", "", _("Look at an alarm rule, its levels and its history.")),
    ),
    Role.AUDITOR: (
        Step("incidents", "Alt+I", _("Go through the incidents with the arrows.")),
        Step("open", "Enter", _("Open one and read its timeline.")),
        Step("print", "", _("Print its sheet from there.")),
    ),
}


def steps_of(actor: Actor) -> tuple[Step, ...]:
    """The steps of the first of a person's roles that has some."""
    return next((steps for role, steps in STEPS.items() if role in actor.roles), ())
