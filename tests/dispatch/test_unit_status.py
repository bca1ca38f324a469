from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from core import clock as time
from core import event_log
from core.errors import Conflict, Invalid, Refused, Unknown
from core.models import Event
from dispatch.models import Assignment, Incident
from dispatch.states import AssignmentStatus
from tests.dispatch.fleet import one_fact, opened, put_into, reports, sent, unit
from units.models import StatusReason, Unit
from units.states import ASSIGNED, STEPS, UnitStatus

pytestmark = pytest.mark.django_db

FREE_STEPS = [
    (before, after)
    for before in UnitStatus
    for after in UnitStatus
    if before not in ASSIGNED and after not in ASSIGNED and before != after
]
ASSIGNED_STEPS = [(before, after) for before in ASSIGNED for after in UnitStatus if before != after]


@pytest.mark.parametrize(("before", "after"), FREE_STEPS)
def test_a_unit_without_an_assignment_goes_only_where_the_table_lets_it(dispatcher, before, after):
    put_into("DMK2", before)
    if STEPS.may(before, after):
        assert reports(dispatcher, "DMK2", after).status == after
        assert unit("DMK2").status == after
    else:
        with pytest.raises(Conflict) as refused:
            reports(dispatcher, "DMK2", after)
        assert refused.value.code == "step_not_allowed"
        assert refused.value.extra["allowed"] == [step for step in STEPS.allowed(before) if step != "dispatched"]
        assert unit("DMK2").status == before


@pytest.mark.parametrize(("before", "after"), ASSIGNED_STEPS)
def test_a_unit_on_an_assignment_goes_only_where_the_table_lets_it(dispatcher, before, after):
    assignment = sent(dispatcher, opened(dispatcher), "DMK2")
    put_into("DMK2", before)
    Assignment.objects.filter(id=assignment.id).update(status=before)
    if STEPS.may(before, after) and after != UnitStatus.DISPATCHED:
        assert reports(dispatcher, "DMK2", after).status == after
    else:
        with pytest.raises(Conflict, match="->"):
            reports(dispatcher, "DMK2", after)
    one_fact("DMK2")


def test_a_report_moves_the_assignment_and_the_incident_along(dispatcher, crew):
    incident = opened(dispatcher)
    assignment = sent(dispatcher, incident, "DMK1")
    for status in ("acknowledged", "en_route", "on_scene"):
        reports(crew, "DMK1", status)
        one_fact("DMK1")
    assignment.refresh_from_db()
    incident.refresh_from_db()
    assert assignment.acknowledged_at <= assignment.en_route_at <= assignment.on_scene_at
    assert assignment.staging_at is None
    assert incident.state == "on_scene"
    assert incident.first_on_scene_at == assignment.on_scene_at


def test_the_same_status_again_returns_quietly(dispatcher):
    sent(dispatcher, opened(dispatcher), "DMK2")
    reports(dispatcher, "DMK2", "en_route")
    head = event_log.last_seq()
    reports(dispatcher, "DMK2", "en_route")
    assert event_log.last_seq() == head


@pytest.mark.parametrize(
    ("reached", "outcome"),
    [
        ((), "cancelled"),
        (("en_route",), "cancelled"),
        (("on_scene",), "cleared"),
        (("en_route", "transporting"), "cleared"),
    ],
)
def test_an_assignment_ends_cleared_only_if_the_scene_was_reached(dispatcher, reached, outcome):
    assignment = sent(dispatcher, opened(dispatcher), "PSC1")
    for status in reached:
        reports(dispatcher, "PSC1", status)
    reports(dispatcher, "PSC1", "available_mobile")
    assignment.refresh_from_db()
    assert assignment.status == outcome
    assert assignment.cleared_at is not None


def test_a_crew_that_does_not_go_has_refused_and_gives_the_reason_in_sealed_text(dispatcher, crew):
    assignment = sent(dispatcher, opened(dispatcher), "DMK1")
    reports(crew, "DMK1", "available_station", reason="ban kempes")
    assignment.refresh_from_db()
    assert assignment.status == AssignmentStatus.REFUSED
    assert StatusReason.objects.get(unit=assignment.unit).text == "ban kempes"
    assert not Event.objects.filter(body__contains="kempes").exists()


