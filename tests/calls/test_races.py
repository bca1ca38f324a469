"""Two at the same moment: one has it, nothing is doubled, nobody waits for ever."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

from django.db import connection

from accounts.actors import Actor
from accounts.models import Centre
from calls.actions.call_control import answer_call
from calls.actions.calls import open_call
from calls.actions.disposition import dispose_call, undo_act
from calls.actions.operators import set_operator_state
from calls.models import Call, CallStep, Operator, Strike
from calls.states import CallState, OperatorStatus
from core.errors import Conflict
from core.models import Event
from tests.calls.exchange import CALLER, Exchange, again, let_timers_fire, program, ringing
from tests.calls.test_offering import on_duty


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each act returned or refused, all started at the same moment, each in a thread of its own."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        start.wait(10)
        try:
            return act()
        except Conflict as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def test_of_eight_claims_at_once_one_wins_and_the_others_get_its_name(fresh_database: object) -> None:
    for _ in range(3):
        call = ringing()
        takers = [program(f"taker {number}") for number in range(8)]
        answers = at_once([partial(answer_call, actor=taker, call=call.id) for taker in takers])
        winners = [answer for answer in answers if isinstance(answer, Call)]
        losers = [answer for answer in answers if isinstance(answer, Conflict)]
        assert (len(winners), len(losers)) == (1, 7)
        name = again(call).claimed_name
        assert all(loser.code == "call_taken" and loser.extra["operator"]["name"] == name for loser in losers)


def test_a_ring_and_its_answer_that_arrive_together_are_one_call(fresh_database: object) -> None:
    for _ in range(5):
        line = Exchange()
        words = [("ringing", -6), ("queued", -4), ("answered", -2), ("ringing", -6), ("ended", -1)]
        calls = at_once([partial(line.say, *word) for word in words])
        assert len({call.id for call in calls}) == 1
        call = again(calls[0])
        assert (call.state, call.wait_seconds) == (CallState.ENDED, 4)
        assert CallStep.objects.filter(call=call).count() == 4
    assert Call.objects.count() == 5


def test_an_answer_on_the_telephone_and_a_claim_at_a_console_are_one_claim(
    fresh_database: object, call_taker: Actor, supervisor: Actor
) -> None:
    for _ in range(4):
        line = Exchange()
        call = line.say("ringing", -9)
        at_once(
            [
                partial(line.say, "answered", -3, agent="101"),
                partial(answer_call, actor=supervisor, call=call.id),
            ]
        )
        assert again(call).operator_id == call_taker.user
    notified = Event.objects.filter(kind="call.claim_lost", data__lost=supervisor.ref).count()
    refused = 4 - Event.objects.filter(kind="call.answered", actor=supervisor.ref).count()
    assert notified + refused == 4


def test_calls_of_one_number_are_filed_and_undone_side_by_side(fresh_database: object, supervisor: Actor) -> None:
    calls = [open_call(actor=supervisor, number=CALLER)[0] for _ in range(6)]

    def work(call: Call) -> None:
        for disposition in ("J1", "N2", "J2"):
            dispose_call(actor=supervisor, call=call.id, disposition=disposition)
        undo_act(actor=supervisor, call=call.id)
        dispose_call(actor=supervisor, call=call.id, disposition="J1")

    at_once([partial(work, call) for call in calls])
    assert Strike.objects.count() == 6
    assert {again(call).strikes_24h for call in calls} == {6}


def test_first_calls_of_a_number_at_once_make_one_number(fresh_database: object) -> None:
    calls = at_once([ringing] * 8)
    assert len({call.number_id for call in calls}) == 1
    assert max(again(call).calls_before for call in calls) <= 7


def test_two_ringings_of_a_reused_reference_at_once_are_one_call(fresh_database: object) -> None:
    for _ in range(4):
        line = Exchange()
        reused = Exchange(caller="081230555111", ref=line.ref, start=line.start)
        line.say("ringing", -60)
        line.say("ended", -50)
        calls = at_once([partial(reused.say, "ringing", -10) for _ in range(6)])
        assert len({call.id for call in calls}) == 1
    assert Call.objects.count() == 8


def test_an_answer_and_the_end_of_its_offer_at_once_leave_nobody_ringing(fresh_database: object) -> None:
    Centre.objects.update(ring_all_below=0, offer_seconds=0)  # each offer is over at once
    first, second = on_duty(2)
    for _ in range(6):
        line = Exchange()
        call = line.say("ringing")
        rung = Operator.objects.get(state=OperatorStatus.RINGING)
        answerer = first if rung.user_id == first.user else second
        at_once([partial(answer_call, actor=answerer, call=call.id), let_timers_fire, let_timers_fire])
        row = again(call)
        assert (row.operator_id, row.offered_to) == (answerer.user, None)
        states = sorted(Operator.objects.values_list("state", flat=True))
        assert states == [OperatorStatus.ON_CALL, OperatorStatus.READY]
        line.say("ended", 1)
        dispose_call(actor=answerer, call=call.id, disposition="N2")
        set_operator_state(actor=answerer, state="ready")


def test_calls_that_come_at_once_ring_at_different_operators(fresh_database: object) -> None:
    Centre.objects.update(ring_all_below=0)
    on_duty(5)
    calls = at_once([partial(ringing, caller=f"08123055511{digit}") for digit in range(5)])
    rung = [person["id"] for call in calls for person in again(call).offered_to["operators"]]
    assert len(rung) == len(set(rung)) == Operator.objects.filter(state=OperatorStatus.RINGING).count()
