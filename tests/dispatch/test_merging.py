"""Two reports of one thing, and one report of two: what goes where, and how it is taken back."""

from __future__ import annotations

import uuid

import pytest

from alarms.models import Alarm
from config.registry import registry
from core import event_log
from core.errors import Conflict, Invalid
from core.firing.rounds import fire_due
from core.models import Timer
from dispatch.actions.assignments import assign_unit
from dispatch.actions.calls import link_call
from dispatch.actions.edits import edit_incident
from dispatch.actions.incident_state import change_state
from dispatch.actions.merging import merge_incident
from dispatch.actions.notes import add_note, strike_note
from dispatch.actions.people import report_people
from dispatch.actions.reopening import reopen_incident
from dispatch.actions.shortfall import accept_shortfall
from dispatch.actions.splitting import split_incident
from dispatch.actions.tasks import accept_task, offer_task, refuse_task
from dispatch.models import Incident
from dispatch.timers.arrivals import base_of as arrival_base_of
from tests.calls.exchange import Exchange
from tests.dispatch.caller_texts import PLACE, form, opened, problem, states, task_of
from tests.dispatch.fleet import reports, sent

pytestmark = pytest.mark.django_db


def merged(actor, row, into, **words):
    return merge_incident(actor=actor.at_desk("D1"), incident=row.id, into=into.id, **words)


def undone(actor, row):
    return reopen_incident(actor=actor.at_desk("D1"), incident=row.id)


def fired(clock, seconds):
    clock.advance(seconds=seconds)
    fire_due(registry)


@pytest.fixture
def two(call_taker):
    return opened(call_taker, type="F01"), opened(call_taker, type="F01")


def units_of(row):
    return [each["callsign"] for each in form(row)["assignments"]]


def test_calls_units_and_people_go_along_and_come_back(two, dispatcher, api):
    first, second = two
    key = str(uuid.uuid4())
    api(dispatcher).post("calls", {"id": key, "channel": "radio"})
    assert api(dispatcher).post(f"calls/{key}/link", {"incident": str(second.id)}).status_code == 200
    sent(dispatcher, second, "DMK1")
    report_people(actor=dispatcher.at_desk("D1"), incident=second.id, place="lantai dua", count=3)
    merged(dispatcher, second, first)
    assert (form(second)["state"], form(second)["merged_into"]) == ("merged", first.id)
    shown = form(first)
    assert (shown["calls"], shown["people_at_risk"], shown["state"]) == (1, 3, "assigned")
    assert units_of(first) == ["DMK1"]
    assert api(dispatcher).get(f"calls/{key}").json()["incident"]["id"] == str(first.id)
    undone(dispatcher, second)
    shown = form(second)
    assert (shown["calls"], shown["people_at_risk"], shown["state"]) == (1, 3, "assigned")
    assert (units_of(first), units_of(second)) == ([], ["DMK1"])
    assert form(first)["state"] == "triaged"


def test_the_first_ring_goes_along_and_comes_back(two, dispatcher):
    first, second = two
    calls = [Exchange(caller=f"+62812300{seconds}").say("ringing", -seconds) for seconds in (40, 80)]
    for call, row in zip(calls, two, strict=True):
        link_call(actor=dispatcher.at_desk("D1"), call=call.id, incident=row.id)
    merged(dispatcher, second, first)
    rung = [call.started_at for call in calls]
    assert Incident.objects.get(pk=first.pk).first_ring_at == rung[1]
    undone(dispatcher, second)
    assert [Incident.objects.get(pk=row.pk).first_ring_at for row in two] == rung


def test_a_call_that_is_split_off_takes_its_ring_along(two, dispatcher):
    call = Exchange().say("ringing", -40)
    link_call(actor=dispatcher.at_desk("D1"), call=call.id, incident=two[0].id)
    part, _ = split_incident(actor=dispatcher.at_desk("D1"), incident=two[0].id, calls=[call.id])
    assert [Incident.objects.get(pk=row.pk).first_ring_at for row in (two[0], part)] == [None, call.started_at]


def test_the_agencys_further_task_lives_on_and_the_other_is_withdrawn(two, dispatcher, agency_desk):
    first, second = two
    accept_task(actor=agency_desk, task=task_of(second, "DAMKAR").id)
    offer_task(actor=dispatcher.at_desk("D1"), incident=second.id, agency="BPBD")
    merged(dispatcher, second, first)
    assert states(first) == dict.fromkeys(["PSC119", "PLN", "POLRES", "PDAM", "BPBD"], "offered") | {
        "DAMKAR": "accepted"
    }
    assert set(states(second).values()) == {"withdrawn"}
    undone(dispatcher, second)
    back = {task["agency"]: task["state"] for task in form(second)["tasks"] if task["state"] != "withdrawn"}
    assert back == dict.fromkeys(["PSC119", "PLN", "POLRES", "PDAM", "BPBD"], "offered") | {"DAMKAR": "accepted"}


