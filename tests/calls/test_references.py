"""Call references that are used again, and times that can't be read: no ringing call is lost, none is doubled."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accounts.actors import Actor
from calls.models import Call, CallStep
from calls.states import CallState
from core import clock
from core.models import Source
from monitoring.health.sources import source_clocks
from tests.api_client import Api, api_client
from tests.calls.exchange import Exchange, again, operator
from tests.statements import record_statements

pytestmark = pytest.mark.django_db
FIRST, SECOND = "081230987731", "081230555111"
JAKARTA = ZoneInfo("Asia/Jakarta")
BAD = "2026-02-30T10:00:00+07:00"


@pytest.fixture
def exchange(db: None) -> Api:
    return api_client(scopes=["telephony"])


def post(client: Api, event: str, at: Any, caller: Any = FIRST, ref: Any = "A") -> Call:
    body = {"source": "pbx-1", "call_ref": ref, "event": event, "caller": caller, "at": at}
    answer = client.post("telephony/events", body)
    assert answer.status_code == 202, answer.content
    return again(Call(id=answer.json()["call"]))


def used_twice() -> tuple[Exchange, Exchange]:
    line = Exchange(caller=FIRST)
    return line, Exchange(caller=SECOND, ref=line.ref, start=line.start)


def test_a_ringing_after_the_end_of_its_reference_is_another_call() -> None:
    line, reused = used_twice()
    first = line.say("ringing", -60)
    line.say("answered", -55)
    line.say("ended", -40)
    second = reused.say("ringing", -10)
    assert (first.id == second.id, Call.objects.count()) == (False, 2)
    assert (again(first).state, again(second).state) == (CallState.ENDED, CallState.RINGING)
    assert (again(first).number.e164, again(second).number.e164) == ("+6281230987731", "+6281230555111")
    reused.say("answered", -8)
    reused.say("ended", -2)
    third = reused.say("ringing", -1)
    assert (again(second).state, again(third).state, Call.objects.count()) == (CallState.ENDED, CallState.RINGING, 3)
    line.say("held", -50)  # late, of the first
    assert again(third).steps.count() == 1


def test_the_events_of_two_uses_of_a_reference_come_in_any_order() -> None:
    events = [(FIRST, "ringing", 0), (FIRST, "ended", 10), (SECOND, "ringing", 20), (SECOND, "answered", 25)]
    for order in itertools.permutations(events):
        Call.objects.all().delete()
        start = clock.now()
        ref = repr(order)
        for caller, event, second in (*order, *order):  # each twice
            Exchange(caller=caller, ref=ref, start=start).say(event, second - 60)
        calls = list(Call.objects.order_by("started_at"))
        states = [call.state for call in calls]
        if order.index(events[2]) > order.index(events[1]):  # else the exchange rang before it reported the end
            assert states == [CallState.ABANDONED, CallState.ANSWERED], order
        assert states[-1] == CallState.ANSWERED or len(states) == 1, order


def test_a_ringing_from_before_the_end_belongs_to_the_call_that_ended() -> None:
    line = Exchange()
    for event, second in (("ended", -10), ("ringing", -30), ("ringing", -25), ("ringing", -30)):
        call = line.say(event, second)
    assert (Call.objects.count(), again(call).state) == (1, CallState.ABANDONED)


def test_the_uses_of_a_reference_are_distinguished_where_the_exchange_has_a_clock_ahead() -> None:
    line, reused = used_twice()
    for event, second in (("ringing", 100), ("ended", 110)):
        line.say(event, second)
    assert reused.say("ringing", 120).id != line.say("ringing", 105).id
    assert Call.objects.count() == 2


def test_a_time_that_can_not_be_read_loses_no_ring(exchange: Api) -> None:
    call = post(exchange, "ringing", BAD)
    assert (call.state, CallStep.objects.get(call=call).at_text) == (CallState.RINGING, BAD)
    assert post(exchange, "ringing", BAD).id == call.id
    assert CallStep.objects.filter(call=call).count() == 1
    figures = Source.objects.get(kind="telephony", name="pbx-1").figures
    assert figures["errors"] == 1
    assert (figures["last_error"]["field"], figures["last_error"]["sent"]) == ("at", BAD)
    post(exchange, "ended", BAD)
    assert post(exchange, "ringing", BAD).id == call.id  # the same body again
    assert post(exchange, "ringing", "yesterday").id == call.id  # nobody else calls
    other = post(exchange, "ringing", "yesterday", caller=SECOND)
    assert (other.id == call.id, other.state) == (False, CallState.RINGING)


@pytest.mark.parametrize(
    "at",
    ["", "now", "0000-00-00T00:00:00Z", "2026-13-01T00:00:00Z", "31/12/2026 10:00", 5, -1, True, [], {}, "9" * 400,
     "1e400", "2026-11-30T24:61:00+07:00", "\x00", "0001-01-01T00:00:00+14:00"],
)  # fmt: skip
def test_whatever_stands_for_a_time_the_call_rings(at: Any, exchange: Api) -> None:
    before = clock.now()
    call = post(exchange, "ringing", at)
    assert call.state == CallState.RINGING
    assert before <= call.started_at <= clock.now()


@pytest.mark.parametrize(
    "write",
    [
        lambda now: int(now.timestamp()),
        lambda now: int(now.timestamp() * 1000),
        lambda now: str(int(now.timestamp())),
        lambda now: now.astimezone(JAKARTA).replace(tzinfo=None).isoformat(),
        lambda now: now.astimezone(JAKARTA).strftime("%Y-%m-%d %H:%M:%S"),
        lambda now: now.strftime("%Y-%m-%dT%H:%M:%Sz"),
    ],
)
def test_times_as_machines_write_them_are_read(write: Callable[[Any], Any], exchange: Api) -> None:
    now = clock.now().replace(microsecond=0)
    call = post(exchange, "ringing", write(now))
    assert call.started_at == now


def test_what_only_describes_a_call_loses_no_ring(exchange: Api) -> None:
    now = clock.now().isoformat()
    for number, caller in enumerate([81230987731, "0812\x003098" * 100, {"number": 1}, [], True]):
        body = {"source": "pbx-1", "call_ref": number, "event": " RINGING ", "caller": caller, "at": now}
        body |= dict.fromkeys(("called", "trunk", "agent", "recording_url"), caller)
        assert exchange.post("telephony/events", body).status_code == 202, caller
    assert Call.objects.filter(state=CallState.RINGING).count() == 5


def test_a_slow_exchange_clock_is_measured_and_late_deliveries_are_not_taken_for_it(exchange: Api) -> None:
    post(exchange, "ringing", (clock.now() - timedelta(seconds=62)).isoformat())
    assert -63 < Source.objects.get(name="pbx-1").skew_seconds < -61
    (shown,) = source_clocks().figures["items"]
    assert (shown["name"], shown["off"], round(shown["skew_seconds"] / 10)) == ("pbx-1", True, -6)
    Source.objects.update(last_seen_at=None)
    post(exchange, "ringing", clock.now().isoformat(), ref="B")
    Source.objects.update(last_seen_at=None)
    post(exchange, "queued", (clock.now() - timedelta(seconds=300)).isoformat(), ref="B")
    assert -1 < Source.objects.get(name="pbx-1").skew_seconds < 1


def test_an_operator_is_rung_although_the_exchange_clock_is_slow(call_taker: Actor) -> None:
    line = Exchange()
    line.say("ringing", -62)
    line.say("answered", -61, agent="101")
    assert operator(call_taker).state == "on_call"


def test_a_ring_and_its_end_send_no_more_statements_than_before(call_taker: Actor) -> None:
    line = Exchange()
    line.say("ringing")
    Source.objects.update(last_seen_at=None)
    line = Exchange()
    with record_statements() as ring:
        line.say("ringing")
    with record_statements() as end:
        line.say("ended", 0.5)
    assert (len(ring.seen) <= 19, len(end.seen) <= 17) == (True, True)
