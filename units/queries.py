"""Reading units, stations and where units are."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.actors import Actor
from accounts.roles import Reach, Right, Role
from core import sql
from core.cleaning import clean
from core.errors import Unknown
from core.registry import Form
from core.types import plain_code
from places.areas import point_of
from places.geodesy import Point
from places.travel import Mode
from units.models import Capability, Position, Station, Unit

_NAMED = "WHERE t.centre_id = %s::uuid AND (t.id = %s::uuid OR t.callsign = %s::text) ORDER BY t.id LIMIT 1 "
# Wheels stay on their island; people of the other kinds can be put on somebody's boat.
_WHEELED = frozenset({"fire_engine", "tanker", "ladder", "ambulance", "ambulance_als"})


def own_units(actor: Actor) -> Q:
    """Which units are an actor's own: a desk's and a bound key's agency's; a crew's the one it is signed on to."""
    own = Q(pk__in=[])
    if actor.agency and (actor.is_key or Role.AGENCY_DESK in actor.roles):
        own |= Q(agency=actor.agency)
    if actor.unit and Role.CREW in actor.roles:
        own |= Q(id=actor.unit)
    return own


def owns(actor: Actor, unit: Unit) -> bool:
    """Whether a unit is the actor's own."""
    desk = actor.is_key or Role.AGENCY_DESK in actor.roles
    return (desk and unit.agency_id == actor.agency) or (Role.CREW in actor.roles and unit.id == actor.unit)


def is_crew_of(actor: Actor, unit: Unit) -> bool:
    """Whether the actor is a crew member signed on to this unit."""
    return Role.CREW in actor.roles and unit.id == actor.unit


def within_reach(actor: Actor, right: Right, unit: Unit) -> bool:
    """Whether a right reaches this unit."""
    reach = actor.reach(right)
    return reach is Reach.ANY or (reach is Reach.OWN and owns(actor, unit))


def visible_units(actor: Actor) -> QuerySet[Unit]:
    """The units an actor may see, retired ones too."""
    found = Unit.objects.filter(centre=actor.centre)
    reach = actor.reach(Right.UNIT_SEE)
    if reach is Reach.ANY:
        return found
    return found.filter(own_units(actor)) if reach is Reach.OWN else found.none()


def unit_for(actor: Actor, unit: UUID | str, *, lock: bool = False) -> Unit:
    """A unit by id or callsign that the actor may see.

    Raises Unknown(`unit_unknown`); Refused to a key that may see none.
    """
    if actor.is_key:
        actor.require(Right.UNIT_SEE)
    if actor.reach(Right.UNIT_SEE) is Reach.ANY:
        clause = _NAMED + ("FOR NO KEY UPDATE" if lock else "")
        row = next(iter(sql.instances(Unit, clause, [actor.centre, *_names_of(unit)])), None)
    else:
        found = visible_units(actor)
        if lock:
            found = found.select_for_update(of=("self",), no_key=True)
        row = found.filter(named(unit)).first()
    if row is None:
        raise Unknown("unit_unknown", unit=str(unit))
    return row


def active_unit_of(centre: UUID, agency: UUID | None, unit: UUID | str) -> Unit:
    """A unit in use of an agency, by id or callsign, whoever asks. Raises Unknown(`unit_unknown`)."""
    found = Unit.objects.filter(named(unit), centre=centre, agency=agency, active=True).first()
    if found is None:
        raise Unknown("unit_unknown", unit=str(unit))
    return found


def named(unit: UUID | str) -> Q:
    """The condition that a unit's id or callsign makes; a callsign that looks like an id is found all the same."""
    key, callsign = _names_of(unit)
    return (Q(id=key) if key else Q(pk__in=[])) | (Q(callsign=callsign) if callsign else Q(pk__in=[]))


def _names_of(unit: UUID | str) -> tuple[UUID | None, str | None]:
    """The id and the callsign that somebody may mean."""
    if isinstance(unit, UUID):
        return unit, None
    callsign = plain_code(clean(unit))
    try:
        return UUID(callsign), callsign
    except ValueError:
        return None, callsign


def stations_of(actor: Actor) -> QuerySet[Station]:
    """The stations of an actor's centre that stand in what they may see."""
    found = Station.objects.filter(centre=actor.centre).select_related("agency")
    reach = actor.reach(Right.UNIT_SEE)
    if reach is Reach.ANY:
        return found
    return found.filter(agency=actor.agency) if reach is Reach.OWN and actor.agency else found.none()


def known_capabilities() -> set[str]:
    """Every capability there is."""
    return set(Capability.objects.values_list("code", flat=True))


def capability_names(language: str) -> dict[str, str]:
    """The name of each capability in a language ("id" or "en")."""
    return dict(Capability.objects.values_list("code", "name_en" if language == "en" else "name_id"))


def modes_of(capabilities: Collection[str]) -> tuple[Mode, ...]:
    """How a unit moves, by what it can do."""
    able = set(capabilities)
    if able & _WHEELED:
        return (Mode.VEHICLE,)
    if able == {"boat"}:
        return (Mode.BOAT,)
    return (Mode.TEAM, Mode.BOAT) if "boat" in able else (Mode.TEAM,)


def last_place(unit: Unit) -> Point | None:
    """Where a unit is, as far as is known: its last fix, else its station."""
    fix = Position.objects.filter(unit=unit).first()
    if fix is not None:
        return Point(fix.lat, fix.lng)
    station = unit.station
    return point_of(station.lat, station.lng) if station else None


def moved_positions(since: datetime | None) -> list[tuple[Form[dict[str, Any]], list[Any]]]:
    """The latest positions of active units as they travel, of all or of those received after `since`."""
    found = Position.objects.filter(unit__active=True)
    if since is not None:
        found = found.filter(received_at__gt=since)
    rows = found.order_by("unit__callsign").values_list(
        "unit_id", "unit__agency_id", "unit__callsign", "lat", "lng", "heading", "speed", "fix_at"
    )
    return [(Form({}, agencies=frozenset({agency}), units=frozenset({unit})), list(row)) for unit, agency, *row in rows]
