"""Rules 16 and 19: an exchange that falls silent after its heartbeats, and clocks that are off."""

from __future__ import annotations

import pytest

from alarms.machine import watch_machine
from alarms.models import Alarm
from alarms.sources import watch_sources
from calls.actions.telephony import note_heartbeat
from config.registry import registry
from core.firing.heartbeat import give_sign, server_offset
from core.firing.rounds import fire_due
from tests.calls.exchange import Exchange, line_actor
from tests.conftest import Clock

pytestmark = pytest.mark.django_db


def alarms(rule: int) -> list[Alarm]:
    return list(Alarm.objects.filter(rule=rule).exclude(state="closed"))


def after(clock: Clock, seconds: float) -> None:
    clock.advance(seconds=seconds)
    watch_sources()
    fire_due(registry)


def test_an_exchange_that_stops_its_heartbeats_is_silent_until_its_next_sign(db: None, clock: Clock) -> None:
    note_heartbeat(actor=line_actor(), source="pbx")
    Exchange().say("ringing")  # another source's calls give no sign for this one
    after(clock, 9)
    assert alarms(16) == []
    after(clock, 2)
    [alarm] = alarms(16)
    assert (alarm.level, alarm.params["trouble"], alarm.params["source"]) == (1, "source.silent", "pbx")
    after(clock, 50)
    after(clock, 240)
    assert [(each.id, each.level) for each in alarms(16)] == [(alarm.id, 3)]
    note_heartbeat(actor=line_actor(), source="pbx")
    after(clock, 0)
    assert alarms(16) == []


def test_an_exchange_that_never_sent_a_heartbeat_is_not_watched_for_silence(db: None, clock: Clock) -> None:
    Exchange().say("ringing")
    after(clock, 3600)
    assert alarms(16) == []


def test_an_exchange_whose_clock_is_a_minute_behind_is_shown_and_raises_rule_19_until_it_is_right(
    db: None, clock: Clock
) -> None:
    Exchange().say("ringing", -62)
    after(clock, 0)
    [alarm] = alarms(19)
    assert (alarm.level, alarm.params["source"], alarm.params["offset_seconds"]) == (1, "pbx", -62)
    after(clock, 301)
    after(clock, 600)
    assert [each.level for each in alarms(19)] == [3]
    Exchange().say("ringing", -3)
    after(clock, 0)
    assert len(alarms(19)) == 1
    Exchange().say("ringing", -1)
    after(clock, 0)
    assert alarms(19) == []


@pytest.mark.parametrize("seconds", [-4, 4, -3700])
def test_a_clock_a_little_off_and_a_log_that_is_entered_later_raise_nothing(
    db: None, clock: Clock, seconds: float
) -> None:
    Exchange().say("ringing", seconds)
    after(clock, 0)
    assert alarms(19) == []


def test_a_source_that_has_sent_nothing_for_an_hour_has_no_known_clock(db: None, clock: Clock) -> None:
    Exchange().say("ringing", 90)
    after(clock, 0)
    assert len(alarms(19)) == 1
    after(clock, 3700)
    assert alarms(19) == []


def test_a_server_measures_its_clock_against_the_databases(db: None, clock: Clock) -> None:
    assert abs(server_offset()) < 2
    give_sign("worker", "worker@far", skew_seconds=7.5)
    give_sign("worker", "worker@far", {"late": False})  # without its clock
    after(clock, 0)
    assert [alarm.params["source"] for alarm in alarms(19)] == ["worker@far"]
    give_sign("worker", "worker@far", skew_seconds=0.1)
    after(clock, 0)
    assert alarms(19) == []


def test_a_disk_that_is_nearly_full_is_an_alarm_until_there_is_room_again(db: None, settings, tmp_path) -> None:
    settings.SIGAP_HOME, settings.DISK_FREE_PERCENT, settings.DISK_FREE_MB = tmp_path, 0, 10**9
    watch_machine()
    watch_machine()
    (alarm,) = alarms(16)
    assert (alarm.state, alarm.params["trouble"]) == ("open", "disk.low")
    assert alarm.params["source"].startswith("disk ")
    watch_sources()
    assert alarms(16)[0].state == "open"
    settings.DISK_FREE_MB = 0
    watch_machine()
    assert alarms(16) == []


def test_the_alarm_of_a_disk_that_cannot_be_read_names_no_free_space(db: None, settings, tmp_path) -> None:
    settings.SIGAP_HOME = tmp_path / "gone"
    watch_machine()
    (alarm,) = alarms(16)
    assert (alarm.params["trouble"], alarm.params["source"]) == ("disk.low", "disk")
