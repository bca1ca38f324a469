"""The sentence of each fact: made when it is shown, in the asker's language, from ids and codes.

A sentence is a pure function of the fact; `names` may add the words of types. Every kind that dispatch, calls, units
and alarms state stands in SENTENCES; a contract test holds that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _

from alarms.rules import EscalationRule
from calls.states import CallState, ContactSafety, Disposition, OperatorStatus
from core.models import Event
from dispatch.states import AssignmentStatus, IncidentState, TaskState
from units.states import UnitStatus

Names = Mapping[str, str]
Values = dict[str, str]

_LABELS: dict[str, Any] = {
    "incident": IncidentState,
    "task": TaskState,
    "assignment": AssignmentStatus,
    "unit": UnitStatus,
    "call": CallState,
    "operator": OperatorStatus,
}
RULE_NAMES = {
    EscalationRule.CALL_WAITING: _("a call waits"),
    EscalationRule.P1_WITHOUT_UNITS: _("P1 without its units"),
    EscalationRule.P2_WITHOUT_UNITS: _("P2 without its units"),
    EscalationRule.P3_WITHOUT_UNITS: _("P3 without its units"),
    EscalationRule.NOT_ACKNOWLEDGED: _("not acknowledged"),
    EscalationRule.NOT_EN_ROUTE: _("not en route"),
    EscalationRule.NOT_ON_SCENE: _("not on scene in time"),
    EscalationRule.NO_REPORT_FROM_SCENE: _("no word from the scene"),
    EscalationRule.CREW_EMERGENCY: _("a unit's emergency"),
    EscalationRule.CALL_BACKS_DUE: _("call-backs pile up"),
    EscalationRule.TASK_NOT_ACCEPTED: _("a task is not accepted"),
    EscalationRule.NO_FREE_OPERATOR: _("no free operator"),
    EscalationRule.MANY_ABANDONED_CALLS: _("many callers hang up"),
    EscalationRule.COMPLAINT_OPEN: _("a complaint is open"),
    EscalationRule.NUISANCE_NUMBER: _("a nuisance number"),
    EscalationRule.SYSTEM_FAULT: _("a source is silent"),
    EscalationRule.WARNING_NOT_SEEN: _("a place warning not seen"),
    EscalationRule.CLOCK_OFF: _("a clock is off"),
    EscalationRule.CALL_ON_HOLD: _("a caller is on hold"),
}
_FIELDS = {
    "type": _("type"),
    "priority": _("priority"),
    "priority_reason": _("reason of the priority"),
    "location": _("place"),
    "time_zone": _("time zone"),
    "verified": _("place read back"),
    "owner": _("dispatcher"),
    "parent": _("parent incident"),
    "caller_name": _("caller's name"),
    "callback_number": _("number to call back"),
    "language": _("language"),
    "safe_to_call_back": _("safe to call back"),
    "contact_safety": _("contact safety"),
    "status": _("status"),
    "kind": _("kind"),
    "capabilities": _("capabilities"),
    "station": _("station"),
    "crew": _("crew"),
    "phone": _("telephone"),
    "callsign": _("callsign"),
    "active": _("in use"),
    "is_active": _("in use"),
    "name": _("name"),
    "name_id": _("name in Indonesian"),
    "name_en": _("name in English"),
    "roles": _("roles"),
    "agency": _("agency"),
    "unit_id": _("unit"),
    "unit": _("unit"),
    "email": _("e-mail"),
    "pbx_agent": _("agent of the exchange"),
    "lat": _("latitude"),
    "lng": _("longitude"),
    "lead": _("lead agencies"),
    "support": _("supporting agencies"),
    "apco": _("APCO codes"),
    "restricted": _("restricted"),
    "now": _("now case"),
    "sea": _("at sea"),
    "on_scene_update_seconds": _("word from the scene"),
    "definition": _("levels"),
    "numbers": _("numbers"),
    "hours": _("hours"),
    "languages": _("languages"),
    "area": _("area"),
    "note": _("note"),
    "role": _("role"),
    "other_names": _("other names"),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with places for values; `more` are sentences that follow where the fact has that word."""

    text: str
    more: tuple[tuple[str, str], ...] = ()

    def __call__(self, event: Event, language: str, names: Names | None = None) -> str:
        """The sentence of a fact in a language ("id", "en")."""
        with override(language):
            values = _Values(_values(event, names or {}))
            parts = [gettext(self.text), *(gettext(text) for word, text in self.more if event.data.get(word))]
            return " ".join(parts) % values


