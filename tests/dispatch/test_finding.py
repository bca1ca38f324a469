"""Finding incidents of long ago by what somebody remembers, and asking for a plan's units once more."""

from __future__ import annotations

import pytest

from accounts.models import User
from accounts.queries import default_centre
from calls.actions.calls import open_call
from core.clock import now
from dispatch.actions.assignments import assign_unit
from dispatch.actions.edits import edit_incident
from dispatch.actions.incidents import open_incident
from dispatch.domain.location import Location
from tests.calls.exchange import ringing
from tests.conftest import person


@pytest.fixture
def fire(dispatcher, call_taker):
    call, _ = open_call(actor=call_taker, channel="voice", number="+6281230987731")
    row, _ = open_incident(
        actor=dispatcher,
        location=Location(text="Pasar Anom, sebelah toko emas", lat=-7.01, lng=113.86),
        type="F01",
        call=call.id,
    )
    open_incident(actor=dispatcher, location=Location(text="Pantai Slopeng"), type="L01")
    return row


def found(client, typed):
    answer = client.get(f"/api/v1/incidents?q={typed}")
    assert answer.status_code == 200
    return [item["number"] for item in answer.json()["items"]]


@pytest.mark.parametrize(
    "typed",
    ["{number}", "%23{number}", "pasar%20anom", "EMAS%20pasar", "0812-3098-7731", "%2B62 812 3098 7731", "30987731"],
)
def test_an_incident_is_found_by_number_place_or_telephone_in_any_writing(api, call_taker, fire, typed):
    assert found(api(call_taker), typed.format(number=fire.number).replace(" ", "%20")) == [str(fire.number)]


@pytest.mark.parametrize("typed", ["toko%20besi", "an", "98", "0812-9999-9999", "%25", "_____", "-", "()", "%00x"])
def test_what_fits_nothing_finds_nothing(api, call_taker, fire, typed):
    answer = api(call_taker).get(f"/api/v1/incidents?q={typed}")
    assert answer.status_code in {200, 400, 422}
    assert answer.json().get("items", []) == []


def test_a_crew_finds_nobody_s_telephone(api, crew, dispatcher, fire):
    assign_unit(actor=dispatcher, incident=fire.id, unit="DMK1")
    assert found(api(crew), "pasar%20anom") == [str(fire.number)]
    assert found(api(crew), "0812-3098-7731") == []


NUMBER = "0812-3098-7731"


def another_call_taker():
    User.objects.create(
        username="calltaker2", name="Rudi", centre=default_centre(), roles=["call_taker"], created_at=now()
    )
    return person("calltaker2")


def suggested(client, call):
    items = client.get(f"/api/v1/calls/{call.id}/context").json()["duplicates"]
    return [item["incident"]["number"] for item in items if "same_number" in item["reasons"]]


def test_a_telephone_number_never_finds_a_restricted_incident_for_whom_it_hides_its_callers(
    api, call_taker, dispatcher, supervisor, fire
):
    edit_incident(actor=dispatcher, incident=fire.id, version=fire.version, changes={"type": "S04"})
    other = another_call_taker()
    typed, _ = open_call(actor=other, channel="voice", number=NUMBER)
    assert found(api(other), NUMBER) == []
    assert found(api(other), str(fire.number)) == [str(fire.number)]  # as every board shows it
    assert suggested(api(other), typed) == []
    for reader in (call_taker, dispatcher, supervisor):  # who took its call, and who reads all
        assert found(api(reader), NUMBER) == [str(fire.number)]
    assert suggested(api(dispatcher), typed) == [str(fire.number)]


def test_a_caller_who_rings_again_about_a_restricted_incident_is_suggested_for_it(api, dispatcher, fire):
    edit_incident(actor=dispatcher, incident=fire.id, version=fire.version, changes={"type": "S04"})
    assert suggested(api(another_call_taker()), ringing()) == [str(fire.number)]


def test_a_call_found_by_its_number_hides_its_restricted_incident_from_whom_it_hides_its_callers(
    api, call_taker, dispatcher, fire
):
    edit_incident(actor=dispatcher, incident=fire.id, version=fire.version, changes={"type": "S04"})
    other = another_call_taker()
    again = ringing()
    call = fire.call_links.get().call_id

    def links(reader) -> list[dict | None]:
        client = api(reader)
        listed = client.get(f"/api/v1/calls?number={NUMBER}").json()["items"]
        history = client.get(f"/api/v1/calls/{again.id}/context").json()["history"]
        shown = [*listed, *history, client.get(f"/api/v1/calls/{call}").json()]
        return [row["incident"] for row in shown if row["id"] == str(call)]

    assert links(other) == [None] * 3
    for reader in (call_taker, dispatcher):
        assert links(reader) == [{"id": str(fire.id), "number": str(fire.number)}] * 3


def test_a_second_alarm_asks_for_the_plan_s_units_once_more(api, dispatcher, fire):
    client = api(dispatcher)
    first = client.get(f"/api/v1/incidents/{fire.id}/recommendation").json()
    for pick in first["picks"]:
        assign_unit(actor=dispatcher, incident=fire.id, unit=pick["callsign"])
    assert client.get(f"/api/v1/incidents/{fire.id}/recommendation").json()["picks"] == []
    second = client.get(f"/api/v1/incidents/{fire.id}/recommendation?alarm=2").json()
    assert [need["count"] for need in second["needs"]] == [2 * need["count"] for need in first["needs"]]
    assert len(second["picks"]) == len(first["picks"])
    assert {pick["callsign"] for pick in second["picks"]}.isdisjoint(pick["callsign"] for pick in first["picks"])
    assert client.get(f"/api/v1/incidents/{fire.id}/recommendation?alarm=0").status_code == 422
