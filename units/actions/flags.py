"""Flags of a unit, beside its status: it wants to talk (FMS 5), it is in trouble (FMS 0)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from accounts.roles import Right
from core import clock, events
from core.digests import seal
from core.errors import Invalid, Refused
from core.idempotency import first_time
from units import events as facts
from units.events import UnitEvent
from units.models import EmergencyContact, Unit
from units.queries import is_crew_of, unit_for, within_reach
from units.timers import end_alarm, raise_alarm, raise_alarm_again

__all__ = ["end_emergency", "end_talk_request", "raise_emergency", "request_talk", "withdraw_emergency"]


def request_talk(
    *,
    actor: Actor,
    unit: UUID | str,
    id: UUID | None = None,  # noqa: A002 - the wire's word
    at: datetime | None = None,
) -> Unit:
    """The crew asks to be called (FMS 5). Asked already, or sent again with this id: returns quietly.

    Raises Unknown, Refused, Conflict (`id_taken`).
    """
    with events.transaction():
        row = _locked(actor, unit, Right.UNIT_STATUS)
        stamp = actor.stamp(at)
        if first_time(id, actor) and row.talk_request_at is None:
            row.talk_request_at = stamp.at
            row.save(update_fields=["talk_request_at"])
            facts.emit(UnitEvent.UNIT_TALK_REQUESTED, row, actor=actor, at=stamp.at)
        return row


def end_talk_request(
    *,
    actor: Actor,
    unit: UUID | str,
    id: UUID | None = None,  # noqa: A002 - the wire's word
    at: datetime | None = None,
) -> Unit:
    """Somebody has talked to the crew. Sent again with this id: returns quietly.

    Raises Unknown, Refused, Conflict (`id_taken`).
    """
    with events.transaction():
        row = _locked(actor, unit, Right.UNIT_STATUS)
        stamp = actor.stamp(at)
        if first_time(id, actor) and row.talk_request_at is not None:
            row.talk_request_at = None
            row.save(update_fields=["talk_request_at"])
            facts.emit(UnitEvent.UNIT_TALK_ENDED, row, actor=actor, at=stamp.at)
        return row


def raise_emergency(
    *,
    actor: Actor,
    unit: UUID | str,
    id: UUID | None = None,  # noqa: A002 - the wire's word
    at: datetime | None = None,
    also: Collection[str] = (),
) -> Unit:
    """The crew is in trouble (FMS 0): rule 9 opens at once, the flag stands until the centre ends it.

    Pressed again after the crew had withdrawn it, it is unacknowledged again at every desk. also: further subjects of
    the event, such as the incident that the unit works on. Sent again with this id, after the end too: returns
    quietly. Raises Unknown, Refused, Conflict (`id_taken`).
    """
    with events.transaction():
        row = _locked(actor, unit, Right.UNIT_STATUS)
        stamp = clock.stamp_from_machine(at)  # never refused for the time on a telephone
        if not first_time(id, actor):
            return row
        if row.emergency_at is None:
            row.emergency_at = stamp.at
            row.save(update_fields=["emergency_at"])
            facts.emit(UnitEvent.UNIT_EMERGENCY_RAISED, row, actor=actor, at=stamp.at, also=also)
            raise_alarm(row, also=also)
        elif row.emergency_withdrawn_at is not None:
            row.emergency_withdrawn_at = None
            row.save(update_fields=["emergency_withdrawn_at"])
            facts.emit(UnitEvent.UNIT_EMERGENCY_RAISED, row, actor=actor, at=stamp.at, also=also)
            raise_alarm_again(row, also=also)
        return row


def withdraw_emergency(
    *,
    actor: Actor,
    unit: UUID | str,
    id: UUID | None = None,  # noqa: A002 - the wire's word
    at: datetime | None = None,
    also: Collection[str] = (),
) -> Unit:
    """The crew reports that its emergency was a mistake. It may do so under duress: the emergency and rule 9 stand.

    also: as in `raise_emergency`. Withdrawn already, ended, or sent again with this id: returns quietly.
    Raises Unknown, Refused, Conflict (`id_taken`).
    """
    with events.transaction():
        row = _locked(actor, unit, Right.UNIT_STATUS)
        if not is_crew_of(actor, row):
            raise Refused("not_allowed", right=str(Right.UNIT_STATUS))
        stamp = clock.stamp_from_machine(at)
        if first_time(id, actor) and row.emergency_at is not None and row.emergency_withdrawn_at is None:
            row.emergency_withdrawn_at = stamp.at
            row.save(update_fields=["emergency_withdrawn_at"])
            facts.emit(UnitEvent.UNIT_EMERGENCY_WITHDRAWN, row, actor=actor, at=stamp.at, also=also)
        return row


def end_emergency(
    *,
    actor: Actor,
    unit: UUID | str,
    spoken_with: str | None,
    id: UUID | None = None,  # noqa: A002 - the wire's word
    at: datetime | None = None,
    also: Collection[str] = (),
) -> Unit:
    """A dispatcher or a supervisor ends an emergency after voice contact with the crew; the alarm of rule 9 closes.

    spoken_with: the name of the crew member who answered. also: as in `raise_emergency`. Ended already, or sent again
    with this id: returns quietly.
    Raises Unknown, Refused, Invalid (`spoken_with_required`), Conflict (`id_taken`).
    """
    with events.transaction():
        row = _locked(actor, unit, Right.UNIT_EMERGENCY_END)
        stamp = clock.stamp_from_person(at)
        name = (spoken_with or "").strip()
        if not first_time(id, actor) or row.emergency_at is None:
            return row
        if not name:
            raise Invalid.field("spoken_with", "spoken_with_required")
        contact = _keep_contact(row, name, raised_at=row.emergency_at, actor=actor, at=stamp.at)
        row.emergency_at = row.emergency_withdrawn_at = None
        row.save(update_fields=["emergency_at", "emergency_withdrawn_at"])
        facts.emit(UnitEvent.UNIT_EMERGENCY_ENDED, row, actor=actor, at=stamp.at, data=contact, also=also)
        end_alarm(row, actor=actor.ref, at=stamp.at)
        return row


def _keep_contact(unit: Unit, name: str, *, raised_at: datetime, actor: Actor, at: datetime) -> dict[str, str]:
    """Keep the name; returns what the log may hold of it: the row's id and the digest."""
    sealed = seal(name)
    row = EmergencyContact.objects.create(
        unit=unit,
        raised_at=raised_at,
        ended_at=at,
        spoken_with=name,
        salt=sealed.salt,
        created_by=actor.ref,
    )
    return {"contact_id": str(row.id), "contact": sealed.digest}


def _locked(actor: Actor, unit: UUID | str, right: Right) -> Unit:
    actor.require(right)
    row = unit_for(actor, unit, lock=True)
    if not within_reach(actor, right, row):
        raise Refused("not_allowed", right=str(right))
    return row