@pytest.mark.parametrize(
    ("digit", "before", "after"),
    [
        ("1", "available_station", "available_mobile"),
        ("2", "returning", "available_station"),
        ("6", "available_station", "off_duty"),
    ],
)
def test_fms_digits_of_a_free_unit(dispatcher, digit, before, after):
    put_into("DMK2", before)
    assert reports(dispatcher, "DMK2", digit).status == after


def test_fms_digits_of_a_unit_on_its_way(dispatcher):
    sent(dispatcher, opened(dispatcher, type="M01"), "PSC1")
    steps = [("3", "en_route"), ("4", "on_scene"), ("7", "transporting"), ("8", "at_destination"), ("1", "returning")]
    for digit, status in steps:
        assert reports(dispatcher, "PSC1", digit).status == status


def test_fms_6_with_a_reason_is_out_of_service(dispatcher):
    assert reports(dispatcher, "DMK2", "6", reason="mesin").status == UnitStatus.OUT_OF_SERVICE


def test_fms_1_before_the_scene_frees_the_unit(dispatcher):
    sent(dispatcher, opened(dispatcher), "DMK2")
    assert reports(dispatcher, "DMK2", "1").status == UnitStatus.AVAILABLE_MOBILE


def test_fms_5_and_0_are_flags_and_leave_the_status_alone(dispatcher, supervisor):
    assert reports(dispatcher, "DMK2", "5").talk_request_at is not None
    row = reports(dispatcher, "DMK2", "0")
    assert row.emergency_at is not None
    assert row.status == UnitStatus.AVAILABLE_STATION


@pytest.mark.parametrize("word", ["C", "9", "terbang", "stacked", "8F"])
def test_a_word_that_is_no_status_is_named_as_wrong(dispatcher, word):
    with pytest.raises(Invalid) as refused:
        reports(dispatcher, "DMK2", word)
    assert refused.value.code == "status_unknown"


def test_a_supervisor_forces_a_step_with_a_reason_and_the_log_records_it(supervisor):
    put_into("DMK2", "off_duty")
    with pytest.raises(Invalid, match="reason_required"):
        reports(supervisor, "DMK2", "available_mobile", force=True)
    reports(supervisor, "DMK2", "available_mobile", force=True, reason="salah tekan")
    assert Event.objects.filter(kind="unit.status_changed").latest("seq").data["forced"] is True


def test_forcing_off_duty_ends_the_assignment(dispatcher, supervisor):
    assignment = sent(dispatcher, opened(dispatcher), "DMK2")
    reports(supervisor, "DMK2", "off_duty", force=True, reason="sakit")
    assignment.refresh_from_db()
    assert assignment.status == AssignmentStatus.CANCELLED
    one_fact("DMK2")


def test_a_forced_step_back_leaves_the_stamps_as_they_are(dispatcher, supervisor):
    assignment = sent(dispatcher, opened(dispatcher), "DMK2")
    reports(dispatcher, "DMK2", "on_scene")
    assignment.refresh_from_db()
    before = assignment.on_scene_at
    reports(supervisor, "DMK2", "acknowledged", force=True, reason="salah tekan")
    assignment.refresh_from_db()
    assert (assignment.status, assignment.on_scene_at, assignment.acknowledged_at) == ("acknowledged", before, None)


def test_nobody_is_forced_onto_an_assignment_that_is_not_there(supervisor):
    with pytest.raises(Conflict, match="no_assignment"):
        reports(supervisor, "DMK2", "en_route", force=True, reason="?")


def test_a_dispatcher_may_not_force(dispatcher):
    with pytest.raises(Refused):
        reports(dispatcher, "DMK2", "off_duty", force=True, reason="?")


