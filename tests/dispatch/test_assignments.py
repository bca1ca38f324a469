from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from accounts.models import Agency
from core import clock as time
from core import event_log, events, timers
from core.errors import Conflict, Refused, Unknown
from core.models import Event
from dispatch.actions.assignments import assign_unit, cancel_assignment, send_stacked
from dispatch.domain.assignment_end import release_units
from dispatch.domain.locking import hold
from dispatch.models import Assignment, Incident
from dispatch.queries.assignments import active_assignment, assignment_entry, has_part
from dispatch.queries.units import unit_form_of, unit_forms
from tests.dispatch.caller_texts import form
from tests.dispatch.fleet import KOTA, one_fact, opened, put_into, reports, sent, unit
from units.states import FREE, UnitStatus

pytestmark = pytest.mark.django_db


def assigns(actor, incident, callsign, **words):
    return assign_unit(actor=actor.at_desk("D1"), incident=incident.id, unit=callsign, **words)


def test_sending_a_unit_makes_an_assignment_and_moves_unit_and_incident(dispatcher):
    incident = opened(dispatcher)
    assignment, new = assigns(dispatcher, incident, "DMK1")
    incident.refresh_from_db()
    assert new
    assert assignment.status == "dispatched"
    assert assignment.dispatched_at == unit("DMK1").status_at
    assert incident.state == "assigned"
    assert incident.first_assigned_at == assignment.dispatched_at
    one_fact("DMK1")


def test_the_unit_is_found_by_its_id_too(dispatcher):
    assignment, _ = assigns(dispatcher, opened(dispatcher), unit("DMK1").id)
    assert assignment.unit.callsign == "DMK1"


def test_the_same_id_again_is_the_same_assignment_whatever_the_body(dispatcher, supervisor):
    incident, key = opened(dispatcher), uuid.uuid4()
    first, _ = assigns(dispatcher, incident, "DMK1", id=key)
    head = event_log.last_seq()
    again, new = assigns(dispatcher, incident, "DMK2", id=key)
    assert (again.id, again.unit_id, new) == (first.id, first.unit_id, False)
    assert event_log.last_seq() == head
    with pytest.raises(Conflict, match="id_taken"):
        assigns(supervisor, incident, "DMK1", id=key)


@pytest.mark.parametrize("status", [status for status in UnitStatus if status in FREE])
def test_a_free_unit_can_be_sent(dispatcher, status):
    put_into("DMK2", status)
    assigns(dispatcher, opened(dispatcher), "DMK2")
    one_fact("DMK2")


@pytest.mark.parametrize("status", ["off_duty", "out_of_service"])
def test_a_unit_that_is_not_free_cannot_be_sent(dispatcher, status):
    put_into("DMK2", status)
    with pytest.raises(Conflict) as refused:
        assigns(dispatcher, opened(dispatcher), "DMK2")
    assert (refused.value.code, refused.value.extra["state"]) == ("unit_not_available", status)


def test_the_error_of_a_taken_unit_names_by_whom_since_when_and_where(dispatcher, supervisor):
    incident = opened(dispatcher)
    first, _ = assigns(dispatcher, incident, "DMK1")
    for again in (opened(dispatcher), incident):
        with pytest.raises(Conflict) as refused:
            assigns(supervisor, again, "DMK1")
        assert refused.value.code == "unit_taken"
        assert refused.value.extra["by"] == dispatcher.name
        assert refused.value.extra["since"] == first.dispatched_at
        assert refused.value.extra["incident"] == {"id": incident.id, "number": str(incident.number)}


def test_diverting_ends_the_one_and_begins_the_other(dispatcher):
    first, second = opened(dispatcher, type="F07"), opened(dispatcher)
    old, _ = assigns(dispatcher, first, "DMK1")
    new, _ = assigns(dispatcher, second, "DMK1", divert=True)
    old.refresh_from_db()
    first.refresh_from_db()
    assert (old.status, new.status) == ("diverted", "dispatched")
    assert first.state == "triaged"
    assert first.waiting_since == old.cleared_at
    one_fact("DMK1")


def test_diverting_to_where_it_is_going_anyway_is_refused(dispatcher):
    incident = opened(dispatcher)
    assigns(dispatcher, incident, "DMK1")
    with pytest.raises(Conflict, match="unit_taken"):
        assigns(dispatcher, incident, "DMK1", divert=True)


def test_a_unit_with_a_patient_aboard_is_not_diverted(dispatcher):
    assigns(dispatcher, opened(dispatcher, type="M01"), "PSC1")
    for status in ("on_scene", "transporting"):
        reports(dispatcher, "PSC1", status)
    with pytest.raises(Conflict, match="unit_not_available"):
        assigns(dispatcher, opened(dispatcher), "PSC1", divert=True)


