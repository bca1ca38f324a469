"""The events of units, stations and capabilities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from accounts.actors import Actor
from core import events
from core.events import Fact
from units.models import Capability, Station, Unit

KINDS = (
    "unit.registered",
    "unit.changed",
    "unit.status_changed",
    "unit.status_noted",
    "unit.talk_requested",
    "unit.talk_ended",
    "unit.emergency_raised",
    "unit.emergency_withdrawn",
    "unit.emergency_ended",
    "unit.crew_joined",
    "unit.crew_left",
    "station.registered",
    "station.changed",
    "capability.made",
    "capability.edited",
)


def emit(
    kind: str,
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


def emit_for_station(kind: str, station: Station, *, actor: Actor, at: datetime, data: Mapping[str, Any]) -> Fact:
    """Emit an event about a station: it names the station and its agency."""
    subjects = {f"station:{station.id}", f"agency:{station.agency_id}"}
    return events.append(kind, actor=actor.ref, desk=actor.desk, at=at, subjects=subjects, data=data)


def emit_for_capability(
    kind: str, capability: Capability, *, actor: Actor, at: datetime, data: Mapping[str, Any]
) -> Fact:
    """Emit an event about a capability, by its code: there is one for all centres."""
    data = {"code": capability.code, **data}
    subjects = [f"capability:{capability.code}", f"centre:{actor.centre}"]
    return events.append(kind, actor=actor.ref, desk=actor.desk, at=at, subjects=subjects, data=data)
