"""What operators say of themselves (docs/rules/operator-states.md)."""

from __future__ import annotations

from datetime import datetime

from accounts.actors import Actor
from accounts.roles import Right
from calls.domain.offering import OFFER_TIMER
from calls.domain.operator_sync import WRAP_UP_TIMER, lock_operators, set_state
from calls.durations import LONGEST_WRAP_UP
from calls.models import Call, Operator
from calls.states import IN_TALK, OPERATOR_STEPS, Reason
from calls.states import OperatorStatus as O
from core import clock, events, timers
from core.errors import Conflict, Invalid, Refused

__all__ = ["set_operator_state"]

# The states a person may set; ringing and on a call are set by the calls.
SETTABLE = (O.READY, O.NOT_READY, O.OUTBOUND, O.SUPERVISING, O.TRAINING, O.OFFLINE, O.WRAP_UP)


def set_operator_state(*, actor: Actor, state: str, reason: str | None = None, at: datetime | None = None) -> Operator:
    """Set the operator's own state. The same again returns quietly; wrap-up set again in wrap-up extends it to 120 s.

    reason: a `Reason`, needed for not_ready. Raises Refused (`person_needed`), Invalid (`reason_missing`,
    `reason_unknown`), Conflict (`step_not_allowed`, `on_a_call`, `disposition_missing`: file the call first).
    """
    with events.transaction():
        actor.require(Right.OPERATE)
        if actor.user is None:
            raise Refused("person_needed")
        wanted = O(state)
        why = _reason(wanted, reason)
        stamp = clock.stamp_from_person(at)
        operator = lock_operators({actor.user})[0]
        if wanted == operator.state == O.WRAP_UP:
            timers.arm(WRAP_UP_TIMER, f"operator:{actor.user}", operator.since + LONGEST_WRAP_UP)
            return operator
        if wanted not in SETTABLE:
            allowed = [each for each in OPERATOR_STEPS.allowed(operator.state) if each in SETTABLE]
            raise Conflict("step_not_allowed", state=operator.state, wanted=wanted, allowed=allowed)
        if not OPERATOR_STEPS.check(operator.state, wanted) and operator.reason == why:
            return operator
        _require_finished(operator, wanted)
        if operator.state == O.RINGING and operator.call_id:
            timers.arm(OFFER_TIMER, f"call:{operator.call_id}", clock.now())  # rings elsewhere at once
        set_state(operator, wanted, actor=actor, desk=actor.desk, at=stamp.at, reason=why)
        return operator


def _reason(wanted: O, reason: str | None) -> str | None:
    """The reason's code. Blanks may stand for underscores: "gangguan teknis"."""
    if wanted != O.NOT_READY:
        return None
    if not reason or not reason.strip():
        raise Invalid.field("reason", "reason_missing")
    code = "_".join(reason.lower().split())
    chosen = [each for each in Reason if each != Reason.NO_ANSWER]  # that one is the system's
    known = {each.value: each.value for each in chosen} | {each.name.lower(): each.value for each in chosen}
    if code not in known:
        raise Invalid.field("reason", "reason_unknown")
    return known[code]


def _require_finished(operator: Operator, wanted: O) -> None:
    """Refuse to leave a call, or a wrap-up before the call has a disposition; going offline is never refused."""
    if wanted == O.OFFLINE or operator.call_id is None:
        return
    call = Call.objects.get(id=operator.call_id)
    if operator.state == O.ON_CALL and call.state in IN_TALK:
        raise Conflict("on_a_call", call=call.id)
    if operator.state == O.WRAP_UP and call.disposition is None:
        raise Conflict("disposition_missing", call=call.id)
