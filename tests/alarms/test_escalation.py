"""Escalation with a rule of the tests' own: subjects are words, standing is what the test says."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection
from datetime import timedelta
from uuid import UUID

import pytest

from accounts.actors import Actor
from accounts.models import Agency, User
from accounts.queries import default_centre
from alarms.actions import acknowledge_alarm, snooze_alarm, unwatch, watch
from alarms.conditions import Rule, Standing
from alarms.models import Alarm, Duty
from alarms.timers import handlers
from config.registry import registry as shipped
from core import clock as time
from core import events
from core.clockwork.engine import fire_due
from core.errors import Conflict, Invalid, Refused, Unknown
from core.models import Event, Notification, Timer
from core.registry import Registry
from tests.conftest import Clock

pytestmark = pytest.mark.django_db
SUBJECT = "incident:00000000-0000-4000-8000-000000000001"
RULE = 2


class Place:
    """One subject under rule 2: whether it stands, its priority, and the clock that fires it."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.standing: dict[str, Standing] = {SUBJECT: Standing(default_centre().id, priority=1)}
        rule = Rule(RULE, lock=set, standing=self.those_standing)
        self.registry: Registry = dataclasses.replace(shipped, timers=handlers([rule]))

    def those_standing(self, subjects: Collection[str]) -> dict[str, Standing]:
        return {subject: self.standing[subject] for subject in subjects if subject in self.standing}

    def watch(self, priority: int = 1, ago_seconds: float = 0, *, told_late: bool = False) -> None:
        base_at = time.now() - timedelta(seconds=ago_seconds)
        with events.transaction():
            watch(
                RULE,
                SUBJECT,
                centre_id=default_centre().id,
                base_at=base_at,
                priority=priority,
                at=base_at if told_late else None,
            )

    def after(self, seconds: float) -> Alarm | None:
        self.clock.set(self.clock.seconds + seconds)
        fire_due(self.registry)
        return self.alarm()

    @staticmethod
    def alarm() -> Alarm | None:
        return Alarm.objects.exclude(state=Alarm.State.CLOSED).filter(rule=RULE, subject=SUBJECT).first()


@pytest.fixture
def place(db: None, clock: Clock) -> Place:
    return Place(clock)


@pytest.fixture
def levels(place: Place) -> Callable[[], list[int]]:
    """The levels that rose, in order."""

    def read() -> list[int]:
        risen = Event.objects.filter(kind__in=["alarm.opened", "alarm.raised", "alarm.returned"], data__rule=RULE)
        return [event.data["level"] for event in risen.order_by("seq")]

    return read


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


def test_acknowledging_stops_further_levels_until_again_seconds(
    place: Place, levels: Callable[[], list[int]], dispatcher: Actor
) -> None:
    place.watch()
    alarm = place.after(61)
    assert alarm
    acknowledge_alarm(actor=dispatcher, desk="D1", alarm=alarm.id, reason="on_it")
    place.after(119)
    assert levels() == [1]
    returned = place.after(2)
    assert returned
    assert (returned.state, returned.level, levels()) == (Alarm.State.OPEN, 2, [1, 2])


def test_a_returned_alarm_keeps_its_distance_to_the_next_level(
    place: Place, levels: Callable[[], list[int]], dispatcher: Actor
) -> None:
    place.watch()
    alarm = place.after(61)
    assert alarm
    acknowledge_alarm(actor=dispatcher, desk=None, alarm=alarm.id, reason="on_it")
    place.after(121)
    place.after(89)
    assert levels() == [1, 2]
    place.after(2)
    assert levels() == [1, 2, 3]


def test_acknowledging_twice_returns_quietly(place: Place, dispatcher: Actor, supervisor: Actor) -> None:
    place.watch()
    alarm = place.after(61)
    assert alarm
    acknowledge_alarm(actor=dispatcher, desk=None, alarm=alarm.id, reason="on_it")
    again = acknowledge_alarm(actor=supervisor, desk=None, alarm=alarm.id, reason="me_too")
    assert again.acknowledged_name == dispatcher.name
    assert Event.objects.filter(kind="alarm.acknowledged").count() == 1


