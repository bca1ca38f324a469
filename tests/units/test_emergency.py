"""A crew in trouble (FMS 0): rule 9 opens with the flag, rises until a supervisor has it, closes with the flag."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from accounts.actors import Actor
from accounts.models import Agency
from alarms.actions import acknowledge_alarm, snooze_alarm
from alarms.models import Alarm
from alarms.queries import open_alarms
from config.registry import registry
from core import clock as time
from core.clockwork.engine import fire_due
from core.errors import Conflict, Refused
from core.models import Event, Notification
from dispatch.actions.unit_status import report_status
from tests.conftest import Clock
from units.actions.flags import end_emergency, raise_emergency
from units.models import Unit

pytestmark = pytest.mark.django_db


def alarm() -> Alarm:
    return Alarm.objects.get(rule=9)


def after(clock: Clock, seconds: float) -> Alarm:
    clock.set(clock.seconds + seconds)
    fire_due(registry)
    return alarm()


def acknowledge(actor: Actor) -> Alarm:
    return acknowledge_alarm(actor=actor, desk=None, alarm=alarm().id, reason="seen")


def test_the_alarm_stands_in_the_same_transaction_as_the_flag(crew: Actor, agency_desk: Actor) -> None:
    report_status(actor=crew, desk=None, unit="DMK1", status="0")
    raised = alarm()
    assert (raised.level, raised.state, raised.params["callsign"]) == (1, "open", "DMK1")
    facts = Event.objects.filter(subjects__contains=[raised.subject]).order_by("seq").values_list("kind", flat=True)
    assert list(facts)[-2:] == ["unit.emergency_raised", "alarm.opened"]
    assert list(open_alarms(agency_desk)) == [raised]
    another = dataclasses.replace(agency_desk, agency=Agency.objects.get(code="PLN").id)
    assert not open_alarms(another).exists()
    told = set(Notification.objects.values_list("target", flat=True))
    assert told == {"role:dispatcher", f"agency:{agency_desk.agency}"}


def test_unacknowledged_it_rises_to_the_supervisor_and_the_duty_officer(crew: Actor, clock: Clock) -> None:
    raise_emergency(actor=crew, desk=None, unit="DMK1")
    assert after(clock, 9).level == 1
    assert after(clock, 2).level == 2
    assert after(clock, 20).level == 3


def test_no_acknowledgement_delays_its_levels_not_even_a_supervisors(
    crew: Actor, agency_desk: Actor, supervisor: Actor, clock: Clock
) -> None:
    raise_emergency(actor=crew, desk=None, unit="DMK1")
    acknowledge(agency_desk)
    assert after(clock, 9).state == "acknowledged"
    assert (after(clock, 2).state, alarm().level) == ("open", 2)
    acknowledge(supervisor)
    assert (after(clock, 20).state, alarm().level) == ("open", 3)
    acknowledge(supervisor)
    assert after(clock, 119).state == "acknowledged"
    assert (after(clock, 2).state, alarm().level) == ("open", 3)


def test_it_cannot_be_put_off(crew: Actor, supervisor: Actor) -> None:
    raise_emergency(actor=crew, desk=None, unit="DMK1")
    until = time.now() + timedelta(minutes=5)
    with pytest.raises(Conflict) as refusal:
        snooze_alarm(actor=supervisor, desk=None, alarm=alarm().id, until=until, reason="later")
    assert refusal.value.code == "not_snoozable"


def test_the_end_of_the_emergency_is_a_supervisors_and_closes_it(
    crew: Actor, dispatcher: Actor, supervisor: Actor, clock: Clock
) -> None:
    raise_emergency(actor=crew, desk=None, unit="DMK1")
    with pytest.raises(Refused):
        end_emergency(actor=dispatcher, desk=None, unit="DMK1")
    end_emergency(actor=supervisor, desk=None, unit="DMK1")
    assert after(clock, 60).state == "closed"
    raise_emergency(actor=crew, desk=None, unit="DMK1")
    assert Alarm.objects.filter(rule=9).exclude(state="closed").count() == 1


def test_one_that_a_telephone_kept_is_raised_all_the_same_and_counts_from_now(crew: Actor, clock: Clock) -> None:
    pressed_at = time.now() - timedelta(minutes=20)
    raise_emergency(actor=crew, desk=None, unit="DMK1", at=pressed_at)
    assert Unit.objects.get(callsign="DMK1").emergency_at == pressed_at
    assert alarm().level == 1
    assert after(clock, 11).level == 2
