"""Rule 7: nobody on scene by the target, from the first ringing to the first unit that was needed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from alarms.actions import acknowledge_alarm
from alarms.models import Alarm
from calls.actions.calls import open_call
from core import clock as time
from core.models import Timer
from dispatch.actions.edits import edit_incident
from dispatch.actions.incident_state import change_state
from dispatch.actions.reopening import reopen_incident
from dispatch.domain.location import Location
from dispatch.models import Incident
from tests.dispatch.caller_texts import fire, form, opened
from tests.dispatch.fleet import reports, sent

pytestmark = pytest.mark.django_db

KOTA = Location("Jl. Trunojoyo", -7.0099, 113.8769)
AMBUNTEN = Location("Ambunten", -6.8886, 113.7414)
MASALEMBU = Location("Masalembu", -5.5436, 114.4306)
SAPEKEN = Location("Sapeken", -7.0006, 115.7019)


def alarm_of(row):
    return Alarm.objects.filter(subject=f"incident:{row.id}", rule=7).exclude(state="closed").first()


def armed(row):
    return Timer.objects.filter(kind="rule.7", subject=f"incident:{row.id}", state="armed").first()


def clock_of(row):
    return next(each for each in form(row)["clocks"] if each["kind"] == "rule.7")


def seconds_of(row):
    shown = clock_of(row)
    return [(due - shown["from"]).total_seconds() for due in shown["due_at"]]


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ({"type": "M01", "location": KOTA}, 900),
        ({"type": "M01", "location": AMBUNTEN}, 900),
        ({"priority": 2, "location": KOTA}, 900),
        ({"priority": 2, "location": AMBUNTEN}, 2400),
        ({"priority": 3, "location": AMBUNTEN}, 3600),
        ({"priority": 4, "location": AMBUNTEN}, 10800),
    ],
)
def test_the_target_is_of_the_priority_and_a_p2_in_town_is_a_p1s(call_taker, words, seconds):
    row = opened(call_taker, **words)
    assert seconds_of(row) == [seconds, seconds * 1.5, seconds * 2]
    assert armed(row).due_at == clock_of(row)["target_at"] == clock_of(row)["from"] + timedelta(seconds=seconds)


def test_at_sea_and_on_an_island_without_a_unit_somebody_looks_every_half_hour(call_taker, dispatcher, clock):
    at_sea = opened(call_taker, type="L01", location=KOTA)
    based, bare = (
        opened(call_taker, priority=1, location=place)
        for place in (MASALEMBU, Location("Pagerungan", -6.9586, 115.9294))
    )
    assert (seconds_of(at_sea), seconds_of(based)[0], form(bare)["location"]["island"] is not None) == (
        [1800, 3600, 5400], 900, True
    )  # fmt: skip
    assert seconds_of(bare) == [1800, 3600, 5400]
    clock.advance(seconds=1801)
    fire("rule.7")
    alarm = acknowledge_alarm(actor=dispatcher.at_desk("D1"), alarm=alarm_of(at_sea).id, reason="kapal berangkat")
    assert alarm.params["untimed"] is True
    assert alarm.next_at > time.now() + timedelta(seconds=1790)


def test_nobody_is_expected_at_a_complaint_or_where_the_plan_needs_no_unit(call_taker):
    for row in (opened(call_taker, priority=5), opened(call_taker, type="K04")):
        assert armed(row) is None
        assert all(each["kind"] != "rule.7" for each in form(row)["clocks"])


def test_it_counts_from_the_first_ringing_as_the_clock_on_the_screen_does(call_taker, dispatcher, clock):
    call, _ = open_call(actor=call_taker.at_desk("CT1"), number="+6281230987731")
    clock.advance(seconds=100)
    row = opened(call_taker, type="F01", call=call.id)
    assert clock_of(row)["from"] == call.started_at
    clock.advance(seconds=801)
    fire("rule.7")
    alarm = alarm_of(row)
    assert (alarm.level, alarm.base_at, alarm.params["number"]) == (1, call.started_at, str(row.number))
    clock.advance(seconds=450)
    fire("rule.7")
    clock.advance(seconds=450)
    fire("rule.7")
    assert alarm_of(row).level == 3


def test_it_ends_with_the_first_unit_on_scene_that_was_needed(call_taker, dispatcher, clock):
    row = opened(call_taker, type="F01", location=KOTA)
    clock.advance(seconds=901)
    fire("rule.7")
    sent(dispatcher, row, "POL1")
    reports(dispatcher, "POL1", "on_scene")
    assert alarm_of(row).level == 1
    sent(dispatcher, row, "DMK1")
    assert alarm_of(row).level == 1
    reports(dispatcher, "DMK1", "on_scene")
    assert (alarm_of(row), armed(row)) == (None, None)
    assert (
        clock_of(row)["done_at"] == Incident.objects.get(pk=row.pk).assignments.get(unit__callsign="DMK1").on_scene_at
    )


def test_a_stamp_that_is_entered_late_ends_it_too(call_taker, dispatcher, clock):
    row = opened(call_taker, type="M01", location=KOTA)
    sent(dispatcher, row, "PSC1")
    reports(dispatcher, "PSC1", "en_route")
    clock.advance(seconds=300)
    reports(dispatcher, "PSC1", "transporting")
    assert armed(row)
    reports(dispatcher, "PSC1", "on_scene", at=time.now() - timedelta(seconds=100))
    assert armed(row) is None


def test_another_priority_type_or_place_counts_from_the_same_moment(call_taker, dispatcher):
    row = opened(call_taker, priority=2, location=KOTA)
    since = clock_of(row)["from"]
    for changes, seconds in (
        ({"location": {"text": "Ambunten", "lat": -6.8886, "lng": 113.7414}}, 2400),
        ({"priority": 3}, 3600),
        ({"type": "L01"}, 1800),
    ):
        version = form(row)["version"]
        edit_incident(actor=dispatcher.at_desk("D1"), incident=row.id, version=version, changes=changes)
        assert (clock_of(row)["from"], seconds_of(row)[0]) == (since, seconds)
        assert armed(row).due_at == since + timedelta(seconds=seconds)


def test_it_ends_with_the_incident_and_counts_anew_where_that_is_reopened_before_anybody_came(
    call_taker, dispatcher, clock
):
    row = opened(call_taker, type="M01", location=KOTA)
    change_state(actor=dispatcher.at_desk("D1"), incident=row.id, state="cancelled")
    assert armed(row) is None
    clock.advance(seconds=3600)
    reopen_incident(actor=dispatcher.at_desk("D1"), incident=row.id)
    assert armed(row).due_at > time.now() + timedelta(seconds=890)