def test_a_closed_alarm_cannot_be_acknowledged(place: Place, dispatcher: Actor) -> None:
    place.watch()
    alarm = place.after(61)
    assert alarm
    with events.transaction():
        unwatch(RULE, SUBJECT)
    with pytest.raises(Conflict) as refusal:
        acknowledge_alarm(actor=dispatcher, desk=None, alarm=alarm.id, reason="late")
    assert refusal.value.code == "alarm_closed"


def test_a_call_taker_sees_the_alarm_but_may_not_acknowledge_rule_2(place: Place, call_taker: Actor) -> None:
    place.watch()
    alarm = place.after(61)
    assert alarm
    with pytest.raises(Refused):
        acknowledge_alarm(actor=call_taker, desk=None, alarm=alarm.id, reason="no")


def test_an_agency_desk_does_not_see_the_alarm_of_others(place: Place, agency_desk: Actor) -> None:
    place.watch()
    alarm = place.after(61)
    assert alarm
    with pytest.raises(Unknown):
        acknowledge_alarm(actor=agency_desk, desk=None, alarm=alarm.id, reason="no")


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
        acknowledge_alarm(actor=key, desk=None, alarm=alarm.id, reason="seen")
    assert refusal.value.code == "name_required"
    row = acknowledge_alarm(actor=key, desk=None, alarm=alarm.id, reason="seen", name="Siti")
    assert row.acknowledged_name == "Siti"


def test_a_snoozed_alarm_comes_back_at_its_moment(place: Place, supervisor: Actor) -> None:
    place.watch()
    alarm = place.after(61)
    assert alarm
    snooze_alarm(actor=supervisor, desk=None, alarm=alarm.id, until=time.now() + timedelta(seconds=600), reason="sea")
    held = place.after(590)
    assert held
    assert held.state == Alarm.State.ACKNOWLEDGED
    returned = place.after(20)
    assert returned
    assert (returned.state, returned.level) == (Alarm.State.OPEN, 2)


@pytest.mark.parametrize("hours", [-1, 13])
def test_an_alarm_cannot_be_put_off_into_the_past_or_past_half_a_day(
    place: Place, supervisor: Actor, hours: int
) -> None:
    place.watch()
    alarm = place.after(61)
    assert alarm
    with pytest.raises(Invalid) as refusal:
        snooze_alarm(actor=supervisor, desk=None, alarm=alarm.id, until=time.now() + timedelta(hours=hours), reason="x")
    assert refusal.value.code == "until_out_of_range"


def test_steps_that_a_late_entry_finds_past_are_missed_and_the_next_one_is_armed(
    place: Place, levels: Callable[[], list[int]]
) -> None:
    place.watch(ago_seconds=100, told_late=True)
    place.after(1)
    assert levels() == []
    missed = Event.objects.get(kind="alarm.missed")
    assert missed.data["levels"] == [1, 2]
    place.after(80)
    assert levels() == [3]


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


def test_each_level_tells_its_roles_once(place: Place) -> None:
    place.watch()
    place.after(61)
    place.after(1)
    told = Notification.objects.filter(kind="alarm").values_list("target", "channel")
    assert sorted(told) == [("role:dispatcher", "email"), ("role:dispatcher", "log")]


def test_two_alarms_of_one_rule_and_subject_are_never_open_together(place: Place) -> None:
    place.watch()
    place.after(61)
    place.watch()
    place.after(100)
    assert Alarm.objects.filter(rule=RULE, subject=SUBJECT).count() == 1


def test_an_acknowledged_alarm_takes_the_new_base_and_keeps_its_return(place: Place, dispatcher: Actor) -> None:
    place.watch(priority=1)
    alarm = place.after(61)
    assert alarm
    held = acknowledge_alarm(actor=dispatcher, desk=None, alarm=alarm.id, reason="on_it")
    base_at = held.base_at - timedelta(seconds=30)
    with events.transaction():
        watch(RULE, SUBJECT, centre_id=default_centre().id, base_at=base_at, priority=1)
    row = Alarm.objects.get(pk=alarm.id)
    assert (row.base_at, row.next_at, row.state) == (base_at, held.next_at, Alarm.State.ACKNOWLEDGED)
    assert Event.objects.filter(kind="alarm.rearmed").count() == 1


def test_watching_again_what_has_not_changed_says_nothing(place: Place) -> None:
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
