"""The events of units, stations and capabilities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop as _

from accounts.actors import Actor
from core import events
from core.event_kinds import FORCED, EventKind, Fields
from core.events import Fact
from units.models import Capability, Station, Unit
from units.states import UnitStatus

_CALLSIGN: Fields = {"callsign": str}
_REPORT: Fields = {**_CALLSIGN, "from": UnitStatus, "to": UnitStatus, "reason": str, "reason_id": str}
_UNIT: Fields = {**_CALLSIGN, "kind": str, "capabilities": list, "station": str, "crew": int, "status": UnitStatus}
_CREW: Fields = {**_CALLSIGN, "user": UUID}
_STATION: Fields = {"code": str, "fields": list, "active": bool, "lat": int, "lng": int}
_CAPABILITY: Fields = {"code": str, "fields": list, "active": bool}


class UnitEvent(EventKind):
    """What happens to units, their crews, stations and capabilities."""

    UNIT_REGISTERED = "unit.registered", _("Unit %(callsign)s registered."), {**_UNIT, "agency": str}
    UNIT_CHANGED = "unit.changed", _("Unit changed: %(fields)s."), {**_UNIT, "fields": list}
    UNIT_STATUS_CHANGED = (
        "unit.status_changed",
        _("Unit: %(from)s → %(to)s."),
        {**_REPORT, "forced": bool, "skew_seconds": int},
        {"forced": FORCED},
    )
    UNIT_STATUS_NOTED = "unit.status_noted", _("Unit: %(to)s, entered late."), _REPORT
    UNIT_TALK_REQUESTED = "unit.talk_requested", _("Crew of %(callsign)s asks to talk."), _CALLSIGN
    UNIT_TALK_ENDED = "unit.talk_ended", _("Request of %(callsign)s to talk answered."), _CALLSIGN
    UNIT_EMERGENCY_RAISED = "unit.emergency_raised", _("CREW EMERGENCY: %(callsign)s."), _CALLSIGN
    UNIT_EMERGENCY_WITHDRAWN = (
        "unit.emergency_withdrawn",
        _("Crew of %(callsign)s took its emergency back. Confirm by voice."),
        _CALLSIGN,
    )
    UNIT_EMERGENCY_ENDED = (
        "unit.emergency_ended",
        _("Emergency of %(callsign)s ended after voice contact with the crew."),
        {**_CALLSIGN, "contact": str, "contact_id": str},
    )
    UNIT_CREW_JOINED = "unit.crew_joined", _("Somebody signed on to the crew of %(callsign)s."), _CREW
    UNIT_CREW_LEFT = "unit.crew_left", _("Somebody left the crew of %(callsign)s."), _CREW
    STATION_REGISTERED = "station.registered", _("Station %(code)s registered."), _STATION
    STATION_CHANGED = "station.changed", _("Station %(code)s changed."), _STATION
    CAPABILITY_MADE = "capability.made", _("Capability %(code)s made."), _CAPABILITY
    CAPABILITY_EDITED = "capability.edited", _("Capability changed: %(fields)s."), _CAPABILITY


def emit(
    kind: EventKind,
    unit: Unit,
    *,
    actor: Actor,
    at: datetime,
    data: Mapping[str, Any] | None = None,
    also: Iterable[str] = (),
) -> Fact:
    """Emit an event about a unit: it names the unit, by its callsign too, and its agency."""
    subjects = {f"unit:{unit.id}", f"agency:{unit.agency_id}", *also}
    data = {"callsign": unit.callsign, **(data or {})}
    return events.append(kind, actor=actor.ref, desk=actor.desk, at=at, subjects=subjects, data=data)


def emit_for_station(kind: EventKind, station: Station, *, actor: Actor, at: datetime, data: Mapping[str, Any]) -> Fact:
    """Emit an event about a station: it names the station and its agency."""
    subjects = {f"station:{station.id}", f"agency:{station.agency_id}"}
    return events.append(kind, actor=actor.ref, desk=actor.desk, at=at, subjects=subjects, data=data)


def emit_for_capability(
    kind: EventKind, capability: Capability, *, actor: Actor, at: datetime, data: Mapping[str, Any]
) -> Fact:
    """Emit an event about a capability, by its code: there is one for all centres."""
    data = {"code": capability.code, **data}
    subjects = [f"capability:{capability.code}", f"centre:{actor.centre}"]
    return events.append(kind, actor=actor.ref, desk=actor.desk, at=at, subjects=subjects, data=data)
