from __future__ import annotations

from datetime import timedelta

import pytest

from alarms.models import Alarm
from config.registry import registry
from core import clock as time
from core import timers
from core.firing.rounds import fire_due
from core.models import Event
from dispatch.actions.edits import edit_incident
from dispatch.models import Assignment
from dispatch.states import ACTIVE
from tests.dispatch.fleet import opened, reports, sent, unit

pytestmark = pytest.mark.usefixtures("still_time")


def alarms(rule: int) -> list[Alarm]:
    return list(Alarm.objects.filter(rule=rule).exclude(state="closed"))


def test_a_unit_that_does_not_answer_raises_an_alarm_that_its_answer_closes(fresh_database, dispatcher, crew, clock):
    assignment = sent(dispatcher, opened(dispatcher), "DMK1")
    fire_due(registry)
    assert alarms(5) == []
    clock.advance(31)
    fire_due(registry)
    (alarm,) = alarms(5)
    assert (alarm.level, alarm.subject, alarm.priority) == (1, f"assignment:{assignment.id}", 1)
    assert alarm.params["callsign"] == "DMK1"
    assert f"unit:{unit('DMK1').id}" in Event.objects.get(kind="alarm.opened", data__rule=5).subjects
    clock.advance(30)
    fire_due(registry)
    assert alarms(5)[0].level == 2
    reports(crew, "DMK1", "acknowledged")
    assert alarms(5) == []


def test_a_unit_that_answers_and_does_not_leave_raises_another(fresh_database, dispatcher, crew, clock):
    sent(dispatcher, opened(dispatcher), "DMK1")
    reports(crew, "DMK1", "acknowledged")
    clock.advance(91)
    fire_due(registry)
    assert [alarm.level for alarm in alarms(6)] == [1]
    reports(crew, "DMK1", "en_route")
    assert alarms(6) == []


def test_another_priority_re_arms_from_the_same_base(fresh_database, dispatcher):
    incident = opened(dispatcher)
    assignment = sent(dispatcher, incident, "DMK1")
    edit_incident(
        actor=dispatcher.at_desk("D1"), incident=incident.id, version=incident.version, changes={"priority": 3}
    )
    armed = timers.armed(f"assignment:{assignment.id}", "rule.5")
    assert armed is not None
    assert armed.due_at == assignment.dispatched_at + timedelta(seconds=120)


def test_a_late_assignment_raises_nothing_that_is_past(fresh_database, dispatcher):
    at = time.now() - timedelta(seconds=3600)
    assignment = sent(dispatcher, opened(dispatcher, at=at), "DMK1", at=at)
    fire_due(registry)
    assert alarms(5) == []
    assert Event.objects.filter(kind="alarm.missed", subjects__contains=[f"assignment:{assignment.id}"]).exists()


def test_a_unit_that_is_diverted_is_watched_where_it_goes_now(fresh_database, dispatcher, clock):
    sent(dispatcher, opened(dispatcher), "DMK1")
    clock.advance(31)
    fire_due(registry)
    sent(dispatcher, opened(dispatcher), "DMK1", divert=True)
    assert alarms(5) == []
    clock.advance(31)
    fire_due(registry)
    active = Assignment.objects.get(unit__callsign="DMK1", status__in=ACTIVE)
    assert [alarm.subject for alarm in alarms(5)] == [f"assignment:{active.id}"]
