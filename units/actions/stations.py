"""Where units stand by."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.actors import Actor
from accounts.queries import agency_by_code
from accounts.roles import Right
from core import clock, events
from core.errors import Conflict, Invalid, Unknown
from units import events as facts
from units.events import UnitEvent
from units.models import Station

__all__ = ["register_station"]


def register_station(
    *,
    actor: Actor,
    code: str,
    agency: str,
    name: str,
    lat: float,
    lng: float,
    active: bool | None = None,
    at: datetime | None = None,
) -> tuple[Station, bool]:
    """Make a station, or change its name and place (degrees), or close or reopen it: (station, whether it is new).

    active: None leaves it as it is. A closed one is offered no more; units that stand there stay.
    Raises Invalid (`agency_unknown`), Conflict (`agency_fixed`).
    """
    with events.transaction():
        actor.require_any(Right.SETTINGS_WRITE)
        stamp = clock.stamp_from_person(at)
        try:
            owner = agency_by_code(agency, actor.centre)
        except Unknown:
            raise Invalid.field("agency", "agency_unknown") from None
        wanted: dict[str, Any] = {"name": name, "lat": lat, "lng": lng}
        if active is not None:
            wanted["active"] = active
        station, new = Station.objects.select_for_update(no_key=True).get_or_create(
            centre_id=actor.centre, code=code, defaults=wanted | {"agency": owner}
        )
        if station.agency_id != owner.id:
            raise Conflict("agency_fixed", agency=str(station.agency_id))
        changed = sorted(field for field, value in wanted.items() if getattr(station, field) != value)
        for field in changed:
            setattr(station, field, wanted[field])
        if changed:
            station.save(update_fields=changed)
        if new or changed:
            data = {"code": code, "lat": events.micro_degrees(lat), "lng": events.micro_degrees(lng)}
            facts.emit_for_station(
                UnitEvent.STATION_REGISTERED if new else UnitEvent.STATION_CHANGED,
                station,
                actor=actor,
                at=stamp.at,
                data=data | {"active": station.active, "fields": changed},
            )
        return station, new
