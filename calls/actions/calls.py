"""Calls that are opened by hand, and calls that belong to an incident."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from accounts.roles import Right
from calls.actions.disposition import follow_strike
from calls.domain.locks import lock_number
from calls.domain.projection_update import add_step, apply_steps
from calls.events import CallEvent
from calls.models import Call
from calls.numbers import normalise
from calls.states import CallState, Channel, Disposition, StepKind
from core import clock, events
from core.errors import Refused
from core.idempotency import create_once

__all__ = ["open_call"]


def open_call(
    *,
    actor: Actor,
    id: UUID | None = None,  # noqa: A002 - the wire's word
    channel: str = Channel.VOICE,
    number: str | None = None,
    at: datetime | None = None,
) -> tuple[Call, bool]:
    """Open a call by hand (radio, walk-in, chat, a telephone without an exchange): it starts answered, by the actor.

    number: as written. Returns the call and whether it is new. Raises Refused, Conflict (`id_taken`), Invalid.
    """
    with events.transaction():
        actor.require(Right.CALL_WORK)
        if actor.is_key and actor.agency:  # calls are the centre's, none an agency's own
            raise Refused("not_allowed", right=str(Right.CALL_WORK))
        stamp = clock.stamp_from_person(at)
        return create_once(Call, id, actor, lambda: _make(actor, id=id, channel=channel, number=number, at=stamp.at))


def _make(
    actor: Actor,
    *,
    id: UUID | None,  # noqa: A002
    channel: str,
    number: str | None,
    at: datetime,
) -> Call:
    caller = lock_number(actor.centre, normalise(number))
    now = clock.now()
    call = Call(
        centre_id=actor.centre,
        channel=channel,
        state=CallState.ANSWERED,
        started_at=at,
        recorded_at=now,
        created_by=actor.ref,
        changed_at=now,
    )
    if id is not None:
        call.id = id
    call.save(force_insert=True)
    detail = {"number": str(caller.id)} if caller else {}
    add_step(call, StepKind.CLAIMED, actor=actor, at=at, detail=detail)
    apply_steps(call, CallEvent.CALL_OPENED, actor=actor, at=at, new=True, data={"channel": channel})
    return call


def mark_incident(call: Call, disposition: Disposition, *, actor: Actor, at: datetime) -> None:
    """File a locked call as E1 (an incident was opened from it) or E2 (it adds to one), in whatever state it is.

    A strike that it made is withdrawn: it was no prank. For dispatch, which alone knows incidents.
    """
    if call.disposition == disposition:
        return
    add_step(call, StepKind.MARKED, actor=actor, at=at, detail={"disposition": disposition})
    apply_steps(call, CallEvent.CALL_DISPOSED, actor=actor, at=at, data={"disposition": disposition})
    follow_strike(call, actor=actor, at=at)


def unmark_incident(call: Call, *, actor: Actor, at: datetime) -> None:
    """Take E1 or E2 off a locked call that belongs to no incident any more: it is filed as it was before.

    One that was closed unfiled by that is taken up again, to be filed. For dispatch, which alone knows incidents.
    """
    steps = list(call.steps.order_by("id"))
    undone = {step.detail["step"] for step in steps if step.step == StepKind.UNDONE}
    marks = [step for step in steps if step.step == StepKind.MARKED and step.id not in undone]
    if not marks:
        return
    for mark in marks:
        add_step(call, StepKind.UNDONE, actor=actor, at=at, detail={"step": mark.id})
    apply_steps(call, CallEvent.CALL_DISPOSAL_UNDONE, actor=actor, at=at)
    if call.state == CallState.CLOSED and call.disposition is None:
        add_step(call, StepKind.REOPENED, actor=actor, at=at)
        apply_steps(call, CallEvent.CALL_REOPENED, actor=actor, at=at)
    follow_strike(call, actor=actor, at=at)
