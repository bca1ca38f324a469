"""Rule 12: a caller waits and no operator is free; it ends after a minute without."""

from __future__ import annotations

import pytest

from accounts.actors import Actor
from alarms.models import Alarm
from calls.actions.operators import set_operator_state
from calls.load import watch_load
from calls.models import Operator
from calls.states import OperatorStatus
from config.registry import registry
from core.firing.rounds import fire_due
from core.models import Event
from tests.calls.exchange import Exchange
from tests.conftest import Clock

pytestmark = pytest.mark.django_db


def alarm() -> Alarm | None:
    return Alarm.objects.filter(rule=12).exclude(state="closed").first()


def after(clock: Clock, seconds: float) -> Alarm | None:
    clock.advance(seconds=seconds)
    watch_load()
    fire_due(registry)
    return alarm()


def test_one_waiting_call_is_enough_where_no_operator_is_free(call_taker: Actor, clock: Clock) -> None:
    set_operator_state(actor=call_taker.at_desk("CT1"), state="ready")
    Exchange().say("ringing")
    assert after(clock, 1) is None
    set_operator_state(actor=call_taker.at_desk("CT1"), state="not_ready", reason="sholat")
    raised = after(clock, 1)
    assert raised
    assert (raised.level, raised.params["waiting"], raised.subject) == (1, 1, f"centre:{raised.centre_id}")
    assert after(clock, 61).level == 2  # type: ignore[union-attr]
    assert after(clock, 121).level == 3  # type: ignore[union-attr]


def test_an_operator_whom_a_call_rings_counts_as_free(call_taker: Actor, clock: Clock) -> None:
    set_operator_state(actor=call_taker.at_desk("CT1"), state="ready")
    Operator.objects.update(state=OperatorStatus.RINGING)
    Exchange().say("ringing")
    assert after(clock, 1) is None


def test_nobody_who_waits_is_no_alarm_whoever_is_at_work(db: None, clock: Clock) -> None:
    assert after(clock, 1) is None


def test_it_ends_after_a_minute_without_and_not_between_two_calls(call_taker: Actor, clock: Clock) -> None:
    first = Exchange()
    first.say("ringing")
    opened = after(clock, 1)
    first.say("abandoned", 2)
    assert after(clock, 1) == opened
    assert after(clock, 58) == opened
    second = Exchange()
    second.say("ringing")
    assert after(clock, 0) == opened
    second.say("abandoned", 11)
    assert after(clock, 1) == opened
    assert after(clock, 58) == opened
    assert after(clock, 2) is None
    assert Event.objects.filter(kind="alarm.opened", data__rule=12).count() == 1
