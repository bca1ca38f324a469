"""Firing: what is due, once, in the order of actions, whatever goes wrong."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
from django.db import connection

from core import firing, timers
from core.models import Event, Timer
from tests.core.databases import sign_in
from tests.core.registries import SampleDomain, arm, make_subjects, states


def fired():
    return Counter(Event.objects.filter(kind="test.fired").values_list("data__timer", flat=True))


@pytest.mark.django_db
def test_what_is_due_fires_once_and_what_is_not_waits(clock):
    domain = SampleDomain()
    now, later = make_subjects(2)
    arm(now)
    arm(later, seconds=60)
    assert firing.fire_due(domain.registry()).fired == 1
    assert firing.fire_due(domain.registry()).fired == 0
    assert domain.batches == [[now]]
    clock.set(61)
    assert firing.fire_due(domain.registry()).fired == 1
    assert domain.batches == [[now], [later]]
    assert states(now) == states(later) == ["fired"]


@pytest.mark.django_db
def test_a_handler_may_arm_the_same_deadline_anew(clock):
    domain = SampleDomain(again_seconds=30)
    (subject,) = make_subjects()
    arm(subject)
    firing.fire_due(domain.registry())
    assert states(subject) == ["armed", "fired"]
    clock.set(31)
    firing.fire_due(domain.registry())
    assert states(subject) == ["armed", "fired", "fired"]


@pytest.mark.django_db
def test_a_batch_is_of_one_kind_and_of_200_at_most():
    domain = SampleDomain()
    many, few = make_subjects(450), make_subjects(3)
    arm(*many)
    arm(*few, kind="test.other")
    assert firing.fire_due(domain.registry("test.due", "test.other")).fired == 453
    assert sorted(len(batch) for batch in domain.batches) == [3, 50, 200, 200]
    assert sorted(domain.fired()) == sorted(many + few)


@pytest.mark.django_db
def test_a_second_clock_helps_from_the_end():
    domain = SampleDomain()
    subjects = make_subjects(1100)
    for number in range(0, 1100, 100):
        arm(*subjects[number : number + 100], seconds=-100 + number / 100)
    assert firing.fire_due(domain.registry(), from_the_end=True).fired == 1100
    assert set(domain.batches[0]) == set(subjects[900:])
    assert set(domain.batches[-1]) == set(subjects[:100])


@pytest.mark.django_db
def test_everything_due_is_seen_beyond_the_first_page():
    domain = SampleDomain()
    arm(*make_subjects(1200))
    assert firing.fire_due(domain.registry()).fired == 1200


@pytest.mark.django_db
def test_a_bad_timer_holds_back_nobody_and_is_given_up_after_three_failures(clock, caplog):
    domain = SampleDomain()
    subjects = make_subjects(5)
    domain.bad = {subjects[2]}
    arm(*subjects)
    done = firing.fire_due(domain.registry())
    assert (done.fired, done.failed) == (4, 1)
    assert firing.fire_due(domain.registry()).failed == 0, "it waits a second before it is tried again"
    for seconds in (2, 4):
        assert states(subjects[2]) == ["armed"]
        clock.set(seconds)
        assert firing.fire_due(domain.registry()).failed == 1
    assert states(subjects[2]) == ["failed"]
    assert [(fault.kind, fault.subject) for fault in domain.faults] == [("timer.failed", subjects[2])]
    fact = Event.objects.get(kind="timer.failed")
    assert fact.subjects == [subjects[2]]
    assert "ZeroDivisionError" in caplog.text
    assert not Event.objects.filter(kind="test.fired", subjects=[subjects[2]]).exists(), "what it wrote is undone"


@pytest.mark.django_db
def test_a_timer_that_failed_once_may_recover(clock):
    domain = SampleDomain()
    (subject,) = make_subjects()
    domain.bad = {subject}
    arm(subject)
    firing.fire_due(domain.registry())
    domain.bad.clear()
    clock.set(2)
    assert firing.fire_due(domain.registry()).fired == 1
    assert states(subject) == ["fired"]


@pytest.mark.django_db
def test_kinds_that_nobody_knows_are_left_for_who_does():
    arm(*make_subjects(2), kind="of.tomorrow")
    assert firing.fire_due(SampleDomain().registry()) == firing.FiringResult()
    assert Timer.objects.get(subject=Timer.objects.first().subject).state == "armed"


def test_a_timer_whose_subject_somebody_holds_waits_for_them(fresh_database):
    domain = SampleDomain()
    held, free = make_subjects(2)
    arm(held, free)
    with sign_in() as somebody, somebody.transaction():
        somebody.execute("SELECT 1 FROM core_source WHERE id = %s FOR UPDATE", [held.partition(":")[2]])
        done = firing.fire_due(domain.registry())
        assert (done.fired, done.held) == (1, 1)
        assert domain.batches == [[free]]
    assert firing.fire_due(domain.registry()).fired == 1
    assert domain.batches == [[free], [held]]


def test_a_timer_cancelled_by_who_held_its_subject_never_fires(fresh_database):
    domain = SampleDomain()
    (subject,) = make_subjects()
    arm(subject)
    with sign_in() as somebody, somebody.transaction():
        somebody.execute("SELECT 1 FROM core_source WHERE id = %s FOR UPDATE", [subject.partition(":")[2]])
        assert firing.fire_due(domain.registry()).held == 1
        somebody.execute("UPDATE core_timer SET state = 'cancelled' WHERE subject = %s", [subject])
    assert firing.fire_due(domain.registry()) == firing.FiringResult()
    assert domain.batches == []


def test_four_clocks_beside_people_who_cancel_fire_each_timer_once(fresh_database):
    subjects = make_subjects(600)
    arm(*subjects)
    kept, cancelled = subjects[100:], set(subjects[:100])
    domains = [SampleDomain() for _ in range(4)]

    def run(domain):
        try:
            from_the_end = domain is not domains[0]
            while (done := firing.fire_due(domain.registry(), from_the_end=from_the_end)).fired or done.held:
                pass
        finally:
            connection.close()

    def act():
        with sign_in() as person:
            for subject in cancelled:
                with person.transaction():  # in the order of actions: the subject, then its timer
                    person.execute("SELECT 1 FROM core_source WHERE id = %s FOR UPDATE", [subject.partition(":")[2]])
                    person.execute(
                        "UPDATE core_timer SET state = 'cancelled' WHERE subject = %s AND state = 'armed'", [subject]
                    )

    threads = [threading.Thread(target=run, args=[domain]) for domain in domains] + [threading.Thread(target=act)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(fired().values()) == {1}
    by_state = Counter(Timer.objects.values_list("state", flat=True))
    assert by_state["armed"] == 0
    assert by_state["fired"] == sum(fired().values())
    fired_subjects = set(Event.objects.filter(kind="test.fired").values_list("subjects__0", flat=True))
    assert set(kept) <= fired_subjects
    assert timers.armed(kept[0], "test.due") is None
