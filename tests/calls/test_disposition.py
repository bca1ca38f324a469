"""Filing calls, taking it back, and strikes."""

from __future__ import annotations

import uuid

import pytest

from accounts.actors import Actor
from calls.actions.call_control import answer_call, end_call
from calls.actions.calls import open_call
from calls.actions.disposition import dispose_call, reopen_call, undo_act
from calls.models import Call, CallLine, Strike
from calls.states import CallState, OperatorStatus
from core.errors import Conflict, Invalid
from core.models import Event
from tests.calls.exchange import CALLER, Exchange, again, kinds_about, let_timers_fire, operator, program, ringing
from tests.conftest import Clock

pytestmark = pytest.mark.django_db


def answered(actor: Actor) -> Call:
    return answer_call(actor=actor, call=ringing().id)


def file(actor: Actor, call: Call, disposition: str, note: str | None = None) -> Call:
    return dispose_call(actor=actor, call=call.id, disposition=disposition, note=note)


def test_noise_is_filed_at_once_and_hung_up_after_five_seconds(call_taker: Actor, clock: Clock) -> None:
    call = file(call_taker, answered(call_taker), "G3")
    assert (call.state, call.disposition) == (CallState.ANSWERED, "G3")
    clock.advance(seconds=4)
    let_timers_fire()
    assert again(call).state == CallState.ANSWERED
    clock.advance(seconds=1.5)
    let_timers_fire()
    call = again(call)
    assert (call.state, call.ended_at) == (CallState.CLOSED, call.closed_at)
    assert operator(call_taker).state == OperatorStatus.READY


def test_undone_before_that_the_line_is_untouched(call_taker: Actor, clock: Clock) -> None:
    call = file(call_taker, answered(call_taker), "G3")
    clock.advance(seconds=3)
    call = undo_act(actor=call_taker, call=call.id)
    assert (call.state, call.disposition) == (CallState.ANSWERED, None)
    clock.advance(seconds=10)
    let_timers_fire()
    assert again(call).state == CallState.ANSWERED
    assert operator(call_taker).state == OperatorStatus.ON_CALL


def test_after_the_end_filing_closes_and_is_undone_within_five_seconds(call_taker: Actor, clock: Clock) -> None:
    call = answered(call_taker)
    end_call(actor=call_taker, call=call.id)
    assert file(call_taker, call, "N2").state == CallState.CLOSED
    clock.advance(seconds=4)
    call = undo_act(actor=call_taker, call=call.id)
    assert (call.state, call.disposition) == (CallState.WRAP_UP, None)
    file(call_taker, call, "N2")
    clock.advance(seconds=6)
    with pytest.raises(Conflict) as late:
        undo_act(actor=call_taker, call=call.id)
    assert late.value.code == "nothing_to_undo"


def test_a_caller_who_hangs_up_after_the_filing_closes_the_call_at_once(call_taker: Actor) -> None:
    line = Exchange()
    call = line.say("ringing", -2)
    answer_call(actor=call_taker, call=call.id)
    file(call_taker, call, "N2")
    line.say("ended", 5)
    call = again(call)
    assert (call.state, call.disposition) == (CallState.CLOSED, "N2")
    assert operator(call_taker).state == OperatorStatus.WRAP_UP
    undo_act(actor=call_taker, call=call.id)
    assert again(call).state == CallState.WRAP_UP


def test_the_end_at_a_console_is_undone_too(call_taker: Actor) -> None:
    call = answered(call_taker)
    end_call(actor=call_taker, call=call.id)
    call = undo_act(actor=call_taker, call=call.id)
    assert (call.state, call.ended_at) == (CallState.ANSWERED, None)
    assert operator(call_taker).state == OperatorStatus.ON_CALL


def test_a_line_that_was_cut_is_dropped_until_it_closes(call_taker: Actor, clock: Clock) -> None:
    call = file(call_taker, answered(call_taker), "D1")
    assert (call.state, call.ended_at is not None) == (CallState.DROPPED, True)
    assert undo_act(actor=call_taker, call=call.id).state == CallState.ANSWERED
    file(call_taker, call, "D1")
    clock.advance(seconds=6)
    let_timers_fire()
    assert again(call).state == CallState.CLOSED


@pytest.mark.parametrize("disposition", ["E1", "E2", "D2", "Z9"])
def test_what_comes_by_itself_is_not_chosen(disposition: str, call_taker: Actor) -> None:
    call = answered(call_taker)
    with pytest.raises(Invalid):
        file(call_taker, call, disposition)
    assert again(call).disposition is None


