from __future__ import annotations

import uuid

import pytest

from core.models import Event
from tests.dispatch.fleet import opened, put_into, sent, unit

pytestmark = pytest.mark.django_db
NOBODYS = "0193f2c4-7a10-7000-8000-000000000404"


def test_a_unit_is_sent_over_http_once_whatever_is_sent_again(dispatcher, api):
    incident, client = opened(dispatcher), api(dispatcher)
    body = {"id": str(uuid.uuid4()), "unit": "DMK1", "reason": "paling dekat"}
    made = client.post(f"incidents/{incident.id}/assignments", body)
    assert made.status_code == 201
    shown = made.json()
    assert (shown["id"], shown["callsign"], shown["status"], shown["fms"]) == (body["id"], "DMK1", "dispatched", "C")
    assert shown["incident"] == {"id": str(incident.id), "number": str(incident.number)}
    assert shown["acknowledged_at"] is None
    again = client.post(f"incidents/{incident.id}/assignments", body | {"unit": "DMK2"})
    assert (again.status_code, again.json()["callsign"]) == (200, "DMK1")


def test_the_loser_gets_the_reason_as_text_and_in_members(dispatcher, supervisor, api):
    incident = opened(dispatcher)
    sent(dispatcher, incident, "DMK1")
    refused = api(supervisor).post(f"incidents/{incident.id}/assignments", {"unit": "DMK1"})
    assert refused.status_code == 409
    problem = refused.json()
    assert (problem["code"], problem["by"]) == ("unit_taken", dispatcher.name)
    assert problem["incident"]["id"] == str(incident.id)
    assert problem["since"].endswith("Z")
    assert dispatcher.name in problem["detail"]


def test_a_key_with_scope_incidents_sends_and_one_with_scope_units_reports(dispatcher, api):
    incident = opened(dispatcher)
    incidents, units = api(scopes=["incidents"]), api(scopes=["units"])
    made = incidents.post(f"incidents/{incident.id}/assignments", {"unit": "DMK1"})
    assert made.status_code == 201
    refused = units.post(f"incidents/{incident.id}/assignments", {"unit": "DMK2"})
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    reported = units.post(f"assignments/{made.json()['id']}/status", {"status": "3"})
    assert (reported.status_code, reported.json()["status"]) == (200, "en_route")
    assert units.post("units/DMK1/status", {"status": "4"}).json()["incident"]["id"] == str(incident.id)


def test_a_bound_key_neither_sees_nor_moves_others_units(dispatcher, api):
    sent(dispatcher, opened(dispatcher), "DMK1")
    client = api(scopes=["units"], agency="PSC119")
    assert client.post("units/DMK1/status", {"status": "3"}).status_code == 404
    assert client.post("units/PSC1/status", {"status": "1"}).status_code == 200


def test_a_bound_admin_key_keeps_no_fleet(api):
    body = {"agency": "DAMKAR", "kind": "fire_engine", "capabilities": ["fire_engine"]}
    assert api(scopes=["admin"], agency="DAMKAR").put("units/DMK77", body).status_code == 403
    assert api(scopes=["admin"]).put("units/DMK77", body).status_code == 201


def test_forcing_needs_the_scope_for_it(api):
    put_into("DMK2", "off_duty")
    body = {"status": "available_mobile", "force": True, "reason": "salah tekan"}
    assert api(scopes=["units"]).post("units/DMK2/status", body).status_code == 403
    assert api(scopes=["units", "supervise"]).post("units/DMK2/status", body).status_code == 200


def test_stacked_ones_are_sent_or_taken_away_over_http(dispatcher, api):
    incident, client = opened(dispatcher), api(dispatcher)
    one, other = (
        client.post(f"incidents/{incident.id}/assignments", {"unit": callsign, "stacked": True}).json()
        for callsign in ("DMK1", "DMK2")
    )
    assert one["stacked"] is True
    assert one["dispatched_at"] is None
    assert client.post(f"assignments/{one['id']}/send").json()["status"] == "dispatched"
    assert client.post(f"assignments/{other['id']}/cancel").json()["status"] == "cancelled"
    assert unit("DMK2").status == "available_station"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("units/DMK1/status", {}, 422),
        ("units/DMK1/status", {"status": "terbang"}, 422),
        ("units/DMK1/status", {"status": "2", "at": "2099-01-01T00:00:00Z"}, 422),
        ("units/DMK1/status", {"status": "2", "reason": "\x00"}, 422),
        ("units/%00/status", {"status": "2"}, 404),
        (f"assignments/{NOBODYS}/status", {"status": "2"}, 404),
        (f"incidents/{NOBODYS}/assignments", {"unit": "DMK1"}, 404),
        ("assignments/none/send", {}, 404),
    ],
)
def test_what_cannot_be_is_refused(dispatcher, api, path, body, status):
    assert api(dispatcher).post(path, body).status_code == status


def test_the_reason_of_a_choice_is_given_after_the_act_and_read_by_who_may(dispatcher, agency_desk, api):
    incident = opened(dispatcher, type="S04")
    row, client = sent(dispatcher, incident, "DMK1"), api(dispatcher)
    assert client.post(f"assignments/{row.id}/reason", {"reason": "is nearer"}).status_code == 200
    assert client.get(f"incidents/{incident.id}").json()["assignment_reasons"] == {str(row.id): "is nearer"}
    assert api(agency_desk).get(f"incidents/{incident.id}").json()["assignment_reasons"] is None
    facts = Event.objects.filter(kind="assignment.reason_given")
    assert "nearer" not in facts.get().body
    client.post(f"assignments/{row.id}/reason", {"reason": "is nearer"})
    assert facts.count() == 1
    assert client.post(f"assignments/{row.id}/reason", {"reason": ""}).status_code == 422
