"""The states of an incident: what people may do, what follows units and tasks by itself, and what stands in the way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import clock as time
from core.errors import Conflict, Invalid, Refused
from core.models import Event, Notification, Timer
from dispatch.actions.incident_state import BY_PEOPLE, change_state
from dispatch.actions.reopening import reopen_incident
from dispatch.actions.tasks import accept_task, finish_task, withdraw_task
from dispatch.models import Incident, Note
from dispatch.states import STEPS, IncidentState
from tests.dispatch.caller_texts import form, opened, problem, states, task_of
from tests.dispatch.fleet import put_into, reports, sent
from units.models import Unit

pytestmark = pytest.mark.django_db

WAITING = ("new", "triaged", "reopened", "on_hold")


def changed(actor, row, state, **words):
    return change_state(actor=actor.at_desk("D1"), incident=row.id, state=state, **words)


def put(row, state):
    """An incident that is in a state, whatever brought it there."""
    Incident.objects.filter(pk=row.pk).update(state=state, disposition="handled")
    return row


def watched(row):
    """Which of rules 2 to 4 watch it."""
    timers = Timer.objects.filter(subject=f"incident:{row.id}", state="armed").exclude(kind="rule.7")
    return sorted(timers.values_list("kind", flat=True))


def test_people_take_only_steps_of_the_table():
    assert all(set(BY_PEOPLE.allowed(state)) <= set(STEPS.allowed(state)) for state in IncidentState)


@pytest.mark.parametrize("before", [state for state in IncidentState if state != "merged"])
@pytest.mark.parametrize("after", list(IncidentState))
def test_every_step_is_taken_or_refused_as_in_the_table(before, after, call_taker, dispatcher):
    row = put(opened(call_taker), before)
    if before == after or after in BY_PEOPLE.allowed(before):
        assert changed(dispatcher, row, after).state == after
        return
    with pytest.raises(Conflict) as refused:
        changed(dispatcher, row, after)
    assert refused.value.code == "step_not_allowed"
    assert "allowed" in refused.value.extra


def test_an_incident_follows_its_furthest_unit_forward_only(call_taker, dispatcher):
    row = opened(call_taker, type="F01")
    sent(dispatcher, row, "DMK1")
    assert form(row)["state"] == "assigned"
    reports(dispatcher, "DMK1", "on_scene")
    sent(dispatcher, row, "DMK2")
    assert form(row)["state"] == "on_scene"
    assert changed(dispatcher, row, "controlled").state == "controlled"
    reports(dispatcher, "DMK2", "en_route")
    assert form(row)["state"] == "controlled"


def test_when_the_last_unit_that_was_on_scene_leaves_it_is_resolved(call_taker, dispatcher):
    row = opened(call_taker, type="F01")
    sent(dispatcher, row, "DMK1")
    reports(dispatcher, "DMK1", "on_scene")
    reports(dispatcher, "DMK1", "available_mobile")
    assert form(row)["state"] == "resolved"
    assert watched(row) == []


def test_when_it_loses_its_last_unit_before_the_scene_its_wait_starts_anew(call_taker, dispatcher, clock):
    row = opened(call_taker, type="M01")
    clock.advance(seconds=30)
    sent(dispatcher, row, "PSC1")
    assert form(row)["clocks"][0]["done_at"] is not None
    assert watched(row) == []
    clock.advance(seconds=30)
    reports(dispatcher, "PSC1", "available_station", reason="mogok")
    shown = form(row)
    assert shown["state"] == "triaged"
    wait = shown["clocks"][0]
    assert (wait["from"] - row.created_at).total_seconds() == pytest.approx(60, abs=5)
    assert wait["done_at"] is None
    assert watched(row) == ["rule.2"]


def test_an_accepted_task_without_units_counts_as_assigned_and_helps_where_no_unit_is_needed(call_taker, dispatcher):
    road = opened(call_taker, type="K04")
    accept_task(actor=dispatcher.at_desk("D1"), task=task_of(road, "DISHUB").id, reason="lewat telepon")
    assert form(road)["state"] == "assigned"
    fire = opened(call_taker, type="F01")
    accept_task(actor=dispatcher.at_desk("D1"), task=task_of(fire, "PLN").id, reason="lewat telepon")
    assert form(fire)["state"] == "assigned"
    assert watched(fire) == ["rule.2"], "a fire that needs engines waits for one all the same"


def test_tasks_alone_resolve_what_needs_no_unit(call_taker, dispatcher):
    row = opened(call_taker, type="K04")
    task = task_of(row, "DISHUB")
    accept_task(actor=dispatcher.at_desk("D1"), task=task.id, reason="lewat telepon")
    finish_task(actor=dispatcher.at_desk("D1"), task=task.id, reason="lewat telepon")
    assert form(row)["state"] == "resolved"


def test_a_task_withdrawn_again_leaves_it_waiting(call_taker, dispatcher):
    row = opened(call_taker, type="K02")
    task = task_of(row, "POLRES")
    accept_task(actor=dispatcher.at_desk("D1"), task=task.id, reason="lewat telepon")
    withdraw_task(actor=dispatcher.at_desk("D1"), task=task.id)
    assert form(row)["state"] == "triaged"


def test_holding_stops_the_clock_of_what_can_wait_only(call_taker, dispatcher):
    urgent, patient = opened(call_taker, type="F01"), opened(call_taker, type="F07")
    assert (watched(urgent), watched(patient)) == (["rule.2"], ["rule.4"])
    changed(dispatcher, urgent, "on_hold")
    changed(dispatcher, patient, "on_hold", reason="semua unit keluar, pelapor diberi tahu")
    assert (watched(urgent), watched(patient)) == (["rule.2"], [])
    changed(dispatcher, patient, "triaged")
    assert watched(patient) == ["rule.4"]


def test_closing_names_the_units_and_tasks_in_its_way(call_taker, dispatcher):
    row = opened(call_taker, type="F01")
    sent(dispatcher, row, "DMK1")
    reports(dispatcher, "DMK1", "on_scene")
    with pytest.raises(Conflict) as refused:
        changed(dispatcher, row, "closed", disposition="handled")
    assert refused.value.code == "still_assigned"
    assert [each["callsign"] for each in refused.value.extra["assignments"]] == ["DMK1"]
    reports(dispatcher, "DMK1", "available_mobile")
    with pytest.raises(Conflict) as refused:
        changed(dispatcher, row, "closed", disposition="handled")
    assert refused.value.code == "open_tasks"
    assert len(refused.value.extra["tasks"]) == 5


def test_closing_needs_a_disposition_that_exists(call_taker, dispatcher):
    row = opened(call_taker, type="X00")
    changed(dispatcher, row, "resolved")
    with pytest.raises(Invalid, match="disposition_required"):
        changed(dispatcher, row, "closed")
    with pytest.raises(Invalid, match="incident_disposition_unknown"):
        changed(dispatcher, row, "closed", disposition="selesai")
    after = changed(dispatcher, row, "closed", disposition="17")
    assert (after.state, after.disposition) == ("closed", "17")
    assert after.closed_at is not None


def test_a_supervisor_closes_by_force_and_everybody_is_freed(call_taker, dispatcher, supervisor):
    row = opened(call_taker, type="F01")
    sent(dispatcher, row, "DMK1")
    reports(dispatcher, "DMK1", "on_scene")
    with pytest.raises(Refused, match="force_refused"):
        changed(dispatcher, row, "closed", disposition="handled", force=True)
    after = changed(supervisor, row, "closed", disposition="handled", force=True)
    assert after.state == "closed"
    assert set(states(row).values()) == {"withdrawn"}
    assert [each["status"] for each in form(row)["assignments"]] == ["cleared"]
    assert Unit.objects.get(callsign="DMK1").status == "available_mobile"
    assert not Timer.objects.filter(kind="rule.11", state="armed").exists()


def test_cancelling_withdraws_tasks_and_calls_units_off_with_an_event_for_their_agency(call_taker, dispatcher):
    row = opened(call_taker, type="F01")
    sent(dispatcher, row, "DMK1")
    sent(dispatcher, row, "DMK2", stacked=True)
    assert changed(dispatcher, row, "cancelled").state == "cancelled"
    assert [each["status"] for each in form(row)["assignments"]] == ["cancelled", "cancelled"]
    unit = Unit.objects.get(callsign="DMK1")
    assert unit.status == "available_station"
    ended = [event for event in Event.objects.filter(kind="assignment.ended") if f"unit:{unit.id}" in event.subjects]
    assert ended
    assert all(f"agency:{unit.agency_id}" in event.subjects for event in ended)
    withdrawn = Notification.objects.filter(kind="task.withdrawn").values_list("target", flat=True)
    assert f"agency:{unit.agency_id}" in withdrawn
    quiet = opened(call_taker, type="F01")
    assert changed(dispatcher, quiet, "cancelled").state == "cancelled"
    assert set(states(quiet).values()) == {"withdrawn"}
    assert watched(quiet) == []


def test_a_cancelled_incident_comes_back_with_its_tasks_and_its_clock(call_taker, dispatcher):
    row = opened(call_taker, type="F01")
    changed(dispatcher, row, "cancelled")
    after = reopen_incident(actor=dispatcher.at_desk("D1"), incident=row.id)
    assert (after.state, after.closed_at, watched(row)) == ("reopened", None, ["rule.2"])
    offered = [task["agency"] for task in form(row)["tasks"] if task["state"] == "offered"]
    assert offered == ["DAMKAR", "PSC119", "PLN", "POLRES", "PDAM"]


def test_a_reopened_incident_that_loses_a_unit_before_the_scene_waits_again(call_taker, dispatcher):
    row = opened(call_taker, type="F01")
    sent(dispatcher, row, "DMK1")
    reports(dispatcher, "DMK1", "on_scene")
    reports(dispatcher, "DMK1", "available_mobile")
    reopen_incident(actor=dispatcher.at_desk("D1"), incident=row.id)
    sent(dispatcher, row, "DMK2")
    reports(dispatcher, "DMK2", "available_station", reason="salah kirim")
    assert form(row)["state"] == "assigned", "the agency of the first engine has its task"
    assert watched(row) == ["rule.2"]


def test_a_unit_sent_to_a_resolved_incident_reopens_it(call_taker, dispatcher):
    row = opened(call_taker, type="F01")
    changed(dispatcher, row, "resolved")
    sent(dispatcher, row, "DMK1")
    assert form(row)["state"] == "assigned"
    assert Incident.objects.get(pk=row.pk).reopened_at is not None


def test_a_unit_still_there_when_people_resolve_it_does_not_reopen_it(call_taker, dispatcher):
    row = opened(call_taker, type="F01")
    put_into("DMK1", "available_station")
    sent(dispatcher, row, "DMK1")
    reports(dispatcher, "DMK1", "on_scene")
    changed(dispatcher, row, "resolved")
    reports(dispatcher, "DMK1", "transporting")
    assert form(row)["state"] == "resolved"


def test_a_reason_becomes_a_line_of_words(call_taker, dispatcher):
    row = opened(call_taker, type="F07")
    changed(dispatcher, row, "on_hold", reason="menunggu regu")
    assert list(Note.objects.filter(incident=row).values_list("text", flat=True)) == ["menunggu regu"]


def test_a_state_entered_late_keeps_its_time(call_taker, dispatcher):
    row = opened(call_taker, at=time.now() - timedelta(hours=1))
    happened = time.now() - timedelta(minutes=30)
    assert changed(dispatcher, row, "resolved", at=happened).resolved_at == happened


def test_the_endpoint_checks_rights_and_returns_the_allowed_steps(call_taker, dispatcher, agency_desk, api):
    row = opened(call_taker, type="F01")
    path = f"incidents/{row.id}/state"
    assert problem(api(call_taker).post(path, {"state": "cancelled"}), 403)["code"] == "not_allowed"
    assert problem(api(agency_desk).post(path, {"state": "cancelled"}), 403)["code"] == "not_allowed"
    refused = problem(api(dispatcher).post(path, {"state": "closed", "disposition": "handled"}), 409)
    assert (refused["code"], refused["allowed"]) == (
        "step_not_allowed", ["triaged", "resolved", "cancelled", "on_hold"],
    )  # fmt: skip
    assert problem(api(dispatcher).post(path, {"state": "gone"}), 422)["errors"][0]["field"] == "state"
    assert api(dispatcher).post(path, {"state": "resolved", "disposition": "handled"}).json()["state"] == "resolved"