def test_filing_needs_an_answer_first(supervisor: Actor) -> None:
    with pytest.raises(Conflict) as refused:
        file(supervisor, ringing(), "J1")
    assert refused.value.code == "step_not_allowed"


def test_the_same_filing_again_states_nothing(call_taker: Actor) -> None:
    call = answered(call_taker)
    file(call_taker, call, "N1", note="sampah belum diangkut")
    file(call_taker, call, "N1", note="sampah belum diangkut")
    assert kinds_about(call).count("call.disposed") == 1
    assert CallLine.objects.get(call=call).text == "sampah belum diangkut"


def test_a_note_sent_later_with_the_same_disposition_is_kept(call_taker: Actor) -> None:
    call = answered(call_taker)
    file(call_taker, call, "N1")
    file(call_taker, call, "N1", note="sampah belum diangkut")
    assert kinds_about(call).count("call.disposed") == 1
    assert CallLine.objects.get(call=call).text == "sampah belum diangkut"


def test_a_prank_named_by_a_person_is_a_strike_that_undo_takes_back(call_taker: Actor) -> None:
    other = ringing()
    call = answered(call_taker)
    assert file(call_taker, call, "J1").strikes_24h == 1
    fact = Event.objects.get(kind="number.struck")
    assert {f"call:{call.id}", f"call:{other.id}", f"number:{call.number_id}"} <= set(fact.subjects)
    assert again(other).strikes_24h == 1
    undo_act(actor=call_taker, call=call.id)
    assert not Strike.objects.exists()
    assert (again(other).strikes_24h, again(call).strikes_24h) == (0, 0)


@pytest.mark.parametrize("disposition", ["G1", "G2", "G3", "D1", "W1", "T1"])
def test_silent_dropped_and_misdialled_calls_make_no_strike(disposition: str, call_taker: Actor) -> None:
    file(call_taker, answered(call_taker), disposition)
    assert not Strike.objects.exists()


def test_a_program_makes_no_strike(call_taker: Actor) -> None:
    robot = program()
    call, _ = open_call(actor=robot, number=CALLER)
    file(robot, call, "J1")
    assert not Strike.objects.exists()


def test_the_next_call_of_the_number_knows_its_strikes_and_its_calls(call_taker: Actor) -> None:
    for _ in range(3):
        file(call_taker, answered(call_taker), "J2")
    call = again(ringing())
    assert (call.strikes_24h, call.calls_before) == (3, 3)


def test_strikes_count_for_a_day(call_taker: Actor, clock: Clock) -> None:
    file(call_taker, answered(call_taker), "J1")
    clock.advance(seconds=24 * 3600 + 1)
    assert again(ringing()).strikes_24h == 0


def test_a_closed_call_taken_up_again_is_filed_anew(call_taker: Actor) -> None:
    call = answered(call_taker)
    end_call(actor=call_taker, call=call.id)
    file(call_taker, call, "J1")
    call = reopen_call(actor=call_taker, call=call.id)
    assert (call.state, call.disposition, call.closed_at) == (CallState.WRAP_UP, None, None)
    assert not Strike.objects.exists()
    assert file(call_taker, call, "N2").state == CallState.CLOSED
    assert reopen_call(actor=call_taker, call=call.id).state == CallState.WRAP_UP


def test_an_undo_takes_back_the_act_that_it_names_or_nothing(call_taker: Actor) -> None:
    call, ended, filed = answered(call_taker), uuid.uuid4(), uuid.uuid4()
    end_call(actor=call_taker, call=call.id, act=ended)
    dispose_call(actor=call_taker, call=call.id, disposition="N2", act=filed)

    def undo(act: uuid.UUID | None) -> Call:
        return undo_act(actor=call_taker, call=call.id, act=act)

    with pytest.raises(Conflict) as passed:
        undo(ended)  # the toast of the end, while the filing stands
    assert passed.value.code == "moved_on"
    assert again(call).disposition == "N2"
    assert [undo(filed).disposition for _ in range(2)] == [None, None]  # sent again after a lost answer: the end stands
    assert again(call).state == CallState.WRAP_UP
    file(call_taker, call, "J1")
    with pytest.raises(Conflict):
        undo(ended)
    undo(None)  # without a name: whichever was last
    assert undo(ended).state == CallState.ANSWERED
