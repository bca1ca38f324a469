"""Live figures of the line."""

from __future__ import annotations

import pytest

from accounts.actors import Actor
from calls.actions.calls import open_call
from calls.actions.disposition import dispose_call
from calls.queries import live_kpis
from core import clock as time
from tests.calls.exchange import Exchange, ringing

pytestmark = pytest.mark.django_db


def receive(*events: tuple[str, float]) -> None:
    line = Exchange()
    for event, seconds in events:
        line.say(event, seconds)


def test_nothing_is_unknown_not_nought(call_taker: Actor) -> None:
    assert live_kpis() == {
        "waiting": 0,
        "longest_since": None,
        "in_10_s_hour": None,
        "in_10_s_today": None,
        "calls_today": 0,
        "emergencies_today": 0,
    }


def test_the_share_answered_in_ten_seconds(call_taker: Actor) -> None:
    receive(("ringing", -50), ("answered", -45))
    receive(("ringing", -50), ("answered", -38))
    receive(("ringing", -50), ("abandoned", -30))
    receive(("ringing", -50), ("abandoned", -47))  # hung up before ten seconds: nobody's fault
    assert live_kpis()["in_10_s_hour"] == pytest.approx(1 / 3, abs=0.001)


def test_who_waits_and_since_when(call_taker: Actor) -> None:
    first = Exchange().say("ringing", -20)
    ringing()
    figures = live_kpis()
    assert (figures["waiting"], figures["longest_since"]) == (2, first.started_at)


def test_calls_by_hand_count_but_have_no_wait(call_taker: Actor) -> None:
    call, _ = open_call(actor=call_taker)
    dispose_call(actor=call_taker, call=call.id, disposition="E3")
    figures = live_kpis(time.now())
    assert figures["in_10_s_hour"] is None
    assert (figures["calls_today"], figures["emergencies_today"]) == (1, 1)
