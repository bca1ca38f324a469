"""What is done now and then."""

from __future__ import annotations

import uuid
from datetime import timedelta
from types import SimpleNamespace

import pytest

from core import clock as time
from core import housekeeping
from core.firing.heartbeat import give_sign
from core.idempotency import first_time
from core.models import Source, Timer

pytestmark = pytest.mark.django_db


def put(state, days):
    return Timer.objects.create(kind="t", subject=f"s:{days}", state=state, due_at=time.now() - timedelta(days=days))


def test_old_timers_are_cleared_and_failed_ones_kept_longer(monkeypatch):
    monkeypatch.setattr(housekeeping, "STEP", 1)
    kept = {put("fired", 6), put("cancelled", 6), put("failed", 89), put("armed", 100)}
    for timer in (put("fired", 8), put("cancelled", 9), put("failed", 91)):
        assert timer.pk
    assert housekeeping.clean_timers() == 3
    assert set(Timer.objects.all()) == kept


def test_workers_taken_out_of_service_are_forgotten_and_other_sources_kept(clock):
    give_sign("worker", "old@test")
    Source.objects.create(kind="telephony", name="pbx", last_seen_at=time.now())
    clock.set(25 * 3600)
    give_sign("worker", "new@test")
    assert housekeeping.forget_workers() == 1
    assert sorted(Source.objects.values_list("name", flat=True)) == ["new@test", "pbx"]


def test_the_ids_of_acts_are_forgotten_after_a_week(clock):
    sender, old, new = SimpleNamespace(ref="user:ani"), uuid.uuid4(), uuid.uuid4()
    assert first_time(old, sender)
    clock.set(8 * 24 * 3600)
    assert first_time(new, sender)
    assert housekeeping.clean_acts() == 1
    assert (first_time(old, sender), first_time(new, sender)) == (True, False)
