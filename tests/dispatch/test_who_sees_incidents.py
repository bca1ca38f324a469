"""Who sees an incident, who may read what is restricted in it, and that such a reading leaves its trace."""

from __future__ import annotations

import base64
import dataclasses
import json
import uuid

import pytest

from core import event_log
from core.models import Event
from dispatch.actions.notes import add_note
from dispatch.actions.tasks import accept_task, offer_task, refuse_task, withdraw_task
from dispatch.models import Incident
from dispatch.queries.board_items import incident_forms
from dispatch.queries.incidents import visible_incidents
from tests.dispatch.caller_texts import opened, problem
from tests.dispatch.fleet import reports, sent

pytestmark = pytest.mark.django_db


def sees(actor, row):
    return visible_incidents(actor).filter(pk=row.pk).exists()


def readings(row):
    return [fact for fact in event_log.about(f"incident:{row.id}") if fact.kind == "incident.details_read"]


def test_the_centre_sees_all_and_an_admin_none(call_taker, dispatcher, supervisor, auditor, admin):
    row = opened(call_taker)
    assert [sees(actor, row) for actor in (call_taker, dispatcher, supervisor, auditor, admin)] == [True] * 4 + [False]


def test_an_agency_sees_what_it_has_a_task_or_a_unit_in(call_taker, dispatcher, agency_desk, outsider):
    row = opened(call_taker, type="M01")
    assert (sees(agency_desk, row), sees(outsider, row)) == (False, False)
    task, _ = offer_task(actor=dispatcher.at_desk("D1"), incident=row.id, agency="PLN")
    assert sees(outsider, row)
    refuse_task(actor=outsider, task=task.id, reason="bukan wilayah")
    assert sees(outsider, row), "a refused task stays its own until the end"
    sent(dispatcher, row, "DMK1")
    assert sees(agency_desk, row)
    reports(dispatcher, "DMK1", "available_station", reason="batal")
    assert not sees(agency_desk, row)
    second, _ = offer_task(actor=dispatcher.at_desk("D1"), incident=row.id, agency="DAMKAR")
    withdraw_task(actor=dispatcher.at_desk("D1"), task=second.id)
    assert not sees(agency_desk, row)


def test_a_crew_sees_what_its_unit_is_on_and_not_what_its_agency_is_asked_for(call_taker, dispatcher, crew):
    row = opened(call_taker, type="F01")
    assert not sees(crew, row)
    sent(dispatcher, row, "DMK1")
    assert sees(crew, row)
    other = opened(call_taker, type="F01")
    sent(dispatcher, other, "DMK1", stacked=True)
    assert sees(crew, other)
    reports(crew, "DMK1", "on_scene")
    reports(crew, "DMK1", "available_mobile")
    assert not sees(crew, row)


def test_forms_name_the_agencies_and_units_that_see_them(call_taker, dispatcher, crew, agency_desk, outsider):
    row = opened(call_taker, type="F01")
    sent(dispatcher, row, "DMK1")
    shown = incident_forms([row.id])[row.id]
    assert {agency_desk.agency, outsider.agency} <= shown.agencies
    assert shown.units == {crew.unit}


def test_an_incident_of_another_centre_is_nobodys(call_taker):
    row = opened(call_taker)
    elsewhere = dataclasses.replace(call_taker, centre=uuid.uuid4())
    assert not sees(elsewhere, row)


def test_restricted_words_are_in_no_form_and_no_fact(call_taker, supervisor):
    row = opened(call_taker, type="S05", narrative="RAHASIA kata-kata")
    add_note(actor=supervisor.at_desk("S1"), incident=row.id, text="RAHASIA catatan")
    shown = incident_forms([row.id])[row.id].body
    assert (shown["type"], shown["narrative"], shown["restricted"]) == ("S", None, True)
    assert shown["location"]["text"]
    data = json.dumps([fact.data for fact in event_log.about(f"incident:{row.id}")])
    assert "RAHASIA" not in data
    assert "S05" not in data


