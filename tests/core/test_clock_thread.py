"""The clock's thread: wakes in time, outlives its database, reports whether it is on time."""

from __future__ import annotations

import threading
import time as host
from datetime import timedelta

import pytest
from django.db import connection

import notifications
from core import clock as time
from core import events, firing
from core.firing.heartbeat import Lateness, give_sign
from core.models import Event, Source
from tests.core.databases import sign_in
from tests.core.registries import SampleDomain, arm, make_subjects, states


def until(condition, seconds=10.0):
    """Wait for something that another thread or process does; fails when it doesn't."""
    deadline = host.monotonic() + seconds
    while not (found := condition()):
        assert host.monotonic() < deadline, "it never happened"
        host.sleep(0.01)
    return found


@pytest.fixture
def ticking(fresh_database):
    """Start clocks that end with the test."""
    clocks = []

    def start(domain, name="worker@test", **options):
        clocks.append(firing.Clock(domain.registry(), name=name, **options))
        clocks[-1].start()
        return clocks[-1]

    yield start
    for each in clocks:
        each.stop()
    assert not any(each.alive() for each in clocks)


def sessions(application):
    with sign_in() as app:
        rows = app.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s",
            [application],
        )
        return [row[0] for row in rows.fetchall()]


def test_a_deadline_armed_while_it_sleeps_wakes_it(ticking):
    domain = SampleDomain()
    first, second = make_subjects(2)
    ticking(domain)
    arm(first, seconds=3600)
    arm(second, seconds=0.2)
    until(lambda: states(second) == ["fired"])
    assert states(first) == ["armed"]


def test_moving_the_test_clock_wakes_it(ticking, clock):
    domain = SampleDomain()
    (subject,) = make_subjects()
    arm(subject, seconds=3600)
    woken = threading.Event()
    ticking(domain, wake_sender=woken.set)
    until(lambda: sessions("sigap timer listener"))
    clock.advance(seconds=3601)
    until(lambda: states(subject) == ["fired"])
    assert woken.wait(5)


def test_a_queued_message_wakes_the_sender(ticking):
    woken = threading.Event()
    ticking(SampleDomain(), wake_sender=woken.set)
    until(lambda: sessions("sigap timer listener"))
    until(woken.is_set)
    woken.clear()
    with events.transaction():
        notifications.queue("alarm:1:1", "role:supervisor", "log", "alarm")
    assert woken.wait(5)


def test_it_takes_no_connection_of_the_pool(ticking):
    ticking(SampleDomain())
    until(lambda: sessions("sigap timer listener") and sessions("sigap timers"))
    assert len(sessions("sigap timer listener")) == len(sessions("sigap timers")) == 1


@pytest.mark.parametrize("application", ["sigap timer listener", "sigap timers"])
def test_it_comes_back_when_its_connection_is_killed(ticking, application):
    domain = SampleDomain()
    first, second = make_subjects(2)
    ticking(domain)
    arm(first)
    until(lambda: states(first) == ["fired"])
    (pid,) = until(lambda: sessions(application))
    with sign_in("postgres") as superuser:
        superuser.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    arm(second)
    until(lambda: states(second) == ["fired"])
    assert domain.fired() == [first, second]


def test_it_waits_for_a_subject_that_somebody_holds_and_fires_then(ticking):
    domain = SampleDomain()
    (subject,) = make_subjects()
    with sign_in() as somebody, somebody.transaction():
        somebody.execute("SELECT 1 FROM core_source WHERE id = %s FOR UPDATE", [subject.partition(":")[2]])
        arm(subject)
        ticking(domain)
        until(lambda: sessions("sigap timers"))
        arm(*make_subjects())
        until(lambda: len(domain.batches) == 1)
        assert states(subject) == ["armed"]
    until(lambda: states(subject) == ["fired"])


def test_two_clocks_fire_each_timer_once(ticking):
    domains = [SampleDomain(), SampleDomain()]
    for number, domain in enumerate(domains):
        ticking(domain, name=f"worker{number}@test")
    subjects = make_subjects(300)
    for start in range(0, 300, 50):
        arm(*subjects[start : start + 50], seconds=0.1)
    until(lambda: Event.objects.filter(kind="test.fired").count() >= 300)
    assert sorted(domains[0].fired() + domains[1].fired()) == sorted(subjects)


def test_it_gives_a_sign_of_life(ticking):
    ticking(SampleDomain(), name="worker@somewhere")
    row = until(lambda: Source.objects.filter(kind="worker", name="worker@somewhere").first())
    assert row.watched
    assert row.figures["late_in_a_row"] == 0


# Late


def judge(lateness, seconds):
    lateness.note(firing.FiringResult(late_seconds=seconds))
    lateness.judge(None)


@pytest.mark.django_db
def test_late_twice_in_a_row_is_reported_once_and_taken_back():
    domain = SampleDomain()
    lateness = Lateness(domain.registry(), "worker@test")
    judge(lateness, 6)
    assert domain.faults == []
    judge(lateness, 7)
    judge(lateness, 8)
    assert [(fault.kind, fault.standing) for fault in domain.faults] == [("clock.late", True)]
    judge(lateness, 0)
    assert [fault.standing for fault in domain.faults] == [True, False]
    worker = Source.objects.get(kind="worker", name="worker@test")
    facts = Event.objects.filter(subjects=[f"source:{worker.id}"]).order_by("seq")
    assert [fact.kind for fact in facts] == ["clock.late", "clock.on_time"]


@pytest.mark.django_db
def test_late_once_is_a_hiccup():
    domain = SampleDomain()
    lateness = Lateness(domain.registry(), "worker@test")
    for seconds in (6, 0, 6, 0):
        judge(lateness, seconds)
    assert domain.faults == []


@pytest.mark.django_db
def test_what_stays_overdue_counts_as_late():
    domain = SampleDomain()
    lateness = Lateness(domain.registry(), "worker@test")
    for _ in range(2):
        lateness.judge(time.now() - timedelta(seconds=6))
    assert [fault.kind for fault in domain.faults] == ["clock.late"]


@pytest.mark.django_db
def test_a_worker_killed_while_late_takes_its_word_back_when_it_returns():
    domain = SampleDomain()
    for _ in range(2):
        lateness = Lateness(domain.registry(), "worker@test", in_a_row=1)
        judge(lateness, 6)
    assert len(domain.faults) == 1
    judge(Lateness(domain.registry(), "worker@test"), 0)
    assert [fault.standing for fault in domain.faults] == [True, False]


@pytest.mark.django_db
def test_a_jump_of_the_test_clock_is_not_late(clock):
    domain = SampleDomain()
    lateness = Lateness(domain.registry(), "worker@test")
    for seconds in (60, 120, 180):
        clock.set(seconds)
        judge(lateness, 60)
    assert domain.faults == []


@pytest.mark.django_db
def test_signs_are_one_row_for_each_part():
    give_sign("beat", "beat")
    give_sign("beat", "beat", {"n": 1})
    assert Source.objects.get(kind="beat").figures == {"n": 1}
    assert connection.in_atomic_block
