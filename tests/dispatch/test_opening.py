"""Opening an incident: what it gets by itself, who learns of it, and what a second sending changes: nothing."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from calls.models import Call
from core import clock as time
from core import event_log
from core.errors import Conflict, Invalid, Refused
from core.models import Notification, Timer
from dispatch.actions.incidents import open_incident
from dispatch.domain.location import Location
from dispatch.models import Incident
from dispatch.queries.board_items import incident_forms
from tests.dispatch.caller_texts import KOTA, PLACE, form, opened, problem, states

pytestmark = pytest.mark.django_db


def test_an_untyped_incident_is_unknown_trouble_of_priority_two_without_tasks(call_taker):
    shown = form(opened(call_taker))
    assert (shown["type"], shown["priority"], shown["state"], shown["tasks"]) == ("X00", 2, "new", [])
    assert [clock["kind"] for clock in shown["clocks"]] == ["rule.3", "rule.7"]


def test_a_structure_fire_gets_its_priority_its_place_and_a_task_for_each_agency_of_its_plan(call_taker):
    shown = form(opened(call_taker, type="F01", narrative="api besar"))
    assert (shown["priority"], shown["narrative"], shown["location"]["outside"]) == (1, "api besar", False)
    assert shown["location"]["kecamatan"]
    assert [task["agency"] for task in shown["tasks"]] == ["DAMKAR", "PSC119", "PLN", "POLRES", "PDAM"]
    assert {task["state"] for task in shown["tasks"]} == {"offered"}


def test_all_in_a_plan_means_every_agency_with_a_desk_on_duty(call_taker):
    shown = form(opened(call_taker, type="B03"))
    agencies = [task["agency"] for task in shown["tasks"]]
    assert agencies[0] == "BPBD"
    assert {"DAMKAR", "POLRES"} <= set(agencies)
    assert len(agencies) == len(set(agencies))


def test_its_clock_counts_from_its_opening_and_each_task_has_one_too(call_taker):
    row = opened(call_taker, type="F01")
    clock = form(row)["clocks"][0]
    assert clock["from"] == row.created_at
    assert [due - row.created_at for due in clock["due_at"]] == [timedelta(seconds=each) for each in (60, 90, 180)]
    assert (clock["target_at"], clock["done_at"]) == (clock["due_at"][0], None)
    assert Timer.objects.filter(kind="rule.2", subject=f"incident:{row.id}", state="armed").count() == 1
    assert Timer.objects.filter(kind="rule.11", state="armed").count() == 5


def test_agencies_are_notified_and_named_by_the_events(call_taker):
    row = opened(call_taker, type="F01")
    targets = Notification.objects.filter(kind="task.offered").values_list("target", flat=True)
    agencies = {f"agency:{task.agency_id}" for task in row.tasks.all()}
    assert set(targets) == agencies
    facts = event_log.about(f"incident:{row.id}")
    assert [fact.kind for fact in facts] == ["incident.opened", *["task.offered"] * 5]
    assert all(agencies <= set(fact.subjects) for fact in facts)


def test_numbers_rise_and_are_texts(call_taker):
    first, second = form(opened(call_taker)), form(opened(call_taker))
    assert int(first["number"]) < int(second["number"])
    assert first["number"] == str(int(first["number"]))


def test_sent_twice_it_is_made_once_whatever_the_second_contains(call_taker, dispatcher):
    key = uuid.uuid4()
    first, made = open_incident(actor=call_taker.at_desk("CT1"), id=key, type="F01", location=KOTA)
    again, made_again = open_incident(actor=call_taker.at_desk("CT1"), id=key, type="M01", location=KOTA)
    assert (made, made_again, again.pk, again.type_id) == (True, False, first.pk, "F01")
    assert Incident.objects.filter(pk=key).count() == 1
    with pytest.raises(Conflict, match="id_taken"):
        open_incident(actor=dispatcher.at_desk("D1"), id=key, type="F01", location=KOTA)


def test_an_entry_hours_late_keeps_both_times_and_raises_nothing_that_is_past(call_taker):
    happened = time.now() - timedelta(hours=2)
    row = opened(call_taker, type="F01", at=happened)
    assert row.late
    assert row.created_at == happened < row.recorded_at
    missed = [fact for fact in event_log.about(f"incident:{row.id}") if fact.kind == "alarm.missed"]
    assert [(fact.data["rule"], fact.data["levels"]) for fact in missed] == [(2, [1, 2, 3]), (7, [1, 2, 3])]
    assert not Timer.objects.filter(kind="rule.2", subject=f"incident:{row.id}").exists()


def test_a_time_in_the_future_is_refused(call_taker):
    with pytest.raises(Invalid, match="time_in_future"):
        opened(call_taker, at=time.now() + timedelta(minutes=1))


def test_an_unknown_type_is_refused(call_taker):
    with pytest.raises(Invalid, match="type_unknown"):
        opened(call_taker, type="Q99")


def test_half_a_point_is_refused():
    with pytest.raises(Invalid, match="point_incomplete"):
        Location("Sumenep", lat=-7.0)


def test_a_place_across_the_border_lies_outside(call_taker):
    shown = form(opened(call_taker, location=Location("Pamekasan", -7.1568, 113.4746)))
    assert shown["location"]["outside"]
    assert shown["location"]["kecamatan"] is None


def test_an_incident_opened_from_a_call_counts_it_and_files_it(call_taker, api):
    desk = api(call_taker)
    key = str(uuid.uuid4())
    made = desk.post("calls", {"id": key, "channel": "voice", "number": "081230987731"})
    assert made.status_code == 201, made.content
    shown = desk.post("incidents", {"type": "M01", "location": PLACE, "call": key}).json()
    assert shown["calls"] == 1
    call = desk.get(f"calls/{key}").json()
    assert call["incident"] == {"id": shown["id"], "number": shown["number"]}
    assert call["disposition"] == "E1"
    row = Incident.objects.get(pk=shown["id"])
    assert row.first_ring_at == Call.objects.get(pk=key).started_at
    taken = desk.post("incidents", {"location": PLACE, "call": key})
    assert problem(taken, 409)["code"] == "call_linked"


def test_whoever_dispatches_keeps_what_they_open(dispatcher, call_taker):
    assert form(opened(dispatcher))["owner"] == {"id": dispatcher.user, "name": dispatcher.name}
    assert form(opened(call_taker))["owner"] is None


def test_an_agency_that_opens_an_incident_has_accepted_its_own_task(agency_desk):
    row = opened(agency_desk, type="F03")
    assert states(row) == {"BPBD": "offered", "DAMKAR": "accepted"}
    assert form(row)["state"] == "assigned"


def test_who_may_not_open_one_is_refused(auditor, admin):
    for actor in (auditor, admin):
        with pytest.raises(Refused):
            opened(actor)


def test_forms_cost_the_same_number_of_queries_however_many(call_taker, django_assert_max_num_queries):
    for _ in range(3):
        opened(call_taker, type="F01")
    with django_assert_max_num_queries(6):
        assert len(incident_forms(None)) == 3


def test_a_crew_in_the_field_opens_what_it_came_across_and_is_on_scene_there(crew, dispatcher, api):
    api(dispatcher).post("units/DMK1/status", {"status": "available_mobile"})
    answer = api(crew).post("incidents", {"type": "K02", "location": PLACE, "narrative": "tabrakan"})
    assert answer.status_code == 201, answer.content
    shown = answer.json()
    assert (shown["state"], [each["callsign"] for each in shown["assignments"]]) == ("on_scene", ["DMK1"])
    assert api(crew).get(f"incidents/{shown['id']}").status_code == 200


def test_the_endpoint_answers_201_then_200_and_names_what_is_wrong(api):
    program = api(scopes=["incidents"])
    body = {"id": str(uuid.uuid4()), "type": "F01", "location": PLACE}
    first, again = program.post("incidents", body), program.post("incidents", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == body["id"]
    assert first.json() == again.json()
    wrong = problem(program.post("incidents", {"location": {"text": "x", "lat": 91.0, "lng": 0}}), 422)
    assert [error["field"] for error in wrong["errors"]] == ["location.lat"]
    ahead = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
    assert problem(program.post("incidents", {"location": PLACE, "at": ahead}), 422)["code"] == "time_in_future"
    assert problem(api(scopes=["board"]).post("incidents", {"location": PLACE}), 403)["code"] == "scope_missing"
    assert problem(api().post("incidents", {"location": PLACE}), 401)["code"] == "not_signed_in"