def test_a_stacked_unit_goes_on_with_what_it_does_and_is_sent_later(dispatcher):
    first, second = opened(dispatcher), opened(dispatcher)
    assigns(dispatcher, first, "DMK1")
    stacked, _ = assigns(dispatcher, second, "DMK1", stacked=True)
    assert unit_form_of(unit("DMK1"))["stacked"] == [{"id": second.id, "number": str(second.number)}]
    second.refresh_from_db()
    assert second.state == "new"
    with pytest.raises(Conflict, match="unit_taken"):
        send_stacked(actor=dispatcher.at_desk("D1"), assignment=stacked.id)
    reports(dispatcher, "DMK1", "available_mobile")
    stacked.refresh_from_db()
    assert stacked.status == "stacked"
    send_stacked(actor=dispatcher.at_desk("D1"), assignment=stacked.id)
    send_stacked(actor=dispatcher.at_desk("D1"), assignment=stacked.id)
    stacked.refresh_from_db()
    assert (stacked.status, stacked.stacked) == ("dispatched", False)
    one_fact("DMK1")


def test_a_unit_is_stacked_once_for_an_incident(dispatcher):
    incident = opened(dispatcher)
    assigns(dispatcher, incident, "DMK1", stacked=True)
    with pytest.raises(Conflict, match="already_stacked"):
        assigns(dispatcher, incident, "DMK1", stacked=True)


def test_sending_a_unit_that_was_stacked_for_it_takes_it_from_the_stack(dispatcher):
    incident = opened(dispatcher)
    stacked, _ = assigns(dispatcher, incident, "DMK1", stacked=True)
    assigns(dispatcher, incident, "DMK1")
    stacked.refresh_from_db()
    assert stacked.status == "cancelled"
    assert [entry["status"] for entry in form(incident)["assignments"]] == ["cancelled", "dispatched"]


@pytest.mark.parametrize(
    ("before", "steps", "after"),
    [
        ("available_station", (), "available_station"),
        ("available_station", ("acknowledged", "en_route"), "available_mobile"),
        ("available_mobile", (), "available_mobile"),
        ("returning", (), "available_mobile"),
    ],
)
def test_a_unit_that_is_called_off_goes_back_to_what_it_did(dispatcher, before, steps, after):
    put_into("DMK2", before)
    assignment, _ = assigns(dispatcher, opened(dispatcher), "DMK2")
    for step in steps:
        reports(dispatcher, "DMK2", step)
    cancel_assignment(actor=dispatcher.at_desk("D1"), assignment=assignment.id)
    cancel_assignment(actor=dispatcher.at_desk("D1"), assignment=assignment.id)
    assignment.refresh_from_db()
    assert (assignment.status, unit("DMK2").status) == ("cancelled", after)


def test_a_stacked_one_is_taken_from_the_stack(dispatcher):
    incident = opened(dispatcher)
    stacked, _ = assigns(dispatcher, incident, "DMK1", stacked=True)
    assert has_part(unit("DMK1").id, incident.id)
    cancel_assignment(actor=dispatcher.at_desk("D1"), assignment=stacked.id)
    assert not has_part(unit("DMK1").id, incident.id)
    assert unit("DMK1").status == "available_station"
    with pytest.raises(Conflict, match="step_not_allowed"):
        send_stacked(actor=dispatcher.at_desk("D1"), assignment=stacked.id)


def test_the_assignments_endpoint_changes_the_units_status(dispatcher, api):
    assignment, _ = assigns(dispatcher, opened(dispatcher), "DMK1")
    client = api(dispatcher)
    answer = client.post(f"assignments/{assignment.id}/status", {"status": "en_route"})
    assert (answer.status_code, answer.json()["status"]) == (200, "en_route")
    assert unit("DMK1").status == "en_route"
    assert client.post(f"assignments/{assignment.id}/status", {"status": "cancelled"}).json()["status"] == "cancelled"
    refused = client.post(f"assignments/{assignment.id}/status", {"status": "en_route"})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_active")


def test_a_stacked_assignment_takes_no_status(dispatcher, api):
    assignment, _ = assigns(dispatcher, opened(dispatcher), "DMK1", stacked=True)
    refused = api(dispatcher).post(f"assignments/{assignment.id}/status", {"status": "en_route"})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_active")


@pytest.mark.parametrize("state", ["closed", "cancelled"])
def test_nobody_is_sent_to_an_incident_that_is_over(dispatcher, state):
    incident = opened(dispatcher)
    Incident.objects.filter(id=incident.id).update(state=state)
    with pytest.raises(Conflict, match="incident_not_open"):
        assigns(dispatcher, incident, "DMK1")


