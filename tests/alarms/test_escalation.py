"""Escalation with a rule of the tests' own: subjects are text, and the test sets which conditions stand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from accounts.actors import Actor
from accounts.models import Agency, User
from accounts.queries import default_centre
from alarms.actions import acknowledge_alarm, snooze_alarm, unwatch, watch
from alarms.conditions import Standing
from alarms.messages import alarm_message
from alarms.models import Alarm, Duty
from core import clock as time
from core import events
from core.errors import Conflict, Invalid, Refused, Unknown
from core.models import Event, Notification, Timer
from tests.alarms.place import RULE, SUBJECT, Place
from tests.conftest import Clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(db: None, clock: Clock) -> Place:
    return Place(clock)


@pytest.fixture
def delayable(db: None, clock: Clock) -> Place:
    """Under rule 5 of a P1 (30, 60 and 120 s), whose later levels an acknowledgement holds back."""
    return Place(clock, 5)


@pytest.fixture
def levels(place: Place) -> Callable[[], list[int]]:
    return place.levels


def test_nothing_is_raised_before_its_seconds_are_over(place: Place) -> None:
    place.watch()
    assert place.after(59) is None


def test_levels_rise_at_their_seconds_each_once(place: Place, levels: Callable[[], list[int]]) -> None:
    place.watch()
    place.after(61)
    place.after(1)
    place.after(30)
    place.after(90)
    place.after(1000)
    assert levels() == [1, 2, 3]


def test_a_condition_that_ended_cancels_its_timer_and_closes_its_alarm(place: Place) -> None:
    place.watch()
    place.after(61)
    with events.transaction():
        unwatch([2, 3, 4], SUBJECT)
    assert place.alarm() is None
    assert not Timer.objects.filter(subject=SUBJECT, state=Timer.State.ARMED).exists()
    assert Event.objects.filter(kind="alarm.closed", data__rule=RULE).count() == 1


def test_a_timer_whose_condition_no_longer_stands_raises_nothing(place: Place) -> None:
    place.watch()
    place.standing.clear()
    assert place.after(61) is None


def test_a_condition_that_ended_unseen_closes_the_alarm_at_the_next_level(place: Place) -> None:
    place.watch()
    place.after(61)
    place.standing.clear()
    assert place.after(30) is None


def acknowledge(actor: Actor, alarm: Alarm | None) -> Alarm:
    assert alarm
    return acknowledge_alarm(actor=actor.at_desk("D1"), alarm=alarm.id, reason="on_it")


def test_acknowledging_stops_further_levels_until_again_seconds(delayable: Place, dispatcher: Actor) -> None:
    delayable.watch()
    acknowledge(dispatcher, delayable.after(31))
    delayable.after(119)
    assert delayable.levels() == [1]
    returned = delayable.after(2)
    assert returned
    assert (returned.state, returned.level, delayable.levels()) == (Alarm.State.OPEN, 2, [1, 2])


def test_a_returned_alarm_keeps_its_distance_to_the_next_level(delayable: Place, dispatcher: Actor) -> None:
    delayable.watch()
    acknowledge(dispatcher, delayable.after(31))
    delayable.after(121)
    delayable.after(59)
    assert delayable.levels() == [1, 2]
    delayable.after(2)
    assert delayable.levels() == [1, 2, 3]


def test_an_alarm_at_its_last_level_comes_back_at_that_level(delayable: Place, dispatcher: Actor) -> None:
    delayable.watch()
    acknowledge(dispatcher, delayable.after(1000))
    delayable.after(121)
    assert delayable.levels() == [3, 3]


def test_acknowledging_a_p1_without_its_units_delays_no_later_level(place: Place, dispatcher: Actor) -> None:
    place.watch()
    held = acknowledge(dispatcher, place.after(61))
    assert held.next_at == held.base_at + timedelta(seconds=90)
    raised = place.after(30)
    assert raised
    assert (raised.state, raised.level, raised.next_at) == (
        Alarm.State.OPEN,
        2,
        raised.base_at + timedelta(seconds=180),
    )
    acknowledge(dispatcher, raised)
    place.after(88)
    assert place.levels() == [1, 2]
    acknowledge(dispatcher, place.after(2))
    assert place.levels() == [1, 2, 3]
    place.after(121)
    assert place.levels() == [1, 2, 3, 3]
    assert Event.objects.filter(kind="alarm.returned").count() == 1


def test_a_new_base_moves_the_next_level_of_an_acknowledged_p1_too(place: Place, dispatcher: Actor) -> None:
    place.watch()
    acknowledge(dispatcher, place.after(61))
    place.watch(ago_seconds=85)
    place.after(6)
    assert place.levels() == [1, 2]


def test_a_p1_without_its_units_cannot_be_put_off(place: Place, supervisor: Actor) -> None:
    place.watch()
    alarm = place.after(61)
    assert alarm
    with pytest.raises(Conflict) as refusal:
        snooze_alarm(actor=supervisor, alarm=alarm.id, until=time.now() + timedelta(seconds=60), reason="x")
    assert refusal.value.code == "not_snoozable"


def test_acknowledging_twice_returns_quietly(place: Place, dispatcher: Actor, supervisor: Actor) -> None:
    place.watch()
    alarm = place.after(61)
    assert alarm
    acknowledge_alarm(actor=dispatcher, alarm=alarm.id, reason="on_it")
    again = acknowledge_alarm(actor=supervisor, alarm=alarm.id, reason="me_too")
    assert again.acknowledged_name == dispatcher.name
    assert Event.objects.filter(kind="alarm.acknowledged").count() == 1


def test_a_closed_alarm_cannot_be_acknowledged(place: Place, dispatcher: Actor) -> None:
    place.watch()
    alarm = place.after(61)
    assert alarm
    with events.transaction():
        unwatch(RULE, SUBJECT)
    with pytest.raises(Conflict) as refusal:
        acknowledge_alarm(actor=dispatcher, alarm=alarm.id, reason="late")
    assert refusal.value.code == "alarm_closed"


def test_a_call_taker_sees_the_alarm_but_may_not_acknowledge_rule_2(place: Place, call_taker: Actor) -> None:
    place.watch()
    alarm = place.after(61)
    assert alarm
    with pytest.raises(Refused):
        acknowledge_alarm(actor=call_taker, alarm=alarm.id, reason="no")


def test_an_agency_desk_does_not_see_the_alarm_of_others(place: Place, agency_desk: Actor) -> None:
    place.watch()
    alarm = place.after(61)
    assert alarm
    with pytest.raises(Unknown):
        acknowledge_alarm(actor=agency_desk, alarm=alarm.id, reason="no")


def test_an_agency_is_named_in_the_facts_of_its_own_alarm(place: Place) -> None:
    agency = Agency.objects.get(code="DAMKAR")
    place.standing[SUBJECT] = Standing(default_centre().id, priority=1, agencies=(agency.id,))
    place.watch()
    place.after(61)
    assert f"agency:{agency.id}" in Event.objects.get(kind="alarm.opened").subjects


def test_a_key_acknowledges_only_in_somebodys_name(place: Place) -> None:
    place.watch()
    alarm = place.after(61)
    assert alarm
    key = Actor(ref=f"key:{UUID(int=7)}", name="wallboard", centre=default_centre().id, everything=True)
    with pytest.raises(Invalid) as refusal:
        acknowledge_alarm(actor=key, alarm=alarm.id, reason="seen")
    assert refusal.value.code == "name_required"
    row = acknowledge_alarm(actor=key, alarm=alarm.id, reason="seen", name="Siti")
    assert row.acknowledged_name == "Siti"


def test_a_snoozed_alarm_comes_back_at_its_moment(delayable: Place, supervisor: Actor) -> None:
    delayable.watch()
    alarm = delayable.after(31)
    assert alarm
    snooze_alarm(actor=supervisor, alarm=alarm.id, until=time.now() + timedelta(seconds=600), reason="sea")
    held = delayable.after(590)
    assert held
    assert held.state == Alarm.State.ACKNOWLEDGED
    returned = delayable.after(20)
    assert returned
    assert (returned.state, returned.level) == (Alarm.State.OPEN, 2)


@pytest.mark.parametrize("hours", [-1, 13])
def test_an_alarm_cannot_be_put_off_into_the_past_or_past_half_a_day(
    delayable: Place, supervisor: Actor, hours: int
) -> None:
    delayable.watch()
    alarm = delayable.after(31)
    assert alarm
    with pytest.raises(Invalid) as refusal:
        snooze_alarm(actor=supervisor, alarm=alarm.id, until=time.now() + timedelta(hours=hours), reason="x")
    assert refusal.value.code == "until_out_of_range"


def test_an_old_base_that_is_no_late_entry_raises_what_is_due(place: Place, levels: Callable[[], list[int]]) -> None:
    place.watch(ago_seconds=1000)
    place.after(0)
    assert levels() == [3]


def test_what_an_outage_held_up_fires_once_at_its_highest_due_level(
    place: Place, levels: Callable[[], list[int]]
) -> None:
    place.watch()
    place.after(1000)
    assert levels() == [3]
    assert place.after(1000)
    assert levels() == [3]


def test_a_raised_priority_counts_from_the_same_base_with_the_new_seconds(place: Place) -> None:
    place.watch(priority=1)
    timer = Timer.objects.get(subject=SUBJECT, state=Timer.State.ARMED)
    place.after(10)
    with events.transaction():
        watch(RULE, SUBJECT, centre_id=default_centre().id, base_at=timer.due_at - timedelta(seconds=60), priority=1)
    assert Timer.objects.get(subject=SUBJECT, state=Timer.State.ARMED).due_at == timer.due_at


def test_a_priority_without_steps_ends_the_watch(place: Place) -> None:
    place.watch(priority=1)
    place.watch(priority=5)
    assert not Timer.objects.filter(subject=SUBJECT, state=Timer.State.ARMED).exists()


def test_a_level_whose_role_keeps_a_roster_with_nobody_on_it_is_skipped_at_once(
    place: Place, levels: Callable[[], list[int]]
) -> None:
    user = User.objects.get(username="dispatcher")
    yesterday = time.now() - timedelta(days=1)
    until = yesterday + timedelta(hours=8)
    Duty.objects.create(centre=default_centre(), role="dispatcher", user=user, starts_at=yesterday, ends_at=until)
    place.watch()
    place.after(61)
    assert levels() == [2]


def test_each_level_notifies_its_roles_once(place: Place) -> None:
    place.watch()
    place.after(61)
    place.after(1)
    notified = Notification.objects.filter(kind="alarm").values_list("target", "channel")
    assert sorted(notified) == [("role:dispatcher", "email")]


def test_two_alarms_of_one_rule_and_subject_are_never_open_together(place: Place) -> None:
    place.watch()
    place.after(61)
    place.watch()
    place.after(100)
    assert Alarm.objects.filter(rule=RULE, subject=SUBJECT).count() == 1


def test_an_acknowledged_alarm_takes_the_new_base_and_keeps_its_return(delayable: Place, dispatcher: Actor) -> None:
    delayable.watch(priority=1)
    held = acknowledge(dispatcher, delayable.after(31))
    base_at = held.base_at - timedelta(seconds=30)
    with events.transaction():
        watch(delayable.number, SUBJECT, centre_id=default_centre().id, base_at=base_at, priority=1)
    row = Alarm.objects.get(pk=held.id)
    assert (row.base_at, row.next_at, row.state) == (base_at, held.next_at, Alarm.State.ACKNOWLEDGED)
    assert Event.objects.filter(kind="alarm.rearmed").count() == 1


def test_watching_again_what_has_not_changed_emits_no_event(place: Place) -> None:
    place.watch(priority=1)
    alarm = place.after(61)
    assert alarm
    with events.transaction():
        watch(RULE, SUBJECT, centre_id=default_centre().id, base_at=alarm.base_at, priority=1)
    assert not Event.objects.filter(kind="alarm.rearmed").exists()


def test_an_alarm_past_its_last_level_promises_no_next_one(place: Place) -> None:
    place.watch(priority=1)
    alarm = place.after(61)
    assert alarm
    assert alarm.next_at
    long_ago = alarm.base_at - timedelta(hours=1)
    with events.transaction():
        watch(RULE, SUBJECT, centre_id=default_centre().id, base_at=long_ago, priority=1, at=long_ago)
    assert Alarm.objects.get(pk=alarm.id).next_at is None


def test_a_level_is_raised_and_shows_that_nobody_is_on_duty_at_any_level(place: Place) -> None:
    user = User.objects.get(username="dispatcher")
    yesterday = time.now() - timedelta(days=1)
    for role in ("dispatcher", "supervisor", "duty_officer"):
        Duty.objects.create(
            centre=default_centre(), role=role, user=user, starts_at=yesterday, ends_at=yesterday + timedelta(hours=8)
        )
    place.watch()
    alarm = place.after(61)
    assert alarm
    assert (alarm.level, alarm.params["nobody_on_duty"]) == (1, True)
    message = alarm_message(Notification.objects.filter(kind="alarm")[0].params, "en")
    assert "fixed telephone" in message.text
