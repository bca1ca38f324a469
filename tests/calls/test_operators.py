"""What operators are doing (docs/rules/operator-states.md)."""

from __future__ import annotations

import pytest

from accounts.actors import Actor
from calls.actions.call_control import answer_call, end_call, take_over_call
from calls.actions.disposition import dispose_call
from calls.actions.operators import set_operator_state
from calls.models import Call, Operator
from calls.queries import operator_forms
from calls.states import OperatorStatus as O
from core.errors import Conflict, Invalid, Refused
from core.models import Event
from tests.calls.exchange import let_timers_fire, operator, program, ringing
from tests.conftest import Clock

pytestmark = pytest.mark.django_db


def say(actor: Actor, state: str, reason: str | None = None) -> None:
    set_operator_state(actor=actor.at_desk("CT1"), state=state, reason=reason)


def ended(actor: Actor) -> Call:
    call = ringing()
    answer_call(actor=actor, call=call.id)
    return end_call(actor=actor, call=call.id)


def test_ready_and_not_ready_with_a_reason(call_taker: Actor) -> None:
    say(call_taker, "ready")
    say(call_taker, "not_ready", "gangguan teknis")
    row = operator(call_taker)
    assert (row.state, row.reason, row.desk) == (O.NOT_READY, "gangguan_teknis", "CT1")
    form = operator_forms(None)[call_taker.user].body
    assert (form["name"], form["roles"], form["call"]) == (call_taker.name, ["call_taker"], None)


def test_the_same_state_again_states_nothing(call_taker: Actor) -> None:
    say(call_taker, "ready")
    say(call_taker, "ready")
    assert Event.objects.filter(kind="operator.state_changed").count() == 1


@pytest.mark.parametrize("reason", [None, " ", "bosan"])
def test_not_ready_needs_a_reason_from_the_list(reason: str | None, call_taker: Actor) -> None:
    with pytest.raises(Invalid):
        say(call_taker, "not_ready", reason)


def test_who_is_offline_stands_on_no_board(call_taker: Actor) -> None:
    say(call_taker, "ready")
    say(call_taker, "offline")
    assert call_taker.user not in operator_forms(None)


def test_nobody_leaves_a_call_by_setting_a_state(call_taker: Actor) -> None:
    answer_call(actor=call_taker, call=ringing().id)
    for state in ("ready", "on_call"):
        with pytest.raises(Conflict):
            say(call_taker, state)
    assert operator(call_taker).state == O.ON_CALL


def test_wrap_up_ends_after_thirty_seconds_only_when_the_call_is_filed(call_taker: Actor, clock: Clock) -> None:
    call = ended(call_taker)
    clock.advance(seconds=31)
    let_timers_fire()
    assert operator(call_taker).state == O.WRAP_UP
    with pytest.raises(Conflict) as refused:
        say(call_taker, "ready")
    assert refused.value.code == "disposition_missing"
    dispose_call(actor=call_taker, call=call.id, disposition="N2")
    clock.advance(seconds=6)
    let_timers_fire()
    assert operator(call_taker).state == O.READY


def test_wrap_up_set_again_is_extended_to_two_minutes(call_taker: Actor, clock: Clock) -> None:
    call = ended(call_taker)
    Call.objects.filter(id=call.id).update(disposition="E1")
    say(call_taker, "wrap_up")
    clock.advance(seconds=100)
    let_timers_fire()
    assert operator(call_taker).state == O.WRAP_UP
    clock.advance(seconds=21)
    let_timers_fire()
    assert operator(call_taker).state == O.READY


def test_with_a_second_line_open_the_end_of_one_leads_to_the_other(call_taker: Actor) -> None:
    first, second = ringing(), ringing(caller=None)
    for call in (first, second):
        answer_call(actor=call_taker, call=call.id)
    end_call(actor=call_taker, call=second.id)
    assert (operator(call_taker).state, operator(call_taker).call_id) == (O.ON_CALL, first.id)


def test_only_people_at_desks_have_a_state(admin: Actor, call_taker: Actor) -> None:
    for actor in (admin, program()):
        with pytest.raises(Refused):
            say(actor, "ready")


def test_who_loses_a_call_to_a_supervisor_stays_at_their_own_desk(call_taker: Actor, supervisor: Actor) -> None:
    set_operator_state(actor=call_taker.at_desk("CT1"), state="ready")
    call = ringing()
    answer_call(actor=call_taker.at_desk("CT1"), call=call.id)
    take_over_call(actor=supervisor.at_desk("S1"), call=call.id)
    assert Operator.objects.get(user=call_taker.user).desk == "CT1"
    assert Operator.objects.get(user=supervisor.user).desk == "S1"
