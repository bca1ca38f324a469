"""Arming and cancelling deadlines."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from core import clock as time
from core import events, timers
from core.models import Timer
from tests.core.databases import sign_in
from tests.core.registries import arm


@pytest.mark.django_db
def test_a_timer_is_armed_inside_a_write_only():
    with pytest.raises(RuntimeError, match="outside"):
        timers.arm("test.due", "source:1", time.now())


@pytest.mark.django_db
def test_arming_again_moves_the_one_deadline():
    arm("source:1", seconds=10)
    moved = arm("source:1", seconds=20)
    assert [timer.due_at for timer in Timer.objects.all()] == [moved]
    assert timers.armed("source:1", "test.due").due_at == moved


@pytest.mark.django_db
def test_a_cancelled_timer_may_be_armed_anew():
    arm("source:1", seconds=10)
    assert timers.cancel("source:1", "test.due", "test.other") == 1
    assert timers.cancel("source:1", "test.due") == 0
    assert timers.armed("source:1", "test.due") is None
    arm("source:1", seconds=10)
    assert sorted(Timer.objects.values_list("state", flat=True)) == ["armed", "cancelled"]


@pytest.mark.django_db
def test_kinds_and_subjects_are_kept_apart():
    arm("source:1", "source:2", seconds=10)
    arm("source:1", kind="test.other", seconds=10)
    timers.cancel_many(["source:1"], "test.due")
    assert sorted(Timer.objects.filter(state="armed").values_list("kind", "subject")) == [
        ("test.due", "source:2"),
        ("test.other", "source:1"),
    ]


@pytest.mark.django_db
def test_of_pairs_no_other_kind_of_either_subject_is_cancelled():
    for kind in ("test.due", "test.other"):
        arm("source:1", "source:2", kind=kind, seconds=10)
    cancelled = timers.cancel_pairs([("source:1", "test.due"), ("source:2", "test.other")])
    assert sorted((timer.subject, timer.kind) for timer in cancelled) == [
        ("source:1", "test.due"),
        ("source:2", "test.other"),
    ]
    assert sorted(Timer.objects.filter(state="armed").values_list("kind", "subject")) == [
        ("test.due", "source:2"),
        ("test.other", "source:1"),
    ]


@pytest.mark.django_db
def test_arming_nothing_is_no_statement():
    timers.arm_many([])


def test_the_bell_names_the_earliest_deadline_and_rings_with_the_commit(fresh_database):
    with sign_in() as listener:
        listener.execute("LISTEN sigap_timers")
        soon = time.now() + timedelta(seconds=5)
        with events.transaction():
            timers.arm_many([("a", "s:1", soon + timedelta(seconds=5), {}), ("b", "s:1", soon, {"n": [1, "x"]})])
            assert list(listener.notifies(timeout=0.05)) == []
        heard = [datetime.fromisoformat(notify.payload) for notify in listener.notifies(timeout=5, stop_after=1)]
    assert heard == [soon]
    assert timers.armed("s:1", "b").data == {"n": [1, "x"]}
