"""Agencies' tasks: offered, answered by whose they are, passed on when refused."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from accounts.actors import Actor
from alarms.actions import acknowledge_alarm
from alarms.models import Alarm
from core import clock as time
from core import event_log
from core.errors import Conflict, Invalid, Refused, Unknown
from core.models import Notification, Timer
from directory.models import Contact
from dispatch.actions.tasks import accept_task, finish_task, offer_task, refuse_task, withdraw_task
from dispatch.models import Task
from dispatch.states import TASK_STEPS, TaskState
from tests.dispatch.caller_texts import fire, form, opened, problem, states, task_of
from tests.dispatch.fleet import reports, sent

pytestmark = pytest.mark.django_db

ACTS = {
    "accepted": accept_task,
    "refused": refuse_task,
    "done": finish_task,
    "withdrawn": withdraw_task,
}


@pytest.mark.parametrize("before", list(TaskState))
@pytest.mark.parametrize("after", list(ACTS))
def test_every_step_is_taken_or_refused_as_in_the_table(before, after, call_taker, dispatcher):
    task = task_of(opened(call_taker, type="F01"), "DAMKAR")
    Task.objects.filter(pk=task.pk).update(state=before)
    if before == after or TASK_STEPS.may(before, after):
        assert ACTS[after](actor=dispatcher.at_desk("D1"), task=task.id, reason="lewat telepon").state == after
        return
    with pytest.raises(Conflict) as refused:
        ACTS[after](actor=dispatcher.at_desk("D1"), task=task.id, reason="lewat telepon")
    assert (refused.value.code, refused.value.extra["allowed"]) == (
        "step_not_allowed",
        list(TASK_STEPS.allowed(before)),
    )


def test_an_agency_answers_its_own_task_and_its_clock_ends(call_taker, agency_desk):
    row = opened(call_taker, type="F01")
    task = accept_task(actor=agency_desk, task=task_of(row, "DAMKAR").id)
    assert (task.state, task.accepted_at) == ("accepted", task.at)
    assert not Timer.objects.filter(subject=f"task:{task.id}", state="armed").exists()
    assert finish_task(actor=agency_desk, task=task.id).done_at is not None


def test_another_agencys_task_is_not_its_to_answer_or_even_see(call_taker, agency_desk, outsider):
    fire_row, sick = opened(call_taker, type="F01"), opened(call_taker, type="M01")
    with pytest.raises(Refused, match="not_your_task"):
        accept_task(actor=agency_desk, task=task_of(fire_row, "PLN").id)
    with pytest.raises(Unknown):
        accept_task(actor=outsider, task=task_of(sick, "PSC119").id)


def test_on_an_agencys_behalf_a_person_gives_a_reason(call_taker, dispatcher):
    task = task_of(opened(call_taker, type="F01"), "PLN")
    with pytest.raises(Invalid, match="reason_required"):
        accept_task(actor=dispatcher.at_desk("D1"), task=task.id)
    assert accept_task(actor=dispatcher.at_desk("D1"), task=task.id, reason="lewat telepon").state == "accepted"


def test_answered_twice_changes_nothing(call_taker, agency_desk):
    task = task_of(opened(call_taker, type="F01"), "DAMKAR")
    accept_task(actor=agency_desk, task=task.id)
    before = event_log.last_seq()
    assert accept_task(actor=agency_desk, task=task.id).state == "accepted"
    assert event_log.last_seq() == before


def test_a_refusal_goes_to_the_next_agency_at_once_and_to_the_duty_officer(call_taker, dispatcher):
    row = opened(call_taker, type="B08")
    assert set(states(row)) == {"DLH", "DAMKAR", "PLN"}
    refuse_task(actor=dispatcher.at_desk("D1"), task=task_of(row, "DLH").id, reason="alat rusak")
    assert states(row) == {"DLH": "refused", "DAMKAR": "offered", "PLN": "offered", "BPBD": "offered"}
    assert Timer.objects.filter(subject=f"task:{task_of(row, 'BPBD').id}", kind="rule.11", state="armed").exists()
    assert Notification.objects.filter(kind="task.refused", target="role:duty_officer").exists()
    refuse_task(actor=dispatcher.at_desk("D1"), task=task_of(row, "BPBD").id, reason="alat rusak")
    assert len(states(row)) == 4, "nobody is left to ask; the duty officer knows"


def test_a_refused_task_is_offered_again_as_itself(call_taker, dispatcher, agency_desk):
    row = opened(call_taker, type="F01")
    task = refuse_task(actor=agency_desk, task=task_of(row, "DAMKAR").id, reason="semua keluar")
    again, made = offer_task(actor=dispatcher.at_desk("D1"), incident=row.id, agency="DAMKAR")
    assert (again.pk, again.state, made) == (task.pk, "offered", True)
    assert Timer.objects.filter(subject=f"task:{task.id}", state="armed").exists()


def test_an_agency_has_one_task_at_a_time_in_an_incident(call_taker, dispatcher, agency_desk):
    row = opened(call_taker, type="F01")
    with pytest.raises(Conflict) as refused:
        offer_task(actor=dispatcher.at_desk("D1"), incident=row.id, agency="DAMKAR")
    assert (refused.value.code, refused.value.extra["task"]["state"]) == ("task_exists", "offered")
    accept_task(actor=agency_desk, task=task_of(row, "DAMKAR").id)
    finish_task(actor=agency_desk, task=task_of(row, "DAMKAR").id)
    _, made = offer_task(actor=dispatcher.at_desk("D1"), incident=row.id, agency="DAMKAR")
    assert made
    assert [task["state"] for task in form(row)["tasks"] if task["agency"] == "DAMKAR"] == ["done", "offered"]


def test_offered_twice_with_one_id_is_offered_once(call_taker, dispatcher):
    row, key = opened(call_taker), uuid.uuid4()
    words = {"actor": dispatcher.at_desk("D1"), "incident": row.id, "agency": "PLN", "id": key}
    assert [offer_task(**words)[1], offer_task(**words)[1]] == [True, False]
    assert task_of(row, "PLN").id == key


def test_an_agency_may_ask_a_second_one_once_it_has_accepted_its_own(call_taker, agency_desk):
    row = opened(call_taker, type="F01")
    words = {"actor": agency_desk, "incident": row.id, "agency": "BPBD"}
    with pytest.raises(Refused, match="own_task_not_accepted"):
        offer_task(**words)
    accept_task(actor=agency_desk, task=task_of(row, "DAMKAR").id)
    task, _ = offer_task(**words)
    assert withdraw_task(actor=agency_desk, task=task.id).state == "withdrawn"
    with pytest.raises(Refused, match="not_your_task"):
        withdraw_task(actor=agency_desk, task=task_of(row, "PLN").id)


def test_a_withdrawn_task_takes_the_agencys_sight_and_the_fact_still_names_it(call_taker, dispatcher, outsider):
    row = opened(call_taker, type="F01")
    withdraw_task(actor=dispatcher.at_desk("D1"), task=task_of(row, "PLN").id)
    with pytest.raises(Conflict, match="withdrawn -> accepted"):
        accept_task(actor=outsider, task=task_of(row, "PLN").id)
    [fact] = [each for each in event_log.about(f"incident:{row.id}") if each.kind == "task.withdrawn"]
    assert f"agency:{outsider.agency}" in fact.subjects
    notifications = Notification.objects.filter(kind="task.withdrawn", target=f"agency:{outsider.agency}")
    assert notifications.exists()


def test_an_unanswered_task_raises_rule_eleven_for_the_centre_and_its_agency(call_taker, clock):
    row = opened(call_taker, type="F01")
    clock.advance(seconds=31)
    fire("rule.11")
    alarm = Alarm.objects.get(subject=f"task:{task_of(row, 'DAMKAR').id}")
    assert (alarm.level, alarm.agencies) == (1, [task_of(row, "DAMKAR").agency_id])
    assert (alarm.params["agency"], alarm.params["number"]) == ("DAMKAR", str(row.number))


def test_a_unit_of_the_agency_that_acknowledges_accepts_its_task(call_taker, dispatcher, clock):
    row = opened(call_taker, type="F01")
    clock.advance(seconds=31)
    fire("rule.11")
    sent(dispatcher, row, "DMK1")
    assert states(row)["DAMKAR"] == "offered"
    reports(dispatcher, "DMK1", "acknowledged")
    assert (states(row)["DAMKAR"], states(row)["PLN"]) == ("accepted", "offered")
    assert not Alarm.objects.filter(subject=f"task:{task_of(row, 'DAMKAR').id}").exclude(state="closed").exists()
    [fact] = [each for each in event_log.about(f"incident:{row.id}") if each.kind == "task.accepted"]
    assert fact.data["callsign"] == "DMK1"


def test_an_unanswered_task_names_whom_to_telephone_and_who_else_can_do_it(call_taker, clock):
    row = opened(call_taker, type="M02")
    agency = task_of(row, "PSC119").agency
    at = time.now()
    for code, kind, number in (("PSCDO", "duty_officer", "+6281230000001"), ("PSC", "agency", "119")):
        Contact.objects.create(
            centre=row.centre, code=code, name=f"PSC {kind}", agency=agency, kind=kind, numbers=[number], changed_at=at
        )
    clock.advance(seconds=121)
    fire("rule.11")
    alarm = Alarm.objects.get(rule=11, subject=f"task:{task_of(row, 'PSC119').id}")
    assert (alarm.params["contact"], alarm.params["telephone"]) == ("PSC agency", "119")
    assert alarm.params["others"] == ["DINKES"]


def test_an_agency_asked_in_addition_leaves_the_first_offer_and_each_sees_the_other(call_taker, dispatcher, api, clock):
    row = opened(call_taker, type="M02")
    first = task_of(row, "PSC119")
    clock.advance(seconds=31)
    fire("rule.11")
    offer_task(actor=dispatcher.at_desk("D1"), incident=row.id, agency="DINKES")
    assert (states(row)["PSC119"], states(row)["DINKES"]) == ("offered", "offered")
    assert Alarm.objects.get(rule=11, subject=f"task:{first.id}").state == "open"
    assert Timer.objects.filter(kind="rule.11", subject=f"task:{first.id}", state="armed").exists()
    for code in ("PSC119", "DINKES"):
        agency = api(scopes=["incidents"], agency=code)
        shown = {task["agency"]: task["state"] for task in agency.get(f"incidents/{row.id}").json()["tasks"]}
        assert (shown["PSC119"], shown["DINKES"]) == ("offered", "offered")


def test_an_acceptance_closes_the_alarm(call_taker, agency_desk, clock):
    row = opened(call_taker, type="F01")
    clock.advance(seconds=31)
    fire("rule.11")
    task = accept_task(actor=agency_desk, task=task_of(row, "DAMKAR").id)
    assert Alarm.objects.get(subject=f"task:{task.id}").state == "closed"


def test_every_change_of_the_alarm_stands_in_the_incidents_timeline(call_taker, dispatcher, agency_desk, api, clock):
    row = opened(call_taker, type="F01")
    clock.advance(seconds=31)
    fire("rule.11")
    task = task_of(row, "DAMKAR")
    alarm = Alarm.objects.get(subject=f"task:{task.id}")
    acknowledge_alarm(actor=dispatcher.at_desk("D1"), alarm=alarm.id, reason="seen")
    accept_task(actor=agency_desk, task=task.id)
    lines = api(dispatcher).get(f"incidents/{row.id}/timeline").json()["items"]
    about = [line["kind"] for line in lines if line["kind"].startswith("alarm.") and "DAMKAR" in line["text"]]
    assert about == ["alarm.opened", "alarm.acknowledged", "alarm.closed"]


def test_an_answer_entered_late_keeps_its_time(call_taker, agency_desk):
    row = opened(call_taker, type="F01", at=time.now() - timedelta(minutes=10))
    happened = time.now() - timedelta(minutes=8)
    assert accept_task(actor=agency_desk, task=task_of(row, "DAMKAR").id, at=happened).accepted_at == happened


def test_a_program_that_answers_for_units_needs_no_sight_and_no_reason(call_taker, api):
    task = task_of(opened(call_taker, type="F01"), "PLN")
    program = api(scopes=["units"])
    assert program.post(f"tasks/{task.id}/accept").json()["state"] == "accepted"
    assert program.post(f"tasks/{task.id}/withdraw").json()["state"] == "withdrawn"
    assert problem(api(scopes=["board"]).post(f"tasks/{task.id}/accept"), 403)["code"] == "scope_missing"


def test_a_key_of_one_agency_answers_only_for_it(call_taker, api):
    row = opened(call_taker, type="F01")
    program = api(scopes=["incidents"], agency="PLN")
    assert program.post(f"tasks/{task_of(row, 'PLN').id}/accept").json()["state"] == "accepted"
    assert problem(program.post(f"tasks/{task_of(row, 'DAMKAR').id}/accept"), 403)["code"] == "not_your_task"
    sick = opened(call_taker, type="M01")
    assert problem(program.post(f"tasks/{task_of(sick, 'PSC119').id}/accept"), 404)["code"] == "not_found"


def test_the_endpoint_offers_and_names_the_task_that_exists(call_taker, dispatcher, api):
    row = opened(call_taker, type="F01")
    desk = api(dispatcher)
    made = desk.post(f"incidents/{row.id}/tasks", {"agency": "BPBD"})
    assert made.status_code == 201
    assert made.json()["incident"] == {"id": str(row.id), "number": str(row.number)}
    refused = problem(desk.post(f"incidents/{row.id}/tasks", {"agency": "BPBD"}), 409)
    assert (refused["code"], refused["task"]["id"]) == ("task_exists", made.json()["id"])
    assert problem(desk.post(f"incidents/{row.id}/tasks", {"agency": "NASA"}), 422)["code"] == "agency_unknown"
    assert problem(desk.post(f"tasks/{made.json()['id']}/refuse", {}), 422)["errors"][0]["field"] == "reason"


def test_who_has_no_part_in_tasks_is_refused(call_taker, auditor):
    row = opened(call_taker, type="F01")
    for actor in (call_taker, auditor):
        assert isinstance(actor, Actor)
        with pytest.raises(Refused):
            offer_task(actor=actor, incident=row.id, agency="BPBD")
