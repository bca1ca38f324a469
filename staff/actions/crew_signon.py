"""Who rides on which unit today: crew members sign on to a unit of their agency and off again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.actions import sign_on_unit
from accounts.actors import Actor
from accounts.models import User
from accounts.roles import Right, Role
from core import clock, events
from core.errors import Invalid, Unknown
from units import events as unit_facts
from units.events import UnitEvent
from units.models import Unit
from units.queries import active_unit_of

__all__ = ["leave_unit", "ride_unit"]


def ride_unit(*, actor: Actor, unit: UUID | str, user: UUID | None = None, at: datetime | None = None) -> User:
    """Sign a crew member on to a unit (id or callsign) of their agency; from another one they are signed off.

    user: whom; the actor if None. A crew member signs on themselves, an agency's desk its own crews, an admin anybody.
    Twice returns quietly. Raises Refused, Unknown (`user_unknown`, `unit_unknown`), Invalid (`not_crew`,
    `time_in_future`).
    """
    with events.transaction():
        person = _crew_member(actor, user)
        stamp = clock.stamp_from_person(at)
        wanted = active_unit_of(actor.centre, person.agency_id, unit)
        return _move(person, wanted, actor=actor, at=stamp.at)


def leave_unit(*, actor: Actor, user: UUID | None = None, at: datetime | None = None) -> User:
    """Sign a crew member off, at the end of the shift. user, and who may: as `ride_unit`. Twice returns quietly.

    Raises Refused, Unknown (`user_unknown`), Invalid (`not_crew`, `time_in_future`).
    """
    with events.transaction():
        person = _crew_member(actor, user)
        stamp = clock.stamp_from_person(at)
        return _move(person, None, actor=actor, at=stamp.at)


def _crew_member(actor: Actor, user: UUID | None) -> User:
    """Whom it is about, locked: a crew its own, a desk its agency's, an admin any."""
    own = actor.is_person and actor.may(Right.UNIT_STATUS) and actor.agency is not None
    if not own:
        actor.require_any(Right.SETTINGS_WRITE)
    wanted = user or actor.user
    if wanted is None:
        raise Invalid.field("user", "not_crew")
    found = User.objects.filter(pk=wanted, centre_id=actor.centre, is_active=True).select_for_update(no_key=True)
    if own:
        found = found.filter(agency=actor.agency)
        if Role.AGENCY_DESK not in actor.roles and wanted != actor.user:
            raise Unknown("user_unknown")
    person = found.first()
    if person is None:
        raise Unknown("user_unknown")
    if Role.CREW not in person.roles:
        raise Invalid.field("user", "not_crew")
    return person


def _move(person: User, unit: Unit | None, *, actor: Actor, at: datetime) -> User:
    before = person.unit_id
    after = unit.id if unit else None
    if before == after:
        return person
    moved = sign_on_unit(actor=actor, user=person.id, unit=after)
    left = Unit.objects.filter(pk=before).first() if before else None
    for kind, row in ((UnitEvent.UNIT_CREW_LEFT, left), (UnitEvent.UNIT_CREW_JOINED, unit)):
        if row:
            unit_facts.emit(kind, row, actor=actor, at=at, data={"user": person.id})
    return moved