@pytest.mark.parametrize("role", ["dispatcher", "supervisor", "auditor"])
def test_dispatchers_supervisors_and_auditors_read_restricted_words_and_it_is_logged(role, call_taker, api, request):
    reader = request.getfixturevalue(role)
    row = opened(call_taker, type="S08", narrative="kata-kata")
    shown = api(reader).get(f"incidents/{row.id}").json()
    assert (shown["type"], shown["narrative"], shown["readable"]) == ("S08", "kata-kata", True)
    assert [fact.actor for fact in readings(row)] == [reader.ref]
    assert readings(row)[0].subjects == [f"incident:{row.id}"]


def test_a_call_taker_reads_restricted_words_of_calls_they_took_only(call_taker, dispatcher, api):
    row = opened(dispatcher, type="S08", narrative="kata-kata")
    desk = api(call_taker)
    kept = desk.get(f"incidents/{row.id}").json()
    assert (kept["type"], kept["narrative"], kept["notes"], kept["readable"]) == ("S", None, None, False)
    assert readings(row) == []
    key = str(uuid.uuid4())
    desk.post("calls", {"id": key, "channel": "voice", "number": "081230987731"})
    desk.post(f"calls/{key}/link", {"incident": str(row.id)})
    assert desk.get(f"incidents/{row.id}").json()["narrative"] == "kata-kata"
    assert len(readings(row)) == 1


def test_an_agency_reads_restricted_words_while_its_task_is_offered_or_accepted(call_taker, dispatcher, api, outsider):
    row = opened(call_taker, type="S08", narrative="kata-kata")
    task, _ = offer_task(actor=dispatcher.at_desk("D1"), incident=row.id, agency="PLN")
    assert api(outsider).get(f"incidents/{row.id}").json()["narrative"] == "kata-kata"
    refuse_task(actor=outsider, task=task.id, reason="bukan wilayah")
    assert api(outsider).get(f"incidents/{row.id}").json()["narrative"] is None


def test_a_crew_reads_restricted_words_while_it_is_assigned(call_taker, dispatcher, crew, api):
    row, before = opened(call_taker, type="S08", narrative="kata-kata"), opened(call_taker)
    sent(dispatcher, before, "DMK1")
    sent(dispatcher, row, "DMK1", stacked=True)
    assert api(crew).get(f"incidents/{row.id}").json()["narrative"] is None
    reports(dispatcher, "DMK1", "available_mobile")
    sent(dispatcher, row, "DMK1")
    assert api(crew).get(f"incidents/{row.id}").json()["narrative"] == "kata-kata"


def test_a_program_needs_the_scope_for_restricted_words(call_taker, api):
    row = opened(call_taker, type="S08", narrative="kata-kata")
    assert api(scopes=["incidents"]).get(f"incidents/{row.id}").json()["narrative"] is None
    assert api(scopes=["incidents", "restricted"]).get(f"incidents/{row.id}").json()["narrative"] == "kata-kata"


def test_the_callers_number_goes_to_the_centre_and_to_an_agency_that_has_accepted(
    call_taker, api, agency_desk, auditor
):
    desk = api(call_taker)
    key = str(uuid.uuid4())
    desk.post("calls", {"id": key, "channel": "voice", "number": "081230987731"})
    shown = desk.post("incidents", {"type": "F01", "location": {"text": "x"}, "call": key}).json()
    path = f"incidents/{shown['id']}"

    def number(actor):
        [call] = api(actor).get(path).json()["linked_calls"]
        return call["number"]

    assert number(call_taker) == "+6281230987731"
    assert (number(agency_desk), number(auditor)) == (None, "+6281230987731")
    accept_task(actor=agency_desk, task=next(t["id"] for t in shown["tasks"] if t["agency"] == "DAMKAR"))
    assert number(agency_desk) == "+6281230987731"


