"""A restricted incident makes the numbers of its callers unsafe to contact until a named person changes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from accounts.actors import Actor
from calls.actions.caller_details import edit_call
from calls.models import Call
from core.models import Event
from dispatch.actions.calls import link_call
from dispatch.actions.edits import edit_incident
from dispatch.actions.incidents import open_incident
from dispatch.actions.merging import merge_incident
from dispatch.actions.splitting import split_incident
from dispatch.actions.tasks import accept_task
from dispatch.domain.location import Location
from dispatch.models import Incident, Task
from dispatch.queries.printing import incident_document
from tests.api_client import Api
from tests.calls.exchange import again, ringing
from tests.dispatch.fleet import reports, sent

pytestmark = pytest.mark.django_db
OPEN, RESTRICTED = "F01", "S05"


def opened(actor: Actor, kind: str, call: UUID | None = None) -> Incident:
    place = Location(text="Jl. Trunojoyo 12")
    return open_incident(actor=actor, location=place, type=kind, call=call)[0]


def safety(call: Call) -> str:
    number = again(call).number
    assert number is not None
    return number.contact_safety


def retype(actor: Actor, incident: Incident, kind: str) -> None:
    edit_incident(actor=actor, incident=incident.id, version=1, changes={"type": kind})


def test_opening_one_from_a_call(call_taker: Actor) -> None:
    call = ringing()
    opened(call_taker, OPEN, call.id)
    assert safety(call) == "unknown"
    second = ringing(caller="081230555111")
    opened(call_taker, RESTRICTED, second.id)
    assert (safety(call), safety(second)) == ("unknown", "unsafe")
    assert Event.objects.get(kind="number.safety_changed").data["why"] == "restricted"


def test_linking_a_call_to_one_and_a_withheld_caller(call_taker: Actor) -> None:
    incident, call, withheld = opened(call_taker, RESTRICTED), ringing(), ringing(caller=None)
    for each in (call, withheld):
        link_call(actor=call_taker, call=each.id, incident=incident.id)
    assert safety(call) == "unsafe"


def test_giving_an_incident_a_restricted_type_reaches_all_its_callers(dispatcher: Actor) -> None:
    calls = [ringing(caller=f"08123055511{digit}") for digit in range(3)]
    incident = opened(dispatcher, OPEN, calls[0].id)
    for call in calls[1:]:
        link_call(actor=dispatcher, call=call.id, incident=incident.id)
    retype(dispatcher, incident, RESTRICTED)
    assert {safety(call) for call in calls} == {"unsafe"}
    edit_incident(actor=dispatcher, incident=incident.id, version=2, changes={"type": OPEN})
    assert {safety(call) for call in calls} == {"unsafe"}  # only a named person changes that
    edit_call(actor=dispatcher, call=calls[0].id, version=1, changes={"contact_safety": "safe"})
    assert safety(calls[0]) == "safe"


def test_merging_into_one_and_splitting_one_off(dispatcher: Actor) -> None:
    call = ringing()
    source, target = opened(dispatcher, OPEN, call.id), opened(dispatcher, RESTRICTED)
    merge_incident(actor=dispatcher, incident=source.id, into=target.id)
    other = ringing(caller="081230555111")
    source = opened(dispatcher, OPEN, other.id)
    split_incident(actor=dispatcher, incident=source.id, calls=[other.id], type=RESTRICTED)
    assert (safety(call), safety(other)) == ("unsafe", "unsafe")


def test_an_unsafe_number_is_not_in_the_answers_that_crews_and_agencies_get(
    call_taker: Actor, dispatcher: Actor, crew: Actor, agency_desk: Actor, api: Callable[..., Api]
) -> None:
    call, known = ringing(), ringing(caller="081230555111")
    incident = opened(call_taker, OPEN, call.id)
    link_call(actor=call_taker, call=known.id, incident=incident.id)
    edit_call(
        actor=dispatcher, call=call.id, version=1,
        changes={"contact_safety": "unsafe", "callback_number": "081230999888"},
    )  # fmt: skip
    sent(dispatcher, incident, "DMK1")
    reports(crew, "DMK1", "acknowledged")
    accept_task(actor=agency_desk, task=Task.objects.get(incident=incident, agency__code="DAMKAR").id)

    def read(actor: Actor) -> list[tuple[Any, ...]]:
        body = api(actor).get(f"incidents/{incident.id}")
        if actor is not dispatcher:
            assert "81230999888" not in body.content.decode()
        fields = ("contact_safety", "number", "callback_number")
        return [tuple(each[field] for field in fields) for each in body.json()["linked_calls"]]

    safe = ("unknown", "+6281230555111", None)
    for actor in (crew, agency_desk):
        assert read(actor) == [("unsafe", None, None), safe]
        printed = incident_document(actor, incident, redacted=False)["calls"]
        assert [(each["number"], each["unsafe"]) for each in printed] == [(None, True), ("+6281230555111", False)]
    assert read(dispatcher)[0][0] == "unsafe"
    assert None not in read(dispatcher)[0]
