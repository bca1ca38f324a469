"""Rule 12: a caller waits and no operator is free."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from accounts.models import Centre
from alarms.actions import unwatch
from alarms.conditions import Rule, Standing
from alarms.models import Alarm
from alarms.rules import EscalationRule
from alarms.timers import raise_at_once
from calls.models import Call, Operator
from calls.states import WAITING, OperatorStatus
from core import clock, events, timers
from core.models import Timer
from core.registry import TimerHandler

RULE = EscalationRule.NO_FREE_OPERATOR
CALM_TIMER = "centre.calm"  # the condition has been false since this was armed
CALM_AFTER = timedelta(seconds=60)
# Who is rung is about to answer that call: counted as free until then.
FREE = (OperatorStatus.READY, OperatorStatus.RINGING)


def watch_load() -> None:
    """Open rule 12 where it holds, and let it end after 60 s without; one worker calls it every two seconds."""
    for centre in Centre.objects.order_by("id").values_list("id", flat=True):
        subject, waiting = f"centre:{centre}", waiting_without_operator(centre)
        standing = _is_open(subject)
        if not waiting and not standing:
            continue
        with events.transaction():
            if waiting:
                raise_at_once(_RULE, subject, centre=centre, base_at=clock.now())
                timers.cancel(subject, CALM_TIMER)
            elif timers.armed(subject, CALM_TIMER) is None:
                timers.arm(CALM_TIMER, subject, clock.now() + CALM_AFTER)


def waiting_without_operator(centre: UUID) -> int:
    """How many calls wait in a centre while none of its operators is free; 0 where one is."""
    if Operator.objects.filter(user__centre=centre, state__in=FREE).exists():
        return 0
    return Call.objects.filter(centre=centre, state__in=WAITING).count()


def end_when_calm(due: Sequence[Timer], now: datetime) -> None:
    """End the alarm of a centre where the condition has been false for 60 s."""
    for timer in due:
        if not waiting_without_operator(_centre(timer.subject)):
            unwatch(RULE, timer.subject, at=now)


def _lock(subjects: Sequence[str]) -> set[str]:
    """A centre's alarm is locked with the rule; nothing of the centre itself is written."""
    return set(subjects)


def _lock_alarms(subjects: Sequence[str]) -> set[str]:
    found = Alarm.objects.exclude(state=Alarm.State.CLOSED).filter(rule=RULE, subject__in=list(subjects))
    list(found.order_by("id").select_for_update().values_list("id"))
    return set(subjects)


def _standing(subjects: Collection[str]) -> dict[str, Standing]:
    """It holds until it has been false for a minute: an open one stands meanwhile."""
    standing = {}
    for subject in subjects:
        waiting = waiting_without_operator(_centre(subject))
        if waiting or _is_open(subject):
            standing[subject] = Standing(_centre(subject), None, params={"waiting": waiting})
    return standing


def _is_open(subject: str) -> bool:
    return Alarm.objects.exclude(state=Alarm.State.CLOSED).filter(rule=RULE, subject=subject).exists()


def _centre(subject: str) -> UUID:
    return UUID(subject.partition(":")[2])


_RULE = Rule(RULE, lock=_lock, standing=_standing)
RULES: tuple[Rule, ...] = (_RULE,)
TIMERS: dict[str, TimerHandler] = {CALM_TIMER: TimerHandler(_lock_alarms, end_when_calm)}