def test_the_list_shows_what_is_ones_own_and_pages(call_taker, outsider, admin, api):
    rows = [opened(call_taker, type="F01") for _ in range(3)]
    hidden = opened(call_taker, type="M01")
    first = api(outsider).get("incidents?limit=2").json()
    rest = api(outsider).get(f"incidents?limit=2&cursor={first['next']}").json()
    assert [each["id"] for each in (*first["items"], *rest["items"])] == [str(row.id) for row in reversed(rows)]
    assert rest["next"] is None
    desk = api(call_taker)
    assert [each["id"] for each in desk.get(f"incidents?q={hidden.number}").json()["items"]] == [str(hidden.id)]
    assert desk.get("incidents?q=abc").json()["items"] == []
    assert desk.get("incidents?open=false").json()["items"] == []
    assert len(desk.get("incidents?state=new").json()["items"]) == 4
    assert problem(desk.get("incidents?cursor=xx"), 422)["code"] == "bad_cursor"
    assert problem(api(admin).get("incidents"), 403)["code"] == "not_allowed"


def test_what_is_not_ones_own_is_not_found_whether_it_exists_or_not(call_taker, outsider, api):
    row = opened(call_taker, type="M01")
    for key in (row.id, uuid.uuid4()):
        for method, path, body in (
            ("GET", f"incidents/{key}", None),
            ("GET", f"incidents/{key}/timeline", None),
            ("PATCH", f"incidents/{key}", {"version": 1, "priority": 1}),
            ("POST", f"incidents/{key}/state", {"state": "resolved"}),
            ("POST", f"incidents/{key}/notes", {"text": "x"}),
            ("POST", f"incidents/{key}/tasks", {"agency": "BPBD"}),
            ("POST", f"incidents/{key}/reopen", {}),
            ("POST", f"incidents/{key}/split", {}),
            ("POST", f"incidents/{key}/merge", {"into": str(uuid.uuid4())}),
            ("POST", f"incidents/{key}/people-at-risk", {"place": "x"}),
        ):
            assert problem(api(outsider).ask(method, path, body), 404)["code"] == "not_found"


def test_types_and_dispositions_are_listed_for_who_works_with_them(call_taker, crew, api):
    assert len(api(call_taker).get("incident-types").json()["items"]) == 66
    assert {each["code"] for each in api(crew).get("incident-dispositions").json()["items"]} >= {"handled", "17"}
    assert problem(api(scopes=["telephony"]).get("incident-types"), 403)["code"] == "scope_missing"


def test_a_key_of_one_agency_changes_nothing_that_is_the_centres(call_taker, api):
    row = opened(call_taker, type="F01")
    program = api(scopes=["incidents"], agency="DAMKAR")
    assert program.get(f"incidents/{row.id}").status_code == 200
    assert program.post(f"incidents/{row.id}/notes", {"text": "berangkat"}).status_code == 201
    for method, path, body in (
        ("PATCH", f"incidents/{row.id}", {"version": 1, "priority": 2}),
        ("POST", f"incidents/{row.id}/state", {"state": "cancelled"}),
        ("POST", f"incidents/{row.id}/split", {}),
    ):
        assert problem(program.ask(method, path, body), 403)["code"] == "not_allowed"


def test_a_type_that_lifts_the_restriction_is_refused_to_whom_it_hides_the_words_from(dispatcher, call_taker, api):
    shown = api(dispatcher).post("incidents", {"type": "S04", "location": {"text": "x"}, "narrative": "y"}).json()
    path = f"incidents/{shown['id']}"
    refused = api(call_taker).patch(path, {"version": shown["version"], "type": "M11"})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert api(call_taker).get(path).json()["narrative"] is None
    by_key = api(scopes=["incidents"]).patch(path, {"version": shown["version"], "type": "M11"})
    assert (by_key.status_code, by_key.json()["code"]) == (403, "scope_missing")
    assert api(dispatcher).patch(path, {"version": shown["version"], "type": "M11"}).status_code == 200


def test_a_restricted_incident_is_not_merged_into_one_that_more_may_read(dispatcher, api):
    desk = api(dispatcher)
    secret, open_one = (
        desk.post("incidents", {"type": kind, "location": {"text": "x"}}).json()["id"] for kind in ("S04", "F01")
    )
    refused = desk.post(f"incidents/{secret}/merge", {"into": open_one})
    assert (refused.status_code, refused.json()["code"]) == (409, "restricted_into_open")
    assert desk.post(f"incidents/{open_one}/merge", {"into": secret}).status_code == 200