class _Values(Values):
    def __missing__(self, key: str) -> str:
        return "?"


def _values(event: Event, names: Names) -> Values:
    about = event.data.get("callsign") or event.data.get("agency")
    values: Values = {"about": f" ({about})" if isinstance(about, str) else ""}
    for word, value in event.data.items():
        show = _SHOWN.get(word)
        if show:
            values[word] = show(value, event, names)
        elif isinstance(value, str | int) and not isinstance(value, bool):
            values[word] = str(value)
    return values


def _label(value: Any, event: Event, names: Names) -> str:  # noqa: ARG001 - one shape for all
    choices = _LABELS.get(event.kind.partition(".")[0])
    if choices is None or value not in choices.values:
        return str(value)
    return str(choices(value).label)


def _type(value: Any, event: Event, names: Names) -> str:
    if isinstance(value, Mapping):
        return f"{_type(value['from'], event, names)} → {_type(value['to'], event, names)}"
    return f"{value} {names[value]}" if value in names else str(value)


def _priority(value: Any, event: Event, names: Names) -> str:  # noqa: ARG001
    if isinstance(value, Mapping):
        return f"P{value['from']} → P{value['to']}"
    return f"P{value}"


def _rule(value: Any, event: Event, names: Names) -> str:  # noqa: ARG001
    return gettext(RULE_NAMES[value]) if value in RULE_NAMES else str(value)


def _levels(value: Any, event: Event, names: Names) -> str:  # noqa: ARG001
    return ", ".join(str(level) for level in value)


def _fields(value: Any, event: Event, names: Names) -> str:  # noqa: ARG001
    return ", ".join(gettext(_FIELDS[field]) if field in _FIELDS else str(field) for field in value)


def _safety(value: Any, event: Event, names: Names) -> str:  # noqa: ARG001
    return str(ContactSafety(value).label) if value in ContactSafety.values else str(value)


def _disposition(value: Any, event: Event, names: Names) -> str:
    if value in Disposition.values:
        return f"{value} {Disposition(value).label}"
    return _type(value, event, names)


def _missing(value: Any, event: Event, names: Names) -> str:  # noqa: ARG001
    return ", ".join(f"{each['count']} × {names.get(each['capability'], each['capability'])}" for each in value)


_SHOWN: dict[str, Callable[[Any, Event, Names], str]] = {
    "from": _label,
    "to": _label,
    "state": _label,
    "was": _label,
    "status": _label,
    "outcome": _label,
    "type": _type,
    "priority": _priority,
    "rule": _rule,
    "levels": _levels,
    "fields": _fields,
    "disposition": _disposition,
    "missing": _missing,
    "contact_safety": _safety,
}

_FORCED = ("forced", _("(forced)"))
_MERGED_TASK = ("cause", _("because of another act."))

_REOPENED = Sentence(_("Reopened (was: %(from)s)."))
_MERGE_UNDONE = Sentence(_("Merge undone. State: %(to)s."))


def _reopened(event: Event, language: str, names: Names | None = None) -> str:
    """The sentence of a reopening: of a merged incident it is the undo of the merge."""
    sentence = _MERGE_UNDONE if event.data.get("from") == IncidentState.MERGED else _REOPENED
    return sentence(event, language, names)


class EventMessage(Protocol):
    """Gives the sentence of an event in a language."""

    def __call__(self, event: Event, language: str, names: Names | None = None, /) -> str:
        """Return it. names: the names of types by code."""