def test_a_late_report_fills_its_stamp_and_moves_nothing_back(dispatcher, clock):
    assignment = sent(dispatcher, opened(dispatcher), "DMK2")
    clock.advance(600)
    reports(dispatcher, "DMK2", "on_scene")
    arrived_at = time.now()
    left_at = arrived_at - timedelta(seconds=300)
    assert reports(dispatcher, "DMK2", "en_route", at=left_at).status == UnitStatus.ON_SCENE
    assignment.refresh_from_db()
    assert assignment.en_route_at == left_at
    assert assignment.status == AssignmentStatus.ON_SCENE
    fact = Event.objects.filter(kind="assignment.stamped").latest("seq")
    assert fact.at == left_at
    assert fact.recorded_at > left_at + timedelta(seconds=299)
    assert fact.data["late"] is True


def test_a_late_report_of_an_ended_assignment_fills_its_stamp_too(dispatcher, clock):
    assignment = sent(dispatcher, opened(dispatcher), "DMK2")
    clock.advance(600)
    reports(dispatcher, "DMK2", "available_mobile")
    at = time.now() - timedelta(seconds=200)
    reports(dispatcher, "DMK2", "on_scene", at=at)
    assignment.refresh_from_db()
    assert assignment.on_scene_at == at
    assert unit("DMK2").status == UnitStatus.AVAILABLE_MOBILE


def test_a_late_report_that_contradicts_the_stamps_is_refused(dispatcher, clock):
    sent(dispatcher, opened(dispatcher), "DMK2")
    clock.advance(600)
    reports(dispatcher, "DMK2", "acknowledged")
    clock.advance(600)
    reports(dispatcher, "DMK2", "en_route")
    with pytest.raises(Conflict, match="out_of_order"):
        reports(dispatcher, "DMK2", "on_scene", at=time.now() - timedelta(seconds=300))
    with pytest.raises(Conflict, match="already_stamped"):
        reports(dispatcher, "DMK2", "acknowledged", at=time.now() - timedelta(seconds=900))
    with pytest.raises(Conflict, match="out_of_order"):
        reports(dispatcher, "DMK2", "available_mobile", at=time.now() - timedelta(seconds=300))


def test_a_gateway_clock_a_little_behind_reports_from_the_moment_of_dispatch(dispatcher, clock):
    assignment = sent(dispatcher, opened(dispatcher), "DMK2")
    clock.advance(90)
    sent_at = assignment.dispatched_at
    with pytest.raises(Conflict, match="before_dispatch") as refused:
        reports(dispatcher, "DMK2", "acknowledged", at=sent_at - timedelta(seconds=61))
    assert "sent" in refused.value.extra  # the error speaks of the time
    reports(dispatcher, "DMK2", "acknowledged", at=sent_at - timedelta(seconds=2))
    assignment.refresh_from_db()
    assert (assignment.status, assignment.acknowledged_at) == ("acknowledged", sent_at)
    reports(dispatcher, "DMK2", "en_route")
    reports(dispatcher, "DMK2", "acknowledged", at=sent_at - timedelta(seconds=59))  # again: nothing new
    assert Event.objects.filter(kind="assignment.stamped").count() == 0


def test_a_late_status_before_the_dispatch_fills_its_stamp_behind_a_later_one(dispatcher, clock):
    assignment = sent(dispatcher, opened(dispatcher), "DMK2")
    clock.advance(90)
    reports(dispatcher, "DMK2", "en_route")
    reports(dispatcher, "DMK2", "acknowledged", at=assignment.dispatched_at - timedelta(seconds=30))
    assignment.refresh_from_db()
    assert (assignment.status, assignment.acknowledged_at) == ("en_route", assignment.dispatched_at)


def test_a_report_from_before_the_present_status_is_history(dispatcher, clock):
    clock.advance(3600)
    reports(dispatcher, "DMK2", "available_mobile")
    reports(dispatcher, "DMK2", "out_of_service", at=time.now() - timedelta(seconds=1800))
    assert unit("DMK2").status == UnitStatus.AVAILABLE_MOBILE


