"""What people do with the line of a call: take it, hold it, pass it on, end it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.actors import Actor
from accounts.roles import Reach, Right, Role
from alarms.policies import current_policies, level_seconds
from calls.domain.locks import lock_workable
from calls.domain.projection_update import add_step, apply_steps
from calls.durations import OVERFLOW_SECONDS
from calls.events import CallEvent
from calls.models import Call
from calls.queries.calls import call_for, claimant, is_takeable
from calls.states import IN_TALK, STEPS, WAITING, CallState, StepKind
from core import clock, events
from core.errors import Conflict, Refused

__all__ = ["answer_call", "end_call", "hold_call", "resume_call", "take_over_call", "transfer_call"]

_OVER = (CallState.ENDED, CallState.DROPPED, CallState.WRAP_UP, CallState.CLOSED)


def answer_call(*, actor: Actor, call: UUID, at: datetime | None = None) -> Call:
    """Claim a call that waits, is being passed on, or was answered by nobody we know; twice returns quietly.

    Raises Unknown, Refused (`not_in_overflow`: a dispatcher takes calls only when no call-taker did in time),
    Conflict (`call_taken` with the winner, `step_not_allowed`).
    """
    with events.transaction():
        row = call_for(actor, call, lock=True, right=Right.CALL_WORK)
        reach = actor.require(Right.CALL_WORK)
        stamp = clock.stamp_from_person(at)
        if row.claimed_by == actor.ref and row.state != CallState.TRANSFERRING:
            return row
        if row.claimed_by and not is_takeable(row):
            raise Conflict("call_taken", operator=claimant(row))
        if row.state not in {*IN_TALK, CallState.ENDED, CallState.DROPPED}:
            STEPS.check(row.state, CallState.ANSWERED)
        if reach is Reach.OWN:
            _require_overflow(actor, row, stamp.at)
        add_step(row, StepKind.CLAIMED, actor=actor, at=stamp.at)
        apply_steps(row, CallEvent.CALL_ANSWERED, actor=actor, at=stamp.at, data={"by": actor.ref})
        if row.claimed_by != actor.ref:  # a late entry, from before it was passed on
            raise Conflict("call_taken", operator=claimant(row))
        return row


def take_over_call(*, actor: Actor, call: UUID, at: datetime | None = None) -> Call:
    """Take a call over from whoever has it; twice returns quietly. For supervisors (docs/rules/roles.md).

    Raises Unknown, Refused, Conflict (`step_not_allowed`).
    """
    with events.transaction():
        row = call_for(actor, call, lock=True, right=Right.CALL_WORK)
        if any(actor.require(right) is not Reach.ANY for right in (Right.CALL_WORK, Right.MEASURES)):
            raise Refused("not_allowed")
        stamp = clock.stamp_from_person(at)
        if row.claimed_by == actor.ref:
            return row
        if row.state not in {*IN_TALK, CallState.ENDED, CallState.DROPPED, CallState.WRAP_UP}:
            raise Conflict("step_not_allowed", state=row.state, allowed=list(STEPS.allowed(row.state)))
        lost = row.claimed_by
        add_step(row, StepKind.TAKEN_OVER, actor=actor, at=stamp.at)
        apply_steps(row, CallEvent.CALL_TAKEN_OVER, actor=actor, at=stamp.at, data={"by": actor.ref, "lost": lost})
        return row


def hold_call(*, actor: Actor, call: UUID, at: datetime | None = None) -> Call:
    """Put the caller on hold; twice returns quietly. Raises Unknown, Refused, Conflict (`step_not_allowed`)."""
    return _step(actor, call, at, to=CallState.ON_HOLD, kind=StepKind.HELD)


def resume_call(*, actor: Actor, call: UUID, at: datetime | None = None) -> Call:
    """Talk on after a hold or an attempt to pass on; twice returns quietly.

    Raises Unknown, Refused, Conflict (`step_not_allowed`).
    """
    return _step(actor, call, at, to=CallState.ANSWERED, kind=StepKind.RESUMED)


def transfer_call(*, actor: Actor, call: UUID, to: str | None = None, at: datetime | None = None) -> Call:
    """Pass a call on: whoever answers or claims it next has it.

    The caller stays with whoever passes it on until then; `resume_call` takes it back. to: to whom (an operator's id
    or a number), as entered; the exchange's own transfer is its business.
    Raises Unknown, Refused, Conflict (`step_not_allowed`).
    """
    detail = {"to": to} if to else {}
    return _step(actor, call, at, to=CallState.TRANSFERRING, kind=StepKind.TRANSFERRED, detail=detail)


def end_call(*, actor: Actor, call: UUID, act: UUID | None = None, at: datetime | None = None) -> Call:
    """End an answered call; one that is over returns quietly. Undone within five seconds by `undo_act`.

    act: an id of the sender's for this end, by which `undo_act` knows it.
    Raises Unknown, Refused, Conflict (`step_not_allowed`).
    """
    detail = {"act": str(act)} if act else {}
    return _step(actor, call, at, to=CallState.ENDED, kind=StepKind.ENDED, detail=detail)


_FACTS = {
    StepKind.HELD: CallEvent.CALL_HELD,
    StepKind.RESUMED: CallEvent.CALL_RESUMED,
    StepKind.TRANSFERRED: CallEvent.CALL_TRANSFERRED,
    StepKind.ENDED: CallEvent.CALL_ENDED,
}


def _step(
    actor: Actor,
    call: UUID,
    at: datetime | None,
    *,
    to: CallState,
    kind: StepKind,
    detail: Mapping[str, Any] | None = None,
) -> Call:
    with events.transaction():
        row = lock_workable(actor, call)
        stamp = clock.stamp_from_person(at)
        if to == CallState.ENDED and row.state in _OVER:
            return row
        if kind == StepKind.RESUMED and row.state in WAITING:
            raise Conflict("step_not_allowed", state=row.state, wanted=to, allowed=list(STEPS.allowed(row.state)))
        if not STEPS.check(row.state, to):
            return row
        add_step(row, kind, actor=actor, at=stamp.at, detail=detail)
        apply_steps(row, _FACTS[kind], actor=actor, at=stamp.at)
        return row


def _require_overflow(actor: Actor, call: Call, at: datetime) -> None:
    """A dispatcher takes a call only in overflow: it waited until the second level of rule 1."""
    if Role.DISPATCHER not in actor.roles or Role.CALL_TAKER in actor.roles or call.state not in WAITING:
        return
    policy = current_policies(call.centre_id, [1]).get(1)
    offsets = level_seconds(policy, None) if policy else []
    overflow = offsets[1] if len(offsets) > 1 else OVERFLOW_SECONDS
    waited = (at - call.started_at).total_seconds()
    if waited < overflow:
        raise Refused("not_in_overflow", overflow_seconds=overflow, waited_seconds=max(0, int(waited)))
