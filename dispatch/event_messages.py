"""The sentence of an event in the reader's language, made when it is shown: its kind's, with the event's own data."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Choices
from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _

from alarms.rules import EscalationRule
from calls.states import Disposition
from core.event_kinds import EventKind, all_kinds
from core.models import Event
from dispatch.events import DispatchEvent
from dispatch.states import IncidentState

Names = Mapping[str, str]
Values = dict[str, str]

_MERGE_UNDONE = _("Merge undone. State: %(to)s.")
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


class _Values(Values):
    def __missing__(self, key: str) -> str:
        return "?"


@functools.cache
def _kinds() -> Mapping[str, EventKind]:
    return {kind.value: kind for kind in all_kinds()}


def event_sentence(event: Event, language: str, names: Names | None = None) -> str:
    """The sentence of an event in a language ("id", "en"); the name of a kind that no installed app has.

    names: the names of types, dispositions and capabilities by their codes.
    """
    kind = _kinds().get(event.kind)
    if kind is None:
        return event.kind
    merge_undone = kind is DispatchEvent.INCIDENT_REOPENED and event.data.get("from") == IncidentState.MERGED
    with override(language):
        first = gettext(_MERGE_UNDONE if merge_undone else kind.sentence)
        further = [gettext(text) for field, text in kind.further.items() if event.data.get(field)]
        return " ".join([first, *further]) % _Values(_values(kind, event.data, names or {}))


def _values(kind: EventKind, data: Mapping[str, Any], names: Names) -> Values:
    about = data.get("callsign") or data.get("agency")
    values: Values = {"about": f" ({about})" if isinstance(about, str) else ""}
    for field, value in data.items():
        choices = kind.fields.get(field, str)
        if show := _SHOWN.get(field):
            values[field] = show(value, names)
        elif issubclass(choices, Choices) and value in choices.values:
            values[field] = str(choices(value).label)
        elif isinstance(value, str | int) and not isinstance(value, bool):
            values[field] = str(value)
    return values


def _type(value: Any, names: Names) -> str:
    if isinstance(value, Mapping):
        return f"{_type(value['from'], names)} → {_type(value['to'], names)}"
    return f"{value} {names[value]}" if value in names else str(value)


def _priority(value: Any, names: Names) -> str:  # noqa: ARG001
    if isinstance(value, Mapping):
        return f"P{value['from']} → P{value['to']}"
    return f"P{value}"


def _rule(value: Any, names: Names) -> str:  # noqa: ARG001
    return gettext(RULE_NAMES[value]) if value in RULE_NAMES else str(value)


def _levels(value: Any, names: Names) -> str:  # noqa: ARG001
    return ", ".join(str(level) for level in value)


def _fields(value: Any, names: Names) -> str:  # noqa: ARG001
    return ", ".join(gettext(_FIELDS[field]) if field in _FIELDS else str(field) for field in value)


def _disposition(value: Any, names: Names) -> str:
    if value in Disposition.values:
        return f"{value} {Disposition(value).label}"
    return _type(value, names)


def _missing(value: Any, names: Names) -> str:
    return ", ".join(f"{each['count']} × {names.get(each['capability'], each['capability'])}" for each in value)


_SHOWN: dict[str, Callable[[Any, Names], str]] = {
    "type": _type,
    "priority": _priority,
    "rule": _rule,
    "levels": _levels,
    "fields": _fields,
    "disposition": _disposition,
    "missing": _missing,
}
