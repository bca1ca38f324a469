"""How operators follow their calls (docs/rules/operator-states.md): ringing, on a call, wrap-up, ready again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from calls import events as facts
from calls.domain.offering import OFFER_TIMER, is_last_ready
from calls.durations import MOST_MISSES, UNDO_WITHIN, WRAP_UP
from calls.models import Call, Operator
from calls.queries.calls import talking_calls
from calls.states import IN_TALK, WAITING, CallState, Reason
from calls.states import OperatorStatus as O
from core import clock, sql, timers

_LOCK = "WHERE t.user_id = ANY(%s::uuid[]) OR t.call_id = %s::uuid ORDER BY t.user_id FOR NO KEY UPDATE"
WRAP_UP_TIMER, RINGING_TIMER = "operator.wrap_up", "operator.ringing"


def follow_call(
    call: Call,
    *,
    actor: Actor,
    at: datetime,
    late: bool,
    was_operator: UUID | None,
    undo_over: bool,
    rung: set[UUID],
    new: bool = False,
) -> None:
    """Let those who have, had or are rung by a locked call follow it. Locks their rows by id.

    late: a late entry doesn't put anybody on a call now. undo_over: the call was closed by the system, so that no
    wrap-up is due. rung: whom it rings by name. new: the call was just made, so that nobody is with it yet.
    """
    rows = lock_operators({call.operator_id, was_operator, *rung}, of_call=None if new else call.id)
    for operator in rows:
        if operator.user_id == call.operator_id and call.state in IN_TALK:
            if not late and (operator.call_id, operator.state) != (call.id, O.ON_CALL):
                operator.misses = 0
                if operator.state == O.RINGING and operator.call_id != call.id:
                    timers.arm(OFFER_TIMER, f"call:{operator.call_id}", clock.now())  # that one rings elsewhere at once
                set_state(operator, O.ON_CALL, actor=actor, desk=call.desk, at=at, call=call.id)
        elif operator.user_id in rung:
            if operator.state == O.READY:
                set_state(operator, O.RINGING, actor=actor, at=at, call=call.id)
        elif operator.call_id == call.id:
            _let_go(operator, call, actor=actor, at=at, undo_over=undo_over)


def _let_go(operator: Operator, call: Call, *, actor: Actor, at: datetime, undo_over: bool) -> None:
    """The call rings elsewhere, somebody else has it, or it is over."""
    if operator.state == O.RINGING:
        if call.state in WAITING:
            miss(operator, actor=actor, at=at)
        else:
            set_state(operator, O.READY, actor=actor, at=at)
        return
    if operator.state != O.ON_CALL:
        return
    other = talking_calls(operator.user_id).exclude(id=call.id).first()
    if other is not None:
        set_state(operator, O.ON_CALL, actor=actor, at=at, call=other.id)
    elif operator.user_id != call.operator_id or undo_over or call.state == CallState.ABANDONED:
        set_state(operator, O.READY, actor=actor, at=at)
    else:
        set_state(operator, O.WRAP_UP, actor=actor, at=at, call=call.id)
        filed = call.state in {CallState.CLOSED, CallState.DROPPED}
        timers.arm(WRAP_UP_TIMER, _subject(operator), clock.now() + (UNDO_WITHIN if filed else WRAP_UP))


def miss(operator: Operator, *, actor: Actor, at: datetime) -> None:
    """A locked operator didn't answer a ring; after the second in a row nothing rings there any more.

    The last ready call-taker stays ready: else a call would ring nowhere.
    """
    operator.misses += 1
    if operator.misses >= MOST_MISSES and not is_last_ready(operator):
        set_state(operator, O.NOT_READY, actor=actor, at=at, reason=Reason.NO_ANSWER)
    else:
        set_state(operator, O.READY, actor=actor, at=at)


def set_state(
    operator: Operator,
    state: O,
    *,
    actor: Actor,
    at: datetime,
    call: UUID | None = None,
    reason: str | None = None,
    desk: str | None = None,
) -> None:
    """Put a locked operator into a state, cancel the deadline of the one before and append the event.

    desk: the one that the operator is at from now on; without it they stay at their own, wherever the actor is.
    """
    was, before = operator.state, operator.call_id
    operator.state, operator.reason, operator.call_id = state, reason, call
    operator.since = max(at, operator.since) if was != O.OFFLINE else at
    operator.desk = desk or operator.desk
    sql.update(operator)
    if was == O.WRAP_UP:
        timers.cancel(_subject(operator), WRAP_UP_TIMER)
    facts.operator_changed(operator, was, actor=actor.ref, at=at, before=before)


def finish_wrap_up(call: Call, user: UUID | None) -> None:
    """A call in wrap-up was filed: its operator is ready again when it can't be undone any more. Locks the operator."""
    for operator in lock_operators({user}):
        if operator.state == O.WRAP_UP and operator.call_id == call.id:
            timers.arm(WRAP_UP_TIMER, _subject(operator), clock.now() + UNDO_WITHIN)


def lock_operators(users: Iterable[UUID | None], *, of_call: UUID | None = None) -> list[Operator]:
    """Lock the rows of these people, made where there is none, and of whoever a call is with; by id."""
    wanted = {user for user in users if user is not None}
    if not wanted and of_call is None:
        return []
    which = [list(wanted), of_call]
    rows = sql.instances(Operator, _LOCK, which)
    missing = wanted - {row.user_id for row in rows}
    if missing:
        made = [Operator(user_id=user, since=clock.now()) for user in sorted(missing)]
        Operator.objects.bulk_create(made, ignore_conflicts=True)
        rows = sql.instances(Operator, _LOCK, which)
    return rows


def _subject(operator: Operator) -> str:
    return f"operator:{operator.user_id}"
