"""Flags of a unit, beside its status: it wants to talk (FMS 5), it is in trouble (FMS 0)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from accounts.roles import Right
from core import clock, events
from core.errors import Refused
from core.idempotency import first_time
from units import events as facts
from units.models import Unit
from units.queries import unit_for, within_reach
from units.timers import end_alarm, raise_alarm

__all__ = ["end_emergency", "end_talk_request", "raise_emergency", "request_talk"]


def request_talk(
    *,
    actor: Actor,
    desk: str | None,
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
            facts.state("unit.talk_requested", row, actor=actor, desk=desk, at=stamp.at)
        return row


def end_talk_request(
    *,
    actor: Actor,
    desk: str | None,
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
            facts.state("unit.talk_ended", row, actor=actor, desk=desk, at=stamp.at)
        return row


def raise_emergency(
    *,
    actor: Actor,
    desk: str | None,
    unit: UUID | str,
    id: UUID | None = None,  # noqa: A002 - the wire's word
    at: datetime | None = None,
) -> Unit:
    """The crew is in trouble (FMS 0): rule 9 opens at once, the flag stands until a supervisor ends it.

    Sent again with this id, after that too: returns quietly. Raises Unknown, Refused, Conflict (`id_taken`).
    """
    with events.transaction():
        row = _locked(actor, unit, Right.UNIT_STATUS)
        stamp = clock.stamp_from_machine(at)  # never refused for the time on a telephone
        if first_time(id, actor) and row.emergency_at is None:
            row.emergency_at = stamp.at
            row.save(update_fields=["emergency_at"])
            facts.state("unit.emergency_raised", row, actor=actor, desk=desk, at=stamp.at)
            raise_alarm(row)
        return row


def end_emergency(
    *,
    actor: Actor,
    desk: str | None,
    unit: UUID | str,
    id: UUID | None = None,  # noqa: A002 - the wire's word
    at: datetime | None = None,
) -> Unit:
    """The crew is safe: a supervisor's word (D4); the alarm of rule 9 closes. Sent again with this id: quiet.

    Raises Unknown, Refused, Conflict (`id_taken`).
    """
    with events.transaction():
        row = _locked(actor, unit, Right.UNIT_FORCE)
        stamp = clock.stamp_from_person(at)
        if first_time(id, actor) and row.emergency_at is not None:
            row.emergency_at = None
            row.save(update_fields=["emergency_at"])
            facts.state("unit.emergency_ended", row, actor=actor, desk=desk, at=stamp.at)
            end_alarm(row, actor=actor.ref, at=stamp.at)
        return row


def _locked(actor: Actor, unit: UUID | str, right: Right) -> Unit:
    actor.require(right)
    row = unit_for(actor, unit, lock=True)
    if not within_reach(actor, right, row):
        raise Refused("not_allowed", right=str(right))
    return row