def test_a_task_refused_there_is_offered_again_if_the_merged_one_still_offers_it(two, dispatcher, agency_desk):
    first, second = two
    refuse_task(actor=agency_desk, task=task_of(first, "DAMKAR").id, reason="semua keluar")
    merged(dispatcher, second, first)
    assert states(first)["DAMKAR"] == "offered"
    assert Timer.objects.filter(kind="rule.11", subject=f"task:{task_of(first, 'DAMKAR').id}", state="armed").exists()


def test_a_unit_that_has_a_part_in_both_keeps_the_active_one(two, dispatcher):
    first, second = two
    sent(dispatcher, second, "DMK1")
    assign_unit(actor=dispatcher.at_desk("D1"), incident=first.id, unit="DMK1", stacked=True)
    merged(dispatcher, second, first)
    assert sorted((each["callsign"], each["status"]) for each in form(first)["assignments"]) == [
        ("DMK1", "cancelled"),
        ("DMK1", "dispatched"),
    ]
    reports(dispatcher, "DMK1", "on_scene")
    assert form(first)["state"] == "on_scene"


def test_the_fact_names_both_incidents_and_everybody(two, dispatcher):
    first, second = two
    sent(dispatcher, second, "DMK1")
    merged(dispatcher, second, first)
    [fact] = [each for each in event_log.about(f"incident:{second.id}") if each.kind == "incident.merged"]
    unit = form(first)["assignments"][0]["unit"]
    agencies = {f"agency:{task.agency_id}" for task in first.tasks.all()}
    assert {f"incident:{first.id}", f"incident:{second.id}", f"unit:{unit}", *agencies} <= set(fact.subjects)
    assert fact.data["into"] == str(first.id)


