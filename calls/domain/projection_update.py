"""The update after every step of a call: its projection, and what depends on it (operators, alarms, deadlines)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from accounts.actors import Actor
from alarms.actions import unwatch, watch
from alarms.rules import EscalationRule
from calls import events as facts
from calls.domain.offering import OFFER_TIMER, choose_offer, offered_operators, to_all, to_these
from calls.domain.operator_sync import follow_call
from calls.durations import (
    CALL_BACK_WITHIN,
    LOST_TALKING,
    LOST_WAITING,
    RING_FOR,
    SHORT_RING_KEPT,
    SHORTEST_RING,
    WRAP_UP,
)
from calls.events import CallEvent
from calls.models import Call, CallStep, Operator
from calls.projection import CallProjection, project
from calls.queries.calls import strikes_of
from calls.states import IN_TALK, WAITING, CallState, StepKind
from core import clock, sql, timers

_CALLS_BEFORE = """
SELECT count(*) FROM calls_call WHERE number_id = %s::uuid AND started_at < %s::timestamptz AND id <> %s::uuid
"""
HOLD_RULE = EscalationRule.CALL_ON_HOLD
_RINGS = (CallEvent.CALL_RANG, CallEvent.CALL_QUEUED)
_CLOSES_BY_ITSELF = (CallState.ABANDONED, CallState.ENDED, CallState.WRAP_UP)


@dataclass(frozen=True, slots=True)
class Change:
    """What a step has changed: the call as it was, and its projection now."""

    state: str | None
    claimed_by: str | None
    operator: UUID | None
    disposition: str | None
    started_at: datetime | None
    offered: bool
    projection: CallProjection

    @property
    def waited(self) -> bool:
        """Whether it waited before."""
        return self.state in WAITING

    @property
    def talked(self) -> bool:
        """Whether its line was open before."""
        return self.state in IN_TALK


@dataclass(frozen=True, slots=True)
class Update:
    """A step of a call that is being applied: the event's kind, what changed, and who did it when.

    late: it lies too far behind to move operators. data: the event's data beside `state` and `was`.
    """

    call: Call
    kind: CallEvent
    change: Change
    steps: list[CallStep]
    actor: Actor
    at: datetime
    late: bool
    data: Mapping[str, Any]


def subject_of(call: Call) -> str:
    """How the log and the timers name a call."""
    return f"call:{call.id}"


def add_step(
    call: Call,
    kind: StepKind,
    *,
    actor: Actor,
    at: datetime,
    detail: Mapping[str, Any] | None = None,
) -> CallStep:
    """Write down an act of a person, a program or the system on a locked call."""
    return sql.insert(
        CallStep(
            call=call,
            step=kind,
            at=at,
            recorded_at=clock.now(),
            actor=actor.ref,
            operator_id=actor.user,
            detail={"name": actor.name, "desk": actor.desk} | dict(detail or {}),
        )
    )


def apply_steps(
    call: Call,
    kind: CallEvent,
    *,
    actor: Actor,
    at: datetime,
    new: bool = False,
    data: Mapping[str, Any] | None = None,
    late_after: timedelta = clock.LATE_AFTER,
) -> Change:
    """Recompute a locked call after a step was written; emit the event `kind` and update all that depends on it.

    at: when the step happened. new: the call was made with this step. data: the event's data beside `state`, `was`.
    late_after: how far behind receipt a step may lie and still move operators: an exchange's clock may be slow.
    """
    steps = sql.instances(CallStep, "WHERE t.call_id = %s::uuid ORDER BY t.id", [call.id])
    change = Change(
        None if new else call.state,
        call.claimed_by,
        call.operator_id,
        call.disposition,
        None if new else call.started_at,
        bool(offered_operators(call)),
        project(steps),
    )
    late = clock.now() - at > late_after
    update = Update(call, kind, change, steps, actor, at, late, dict(data or {}))
    for apply in UPDATES:
        apply(update)
    return change


def _offer(update: Update) -> None:
    """Decide to whom a waiting call is offered, when it begins to wait or its exchange rings it elsewhere.

    An exchange that names an agent distributes calls itself.
    """
    call, change, projection = update.call, update.change, update.change.projection
    if not projection.waiting:
        call.offered_to = None
    elif update.late:
        call.offered_to = to_all()
    elif projection.ringing is not None and projection.ringing.operator is not None:
        if update.kind in _RINGS or not change.waited:
            call.offered_to = to_these([Operator(user=projection.ringing.operator)], clock.now() + RING_FOR)
    elif not change.waited or offered_operators(call) & {step.operator_id for step in update.steps if step.source}:
        call.offered_to = choose_offer(call.centre_id, clock.now())


def _write(update: Update) -> None:
    """Write the call as its steps give it."""
    call, projection = update.call, update.change.projection
    if projection.state is None or projection.started_at is None:
        raise RuntimeError(f"call {call.id} has no step")
    if projection.number and projection.number != call.number_id:
        call.number_id = projection.number
        [[call.calls_before]] = sql.rows(_CALLS_BEFORE, [projection.number, projection.started_at, call.id])
        call.strikes_24h = strikes_of(projection.number, clock.now())
    call.state, call.started_at = projection.state, projection.started_at
    call.answered_at, call.ended_at, call.closed_at = projection.answered_at, projection.ended_at, projection.closed_at
    call.operator_id, call.claimed_by, call.claimed_name = (
        projection.operator,
        projection.claimed_by,
        projection.claimed_name,
    )
    call.desk, call.disposition = projection.desk, projection.disposition
    call.disposed_at, call.disposed_by = projection.disposed_at, projection.disposed_by
    call.called, call.trunk, call.wait_seconds = projection.called, projection.trunk, projection.wait_seconds
    call.changed_at = clock.now()
    sql.update(call)


def _append_event(update: Update) -> None:
    facts.emit(
        update.kind,
        update.call,
        actor=update.actor.ref,
        desk=update.actor.desk,
        at=update.at,
        data={"state": update.call.state, "was": update.change.state, **update.data},
    )


def _follow_operators(update: Update) -> None:
    """Move the operators whom the step concerns."""
    follow_call(
        update.call,
        actor=update.actor,
        at=update.at,
        late=update.late,
        was_operator=update.change.operator,
        undo_over=any(step.step in {StepKind.HUNG_UP, StepKind.LOST} for step in update.steps),
        rung=offered_operators(update.call) if not update.late else set(),
        new=update.change.state is None,
    )


def _follow_alarms(update: Update) -> None:
    """Rule 1: a caller who waits, from the first ring until the answer or the end. Rule 20: a caller on hold."""
    call, change, actor, at = update.call, update.change, update.actor, update.at
    if change.projection.waiting:
        if not change.waited or change.started_at != call.started_at:
            new = change.state is None
            watch(
                EscalationRule.CALL_WAITING,
                subject_of(call),
                centre_id=call.centre_id,
                base_at=call.started_at,
                at=at,
                fresh=new,
            )
    elif change.waited:
        unwatch(EscalationRule.CALL_WAITING, subject_of(call), actor=actor, at=at)
    held, was_held = call.state == CallState.ON_HOLD, change.state == CallState.ON_HOLD
    if held and not was_held:  # by the seconds of a P1: dispatch knows the incident, and moves it where it is none
        watch(HOLD_RULE, subject_of(call), centre_id=call.centre_id, base_at=at, priority=1, at=at)
    elif was_held and not held:
        unwatch(HOLD_RULE, subject_of(call), actor=actor, at=at)


def _follow_deadlines(update: Update) -> None:
    """Arm and cancel what happens to the call by itself: lost, hung up, closed, offered to all."""
    call, change, steps = update.call, update.change, update.steps
    now = clock.now()
    subject, projection = subject_of(call), change.projection
    over: list[str] = []
    received = [step.recorded_at for step in steps if step.source is not None]
    if received and (projection.waiting or projection.talking):
        timers.arm("call.lost", subject, max(received) + (LOST_WAITING if projection.waiting else LOST_TALKING))
    elif change.waited or change.talked:
        over.append("call.lost")
    if change.disposition and not (projection.chosen and (projection.talking or projection.state == CallState.DROPPED)):
        over.append("call.hang_up")
    if (call.state, call.disposition) != (change.state, change.disposition):
        wait = _closes_after(call, projection)
        if wait:
            timers.arm("call.close", subject, now + wait)
        elif change.state in _CLOSES_BY_ITSELF:
            over.append("call.close")
    until = (call.offered_to or {}).get("until")
    if until:
        timers.arm(OFFER_TIMER, subject, datetime.fromisoformat(until))
    elif change.offered:
        over.append(OFFER_TIMER)
    if over:
        timers.cancel(subject, *over)


def _closes_after(call: Call, projection: CallProjection) -> timedelta | None:
    """How long an ended call stays on the board by itself; counted from when we learnt of it: somebody may call back.

    Who hung up before the answer is called back within 30 min, who rang too briefly is not
    (docs/rules/escalation.md#rule-10). A call that an incident was opened from closes when its wrap-up is over.
    """
    if call.state == CallState.ABANDONED:
        rang = (call.ended_at or call.started_at) - call.started_at
        return CALL_BACK_WITHIN if call.number_id and rang >= SHORTEST_RING else SHORT_RING_KEPT
    if call.state in _CLOSES_BY_ITSELF and call.disposition and not projection.chosen:
        return WRAP_UP
    return None


# What a step of a call changes, in this order.
UPDATES: tuple[Callable[[Update], None], ...] = (
    _offer,
    _write,
    _append_event,
    _follow_operators,
    _follow_alarms,
    _follow_deadlines,
)