def test_nobody_is_sent_to_a_merged_incident_and_the_error_names_where_it_went(dispatcher):
    incident, into = opened(dispatcher), opened(dispatcher)
    Incident.objects.filter(id=incident.id).update(state="merged", merged_into=into)
    with pytest.raises(Conflict) as refused:
        assigns(dispatcher, incident, "DMK1")
    assert (refused.value.code, refused.value.extra["into"]) == ("merged", into.id)


def test_a_unit_that_is_sent_to_a_resolved_incident_reopens_it(dispatcher):
    incident = opened(dispatcher)
    assigns(dispatcher, incident, "DMK1")
    reports(dispatcher, "DMK1", "on_scene")
    reports(dispatcher, "DMK1", "available_mobile")
    incident.refresh_from_db()
    assert incident.state == "resolved"
    assigns(dispatcher, incident, "DMK2")
    incident.refresh_from_db()
    assert incident.state == "assigned"


def test_an_agencys_desk_sends_own_units_on_own_tasks(dispatcher, agency_desk, outsider, call_taker):
    fire, sick = opened(dispatcher), opened(dispatcher, type="M01")
    assigns(agency_desk, fire, "DMK1")
    with pytest.raises(Unknown):
        assigns(agency_desk, fire, "PSC1")
    with pytest.raises(Unknown):
        assigns(agency_desk, sick, "DMK2")
    with pytest.raises(Refused):
        assigns(call_taker, fire, "DMK2")


def test_an_agency_without_a_task_does_not_send_though_its_unit_is_there(dispatcher, agency_desk):
    sick = opened(dispatcher, type="M01")
    assigns(dispatcher, sick, "DMK1")
    with pytest.raises(Refused):
        assigns(agency_desk, sick, "DMK2")


def test_an_agencys_desk_that_sends_accepts_its_task_and_nobody_else_does(dispatcher, agency_desk):
    incident = opened(dispatcher)
    task = incident.tasks.get(agency__code="DAMKAR")
    assigns(dispatcher, incident, "DMK1")
    assigns(agency_desk, incident, "DMK2", stacked=True)
    task.refresh_from_db()
    assert task.state == "offered"
    assigns(agency_desk, incident, "DMK3")
    task.refresh_from_db()
    assert (task.state, task.accepted_at) == ("accepted", task.at)
    kinds = list(Event.objects.order_by("-seq").values_list("kind", flat=True)[:6])
    assert "task.accepted" in kinds


def test_a_reason_is_kept_in_the_row_and_sealed_in_the_log(dispatcher):
    assignment, _ = assigns(dispatcher, opened(dispatcher), "DMK5", reason="lebih dekat dari sungai")
    assert assignment.reason == "lebih dekat dari sungai"
    assert not Event.objects.filter(body__contains="sungai").exists()
    assert "reason" in Event.objects.get(kind="assignment.made").data


def test_the_facts_name_the_unit_its_agency_and_the_incident(dispatcher):
    first, second = opened(dispatcher, type="M01"), opened(dispatcher, type="M01")
    assigns(dispatcher, first, "DMK1")
    assigns(dispatcher, second, "DMK1", divert=True)
    damkar = Agency.objects.get(code="DAMKAR").id
    wanted = {f"unit:{unit('DMK1').id}", f"agency:{damkar}"}
    ended = Event.objects.get(kind="assignment.ended")
    made = Event.objects.filter(kind="assignment.made").latest("seq")
    assert wanted | {f"incident:{first.id}"} <= set(ended.subjects)
    assert wanted | {f"incident:{second.id}"} <= set(made.subjects)


def test_a_late_assignment_has_its_real_time_though_the_unit_spoke_since(dispatcher, clock):
    clock.advance(3600)
    incident = opened(dispatcher)
    clock.advance(600)
    reports(dispatcher, "DMK2", "available_mobile")
    at = time.now() - timedelta(seconds=300)
    assignment, _ = assigns(dispatcher, incident, "DMK2", at=at)
    assert assignment.dispatched_at == at
    one_fact("DMK2")
    reports(dispatcher, "DMK2", "on_scene", at=at + timedelta(seconds=100))
    reports(dispatcher, "DMK2", "available_station", at=at + timedelta(seconds=200))
    assignment.refresh_from_db()
    assert (assignment.status, assignment.on_scene_at) == ("cleared", at + timedelta(seconds=100))
    assert unit("DMK2").status == "available_station"