def test_a_merged_incident_takes_no_writes_and_names_where_it_went_in_the_end(two, dispatcher, call_taker):
    first, second = two
    last = opened(call_taker, type="F01")
    merged(dispatcher, second, first)
    merged(dispatcher, first, last)
    words = {"actor": dispatcher.at_desk("D1"), "incident": second.id}
    for act in (
        lambda: add_note(**words, text="x"),
        lambda: change_state(**words, state="resolved"),
        lambda: edit_incident(**words, version=1, changes={"priority": 2}),
        lambda: offer_task(**words, agency="BPBD"),
        lambda: assign_unit(**words, unit="DMK1"),
        lambda: merged(dispatcher, second, last),
        lambda: report_people(**words, place="x", count=1),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert (refused.value.code, refused.value.extra["into"]) == ("merged", last.id)


def test_notes_stay_where_they_were_written_and_are_read_in_both(two, dispatcher, call_taker, api):
    first, second = two
    note, _ = add_note(actor=call_taker.at_desk("CT1"), incident=second.id, text="api dari dapur")
    merged(dispatcher, second, first)
    shown = api(dispatcher).get(f"incidents/{first.id}").json()
    assert [each["text"] for each in shown["notes"]] == ["api dari dapur"]
    assert shown["merged_from"] == [{"id": str(second.id), "number": str(second.number)}]
    strike_note(actor=call_taker.at_desk("CT1"), note=note.id, reason="salah")
    kinds = [item["kind"] for item in api(dispatcher).get(f"incidents/{first.id}/timeline").json()["items"]]
    assert {"note.added", "incident.merged", "note.struck"} <= set(kinds)


def test_merged_again_into_the_same_changes_nothing_and_into_itself_is_refused(two, dispatcher):
    first, second = two
    merged(dispatcher, second, first)
    before = event_log.last_seq()
    assert merged(dispatcher, second, first).state == "merged"
    assert event_log.last_seq() == before
    with pytest.raises(Invalid, match="same_incident"):
        merged(dispatcher, first, first)


def test_what_is_closed_or_under_control_is_not_merged(two, dispatcher):
    first, second = two
    Incident.objects.filter(pk=first.pk).update(state="cancelled")
    with pytest.raises(Conflict, match="incident_not_open"):
        merged(dispatcher, second, first)
    Incident.objects.filter(pk=first.pk).update(state="controlled")
    with pytest.raises(Conflict, match="controlled -> merged"):
        merged(dispatcher, first, second)


def test_a_chain_of_merges_is_taken_back_from_where_things_are_now(two, dispatcher, call_taker):
    first, second = two
    last = opened(call_taker, type="F01")
    sent(dispatcher, second, "DMK1")
    merged(dispatcher, second, first)
    merged(dispatcher, first, last)
    assert units_of(last) == ["DMK1"]
    undone(dispatcher, second)
    assert (units_of(last), units_of(second)) == ([], ["DMK1"])


def test_merging_ends_the_wait_of_the_merged_one(two, dispatcher):
    first, second = two
    merged(dispatcher, second, first)
    armed = Timer.objects.filter(kind="rule.2", state="armed").values_list("subject", flat=True)
    assert list(armed) == [f"incident:{first.id}"]
    undone(dispatcher, second)
    armed = Timer.objects.filter(kind="rule.2", state="armed").values_list("subject", flat=True)
    assert set(armed) == {f"incident:{first.id}", f"incident:{second.id}"}


def test_an_undone_merge_shows_the_state_of_before_and_the_wait_goes_on(two, dispatcher, api, clock):
    first, second = two
    waiting_since = Incident.objects.get(pk=second.pk).waiting_since
    fired(clock, 61)
    alarm = Alarm.objects.get(rule=2, subject=f"incident:{second.id}")
    merged(dispatcher, second, first)
    assert Alarm.objects.get(pk=alarm.pk).state == "closed"
    assert undone(dispatcher, second).state == "new"
    after = Incident.objects.get(pk=second.pk)
    assert (after.state, after.reopened_at, after.merged_into_id, after.closed_at) == ("new", None, None, None)
    assert (after.waiting_since, after.waiting_until) == (waiting_since, None)
    fired(clock, 0)
    assert Alarm.objects.get(rule=2, subject=f"incident:{second.id}", state="open").base_at == waiting_since
    lines = api(dispatcher).get(f"incidents/{second.id}/timeline").json()["items"]
    assert [line["text"] for line in lines if line["kind"] == "incident.reopened"] == [
        "Penggabungan dibatalkan. Status: Baru."
    ]


def test_an_undone_merge_keeps_the_accepted_shortfall_and_the_target_of_the_arrival(two, dispatcher):
    first, second = two
    accept_shortfall(actor=dispatcher.at_desk("D1"), incident=second.id, reason="tidak ada lagi")
    before = Incident.objects.get(pk=second.pk)
    merged(dispatcher, second, first)
    undone(dispatcher, second)
    after = Incident.objects.get(pk=second.pk)
    assert (after.shortfall, after.waiting_until) == (before.shortfall, before.waiting_until)
    assert (arrival_base_of(after), after.arrival_until) == (arrival_base_of(before), None)


def test_an_undo_of_a_merge_sent_twice_returns_quietly_and_a_later_life_is_reopened(two, dispatcher):
    first, second = two
    merged(dispatcher, second, first)
    for _ in range(2):
        assert undone(dispatcher, second).state == "new"
    change_state(actor=dispatcher.at_desk("D1"), incident=second.id, state="resolved")
    assert undone(dispatcher, second).state == "reopened"


def test_one_report_of_two_things_is_split(call_taker, dispatcher, api):
    row = opened(call_taker, type="K01", narrative="tabrakan, lalu api")
    key = str(uuid.uuid4())
    desk = api(dispatcher)
    desk.post("calls", {"id": key, "channel": "radio"})
    desk.post(f"calls/{key}/link", {"incident": str(row.id)})
    body = {"id": str(uuid.uuid4()), "calls": [key], "type": "F02", "location": {**PLACE, "text": "SPBU"}}
    answer = desk.post(f"incidents/{row.id}/split", body)
    assert answer.status_code == 201, answer.content
    new = answer.json()
    assert (new["type"], new["calls"], new["location"]["text"], new["narrative"]) == (
        "F02", 1, "SPBU", "tabrakan, lalu api",
    )  # fmt: skip
    assert {task["agency"] for task in new["tasks"]} == {"DAMKAR", "POLRES"}
    assert form(row)["calls"] == 0
    assert desk.get(f"calls/{key}").json()["incident"]["id"] == body["id"]
    assert desk.post(f"incidents/{row.id}/split", body).status_code == 200
    itself = desk.post(f"incidents/{row.id}/split", {**body, "id": str(row.id)})
    assert problem(itself, 409)["code"] == "id_taken"
    wrong = desk.post(f"incidents/{row.id}/split", {"calls": [str(uuid.uuid4())]})
    assert problem(wrong, 422)["code"] == "call_not_here"


def test_the_endpoint_merges_and_undoes(two, api, dispatcher, call_taker):
    first, second = two
    desk = api(dispatcher)
    path = f"incidents/{second.id}"
    assert problem(api(call_taker).post(f"{path}/merge", {"into": str(first.id)}), 403)["code"] == "not_allowed"
    assert desk.post(f"{path}/merge", {"into": str(first.id)}).json()["state"] == "merged"
    refused = problem(desk.post(f"{path}/notes", {"text": "x"}), 409)
    assert (refused["code"], refused["into"]) == ("merged", str(first.id))
    assert desk.post(f"{path}/reopen").json()["state"] == "new"
    assert problem(desk.post(f"{path}/merge", {"into": str(uuid.uuid4())}), 404)["code"] == "not_found"
