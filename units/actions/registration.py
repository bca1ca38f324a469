"""The fleet: which units and stations there are. An admin's business."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db import transaction as django_transaction

from accounts.actors import Actor
from accounts.models import Agency
from accounts.queries import agency_by_code
from accounts.roles import Right
from core import clock, events
from core.errors import Conflict, Invalid, Unknown
from core.types import made_code
from core.versions import check_version, stamp_versions
from units import events as facts
from units.events import UnitEvent
from units.models import Station, Unit
from units.phones import crew_phone
from units.queries import known_capabilities, unit_for
from units.states import ASSIGNED, STEPS, UnitStatus

__all__ = ["edit_unit", "register_unit"]

EDITABLE = ("kind", "capabilities", "station", "crew", "phone", "active")


def register_unit(
    *,
    actor: Actor,
    callsign: str,
    agency: str,
    kind: str,
    capabilities: Sequence[str],
    station: str | None = None,
    status: str | None = None,
    crew: int | None = None,
    at: datetime | None = None,
) -> tuple[Unit, bool]:
    """Make a unit, or put another description in place of the one it has: (unit, whether it is new).

    agency, station: codes. status: what it does from `at` on (a new one else is off duty); later statuses than `at`
    stand. The same again changes nothing.
    Raises Invalid (`callsign_is_an_id`, `code_malformed`, `agency_unknown`, `station_unknown`, `capability_unknown`,
    `status_not_settable`), Conflict (`agency_fixed`: its history is that agency's; `step_not_allowed` while assigned).
    """
    with events.transaction():
        actor.require_any(Right.SETTINGS_WRITE)
        stamp = clock.stamp_from_person(at)
        if _reads_as_id(callsign):
            raise Invalid.field("callsign", "callsign_is_an_id")
        callsign = made_code(callsign, "callsign")
        owner = _agency(actor, agency)
        described: dict[str, Any] = {
            "kind": kind,
            "capabilities": _capabilities(capabilities),
            "station": _station(actor, station),
            "crew": crew,
            "active": True,
        }
        if status is not None and (status not in UnitStatus.values or status in ASSIGNED):
            raise Invalid.field("status", "status_not_settable")
        unit, new = _found_or_made(actor, owner, callsign, described, status, stamp.at)
        if new:
            data = _codes(unit) | {"agency": owner.code, "status": unit.status}
            facts.emit(UnitEvent.UNIT_REGISTERED, unit, actor=actor, at=stamp.at, data=data)
            return unit, True
        if unit.agency_id != owner.id:
            raise Conflict("agency_fixed", agency=str(unit.agency_id))
        changed = [field for field, value in described.items() if getattr(unit, field) != value]
        for field in changed:
            setattr(unit, field, described[field])
        if _restate(unit, status, stamp.at):
            changed.append("status")
        if changed:
            stamp_versions(unit, changed, actor=actor.ref, at_text=events.utc_text(stamp.at))
            unit.save()
            data = _codes(unit) | {"fields": changed, "status": unit.status}
            facts.emit(UnitEvent.UNIT_CHANGED, unit, actor=actor, at=stamp.at, data=data)
        return unit, False


def _reads_as_id(callsign: str) -> bool:
    """Whether a callsign could be taken for a unit's id, by which units are named as well."""
    try:
        UUID(callsign)
    except ValueError:
        return False
    return True


def edit_unit(
    *,
    actor: Actor,
    unit: UUID | str,
    version: int | None,
    changes: dict[str, Any],
    at: datetime | None = None,
) -> Unit:
    """Change some of `EDITABLE` (station by code); edits of other fields by others stand (core.versions).

    Raises Unknown, Refused, VersionRequired, Conflict (`version_conflict`; `unit_assigned` for retiring one that is
    on an incident), Invalid as `register_unit`, and `number_malformed` for a telephone.
    """
    with events.transaction():
        actor.require_any(Right.SETTINGS_WRITE)
        stamp = clock.stamp_from_person(at)
        row = unit_for(actor, unit, lock=True)
        wanted = dict(changes)
        if "capabilities" in wanted:
            wanted["capabilities"] = _capabilities(wanted["capabilities"])
        if "phone" in wanted:
            wanted["phone"] = crew_phone(wanted["phone"])
        current = _codes(row) | {"phone": row.phone, "active": row.active}
        check_version(row, version, wanted, current)
        if wanted.get("active") is False and row.status in ASSIGNED:
            raise Conflict("unit_assigned", state=row.status)
        changed = [field for field, value in wanted.items() if current[field] != value]
        for field in changed:
            setattr(row, field, _station(actor, wanted[field]) if field == "station" else wanted[field])
        if changed:
            stamp_versions(row, changed, actor=actor.ref, at_text=events.utc_text(stamp.at))
            row.save()
            facts.emit(UnitEvent.UNIT_CHANGED, row, actor=actor, at=stamp.at, data=_codes(row) | {"fields": changed})
        return row


def _found_or_made(
    actor: Actor, agency: Agency, callsign: str, described: dict[str, Any], status: str | None, at: datetime
) -> tuple[Unit, bool]:
    """The locked unit of a callsign, or a new one; two at the same moment: the second finds the first's."""
    existing = Unit.objects.select_for_update(of=("self",), no_key=True).filter(centre=actor.centre, callsign=callsign)
    unit = existing.first()
    if unit is not None:
        return unit, False
    try:
        with django_transaction.atomic():
            made = Unit.objects.create(
                centre_id=actor.centre,
                agency=agency,
                callsign=callsign,
                status=status or UnitStatus.OFF_DUTY,
                status_at=at,
                created_by=actor.ref,
                **described,
            )
            return made, True
    except IntegrityError:
        return existing.get(), False


def _restate(unit: Unit, status: str | None, at: datetime) -> bool:
    if status is None or status == unit.status:
        return False
    if unit.status in ASSIGNED:
        raise Conflict("step_not_allowed", state=unit.status, wanted=status, allowed=list(STEPS.allowed(unit.status)))
    if at < unit.status_at:
        return False
    unit.status, unit.status_at, unit.status_reason = status, at, None
    return True


def _agency(actor: Actor, code: str) -> Agency:
    try:
        return agency_by_code(code, actor.centre)
    except Unknown:
        raise Invalid.field("agency", "agency_unknown") from None


def _station(actor: Actor, code: str | None) -> Station | None:
    if code is None:
        return None
    station = Station.objects.filter(centre=actor.centre, code=code).first()
    if station is None:
        raise Invalid.field("station", "station_unknown")
    return station


def _capabilities(codes: Sequence[str]) -> list[str]:
    known = known_capabilities()
    for index, code in enumerate(codes):
        if code not in known:
            raise Invalid.field(f"capabilities.{index}", "capability_unknown")
    return list(dict.fromkeys(codes))


def _codes(unit: Unit) -> dict[str, Any]:
    return {
        "kind": unit.kind,
        "capabilities": unit.capabilities,
        "station": unit.station.code if unit.station else None,
        "crew": unit.crew,
    }
