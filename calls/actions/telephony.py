"""The events of a telephone exchange, received at least once and in any order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.actors import Actor
from accounts.models import User
from accounts.roles import Right
from calls import events as facts
from calls.domain.locks import lock_number
from calls.domain.projection_update import Change, apply_steps
from calls.domain.references import find_call
from calls.domain.sources import note_sign
from calls.events import CallEvent
from calls.models import Call, CallStep, Number
from calls.numbers import caller_number
from calls.states import CallState, TelephonyKind
from core import clock, events, sql

__all__ = ["note_heartbeat", "take_telephony_event"]

FACTS = {
    TelephonyKind.RINGING: CallEvent.CALL_RANG,
    TelephonyKind.QUEUED: CallEvent.CALL_QUEUED,
    TelephonyKind.ANSWERED: CallEvent.CALL_ANSWERED,
    TelephonyKind.HELD: CallEvent.CALL_HELD,
    TelephonyKind.RESUMED: CallEvent.CALL_RESUMED,
    TelephonyKind.TRANSFERRED: CallEvent.CALL_TRANSFERRED,
    TelephonyKind.ENDED: CallEvent.CALL_ENDED,
    TelephonyKind.ABANDONED: CallEvent.CALL_ABANDONED,
}


@dataclass(frozen=True, slots=True)
class PbxEvent:
    """A telephony event as received. caller None: withheld, or not sent with this event. agent: User.pbx_agent.

    at_text: a time that could not be read, exactly as sent, and at_error why; `at` is then None.
    """

    source: str
    call_ref: str
    event: TelephonyKind
    at: datetime | None = None
    caller: str | None = None
    called: str | None = None
    agent: str | None = None
    trunk: str | None = None
    recording_url: str | None = None
    at_text: str | None = None
    at_error: str | None = None


def take_telephony_event(*, actor: Actor, event: PbxEvent) -> Call:
    """Apply a telephony event to its call; one that was received before changes nothing.

    The first event of a call_ref makes the call, and so does a ringing after that call's end. A time ahead of ours, or
    one that can't be read, is taken at receipt. Raises Refused.
    """
    with events.transaction():
        actor.require_any(Right.TELEPHONY)
        stamp = clock.stamp_from_machine(event.at)
        operator = _agent(actor.centre, event.agent)
        number = lock_number(actor.centre, caller_number(event.caller))
        found = find_call(actor, event, stamp.at, number.id if number else None)
        if found.duplicate:
            return found.call
        call = found.call
        sql.insert(
            CallStep(
                call=call,
                step=event.event,
                at=stamp.at,
                source_at=None if event.at_text else event.at or stamp.at,
                at_text=event.at_text,
                recorded_at=clock.now(),
                actor=actor.ref,
                operator=operator,
                source=event.source,
                call_ref=event.call_ref,
                skew_seconds=stamp.skew_seconds,
                detail=_detail(event, operator, number),
            )
        )
        data = {"agent": str(operator.id)} if operator else {}
        change = apply_steps(
            call,
            FACTS[event.event],
            actor=actor,
            at=stamp.at,
            new=found.new,
            data=data,
            late_after=clock.LATEST_EVENT,
        )
        _notify_losers(call, change, event, operator, actor=actor, at=stamp.at)
    error = {"field": "at", "sent": event.at_text, "message": event.at_error} if event.at_text else None
    note_sign(event.source, sent_at=event.at, error=error)
    return call


def note_heartbeat(*, actor: Actor, source: str) -> None:
    """An exchange lives. From its first heartbeat on its silence means trouble (rule 16). Raises Refused."""
    actor.require_any(Right.TELEPHONY)
    note_sign(source, watched=True)


def _agent(centre: UUID, agent: str | None) -> User | None:
    return User.objects.filter(centre_id=centre, pbx_agent=agent, is_active=True).first() if agent else None


def _detail(event: PbxEvent, operator: User | None, number: Number | None) -> dict[str, Any]:
    detail = {
        "agent": event.agent,
        "name": operator.name if operator else None,
        "number": str(number.id) if number else None,
        "called": event.called,
        "trunk": event.trunk,
        "recording_url": event.recording_url,
    }
    return {key: value for key, value in detail.items() if value is not None}


def _notify_losers(
    call: Call, change: Change, event: PbxEvent, operator: User | None, *, actor: Actor, at: datetime
) -> None:
    """An answer on the telephone and a claim at a console are one claim: notify whoever lost it."""
    losers = set()
    if change.claimed_by and change.claimed_by != call.claimed_by:
        losers.add(change.claimed_by)
    if event.event == TelephonyKind.ANSWERED and operator and call.operator_id != operator.id:
        losers.add(f"user:{operator.id}")
    if change.state == CallState.TRANSFERRING:
        losers.discard(change.claimed_by or "")
    for loser in sorted(losers):
        kind, _, name = loser.partition(":")
        also = [f"operator:{name}"] if kind == "user" else []
        data = {"lost": loser, "by": call.claimed_by}
        facts.emit(CallEvent.CALL_CLAIM_LOST, call, actor=actor.ref, desk=None, at=at, data=data, also=also)
