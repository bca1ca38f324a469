"""Taking calls and working the line."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from accounts.actors import Actor
from calls.actions.call_control import answer_call, end_call, hold_call, resume_call, take_over_call, transfer_call
from calls.actions.calls import open_call
from calls.models import Call
from calls.states import CallState, OperatorStatus
from core import clock as time
from core import timers
from core.errors import Conflict, Invalid, Refused, Unknown
from tests.calls.exchange import Exchange, again, kinds_about, operator, program, ringing
from tests.conftest import Clock

pytestmark = pytest.mark.django_db


def answered(actor: Actor) -> Call:
    call = ringing()
    return answer_call(actor=actor.at_desk("CT1"), call=call.id)


def test_a_claim_answers_the_call_and_ends_the_wait(call_taker: Actor) -> None:
    call = answered(call_taker)
    assert (call.state, call.operator_id, call.desk) == (CallState.ANSWERED, call_taker.user, "CT1")
    assert timers.armed(f"call:{call.id}", "rule.1") is None
    assert operator(call_taker).call_id == call.id


def test_a_claim_twice_is_one_claim(call_taker: Actor) -> None:
    call = answered(call_taker)
    answer_call(actor=call_taker.at_desk("CT1"), call=call.id)
    assert kinds_about(call).count("call.answered") == 1


def test_the_second_gets_the_name_of_the_first(call_taker: Actor, supervisor: Actor) -> None:
    call = answered(call_taker)
    with pytest.raises(Conflict) as lost:
        answer_call(actor=supervisor, call=call.id)
    assert lost.value.code == "call_taken"
    assert lost.value.extra["operator"] == {"id": call_taker.user, "name": call_taker.name}


def test_a_program_claims_in_its_own_name(call_taker: Actor) -> None:
    first, second = program("one"), program("two")
    call = ringing()
    answer_call(actor=first, call=call.id)
    with pytest.raises(Conflict) as lost:
        answer_call(actor=second, call=call.id)
    assert lost.value.extra["operator"] == {"id": uuid.UUID(first.ref.removeprefix("key:")), "name": "one"}


def test_who_hung_up_can_not_be_answered(call_taker: Actor) -> None:
    line = Exchange()
    call = line.say("ringing", -9)
    line.say("abandoned", -1)
    with pytest.raises(Conflict) as refused:
        answer_call(actor=call_taker, call=call.id)
    assert refused.value.code == "step_not_allowed"


def test_a_dispatcher_takes_calls_only_when_they_overflow(dispatcher: Actor, clock: Clock) -> None:
    call = ringing()
    with pytest.raises(Refused) as refused:
        answer_call(actor=dispatcher, call=call.id)
    assert refused.value.code == "not_in_overflow"
    clock.advance(seconds=15)
    assert answer_call(actor=dispatcher, call=call.id).operator_id == dispatcher.user


def test_hold_talk_on_pass_on_and_take_back(call_taker: Actor) -> None:
    call = answered(call_taker)
    states = [
        act(actor=call_taker, call=call.id).state
        for act in (hold_call, hold_call, resume_call, transfer_call, resume_call)
    ]
    assert states == ["on_hold", "on_hold", "answered", "transferring", "answered"]
    assert kinds_about(call).count("call.held") == 1


def test_whoever_claims_a_call_that_is_passed_on_has_it(call_taker: Actor, supervisor: Actor) -> None:
    call = answered(call_taker)
    transfer_call(actor=call_taker, call=call.id, to="301")
    assert answer_call(actor=supervisor, call=call.id).operator_id == supervisor.user
    assert (operator(call_taker).state, operator(supervisor).state) == (OperatorStatus.READY, OperatorStatus.ON_CALL)


def test_nobody_holds_a_call_that_still_waits(supervisor: Actor) -> None:
    with pytest.raises(Conflict) as refused:
        hold_call(actor=supervisor, call=ringing().id)
    assert refused.value.extra["allowed"] == ["queued", "answered", "abandoned", "blocked_ivr", "closed"]


def test_talking_on_does_not_claim(supervisor: Actor) -> None:
    with pytest.raises(Conflict):
        resume_call(actor=supervisor, call=ringing().id)


def test_another_call_taker_may_see_but_not_work_it(call_taker: Actor, supervisor: Actor) -> None:
    call = answered(supervisor)
    with pytest.raises(Refused) as refused:
        end_call(actor=call_taker, call=call.id)
    assert refused.value.extra["operator"]["name"] == supervisor.name


def test_a_supervisor_takes_a_call_over(call_taker: Actor, supervisor: Actor) -> None:
    call = answered(call_taker)
    assert take_over_call(actor=supervisor, call=call.id).operator_id == supervisor.user
    assert (operator(call_taker).state, operator(supervisor).call_id) == (OperatorStatus.READY, call.id)
    with pytest.raises(Refused):
        take_over_call(actor=call_taker, call=call.id)


def test_the_end_leads_to_wrap_up(call_taker: Actor) -> None:
    call = answered(call_taker)
    call = end_call(actor=call_taker, call=call.id)
    assert (call.state, operator(call_taker).state) == (CallState.WRAP_UP, OperatorStatus.WRAP_UP)
    assert end_call(actor=call_taker, call=call.id).state == CallState.WRAP_UP
    assert kinds_about(call).count("call.ended") == 1


def test_an_agency_desk_sees_no_calls(agency_desk: Actor) -> None:
    with pytest.raises(Unknown):
        answer_call(actor=agency_desk, call=ringing().id)


def test_a_call_by_hand_starts_answered_by_who_opened_it(call_taker: Actor) -> None:
    call, new = open_call(actor=call_taker.at_desk("CT1"), channel="radio", number="0328 662112")
    assert (new, call.state, call.channel, call.operator_id) == (True, "answered", "radio", call_taker.user)
    assert (call.number and call.number.e164, call.wait_seconds) == ("+62328662112", None)


def test_the_same_id_twice_is_one_call(call_taker: Actor, supervisor: Actor) -> None:
    key = uuid.uuid4()
    first, _ = open_call(actor=call_taker, id=key)
    assert open_call(actor=call_taker, id=key, channel="sms") == (first, False)
    with pytest.raises(Conflict) as taken:
        open_call(actor=supervisor, id=key)
    assert taken.value.code == "id_taken"
    assert Call.objects.count() == 1


def test_a_call_can_be_entered_late_but_not_ahead(call_taker: Actor) -> None:
    hour = timedelta(hours=1)
    call, _ = open_call(actor=call_taker, at=time.now() - hour)
    assert call.started_at == call.answered_at == again(call).started_at
    with pytest.raises(Invalid) as ahead:
        open_call(actor=call_taker, at=time.now() + hour)
    assert ahead.value.code == "time_in_future"