def test_a_report_from_the_future_is_refused_but_a_crews_telephone_is_forgiven(dispatcher, crew):
    ahead = time.now() + timedelta(minutes=5)
    with pytest.raises(Invalid, match="time_in_future"):
        reports(dispatcher, "DMK2", "available_mobile", at=ahead)
    row = reports(crew, "DMK1", "available_mobile", at=ahead)
    assert row.status_at < ahead
    assert Event.objects.filter(kind="unit.status_changed").latest("seq").data["skew_seconds"] in {299, 300}


def test_on_scene_without_an_assignment_opens_an_incident_where_the_unit_is(crew):
    put_into("DMK1", "available_mobile")
    reports(crew, "DMK1", "on_scene")
    one_fact("DMK1")
    assignment = Assignment.objects.get(unit__callsign="DMK1")
    incident = Incident.objects.get(id=assignment.incident_id)
    assert (incident.type_id, incident.state) == ("X00", "on_scene")
    assert incident.lat == unit("DMK1").station.lat
    assert assignment.acknowledged_at is None
    assert assignment.dispatched_at == assignment.on_scene_at


def test_who_may_report_what(dispatcher, crew, agency_desk, call_taker, auditor, admin, outsider):
    for actor in (call_taker, auditor, admin):
        with pytest.raises(Refused):
            reports(actor, "DMK1", "available_mobile")
    for actor, callsign in ((crew, "DMK2"), (agency_desk, "PSC1"), (outsider, "DMK1")):
        with pytest.raises(Unknown):
            reports(actor, callsign, "available_mobile")
    reports(agency_desk, "DMK2", "available_mobile")
    reports(crew, "DMK1", "available_mobile")


def test_a_status_is_taken_back_only_while_the_unit_is_still_in_it(api, dispatcher, supervisor):
    client = api(dispatcher)

    def report(status, **more):
        return client.post("units/DMK2/status", {"status": status} | more)

    seen = report("available_mobile").json()
    known = {"status": seen["status"], "status_at": seen["status_at"]}
    reports(supervisor, "DMK2", "off_duty")
    refused = report("available_station", expected=known)
    assert (refused.status_code, refused.json()["code"], refused.json()["state"]) == (409, "moved_on", "off_duty")
    for status in ("available_station", "available_mobile"):  # the same status in the end, but not the one that was set
        reports(supervisor, "DMK2", status)
    assert report("available_station", expected=known).status_code == 409
    assert unit("DMK2").status == "available_mobile"
    now = client.get("units/DMK2").json()
    known = {"status": now["status"], "status_at": now["status_at"]}
    assert [report("available_station", expected=known).status_code for _ in range(2)] == [200, 200]


def test_what_a_telephone_kept_and_sends_all_over_again_changes_and_records_nothing_twice(api, crew, supervisor):
    client, long_ago = api(crew), time.now() - timedelta(minutes=20)
    acts = [
        ("status", {"status": "available_mobile"}),
        ("talk-request", {"active": True}),
        ("talk-request", {"active": False}),
        ("status", {"status": "available_station"}),
        ("emergency", {}),
    ]
    sent = [
        (path, body | {"id": str(uuid.uuid4()), "at": (long_ago + timedelta(minutes=minute)).isoformat()})
        for minute, (path, body) in enumerate(acts)
    ]
    put_into("DMK1", "available_station")
    Unit.objects.filter(callsign="DMK1").update(status_at=long_ago - timedelta(minutes=1))
    assert [client.post(f"units/DMK1/{path}", body).status_code for path, body in sent] == [200] * len(sent)
    api(supervisor).post("units/DMK1/emergency", {"active": False, "spoken_with": "Budi"})
    before, facts = unit("DMK1"), Event.objects.count()
    assert [client.post(f"units/DMK1/{path}", body).status_code for path, body in sent] == [200] * len(sent)
    after = unit("DMK1")
    assert Event.objects.count() == facts
    assert (after.status, after.status_at) == (before.status, before.status_at)
    assert (after.talk_request_at, after.emergency_at) == (None, None)
    stolen = api(supervisor).post("units/DMK1/status", {"status": "off_duty", "id": sent[0][1]["id"]})
    assert (stolen.status_code, stolen.json()["code"]) == (409, "id_taken")
