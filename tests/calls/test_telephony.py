"""The events of an exchange become one call, whatever the order and however often."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accounts.actors import Actor
from accounts.models import Centre
from alarms.models import Alarm
from calls.actions.call_control import answer_call
from calls.actions.operators import set_operator_state
from calls.actions.telephony import PbxEvent, take_telephony_event
from calls.models import Call, CallStep
from calls.states import CallState, OperatorStatus, TelephonyKind
from core import clock as time
from core import timers
from core.errors import Refused
from core.models import Event, Source, Timer
from tests.calls.exchange import (
    CALLER,
    Exchange,
    again,
    kinds_about,
    let_timers_fire,
    line_actor,
    operator,
    program,
    ringing,
)
from tests.calls.test_offering import on_duty
from tests.conftest import Clock

pytestmark = pytest.mark.django_db


def test_the_first_event_makes_the_call_and_starts_its_clock(call_taker: Actor) -> None:
    call = ringing(caller="0812-3098-7731")
    assert (call.state, call.number and call.number.e164) == (CallState.RINGING, CALLER)
    assert timers.armed(f"call:{call.id}", "rule.1") is not None
    assert kinds_about(call) == ["call.rang"]


def test_exchanges_of_two_centres_that_are_named_alike_have_calls_of_their_own(call_taker: Actor) -> None:
    call = ringing()
    step = call.steps.get()
    there = replace(line_actor(), centre=Centre.objects.create(code="ELSEWHERE", name="Elsewhere").id)
    event = PbxEvent(step.source, step.call_ref, TelephonyKind.ENDED, at=step.source_at)
    other = take_telephony_event(actor=there, event=event)
    assert (other.id == call.id, other.centre_id, other.state) == (False, there.centre, CallState.ABANDONED)
    assert again(call).state == CallState.RINGING
    again_there = take_telephony_event(actor=there, event=replace(event, event=TelephonyKind.RINGING))
    assert again_there.id == other.id


def test_the_same_event_again_changes_and_states_nothing(call_taker: Actor) -> None:
    line = Exchange()
    call = line.say("ringing")
    version = again(call).changed_at
    line.say("ringing")
    assert again(call).changed_at == version
    assert (CallStep.objects.filter(call=call).count(), kinds_about(call)) == (1, ["call.rang"])


def test_events_that_arrive_backwards_make_the_same_call(call_taker: Actor) -> None:
    line = Exchange(start=time.now())
    for event, second in [("ended", 4), ("answered", 2), ("ringing", 0), ("answered", 2)]:
        call = again(line.say(event, second - 5))
    assert call.state == CallState.ENDED
    assert (call.wait_seconds, call.disposition) == (2, None)
    assert Call.objects.count() == 1


def test_a_caller_who_hangs_up_is_not_answered_and_no_longer_watched(call_taker: Actor) -> None:
    line = Exchange()
    line.say("ringing", -20)
    call = again(line.say("ended", -5))
    assert (call.state, call.disposition) == (CallState.ABANDONED, "D2")
    assert timers.armed(f"call:{call.id}", "rule.1") is None


def test_who_hung_up_leaves_the_board_after_half_an_hour(call_taker: Actor, clock: Clock) -> None:
    line = Exchange()
    line.say("ringing", -20)
    call = line.say("abandoned", -5)
    clock.advance(seconds=1700)
    let_timers_fire()
    assert again(call).state == CallState.ABANDONED
    clock.advance(seconds=101)
    let_timers_fire()
    assert again(call).state == CallState.CLOSED


def test_who_rang_too_briefly_leaves_it_after_a_minute(call_taker: Actor, clock: Clock) -> None:
    line = Exchange()
    line.say("ringing", -2)
    call = line.say("abandoned", 0)
    clock.advance(seconds=61)
    let_timers_fire()
    assert again(call).state == CallState.CLOSED


def test_a_withheld_number_stays_unknown_until_it_is_sent(call_taker: Actor) -> None:
    line = Exchange(caller=None)
    assert line.say("ringing").number is None
    assert again(line.say("queued", 0.1, caller=CALLER)).number.e164 == CALLER


def test_an_answer_on_the_telephone_names_the_person_at_it(call_taker: Actor) -> None:
    line = Exchange()
    line.say("ringing", -3)
    call = again(line.say("answered", 0, agent="101"))
    assert (call.operator_id, call.claimed_name) == (call_taker.user, call_taker.name)
    assert (operator(call_taker).state, operator(call_taker).call_id) == (OperatorStatus.ON_CALL, call.id)


def test_an_answer_by_nobody_we_know_leaves_the_call_to_who_claims_it(call_taker: Actor) -> None:
    line = Exchange()
    line.say("ringing", -3)
    call = again(line.say("answered", -1, agent="999"))
    assert (call.state, call.claimed_by) == (CallState.ANSWERED, None)
    answer_call(actor=call_taker, call=call.id)
    assert again(call).operator_id == call_taker.user


def test_an_earlier_answer_on_the_telephone_beats_a_claim_and_the_loser_is_notified(
    call_taker: Actor, supervisor: Actor
) -> None:
    line = Exchange()
    call = line.say("ringing", -9)
    answer_call(actor=supervisor, call=call.id)
    call = again(line.say("answered", -4, agent="101"))
    assert call.operator_id == call_taker.user
    assert operator(supervisor).state == OperatorStatus.READY
    fact = Event.objects.get(kind="call.claim_lost")
    assert fact.data["lost"] == supervisor.ref
    assert f"operator:{supervisor.user}" in fact.subjects


def test_a_later_answer_on_the_telephone_loses_to_a_claim(call_taker: Actor, supervisor: Actor, clock: Clock) -> None:
    line = Exchange()
    call = line.say("ringing", -9)
    answer_call(actor=supervisor, call=call.id)
    clock.advance(seconds=3)
    call = again(line.say("answered", 2, agent="101"))
    assert call.operator_id == supervisor.user
    assert Event.objects.get(kind="call.claim_lost").data == {"lost": call_taker.ref, "by": supervisor.ref}


def test_whoever_answers_a_call_that_is_passed_on_has_it(call_taker: Actor, supervisor: Actor) -> None:
    line = Exchange()
    line.say("ringing", -9)
    line.say("answered", -8, agent="101")
    line.say("transferred", -4)
    call = again(line.say("answered", -1, agent="301"))
    assert call.operator_id == supervisor.user
    assert not Event.objects.filter(kind="call.claim_lost").exists()
    assert operator(call_taker).state == OperatorStatus.READY


def test_a_call_that_its_exchange_lost_is_closed(call_taker: Actor, clock: Clock) -> None:
    waiting, talking = ringing(), Exchange()
    talking.say("ringing", -3)
    talked = talking.say("answered", -1)
    clock.advance(seconds=601)
    let_timers_fire()
    assert (again(waiting).state, again(waiting).disposition) == (CallState.CLOSED, "D2")
    assert again(talked).state == CallState.ANSWERED
    clock.advance(seconds=4 * 3600)
    let_timers_fire()
    assert (again(talked).state, again(talked).disposition) == (CallState.CLOSED, "D1")
    assert Event.objects.filter(kind="call.lost_by_pbx", data__lost_by_pbx=True).count() == 2


def test_an_event_that_comes_after_the_end_does_not_open_the_call(call_taker: Actor, clock: Clock) -> None:
    line = Exchange()
    call = line.say("ringing")
    clock.advance(seconds=601)
    let_timers_fire()
    line.say("held", 700)
    line.say("answered", 4)
    assert (again(call).state, again(call).closed_at is not None) == (CallState.CLOSED, True)


def test_a_clock_that_is_ahead_is_taken_at_receipt_and_its_skew_kept(call_taker: Actor) -> None:
    call = Exchange().say("ringing", 90)
    assert call.started_at <= time.now()
    step = CallStep.objects.get(call=call)
    assert 85 < step.skew_seconds < 91
    assert 85 < Source.objects.get(name="pbx").skew_seconds < 91


def test_a_late_call_raises_no_alarm(call_taker: Actor) -> None:
    call = Exchange().say("ringing", -3600)
    assert not Timer.objects.filter(subject=f"call:{call.id}", kind="rule.1", state="armed").exists()
    assert Event.objects.get(kind="call.rang").data["late"] is True


def test_an_operator_who_does_not_answer_twice_is_rung_no_more(call_taker: Actor, clock: Clock) -> None:
    set_operator_state(actor=call_taker, state="ready")
    on_duty(1)
    line = Exchange()
    line.say("ringing", 0, agent="101")
    assert operator(call_taker).state == OperatorStatus.RINGING
    line.say("queued", 0.1)
    assert operator(call_taker).state == OperatorStatus.READY
    line.say("ringing", 0.2, agent="101")
    clock.advance(seconds=16)
    let_timers_fire()
    assert (operator(call_taker).state, operator(call_taker).reason) == (OperatorStatus.NOT_READY, "tidak_menjawab")


def test_a_key_without_the_scope_is_refused(call_taker: Actor) -> None:
    with pytest.raises(Refused) as refused:
        take_telephony_event(actor=program(), event=PbxEvent("pbx", "1", TelephonyKind.RINGING))
    assert refused.value.code == "scope_missing"
    assert not Call.objects.exists()


def test_a_caller_who_waits_raises_an_alarm_that_the_answer_closes(call_taker: Actor, clock: Clock) -> None:
    call = ringing()
    clock.advance(seconds=10.5)
    let_timers_fire()
    alarm = Alarm.objects.get(subject=f"call:{call.id}")
    assert (alarm.rule, alarm.level, alarm.state) == (1, 1, "open")
    clock.advance(seconds=5)
    let_timers_fire()
    alarm.refresh_from_db()
    assert alarm.level == 2
    answer_call(actor=call_taker, call=call.id)
    alarm.refresh_from_db()
    assert alarm.state == "closed"
