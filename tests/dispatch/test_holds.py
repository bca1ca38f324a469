"""Rule 20: a caller on hold raises an alarm after 30 s, of a P1 incident after 15 s."""

from __future__ import annotations

import pytest

from accounts.actors import Actor
from alarms.models import Alarm
from calls.actions.call_control import answer_call, hold_call, resume_call
from calls.actions.calls import open_call
from calls.models import Call
from config.registry import registry
from core.firing.rounds import fire_due
from core.models import Timer
from tests.conftest import Clock
from tests.dispatch.caller_texts import opened

pytestmark = pytest.mark.django_db


def alarm() -> Alarm | None:
    return Alarm.objects.filter(rule=20).exclude(state="closed").first()


def level_after(clock: Clock, seconds: float) -> int | None:
    clock.advance(seconds=seconds)
    fire_due(registry)
    found = alarm()
    return found.level if found else None


@pytest.fixture
def held(call_taker: Actor) -> Call:
    call, _ = open_call(actor=call_taker.at_desk("CT1"), channel="voice", number="+6281230987731")
    answer_call(actor=call_taker.at_desk("CT1"), call=call.id)
    hold_call(actor=call_taker.at_desk("CT1"), call=call.id)
    return call


def test_the_operator_hears_of_it_after_30_s_and_the_supervisor_after_60(
    held: Call, call_taker: Actor, clock: Clock
) -> None:
    assert level_after(clock, 16) is None
    assert level_after(clock, 13) is None
    assert level_after(clock, 2) == 1
    assert level_after(clock, 30) == 2
    resume_call(actor=call_taker.at_desk("CT1"), call=held.id)
    assert alarm() is None
    assert not Timer.objects.filter(kind="rule.20", state="armed").exists()


def test_of_a_p1_incident_after_15_and_30_s_and_it_names_the_incident(
    held: Call, call_taker: Actor, clock: Clock
) -> None:
    row = opened(call_taker, type="F01", call=held.id)
    assert level_after(clock, 16) == 1
    found = alarm()
    assert found
    assert (found.params["incident"], found.params["number"]) == (str(row.id), str(row.number))
    assert level_after(clock, 15) == 2
