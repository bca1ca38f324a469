"""Deadlines of calls and operators: hanging up, closing, calls that an exchange has lost, wrap-up; and rule 1."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from accounts.actors import system_actor
from alarms.conditions import Rule, Standing
from alarms.rules import EscalationRule
from calls import events as facts
from calls.domain.offering import OFFER_TIMER, choose_offer, offered_operators
from calls.domain.operator_sync import RINGING_TIMER, WRAP_UP_TIMER, miss, set_state
from calls.domain.projection_update import add_step, apply_steps
from calls.events import CallEvent
from calls.models import Call, Operator
from calls.states import IN_TALK, WAITING, CallState, OperatorStatus, StepKind
from core import timers
from core.models import Timer
from core.registry import TimerHandler

_ENDED = (CallState.ENDED, CallState.WRAP_UP, CallState.ABANDONED)


def ids_of(subjects: Collection[str]) -> list[UUID]:
    """The ids of subject texts ("call:<uuid>")."""
    return [UUID(subject.partition(":")[2]) for subject in subjects]


def lock_calls(subjects: Sequence[str]) -> set[str]:
    """Lock calls with whoever is on them, by id; what somebody holds is left for the next time."""
    rows = Call.objects.filter(id__in=ids_of(subjects)).order_by("id")
    got = {row.id: row.operator_id for row in rows.select_for_update(skip_locked=True, no_key=True)}
    users = [user for user in got.values() if user]
    concerned = Operator.objects.filter(Q(call_id__in=got) | Q(user_id__in=users))
    present = set(concerned.values_list("user_id", "call_id"))
    held = _lock_operators({user for user, _ in present})
    busy = {user for user, _ in present} - held
    return {
        f"call:{call}"
        for call, operator in got.items()
        if operator not in busy and not any(user in busy and on == call for user, on in present)
    }


def lock_operators(subjects: Sequence[str]) -> set[str]:
    """Lock operators by id; what somebody holds is left for the next time."""
    return {f"operator:{user}" for user in _lock_operators(ids_of(subjects))}


def _lock_operators(users: Collection[UUID]) -> set[UUID]:
    rows = Operator.objects.filter(user_id__in=users).order_by("user_id")
    return set(rows.select_for_update(skip_locked=True, no_key=True).values_list("user_id", flat=True))


def _calls(due: Sequence[Timer]) -> list[Call]:
    return list(Call.objects.filter(id__in=ids_of([timer.subject for timer in due])).order_by("id"))


def hang_up(due: Sequence[Timer], now: datetime) -> None:
    """Five seconds after a disposal a call still in talk ends in the record and closes."""
    for call in _calls(due):
        if call.disposition and call.state in {*IN_TALK, CallState.DROPPED}:
            _close(call, StepKind.HUNG_UP, CallEvent.CALL_CLOSED, now, {"hang_up": True})


def close(due: Sequence[Timer], now: datetime) -> None:
    """A call that ended with an incident, or that nobody called back in time, leaves the board."""
    for call in _calls(due):
        if call.disposition and call.state in _ENDED:
            _close(call, StepKind.CLOSED, CallEvent.CALL_CLOSED, now, {"hang_up": False})


def lose(due: Sequence[Timer], now: datetime) -> None:
    """Close the calls whose exchange sent nothing for too long: D2 while it waited, D1 after the answer."""
    for call in _calls(due):
        if call.state in {*WAITING, *IN_TALK}:
            _close(call, StepKind.LOST, CallEvent.CALL_LOST_BY_PBX, now, {"lost_by_pbx": True})


def _close(call: Call, kind: StepKind, fact: CallEvent, now: datetime, data: dict[str, Any]) -> None:
    system = system_actor(call.centre_id)
    add_step(call, kind, actor=system, at=now)
    apply_steps(call, fact, actor=system, at=now, data=data)


def end_wrap_up(due: Sequence[Timer], now: datetime) -> None:
    """Ready again, if the call was filed; else the operator stays in wrap-up and gets no call."""
    for operator in _operators(due):
        filed = operator.call is None or operator.call.disposition
        if operator.state == OperatorStatus.WRAP_UP and filed:
            actor = system_actor(operator.user.centre_id)
            set_state(operator, OperatorStatus.READY, actor=actor, at=now)


def end_ringing(due: Sequence[Timer], now: datetime) -> None:
    """A telephone that rang for 15 s without an answer counts as missed: armed by earlier releases only."""
    for operator in _operators(due):
        if operator.state == OperatorStatus.RINGING:
            miss(operator, actor=system_actor(operator.user.centre_id), at=now)


def offer_next(due: Sequence[Timer], now: datetime) -> None:
    """A call that was not answered in time rings elsewhere; whom it rang has missed it."""
    for call in _calls(due):
        if call.state in WAITING:
            system = system_actor(call.centre_id)
            rung = Operator.objects.filter(call=call, state=OperatorStatus.RINGING).select_related("user")
            missed = list(rung.order_by("user_id"))
            for operator in missed:
                miss(operator, actor=system, at=now)
            _offer_anew(call, missed, now)


def _offer_anew(call: Call, missed: Sequence[Operator], now: datetime) -> None:
    system = system_actor(call.centre_id)
    call.offered_to = choose_offer(call.centre_id, now)
    call.changed_at = now
    call.save(update_fields=["offered_to", "changed_at"])
    chosen = offered_operators(call)
    for operator in Operator.objects.filter(user_id__in=chosen, state=OperatorStatus.READY):  # locked by the choice
        set_state(operator, OperatorStatus.RINGING, actor=system, at=now, call=call.id)
    if call.offered_to["until"]:
        timers.arm(OFFER_TIMER, f"call:{call.id}", datetime.fromisoformat(call.offered_to["until"]))
    data = {
        "all": call.offered_to["all"],
        "operators": sorted(str(user) for user in chosen),
        "missed": [str(operator.user_id) for operator in missed],
    }
    facts.emit(CallEvent.CALL_OFFERED, call, actor=system.ref, desk=None, at=now, data=data)


def _operators(due: Sequence[Timer]) -> list[Operator]:
    users = ids_of([timer.subject for timer in due])
    return list(Operator.objects.filter(user_id__in=users).select_related("user", "call").order_by("user_id"))


def waiting_still(subjects: Collection[str]) -> dict[str, Standing]:
    """Rule 1: which of these calls still wait for somebody."""
    calls = Call.objects.filter(id__in=ids_of(subjects), state__in=WAITING)
    return {
        f"call:{call.id}": Standing(call.centre_id, None, params={"call": str(call.id), "channel": call.channel})
        for call in calls
    }


def lock_waiting(subjects: Sequence[str]) -> set[str]:
    """Lock the calls that nobody holds, by id; returns their subjects."""
    rows = Call.objects.filter(id__in=ids_of(subjects)).order_by("id")
    found = rows.select_for_update(skip_locked=True, no_key=True).values_list("id", flat=True)
    return {f"call:{call}" for call in found}


RULES: tuple[Rule, ...] = (Rule(EscalationRule.CALL_WAITING, lock=lock_waiting, standing=waiting_still),)

TIMERS: dict[str, TimerHandler] = {
    "call.hang_up": TimerHandler(lock_calls, hang_up),
    "call.close": TimerHandler(lock_calls, close),
    "call.lost": TimerHandler(lock_calls, lose),
    OFFER_TIMER: TimerHandler(lock_calls, offer_next),
    WRAP_UP_TIMER: TimerHandler(lock_operators, end_wrap_up),
    RINGING_TIMER: TimerHandler(lock_operators, end_ringing),
}
