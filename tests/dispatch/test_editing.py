"""Changing an incident: versions refuse only what collides, a new type brings its plan, rules count anew."""

from __future__ import annotations

from datetime import timedelta

import pytest

from alarms.models import Alarm
from core import event_log
from core.errors import Conflict, Invalid, Refused, Unknown, VersionRequired
from core.models import Timer
from dispatch.actions.edits import edit_incident
from dispatch.actions.tasks import accept_task, refuse_task
from dispatch.models import Incident, Note
from tests.dispatch.caller_texts import PLACE, fire, form, opened, problem, states, task_of

pytestmark = pytest.mark.django_db


def edited(actor, row, version=1, **changes):
    return edit_incident(actor=actor.at_desk("D1"), incident=row.id, version=version, changes=changes)


def due(row, rule):
    return Timer.objects.get(kind=f"rule.{rule}", subject=f"incident:{row.id}", state="armed").due_at - row.created_at


def test_disjoint_edits_of_the_same_version_merge(call_taker, dispatcher):
    row = opened(call_taker, type="F01")
    edited(call_taker, row, location={"text": "Jl. Trunojoyo"})
    after = edited(dispatcher, row, priority=2)
    assert (after.location_text, after.priority, after.version) == ("Jl. Trunojoyo", 2, 3)


def test_two_edits_of_one_field_collide_and_the_second_learns_what_and_who(call_taker, dispatcher):
    row = opened(call_taker, type="F01")
    edited(dispatcher, row, priority=2)
    with pytest.raises(Conflict) as refused:
        edited(call_taker, row, priority=3, priority_reason="asap tipis")
    assert refused.value.code == "version_conflict"
    [conflict] = refused.value.extra["conflicts"]
    assert (conflict["field"], conflict["yours"], conflict["theirs"], conflict["by"]) == (
        "priority", 3, 2, dispatcher.ref,
    )  # fmt: skip
    assert Incident.objects.get(pk=row.pk).priority_reason is None


def test_two_who_say_the_same_dont_collide(call_taker, dispatcher):
    row = opened(call_taker)
    edited(dispatcher, row, type="F01")
    assert edited(call_taker, row, type="F01").version == 2


def test_without_a_version_an_edit_is_refused_but_words_never_are(call_taker):
    row = opened(call_taker)
    with pytest.raises(VersionRequired):
        edited(call_taker, row, version=None, priority=1)
    words = {"actor": call_taker.at_desk("CT1"), "incident": row.id, "version": None, "changes": {}}
    assert edit_incident(**words, narrative="asap hitam").narrative == "asap hitam"
    assert edit_incident(**words, narrative="api terlihat").narrative == "asap hitam"
    assert list(Note.objects.filter(incident=row).values_list("text", flat=True)) == ["api terlihat"]


def test_a_new_type_brings_its_priority_and_its_plan(call_taker):
    row = opened(call_taker)
    after = edited(call_taker, row, type="F01")
    assert (after.priority, after.plan.type_id) == (1, "F01")
    assert states(row) == dict.fromkeys(["DAMKAR", "PSC119", "PLN", "POLRES", "PDAM"], "offered")


def test_a_chosen_priority_stays_when_the_type_changes(call_taker):
    row = opened(call_taker, priority=3)
    assert edited(call_taker, row, type="F01").priority == 3


def test_tasks_the_new_plan_doesnt_know_are_withdrawn_unless_somebody_has_answered(call_taker, agency_desk, dispatcher):
    row = opened(call_taker, type="F01")
    accept_task(actor=agency_desk, task=task_of(row, "DAMKAR").id)
    accept_task(actor=dispatcher.at_desk("D1"), task=task_of(row, "PLN").id, reason="lewat telepon")
    edited(dispatcher, row, version=1, type="H01")
    assert states(row) == {
        "DAMKAR": "accepted", "PSC119": "withdrawn", "PLN": "accepted", "POLRES": "withdrawn", "PDAM": "withdrawn",
    }  # fmt: skip


def test_a_new_priority_re_arms_the_rule_from_the_same_base(call_taker, dispatcher, clock):
    row = opened(call_taker, type="F01")
    assert due(row, 2) == timedelta(seconds=60)
    clock.advance(seconds=20)
    edited(dispatcher, row, priority=3)
    assert due(row, 4) == timedelta(seconds=300)
    assert not Timer.objects.filter(kind="rule.2", subject=f"incident:{row.id}", state="armed").exists()
    offered = task_of(row, "PLN")
    again = Timer.objects.get(kind="rule.11", subject=f"task:{offered.id}", state="armed")
    assert again.due_at - offered.offered_at == timedelta(seconds=120)


