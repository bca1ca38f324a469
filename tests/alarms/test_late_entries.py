"""Late entries: what still holds is raised once, marked late; what is older, or over, is missed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.actors import Actor
from alarms.actions import unwatch
from alarms.models import Alarm
from config.registry import registry
from core import clock as time
from core import events
from core.firing.rounds import fire_due
from core.models import Event
from dispatch.actions.incidents import open_incident
from dispatch.domain.location import Location
from tests.alarms.place import RULE, SUBJECT, Place
from tests.calls.exchange import Exchange
from tests.conftest import Clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(db: None, clock: Clock) -> Place:
    return Place(clock)


def test_a_late_entry_whose_condition_holds_raises_its_highest_due_level_once_marked_late(place: Place) -> None:
    place.watch(ago_seconds=100, late_entry=True)
    raised = place.after(1)
    assert raised
    assert (raised.late, place.levels()) == (True, [2])
    assert Event.objects.get(kind="alarm.opened").data["late"] is True
    place.after(80)
    assert place.levels() == [2, 3]
    assert not Event.objects.filter(kind="alarm.missed").exists()


def test_an_entry_up_to_an_hour_behind_is_raised_and_an_older_one_is_missed(place: Place) -> None:
    place.watch(ago_seconds=3590, late_entry=True)
    assert place.after(0)
    with events.transaction():
        unwatch(RULE, SUBJECT)
    place.watch(ago_seconds=3610, late_entry=True)
    assert place.after(1) is None
    assert (place.levels(), Event.objects.get(kind="alarm.missed").data["levels"]) == ([3], [1, 2, 3])


def test_steps_of_a_late_entry_that_ends_at_once_are_missed(place: Place) -> None:
    place.watch(ago_seconds=61, priority=1, late_entry=True)
    with events.transaction():
        unwatch(RULE, SUBJECT)
    assert Event.objects.get(kind="alarm.missed").data["levels"] == [1]
    assert place.after(30) is None


def test_a_late_entry_whose_condition_ended_before_anybody_could_see_it_is_missed(place: Place) -> None:
    place.watch(ago_seconds=100, late_entry=True)
    place.standing.clear()
    assert place.after(0) is None
    assert Event.objects.get(kind="alarm.missed").data["levels"] == [1, 2]


def test_an_exchange_whose_clock_is_a_minute_behind_does_not_silence_rule_1(call_taker: Actor) -> None:
    call = Exchange().say("ringing", -62)
    fire_due(registry)
    alarm = Alarm.objects.get(rule=1, subject=f"call:{call.id}")
    assert (alarm.level, alarm.late, alarm.state) == (3, True, "open")


def test_an_incident_that_a_program_opens_five_minutes_late_rises_once_at_level_3(dispatcher: Actor) -> None:
    at = time.now() - timedelta(seconds=300)
    row, _ = open_incident(actor=dispatcher, type="F01", location=Location(text="Kalianget"), at=at)
    fire_due(registry)
    alarm = Alarm.objects.get(rule=2, subject=f"incident:{row.id}")
    assert (alarm.level, alarm.late) == (3, True)
    emitted = Event.objects.filter(subjects__contains=[alarm.subject], kind__startswith="alarm.", data__rule=2)
    assert [event.kind for event in emitted] == ["alarm.opened"]
