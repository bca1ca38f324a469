"""What a telephone exchange tells: at least once and in any order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.actors import Actor
from accounts.models import User
from accounts.roles import Right
from calls import events as facts
from calls.actions.locks import lock_number
from calls.actions.progress import Change, advance
from calls.models import Call, CallStep, Number
from calls.states import CallState, TelephonyKind
from core import clock, events
from core.models import Source

__all__ = ["note_heartbeat", "take_telephony_event"]

FACTS = {
    TelephonyKind.RINGING: "call.rang",
    TelephonyKind.QUEUED: "call.queued",
    TelephonyKind.ANSWERED: "call.answered",
    TelephonyKind.HELD: "call.held",
    TelephonyKind.RESUMED: "call.resumed",
    TelephonyKind.TRANSFERRED: "call.transferred",
    TelephonyKind.ENDED: "call.ended",
    TelephonyKind.ABANDONED: "call.abandoned",
}
SIGN_EVERY_SECONDS = 1
SKEW_JUMP_SECONDS = 1  # a clock that was set, or an event that waited on its way, is written down at once


@dataclass(frozen=True, slots=True)
class Told:
    """One word of an exchange. caller None: withheld, or not told with this word. agent: User.pbx_agent."""

    source: str
    call_ref: str
    event: TelephonyKind
    at: datetime | None = None
    caller: str | None = None
    called: str | None = None
    agent: str | None = None
    trunk: str | None = None
    recording_url: str | None = None


def take_telephony_event(*, actor: Actor, told: Told) -> Call:
    """Take an exchange's word into the call's story; a word that came before changes nothing.

    The first word of a call_ref makes the call. A time ahead of ours is taken at receipt. Raises Refused.
    """
    with events.transaction():
        actor.require_any(Right.TELEPHONY)
        stamp = clock.stamp_from_machine(told.at)
        operator = _agent(actor.centre, told.agent)
        number = lock_number(actor.centre, told.caller)
        call, new = _call(actor, told, stamp.at)
        told_at = told.at or stamp.at
        if not new and call.steps.filter(source=told.source, step=told.event, told_at=told_at).exists():
            return call
        CallStep.objects.create(
            call=call,
            step=told.event,
            at=stamp.at,
            told_at=told_at,
            recorded_at=clock.now(),
            actor=actor.ref,
            operator=operator,
            source=told.source,
            call_ref=told.call_ref,
            skew_seconds=stamp.skew_seconds,
            detail=_detail(told, operator, number),
        )
        data = {"agent": str(operator.id)} if operator else {}
        change = advance(call, FACTS[told.event], actor=actor, desk=None, at=stamp.at, new=new, data=data)
        _tell_losers(call, change, told, operator, actor=actor, at=stamp.at)
    note_sign(told.source, skew_seconds=clock.offset_of(told.at), watched=False)
    return call


def note_heartbeat(*, actor: Actor, source: str) -> None:
    """An exchange lives. From its first heartbeat on its silence means trouble (rule 16). Raises Refused."""
    actor.require_any(Right.TELEPHONY)
    note_sign(source, skew_seconds=None, watched=True)


def note_sign(source: str, *, skew_seconds: float | None, watched: bool) -> None:
    """Note when a source last spoke, at most once a second, in a write of its own: its row is nobody's to wait for."""
    now = clock.now()
    with events.transaction():
        row = Source.objects.filter(kind="telephony", name=source).first()
        if row is None:
            made = Source(kind="telephony", name=source, last_seen_at=now, watched=watched)
            made.skew_seconds = skew_seconds or 0.0
            Source.objects.bulk_create([made], ignore_conflicts=True)
            return
        fresh = row.last_seen_at and abs((now - row.last_seen_at).total_seconds()) < SIGN_EVERY_SECONDS
        jumped = skew_seconds is not None and abs(skew_seconds - row.skew_seconds) > SKEW_JUMP_SECONDS
        if fresh and row.watched >= watched and not jumped:
            return
        values: dict[str, Any] = {"last_seen_at": now} | ({"watched": True} if watched else {})
        if skew_seconds is not None:
            values["skew_seconds"] = skew_seconds
        Source.objects.filter(id=row.id).update(**values)


def _call(actor: Actor, told: Told, at: datetime) -> tuple[Call, bool]:
    """The locked call of a call_ref, made where it is new: of two at the same moment one makes it, the other waits.

    Two centres may give their exchanges one name: a key's words are of its own centre's calls only.
    A ring is nearly always the first word of its call, so that nobody looks for that before it is made.
    """
    mine = Call.objects.filter(centre_id=actor.centre, source=told.source, call_ref=told.call_ref)
    if told.event != TelephonyKind.RINGING:
        found = mine.select_for_update(no_key=True).first()
        if found is not None:
            return found, False
    now = clock.now()
    made = Call(
        centre_id=actor.centre,
        state=CallState.RINGING,
        started_at=at,
        source=told.source,
        call_ref=told.call_ref,
        recorded_at=now,
        created_by=actor.ref,
        changed_at=now,
    )
    Call.objects.bulk_create([made], ignore_conflicts=True)
    found = mine.select_for_update(no_key=True).get()
    return found, found.id == made.id


def _agent(centre: UUID, agent: str | None) -> User | None:
    return User.objects.filter(centre_id=centre, pbx_agent=agent, is_active=True).first() if agent else None


def _detail(told: Told, operator: User | None, number: Number | None) -> dict[str, Any]:
    detail = {
        "agent": told.agent,
        "name": operator.name if operator else None,
        "number": str(number.id) if number else None,
        "called": told.called,
        "trunk": told.trunk,
        "recording_url": told.recording_url,
    }
    return {key: value for key, value in detail.items() if value is not None}


def _tell_losers(call: Call, change: Change, told: Told, operator: User | None, *, actor: Actor, at: datetime) -> None:
    """An answer on the telephone and a claim at a console are one claim: tell whoever thought they had it (D3)."""
    losers = set()
    if change.claimed_by and change.claimed_by != call.claimed_by:
        losers.add(change.claimed_by)
    if told.event == TelephonyKind.ANSWERED and operator and call.operator_id != operator.id:
        losers.add(f"user:{operator.id}")
    if change.state == CallState.TRANSFERRING:
        losers.discard(change.claimed_by or "")
    for loser in sorted(losers):
        kind, _, name = loser.partition(":")
        also = [f"operator:{name}"] if kind == "user" else []
        data = {"lost": loser, "by": call.claimed_by}
        facts.state("call.claim_lost", call, actor=actor.ref, desk=None, at=at, data=data, also=also)