def test_a_unit_is_not_sent_at_a_time_when_it_was_still_on_another_job(dispatcher, clock):
    assigns(dispatcher, opened(dispatcher), "DMK1")
    clock.advance(300)
    reports(dispatcher, "DMK1", "en_route")
    clock.advance(300)
    reports(dispatcher, "DMK1", "available_mobile")
    ended = time.now()
    clock.advance(300)
    with pytest.raises(Conflict, match="out_of_order") as refused:
        assigns(dispatcher, opened(dispatcher), "DMK1", at=ended - timedelta(seconds=120))
    assert abs(refused.value.extra["since"] - ended) < timedelta(seconds=5)
    # A clock that is a little behind means the moment when it was free.
    second, _ = assigns(dispatcher, opened(dispatcher), "DMK1", at=ended - timedelta(seconds=30))
    assert second.dispatched_at == refused.value.extra["since"]


def test_a_job_of_before_the_last_one_and_one_by_mistake_hold_no_late_entry_up(dispatcher, clock):
    start = time.now()
    clock.advance(900)
    incident, mistaken = opened(dispatcher), opened(dispatcher)
    assignment, _ = assigns(dispatcher, mistaken, "DMK1", at=start + timedelta(seconds=300))
    clock.advance(60)
    cancel_assignment(actor=dispatcher.at_desk("D1"), assignment=assignment.id)
    at = start + timedelta(seconds=400)
    assert assigns(dispatcher, incident, "DMK1", at=at)[0].dispatched_at == at
    for status, seconds in (("on_scene", 500), ("available_mobile", 600)):
        reports(dispatcher, "DMK1", status, at=start + timedelta(seconds=seconds))
    before = start + timedelta(seconds=100)
    assert assigns(dispatcher, incident, "DMK1", at=before)[0].dispatched_at == before


def test_diverting_before_what_the_unit_has_reached_contradicts_it(dispatcher, clock):
    assigns(dispatcher, opened(dispatcher), "DMK1")
    clock.advance(300)
    reports(dispatcher, "DMK1", "en_route")
    with pytest.raises(Conflict, match="out_of_order"):
        assigns(dispatcher, opened(dispatcher), "DMK1", divert=True, at=time.now() - timedelta(seconds=200))


def test_rule_5_watches_until_the_crew_answers_and_rule_6_until_it_leaves(dispatcher):
    assignment, _ = assigns(dispatcher, opened(dispatcher), "DMK1")
    subject = f"assignment:{assignment.id}"
    five = timers.armed(subject, "rule.5")
    assert five.due_at == assignment.dispatched_at + timedelta(seconds=30)
    reports(dispatcher, "DMK1", "acknowledged")
    assert timers.armed(subject, "rule.5") is None
    six = timers.armed(subject, "rule.6")
    assert six.due_at == active_assignment(unit("DMK1").id).acknowledged_at + timedelta(seconds=90)
    reports(dispatcher, "DMK1", "en_route")
    assert timers.armed(subject, "rule.6") is None


def test_release_of_all_units_frees_those_on_their_way_and_empties_the_stack(dispatcher):
    first, second = opened(dispatcher), opened(dispatcher)
    assigns(dispatcher, first, "DMK1")
    assigns(dispatcher, first, "DMK2")
    assigns(dispatcher, second, "DMK3")
    stacked, _ = assigns(dispatcher, first, "DMK3", stacked=True)
    with events.transaction():
        held = hold(unit("DMK1").id, incidents=[first.id])
        release_units(held.incidents[first.id], actor=dispatcher, at=time.now())
    stacked.refresh_from_db()
    assert stacked.status == "cancelled"
    assert {callsign: unit(callsign).status for callsign in ("DMK1", "DMK2", "DMK3")} == {
        "DMK1": "available_station",
        "DMK2": "available_station",
        "DMK3": "dispatched",
    }


def test_forms_of_units_take_the_same_few_queries_for_one_and_for_all(dispatcher, django_assert_num_queries):
    assigns(dispatcher, opened(dispatcher), "DMK1")
    with django_assert_num_queries(2):
        everything = unit_forms(None)
    key = unit("DMK1").id
    with django_assert_num_queries(2):
        one = unit_forms([key])
    assert len(everything) >= 40
    assert one[key] == everything[key]
    form = one[key]
    assert form.body["fms"] == "C"
    assert form.units == {unit("DMK1").id}
    assert form.agencies == {unit("DMK1").agency_id}


def test_entries_have_every_stamp_of_the_shape(dispatcher):
    incident = opened(dispatcher, location=KOTA)
    sent(dispatcher, incident, "DMK1")
    (entry,) = form(incident)["assignments"]
    assert entry == assignment_entry(Assignment.objects.select_related("unit").get())
    assert set(entry) == {
        "id", "unit", "callsign", "status", "fms", "at", "stacked",
        "dispatched_at", "acknowledged_at", "en_route_at", "on_scene_at", "cleared_at",
    }  # fmt: skip