@pytest.mark.parametrize("path", ["calls", "incidents", "units"])
@pytest.mark.parametrize("made", [["2026-11-24T00:00:00Z", 5], [5, 5], ["a", True], [{}, []], "x"])
def test_a_cursor_made_by_hand_is_refused(api, path, made):
    cursor = base64.urlsafe_b64encode(json.dumps(made).encode()).decode().rstrip("=")
    answer = api(scopes=["calls", "incidents", "units"]).get(f"{path}?cursor={cursor}")
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor")


def test_no_conflict_shows_what_a_restricted_incident_is(dispatcher, api):
    shown = api(dispatcher).post("incidents", {"type": "S05", "location": {"text": "x"}}).json()
    path = f"incidents/{shown['id']}"
    assert api(dispatcher).patch(path, {"version": 1, "priority_reason": "secret"}).status_code == 200
    refused = api(scopes=["incidents"]).patch(path, {"version": 1, "priority_reason": "x"})
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    assert b"secret" not in refused.content


def test_splitting_does_not_publish_restricted_words(dispatcher, api):
    secret = (
        api(dispatcher)
        .post("incidents", {"type": "S05", "location": {"text": "x"}, "narrative": "hidden"})
        .json()["id"]
    )
    assert api(scopes=["incidents"]).post(f"incidents/{secret}/split", {"type": "F01"}).status_code == 403
    split = api(dispatcher).post(f"incidents/{secret}/split", {"type": "F01"})
    assert (split.status_code, split.json()["restricted"], split.json()["narrative"]) == (201, False, None)


def test_the_words_of_a_call_about_a_restricted_incident_are_kept_as_the_incidents_are(
    dispatcher, call_taker, supervisor, api
):
    key = str(uuid.uuid4())
    desk = api(dispatcher)
    desk.post("calls", {"id": key, "channel": "radio"})
    desk.post(f"calls/{key}/lines", {"text": "hidden"})
    desk.post("incidents", {"type": "S04", "location": {"text": "x"}, "call": key})
    for actor in (dispatcher, supervisor):
        assert [line["text"] for line in api(actor).get(f"calls/{key}").json()["lines"]] == ["hidden"]
    assert desk.put(f"drafts/{key}", {"version": 0, "body": {"words": "hidden"}}).status_code == 200
    incident = Incident.objects.get(call_links__call=key)
    before = len(readings(incident))
    assert b"hidden" in api(supervisor).get(f"calls/{key}").content
    assert b"hidden" in api(supervisor).get(f"drafts/{key}").content
    assert api(supervisor).get(f"calls/{key}/context").json()["place_warnings"] == []
    assert len(readings(incident)) == before + 2, "each reading leaves its trace, what tells nothing leaves none"
    for other in (api(call_taker), api(scopes=["board"])):
        answer = other.get(f"calls/{key}")
        assert (answer.status_code, answer.json()["lines"]) == (200, None)
        assert b"hidden" not in answer.content
    assert len(readings(incident)) == before + 2


def test_notes_of_a_restricted_incident_stay_kept_when_what_it_was_merged_into_is_retyped(dispatcher, api):
    desk = api(dispatcher)
    inner, outer = (desk.post("incidents", {"type": kind, "location": {"text": "x"}}).json() for kind in ("S05", "S04"))
    desk.post(f"incidents/{inner['id']}/notes", {"text": "hidden"})
    assert desk.post(f"incidents/{inner['id']}/merge", {"into": outer["id"]}).status_code == 200
    path = f"incidents/{outer['id']}"
    assert desk.patch(path, {"version": desk.get(path).json()["version"], "type": "S01"}).status_code == 200
    read = Event.objects.filter(kind="incident.details_read", subjects__contains=[f"incident:{outer['id']}"])
    before = read.count()
    assert b"hidden" in desk.get(path).content
    assert read.count() == before + 1  # nothing restricted is read without a trace
    program = api(scopes=["incidents"])
    for address in (path, f"{path}/timeline"):
        answer = program.get(address)
        assert answer.status_code == 200
        assert b"hidden" not in answer.content
