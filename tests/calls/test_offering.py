"""To whom a waiting call is offered: to all, or to the operator who has been ready longest."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.actors import Actor
from accounts.models import Centre, User
from accounts.queries import actor_of_user
from calls.actions.call_control import answer_call
from calls.actions.operators import set_operator_state
from calls.models import Call, Operator
from calls.queries.calls import call_bodies
from calls.states import OperatorStatus as O
from core import clock as time
from core import timers
from core.errors import Invalid
from core.models import Event
from tests.calls.exchange import Exchange, again, let_timers_fire, operator, ringing
from tests.conftest import Clock

pytestmark = pytest.mark.django_db
ALL = {"all": True, "operators": [], "until": None}


def on_duty(count: int, clock: Clock | None = None) -> list[Actor]:
    """Call-takers who say that they are ready, the first one longest."""
    some = User.objects.filter(roles__contains=["call_taker"]).first()
    assert some is not None
    taken = []
    for number in range(count):
        person = User.objects.create(
            centre_id=some.centre_id,
            username=f"ct{number}",
            name=f"Taker {number}",
            roles=["call_taker"],
            created_at=time.now(),
        )
        taken.append(actor_of_user(person))
        say(taken[-1], "ready")
        if clock is not None:
            clock.advance(seconds=1)
    return taken


def say(actor: Actor, state: str, reason: str | None = None) -> None:
    set_operator_state(actor=actor, state=state, reason=reason)


def one_by_one() -> None:
    Centre.objects.update(ring_all_below=0)


def offered(call: Call) -> list[str]:
    """The names of those whom a call rings, as its board item shows."""
    row = again(call)
    return [person["name"] for person in call_bodies([row])[row.id]["offered_to"]["operators"]]


def wait(clock: Clock, seconds: float) -> None:
    clock.advance(seconds=seconds)
    let_timers_fire()


def test_below_seven_on_duty_a_call_rings_at_all_of_them() -> None:
    takers = on_duty(6)
    say(takers[5], "not_ready", "sholat")
    call = ringing()
    assert (again(call).offered_to, timers.armed(f"call:{call.id}", "call.offer")) == (ALL, None)
    assert {operator(taker).state for taker in takers[:5]} == {O.READY}
    answer_call(actor=takers[0], call=call.id)
    assert again(call).offered_to is None


def test_from_seven_on_it_rings_at_the_one_who_is_ready_longest_for_eight_seconds_each(clock: Clock) -> None:
    takers = on_duty(7, clock)
    call = ringing()
    assert offered(call) == ["Taker 0"]
    assert (operator(takers[0]).state, operator(takers[0]).call_id) == (O.RINGING, call.id)
    wait(clock, 7)
    assert offered(call) == ["Taker 0"]
    wait(clock, 1.1)
    assert offered(call) == ["Taker 1"]
    assert (operator(takers[0]).state, operator(takers[0]).misses, operator(takers[1]).state) == (O.READY, 1, O.RINGING)
    event = Event.objects.get(kind="call.offered")
    assert event.data["missed"] == [str(takers[0].user)]
    answer_call(actor=takers[4], call=call.id)  # anybody may
    assert (operator(takers[1]).state, operator(takers[1]).misses) == (O.READY, 0)
    assert timers.armed(f"call:{call.id}", "call.offer") is None


def test_two_calls_ring_at_two_operators_and_a_third_with_nobody_ready_at_all(clock: Clock) -> None:
    one_by_one()
    on_duty(2, clock)
    calls = [ringing(caller=f"08123055511{digit}") for digit in range(3)]
    assert [offered(call) for call in calls] == [["Taker 0"], ["Taker 1"], []]
    assert again(calls[2]).offered_to == ALL


def test_whoever_misses_two_calls_is_rung_no_more_but_never_the_last_ready_one(clock: Clock) -> None:
    one_by_one()
    first, last = on_duty(2, clock)
    call = ringing()
    for _ in range(8):
        wait(clock, 8.1)
    states = {operator(taker).state: operator(taker).reason for taker in (first, last)}
    assert states == {O.NOT_READY: "tidak_menjawab", O.RINGING: None}
    assert again(call).offered_to["operators"]


def test_an_operator_who_leaves_while_it_rings_is_passed_at_once(clock: Clock) -> None:
    one_by_one()
    first, second, third = on_duty(3, clock)
    call = ringing()
    say(first, "not_ready", "toilet")
    let_timers_fire()
    assert (offered(call), operator(first).misses) == (["Taker 1"], 0)
    other = Exchange(caller="081230555111").say("ringing")
    answer_call(actor=second, call=other.id)
    let_timers_fire()
    assert (offered(call), operator(third).state) == (["Taker 2"], O.RINGING)


def test_an_exchange_that_names_an_agent_distributes_calls_itself(call_taker: Actor, clock: Clock) -> None:
    one_by_one()
    say(call_taker, "ready")
    on_duty(2, clock)
    line = Exchange()
    call = line.say("ringing", agent="101")
    assert offered(call) == [call_taker.name]
    wait(clock, 14)
    assert offered(call) == [call_taker.name]
    line.say("queued", 14.1)
    assert (offered(call), operator(call_taker).misses) == (["Taker 0"], 1)
    line.say("queued", 14.2)  # the exchange goes on; the offer stands
    assert offered(call) == ["Taker 0"]


def test_a_call_that_ended_while_it_rang_is_no_miss(clock: Clock) -> None:
    one_by_one()
    (taker,) = on_duty(1, clock)
    line = Exchange()
    call = line.say("ringing")
    line.say("ended", 3)
    wait(clock, 9)
    assert (again(call).offered_to, operator(taker).state, operator(taker).misses) == (None, O.READY, 0)


def test_the_system_reason_is_not_for_people_to_choose(call_taker: Actor) -> None:
    with pytest.raises(Invalid):
        say(call_taker, "not_ready", "tidak_menjawab")


def test_a_centre_chooses_how_long_a_call_rings_at_one(clock: Clock) -> None:
    Centre.objects.update(ring_all_below=2, offer_seconds=20)
    on_duty(2, clock)
    call = ringing()
    timer = timers.armed(f"call:{call.id}", "call.offer")
    assert timer is not None
    assert timer.due_at - time.now() > timedelta(seconds=15)
    assert Operator.objects.filter(state=O.RINGING).count() == 1
