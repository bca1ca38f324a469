"""An incident on paper: by rights, in both languages, marked in training, redacted where it is restricted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.actions import choose_language
from calls.actions.call_control import answer_call
from core.clock import now
from dispatch.actions.assignments import assign_unit
from dispatch.actions.incidents import open_incident
from dispatch.actions.notes import add_note, strike_note
from dispatch.actions.unit_status import report_status
from dispatch.domain.location import Location
from tests.accounts.test_pages import signed_in
from tests.api_client import Api
from tests.calls.exchange import Exchange
from tests.conftest import person

pytestmark = pytest.mark.django_db
PLACE = Location(text="Gudang kayu, Jl. Trunojoyo", lat=-7.0085, lng=113.862, verified=True)
CALLER = "+6281230987731"


@pytest.fixture
def fire(call_taker, dispatcher):
    call = Exchange(start=now() - timedelta(seconds=20), caller=CALLER).say("ringing")
    answer_call(actor=call_taker.at_desk("CT1"), call=call.id)
    incident, _ = open_incident(
        actor=call_taker.at_desk("CT1"), location=PLACE, type="F01", call=call.id, narrative="Api sudah ke atap."
    )
    assign_unit(actor=dispatcher.at_desk("D1"), incident=incident.id, unit="DMK1")
    for status in ("acknowledged", "en_route", "on_scene"):
        report_status(actor=dispatcher.at_desk("D1"), unit="DMK1", status=status)
    note, _ = add_note(actor=dispatcher.at_desk("D1"), incident=incident.id, text="Pagar terkunci")
    strike_note(actor=dispatcher.at_desk("D1"), note=note.id, reason="salah dengar")
    return incident


def sheet(username, incident, query=""):
    answer = signed_in(username).get(f"/incidents/{incident.number}/print/{query}")
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_an_incident_prints_with_facts_clocks_units_timeline_and_calls(fire):
    paper = sheet("dispatcher", fire)
    for expected in (
        "Gudang kayu, Jl. Trunojoyo", "Api sudah ke atap.", "DMK1", "<s>Pagar terkunci</s>", "salah dengar", CALLER,
        "Jam terhadap target", "tercapai", "LATIHAN", "sha256", "dicetak", "Ahmad Fauzi",
    ):  # fmt: skip
        assert expected in paper, expected
    choose_language(actor=person("dispatcher"), language="en")
    assert "Clocks against their targets" in sheet("dispatcher", fire)


def test_a_copy_to_hand_out_and_a_restricted_incident_leave_out_what_is_nobodys_business(fire, dispatcher):
    hidden = ("Gudang kayu", "Api sudah", "DMK1", "Pagar", CALLER, "Kebakaran bangunan", "DAMKAR", "113.862")
    copy = sheet("dispatcher", fire, "?redacted=1")
    assert [expected for expected in hidden if expected in copy] == []
    assert "Dihitamkan" in copy
    secret, _ = open_incident(
        actor=dispatcher.at_desk("D1"), location=PLACE, type="S05", narrative="Api sudah ke atap."
    )
    assert secret.restricted
    for query in ("", "?redacted=0"):
        paper = sheet("supervisor", secret, query)
        assert [
            expected for expected in ("Gudang kayu", "Api sudah", "S09", "POLRES", "113.862") if expected in paper
        ] == []


def test_who_may_not_see_an_incident_gets_no_sheet_of_it(fire, dispatcher, outsider):
    client = Api()
    client.sign_in(outsider)
    other, _ = open_incident(actor=dispatcher.at_desk("D1"), location=PLACE, type="M11")
    assert client.client.get(f"/incidents/{other.number}/print/").status_code == 404
    assert signed_in("admin").get(f"/incidents/{fire.number}/print/").status_code == 403
    assert signed_in("dispatcher").get("/incidents/99999999999999999999999/print/").status_code == 404
    assert "DMK1" in sheet("damkar", fire)


def test_a_live_sites_sheet_carries_no_mark_of_training(fire, settings):
    settings.SIGAP_PLACE = "live"
    paper = sheet("dispatcher", fire)
    assert "LATIHAN" not in paper
    assert 'class="stripes"' not in paper
