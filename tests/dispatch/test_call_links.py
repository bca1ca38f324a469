"""Calls and the incidents they are about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actors import Actor
from calls.actions.call_control import answer_call, end_call
from calls.actions.disposition import dispose_call
from calls.models import Call, Strike
from calls.states import CallState
from core.errors import Conflict, Refused, Unknown
from core.models import Event
from dispatch.actions.calls import link_call
from dispatch.actions.incidents import open_incident
from dispatch.domain.location import Location
from dispatch.models import Incident, IncidentCall
from dispatch.queries.calls import call_form_of, call_forms
from tests.api_client import Api
from tests.calls.exchange import Exchange, again, kinds_about, let_timers_fire, ringing
from tests.conftest import Clock

pytestmark = pytest.mark.django_db


def opened(actor: Actor, call: UUID | None = None) -> Incident:
    place = Location(text="Jl. Trunojoyo 12")
    return open_incident(actor=actor, location=place, type="F01", call=call)[0]


def link(actor: Actor, call: Call, incident: Incident) -> Call:
    return link_call(actor=actor, call=call.id, incident=incident.id)


def test_a_waiting_call_is_linked_and_goes_on_waiting(call_taker: Actor, dispatcher: Actor) -> None:
    incident, call = opened(dispatcher), ringing()
    call = link(call_taker, call, incident)
    assert (call.state, call.disposition) == (CallState.RINGING, "E2")
    assert call_form_of(call)["incident"] == {"id": incident.id, "number": str(incident.number)}


def test_linked_twice_is_one_link(call_taker: Actor, dispatcher: Actor) -> None:
    incident, call = opened(dispatcher), ringing()
    link(call_taker, call, incident)
    link(call_taker, call, incident)
    assert kinds_about(call).count("call.linked") == 1


def test_a_call_belongs_to_one_incident_at_a_time(dispatcher: Actor) -> None:
    first, second, call = opened(dispatcher), opened(dispatcher), ringing()
    link(dispatcher, call, first)
    link(dispatcher, call, second)
    assert IncidentCall.objects.get(call=call).incident_id == second.id
    fact = Event.objects.filter(kind="call.linked").order_by("seq").last()
    assert {f"incident:{first.id}", f"incident:{second.id}", f"call:{call.id}"} <= set(fact.subjects)


def test_an_incident_that_is_not_open_takes_no_calls(dispatcher: Actor) -> None:
    incident, call = opened(dispatcher), ringing()
    Incident.objects.filter(id=incident.id).update(state="closed")
    with pytest.raises(Conflict) as refused:
        link(dispatcher, call, incident)
    assert refused.value.code == "incident_not_open"
    with pytest.raises(Unknown):
        link_call(actor=dispatcher, call=call.id, incident=uuid4())


def test_a_call_taker_links_only_their_own_or_a_waiting_call(
    call_taker: Actor, supervisor: Actor, agency_desk: Actor
) -> None:
    incident, call = opened(supervisor), ringing()
    answer_call(actor=supervisor, call=call.id)
    with pytest.raises(Refused) as refused:
        link(call_taker, call, incident)
    assert refused.value.code == "not_your_call"
    with pytest.raises(Unknown):
        link(agency_desk, call, incident)


def test_a_call_that_belongs_to_an_incident_was_no_prank(supervisor: Actor) -> None:
    incident, call = opened(supervisor), ringing()
    answer_call(actor=supervisor, call=call.id)
    dispose_call(actor=supervisor, call=call.id, disposition="J1")
    call = link(supervisor, call, incident)
    assert (call.disposition, call.strikes_24h, Strike.objects.exists()) == ("E2", 0, False)


def test_a_call_that_an_incident_was_opened_from_closes_after_its_wrap_up(call_taker: Actor, clock: Clock) -> None:
    call = ringing()
    answer_call(actor=call_taker, call=call.id)
    opened(call_taker, call.id)
    assert end_call(actor=call_taker, call=call.id).state == CallState.WRAP_UP
    clock.advance(seconds=31)
    let_timers_fire()
    assert (again(call).state, again(call).disposition) == (CallState.CLOSED, "E1")


def test_who_hung_up_and_belongs_to_an_incident_is_not_filed_as_unanswered(dispatcher: Actor) -> None:
    line = Exchange()
    call = line.say("ringing", -9)
    link(dispatcher, call, opened(dispatcher))
    line.say("abandoned", 1)
    assert (again(call).state, again(call).disposition) == (CallState.ABANDONED, "E2")


def test_the_first_ring_of_a_call_that_came_before_counts_for_the_incident(dispatcher: Actor) -> None:
    call = Exchange().say("ringing", -40)
    incident = opened(dispatcher)
    link(dispatcher, call, incident)
    assert ring_of(incident) == call.started_at


def ring_of(incident: Incident) -> datetime | None:
    return Incident.objects.get(id=incident.id).first_ring_at


def test_a_call_that_rang_before_the_others_gives_its_ring_and_takes_it_along(dispatcher: Actor) -> None:
    early, late = (Exchange(caller=f"+62812300{seconds}").say("ringing", -seconds) for seconds in (80, 40))
    first, second = opened(dispatcher), opened(dispatcher)
    link(dispatcher, late, first)
    link(dispatcher, early, first)
    assert ring_of(first) == early.started_at
    link(dispatcher, early, second)
    assert (ring_of(first), ring_of(second)) == (late.started_at, early.started_at)


def test_forms_of_any_number_of_calls_take_two_queries(dispatcher: Actor) -> None:
    incident = opened(dispatcher)
    for count in (1, 3):
        while len(call_forms(None)) < count:
            link(dispatcher, ringing(caller=f"+6281230000{len(call_forms(None)):03d}"), incident)
        with CaptureQueriesContext(connection) as queries:
            forms = call_forms(None)
        assert (len(forms), len(queries)) == (count, 2)


def test_a_list_of_calls_asks_as_often_for_three_as_for_one(api: Callable[..., Api]) -> None:
    client, asked = api(scopes=["board"]), []
    for _ in range(2):
        ringing()
        with CaptureQueriesContext(connection) as queries:
            assert client.get("calls").status_code == 200
        asked.append(len(queries))
        ringing()
    assert asked[0] == asked[1]
