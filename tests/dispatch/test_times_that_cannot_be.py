"""Times that no clock can have shown: before anything, before what they follow, before a call rang."""

from __future__ import annotations

import datetime as dt

import pytest

from core import clock
from core.models import Timer
from dispatch.actions.assignments import assign_unit
from dispatch.actions.merging import merge_incident
from dispatch.actions.reopening import reopen_incident
from dispatch.models import Task
from tests.dispatch.caller_texts import opened, task_of

pytestmark = pytest.mark.django_db
LONG_AGO = "1970-01-01T00:00:00Z"


def ago(**length):
    return (clock.now() - dt.timedelta(**length)).isoformat()


def ring(api, at):
    event = {"source": "pbx", "call_ref": "1", "event": "ringing", "at": at, "caller": "081230987731", "called": "112"}
    return api(scopes=["telephony"]).post("telephony/events", event).json()["call"]


def test_a_pbx_whose_clock_was_reset_is_taken_at_receipt(api):
    call = ring(api, LONG_AGO)
    started_at = dt.datetime.fromisoformat(api(scopes=["calls"]).get(f"calls/{call}").json()["started_at"])
    assert clock.now() - started_at < dt.timedelta(minutes=1)


def test_a_person_gets_an_error_for_a_time_too_far_back(api, dispatcher):
    answer = api(dispatcher).post("incidents", {"location": {"text": "x"}, "at": LONG_AGO})
    assert (answer.status_code, answer.json()["code"]) == (422, "time_too_old")


def test_an_incident_that_began_before_the_ring_leaves_the_ring_where_it_was(api, dispatcher):
    call = ring(api, ago(seconds=5))
    rang_at = api(dispatcher).get(f"calls/{call}").json()["started_at"]
    shown = api(dispatcher).post("incidents", {"location": {"text": "x"}, "call": call, "at": ago(minutes=20)}).json()
    assert api(dispatcher).get(f"calls/{call}").json()["started_at"] == rang_at
    assert api(dispatcher).get(f"incidents/{shown['id']}").json()["first_ring_at"] == rang_at


def test_a_task_is_not_accepted_before_it_was_offered(api, dispatcher, agency_desk):
    task = task_of(opened(dispatcher, type="F01"), "DAMKAR")
    refused = api(agency_desk).post(f"tasks/{task.id}/accept", {"at": ago(hours=2)})
    assert (refused.status_code, refused.json()["code"]) == (409, "out_of_order")


def test_a_clock_a_few_seconds_behind_still_accepts(api, dispatcher, agency_desk):
    task = task_of(opened(dispatcher, type="F01"), "DAMKAR")
    assert api(agency_desk).post(f"tasks/{task.id}/accept", {"at": ago(seconds=20)}).status_code == 200
    row = Task.objects.get(pk=task.id)
    assert row.accepted_at == row.offered_at


def test_an_incident_does_not_end_before_it_began(api, dispatcher):
    row = opened(dispatcher, type="U01")
    refused = api(dispatcher).post(f"incidents/{row.id}/state", {"state": "cancelled", "at": ago(hours=2)})
    assert (refused.status_code, refused.json()["code"]) == (409, "out_of_order")


def test_what_comes_by_a_merge_is_watched_with_the_new_priority_and_given_back_with_the_old(dispatcher):
    source, target = opened(dispatcher, type="U05", priority=3), opened(dispatcher, type="F01", priority=1)
    sent, _ = assign_unit(actor=dispatcher, incident=source.id, unit="DMK1")

    def seconds():
        timer = Timer.objects.get(kind="rule.5", subject=f"assignment:{sent.id}", state="armed")
        return (timer.due_at - sent.dispatched_at).total_seconds()

    assert seconds() == 120
    merge_incident(actor=dispatcher, incident=source.id, into=target.id)
    assert seconds() == 30
    reopen_incident(actor=dispatcher, incident=source.id)
    assert seconds() == 120


def test_an_emergency_is_not_refused_for_a_telephone_whose_clock_runs_ahead(api, crew):
    answer = api(crew).post("units/DMK1/emergency", {"at": (clock.now() + dt.timedelta(minutes=3)).isoformat()})
    assert (answer.status_code, answer.json()["flags"]["emergency"] is not None) == (200, True)


def test_what_a_crew_kept_without_a_network_is_not_refused_for_its_telephones_clock(api, crew, dispatcher):
    row = opened(dispatcher)
    assign_unit(actor=dispatcher, incident=row.id, unit="DMK1")
    ahead = {"at": ago(minutes=-5)}
    note, path = {"text": "gerbang terkunci", **ahead}, f"incidents/{row.id}/notes"
    answer = api(crew).post(path, note)
    assert answer.status_code == 201
    assert dt.datetime.fromisoformat(answer.json()["at"]) <= clock.now()
    for active in (True, False):
        assert api(crew).post("units/DMK1/talk-request", {"active": active, **ahead}).status_code == 200
    assert api(dispatcher).post(path, note).json()["code"] == "time_in_future"


def test_a_callsign_that_could_be_an_id_is_refused(api, admin, dispatcher):
    taken = api(dispatcher).get("units/DMK1").json()["id"]
    answer = api(admin).put(f"units/{taken}", {"agency": "DAMKAR", "kind": "fire_engine", "capabilities": []})
    assert (answer.status_code, answer.json()["code"]) == (422, "callsign_is_an_id")


def test_a_key_without_the_scope_learns_nothing_of_dispositions(api, dispatcher):
    call = api(dispatcher).post("calls", {"channel": "radio"}).json()["id"]
    answer = api(scopes=["units"]).post(f"calls/{call}/dispose", {"disposition": "zzz"})
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


def test_a_bound_key_reads_no_history_of_calls_that_it_may_not_see(api, dispatcher):
    number = "081230987731"
    call = api(dispatcher).post("calls", {"channel": "voice", "number": number}).json()
    bound = api(scopes=["calls"], agency="DAMKAR")
    assert bound.post("calls", {"channel": "voice", "number": number}).status_code == 403
    assert bound.get(f"calls/{call['id']}/context").status_code in {403, 404}