SENTENCES: dict[str, EventMessage] = {
    # Incidents
    "incident.opened": Sentence(
        _("Incident %(number)s opened: %(type)s, %(priority)s."),
        (("split_from", _("It was split from another incident.")), ("call", _("Opened from a call."))),
    ),
    "incident.edited": Sentence(
        _("Changed: %(fields)s."), (("type", _("Type %(type)s.")), ("priority", _("Priority %(priority)s.")))
    ),
    "incident.narrative_told": Sentence(_("First words written down.")),
    "incident.state_changed": Sentence(
        _("%(from)s → %(to)s."),
        (
            ("disposition", _("Disposition: %(disposition)s.")),
            _FORCED,
            ("undone", _("The opening was taken back.")),
        ),
    ),
    "incident.merged": Sentence(_("Merged into incident %(number)s.")),
    "incident.reopened": _reopened,
    "incident.split": Sentence(_("Incident %(number)s split off.")),
    "incident.details_read": Sentence(_("Restricted details read.")),
    "incident.shortfall_accepted": Sentence(_("Accepted that units are missing: %(missing)s.")),
    "incident.warnings_seen": Sentence(_("Place warnings seen: %(count)s."), (("unit", _("For unit %(callsign)s.")),)),
    "numbers.reserved": Sentence(_("%(count)s incident numbers reserved for blank cards: %(first)s to %(last)s.")),
    "warning.proposed": Sentence(_("Place warning proposed.")),
    "warning.approved": Sentence(_("Place warning approved: it holds now.")),
    "warning.reviewed": Sentence(_("Place warning looked at again: it still holds.")),
    "warning.ended": Sentence(_("Place warning ended.")),
    "note.added": Sentence(_("Note added.")),
    "note.struck": Sentence(_("Note struck through.")),
    "people.reported": Sentence(_("People at risk: %(count)s.")),
    "people.contacted": Sentence(_("Contact with people at risk.")),
    "people.rescued": Sentence(_("People at risk rescued: %(count)s.")),
    # Tasks
    "task.offered": Sentence(_("Task offered to %(agency_code)s.")),
    "task.accepted": Sentence(
        _("%(agency_code)s accepted its task."), (("callsign", _("%(callsign)s acknowledged.")),)
    ),
    "task.refused": Sentence(_("%(agency_code)s refused its task.")),
    "task.done": Sentence(_("%(agency_code)s finished its task.")),
    "task.withdrawn": Sentence(_("Task of %(agency_code)s withdrawn."), (_MERGED_TASK,)),
    # Units in incidents
    "assignment.made": Sentence(
        _("%(callsign)s assigned."), (("field_initiated", _("It came across the incident itself.")),)
    ),
    "assignment.sent": Sentence(_("%(callsign)s sent; it was stacked.")),
    "assignment.stacked": Sentence(_("%(callsign)s stacked.")),
    "assignment.status_changed": Sentence(_("%(callsign)s: %(from)s → %(to)s."), (_FORCED,)),
    "assignment.status_undone": Sentence(_("%(callsign)s: %(from)s taken back, %(to)s again.")),
    "assignment.stamped": Sentence(_("%(callsign)s: %(status)s, entered late.")),
    "assignment.reason_given": Sentence(_("Reason given for %(callsign)s.")),
    "assignment.ended": Sentence(_("%(callsign)s: %(from)s → %(outcome)s."), (_FORCED,)),
    # Units
    "unit.registered": Sentence(_("Unit %(callsign)s registered.")),
    "unit.changed": Sentence(_("Unit changed: %(fields)s.")),
    "unit.status_changed": Sentence(_("Unit: %(from)s → %(to)s."), (_FORCED,)),
    "unit.status_noted": Sentence(_("Unit: %(to)s, entered late.")),
    "unit.talk_requested": Sentence(_("Crew of %(callsign)s asks to talk.")),
    "unit.talk_ended": Sentence(_("Request of %(callsign)s to talk answered.")),
    "unit.emergency_raised": Sentence(_("CREW EMERGENCY: %(callsign)s.")),
    "unit.emergency_withdrawn": Sentence(_("Crew of %(callsign)s took its emergency back. Confirm by voice.")),
    "unit.emergency_ended": Sentence(_("Emergency of %(callsign)s ended after voice contact with the crew.")),
    "unit.crew_joined": Sentence(_("Somebody signed on to the crew of %(callsign)s.")),
    "unit.crew_left": Sentence(_("Somebody left the crew of %(callsign)s.")),
    "station.registered": Sentence(_("Station %(code)s registered.")),
    "station.changed": Sentence(_("Station %(code)s changed.")),
    # Calls
    "call.rang": Sentence(_("Call ringing.")),
    "call.offered": Sentence(_("Call offered anew."), (("missed", _("It was not answered in time.")),)),
    "call.queued": Sentence(_("Call waiting in the queue.")),
    "call.answered": Sentence(_("Call answered.")),
    "call.held": Sentence(_("Call on hold.")),
    "call.resumed": Sentence(_("Call resumed.")),
    "call.transferred": Sentence(_("Call being transferred.")),
    "call.ended": Sentence(_("Call ended.")),
    "call.abandoned": Sentence(_("Caller hung up before the answer.")),
    "call.taken_over": Sentence(_("Call taken over.")),
    "call.claim_lost": Sentence(_("Somebody else had taken the call first.")),
    "call.opened": Sentence(_("Call opened by hand.")),
    "call.disposed": Sentence(_("Call filed: %(disposition)s.")),
    "call.disposal_undone": Sentence(_("Filing of the call taken back.")),
    "call.end_undone": Sentence(_("End of the call taken back.")),
    "call.closed": Sentence(_("Call closed.")),
    "call.lost_by_pbx": Sentence(_("The exchange lost the call; closed by the system.")),
    "call.reopened": Sentence(_("Call reopened.")),
    "call.edited": Sentence(_("Call changed: %(fields)s.")),
    "call.corrected": Sentence(_("Closed call corrected: %(fields)s.")),
    "call.line_added": Sentence(_("Line of words added to the call.")),
    "call.linked": Sentence(_("Call linked."), (("left", _("It left another incident.")),)),
    "call.unlinked": Sentence(_("Link of the call taken back.")),
    "number.struck": Sentence(_("Number got a strike.")),
    "number.strike_withdrawn": Sentence(_("Strike withdrawn.")),
    "number.safety_changed": Sentence(
        _("Contact safety of the number changed."), (("contact_safety", _("Now: %(contact_safety)s.")),)
    ),
    "operator.state_changed": Sentence(_("Operator: %(was)s → %(state)s.")),
    # Alarms
    "alarm.opened": Sentence(_("Alarm, level %(level)s: %(rule)s%(about)s."), (("late", _("Entered late.")),)),
    "alarm.raised": Sentence(_("Alarm rose to level %(level)s: %(rule)s%(about)s.")),
    "alarm.returned": Sentence(_("Alarm is back, level %(level)s: %(rule)s%(about)s.")),
    "alarm.rearmed": Sentence(_("Alarm counts anew: %(rule)s%(about)s.")),
    "alarm.acknowledged": Sentence(_("Alarm acknowledged: %(rule)s%(about)s.")),
    "alarm.snoozed": Sentence(_("Alarm put off: %(rule)s%(about)s.")),
    "alarm.closed": Sentence(_("Alarm over: %(rule)s%(about)s.")),
    "alarm.missed": Sentence(_("Steps past at a late entry, nobody told (level %(levels)s): %(rule)s.")),
    # Settings
    "agency.made": Sentence(_("Agency %(code)s made.")),
    "agency.edited": Sentence(_("Agency changed: %(fields)s.")),
    "centre.changed": Sentence(_("Settings of the centre changed: %(fields)s.")),
    "desk.made": Sentence(_("Desk %(code)s made.")),
    "desk.edited": Sentence(_("Desk changed: %(fields)s.")),
    "user.made": Sentence(_("Person written down.")),
    "user.changed": Sentence(_("Person changed: %(fields)s.")),
    "user.password_changed": Sentence(_("Password changed.")),
    "factor.added": Sentence(_("Second factor set up.")),
    "factor.removed": Sentence(_("Second factor removed.")),
    "factor.codes_made": Sentence(_("Recovery codes made.")),
    "factor.used": Sentence(_("Second factor given.")),
    "factor.bridged": Sentence(_("Lost second factor bridged.")),
    "factor.bridge_ended": Sentence(_("Bridge of a second factor ended.")),
    "factor.bridge_used": Sentence(_("Signed in without the second factor, which was bridged.")),
    "session.started": Sentence(_("Signed in.")),
    "session.ended": Sentence(_("Signed out.")),
    "key.made": Sentence(_("Key made.")),
    "key.revoked": Sentence(_("Key revoked.")),
    "capability.made": Sentence(_("Capability %(code)s made.")),
    "capability.edited": Sentence(_("Capability changed: %(fields)s.")),
    "incident_type.made": Sentence(_("Incident type %(code)s made.")),
    "incident_type.edited": Sentence(_("Incident type changed: %(fields)s.")),
    "type_synonyms.edited": Sentence(_("Synonyms of %(code)s changed: %(fields)s.")),
    "plan.revised": Sentence(_("Response plan of %(code)s: version %(version)s.")),
    "policy.revised": Sentence(_("Escalation rule said anew: version %(version)s.")),
    "contact.made": Sentence(_("Contact written down.")),
    "contact.edited": Sentence(_("Contact changed: %(fields)s.")),
    "place.made": Sentence(_("Place written down.")),
    "place.edited": Sentence(_("Place changed: %(fields)s.")),
    "place.removed": Sentence(_("Place taken out.")),
    "table.exported": Sentence(_("Table exported: %(rows)s rows.")),
    "feed.reset": Sentence(_("Every board was read anew.")),
    # The machinery
    "timer.failed": Sentence(_("A deadline could not be kept: the system failed three times.")),
}