def test_a_dispatcher_who_confirms_or_changes_what_it_is_has_triaged_it_and_keeps_it(call_taker, dispatcher):
    row = opened(call_taker, type="F01")
    assert edited(call_taker, row, location={"lat": -7.01, "lng": 113.86}).state == "new"
    after = edited(dispatcher, row, version=2, type="F01")
    assert (after.state, after.version, after.owner_id) == ("triaged", 2, dispatcher.user)
    assert edited(dispatcher, row, version=2, priority_reason="terlihat dari jauh").state == "triaged"


def test_a_place_that_changes_must_be_read_back_again(call_taker):
    row = opened(call_taker)
    assert edited(call_taker, row, location={"verified": True}).verified
    after = edited(call_taker, row, version=2, location={"text": "Jl. Trunojoyo"})
    assert (after.verified, after.lat) == (False, PLACE["lat"])


def test_a_type_that_is_restricted_takes_the_words_out_of_the_form(call_taker, dispatcher):
    row = opened(call_taker, type="X00", narrative="kata-kata")
    edited(dispatcher, row, type="S08")
    shown = form(row)
    assert (shown["type"], shown["narrative"], shown["restricted"]) == ("S", None, True)
    edits = [fact for fact in event_log.about(f"incident:{row.id}") if fact.kind == "incident.edited"]
    assert [fact.data["type"] for fact in edits] == [{"from": "X00", "to": "S"}]


def test_only_a_supervisor_takes_an_incident_over(call_taker, dispatcher, supervisor):
    row = opened(dispatcher)
    with pytest.raises(Refused):
        edited(call_taker, row, owner=call_taker.user)
    with pytest.raises(Invalid, match="not_a_dispatcher"):
        edited(dispatcher, row, owner=call_taker.user)
    assert edited(supervisor, row, owner=supervisor.user).owner_id == supervisor.user
    with pytest.raises(Refused, match="take_over_refused"):
        edited(dispatcher, row, version=2, owner=dispatcher.user)


def test_an_open_alarm_follows_the_new_priority(call_taker, dispatcher, clock):
    row = opened(call_taker, type="F01")
    clock.advance(seconds=61)
    fire("rule.2")
    assert Alarm.objects.get(subject=f"incident:{row.id}").level == 1
    edited(dispatcher, row, priority=5)
    assert Alarm.objects.get(subject=f"incident:{row.id}").state == "closed"


def test_an_agency_that_has_refused_is_not_asked_again_by_a_new_plan(call_taker, agency_desk, dispatcher):
    row = opened(call_taker, type="F01")
    refuse_task(actor=agency_desk, task=task_of(row, "DAMKAR").id, reason="semua keluar")
    edited(dispatcher, row, type="F02")
    assert states(row)["DAMKAR"] == "refused"


def test_the_endpoint_wants_a_version_and_names_the_collision(call_taker, dispatcher, api):
    row = opened(call_taker, type="F01")
    desk = api(dispatcher)
    path = f"incidents/{row.id}"
    assert problem(desk.patch(path, {"priority": 2}), 428)["code"] == "version_required"
    assert desk.patch(path, {"version": 1, "priority": 2}).json()["version"] == 2
    refused = problem(api(call_taker).patch(path, {"version": 1, "priority": 3}), 409)
    assert refused["code"] == "version_conflict"
    assert refused["conflicts"][0]["theirs"] == 2
    assert problem(desk.patch(path, {"version": 2, "priority": None}), 422)["code"] == "required"
    assert problem(desk.patch(path, {"version": 2, "location": {"lat": None}}), 422)["code"] == "point_incomplete"


@pytest.mark.parametrize("version", [-1, -(2**63), 2**63, "x"])
def test_a_version_that_no_row_can_have_is_refused(call_taker, dispatcher, api, version):
    row = opened(call_taker, type="F01")
    refused = problem(api(dispatcher).patch(f"incidents/{row.id}", {"version": version, "type": "F02"}), 422)
    assert refused["errors"][0]["field"] == "version"
    with pytest.raises(Conflict, match="version_unknown"):
        edit_incident(actor=dispatcher, incident=row.id, version=-1, changes={"type": "F02"})


def test_whoever_doesnt_see_it_learns_nothing(call_taker, outsider):
    row = opened(call_taker, type="M01")
    with pytest.raises(Unknown):
        edited(outsider, row, priority=1)
