"""The health of the place, part by part, and its figures."""

from __future__ import annotations

import os
import time as host
from datetime import timedelta

import pytest
from django.db import connections
from django.test import RequestFactory
from prometheus_client.parser import text_string_to_metric_families

from core import clock as time
from core import events
from core.firing.heartbeat import give_sign
from core.models import Delivery, Notification
from core.registry import HealthPart
from feed.hub import Hub
from monitoring import metrics
from monitoring.health import Probe
from monitoring.health.sources import source_clocks
from notifications import queue
from tests.core.registries import SampleDomain, arm, make_subjects
from tests.sample_events import SampleEvent

pytestmark = pytest.mark.usefixtures("still_time")


def probe(hub=None, **health):
    return Probe(SampleDomain().registry(health=health), hub=lambda: hub)


def parts(hub=None, **health):
    return probe(hub, **health).parts()


def red(found):
    return {name for name, part in found.items() if not part.ok}


@pytest.fixture
def lively(fresh_database):
    give_sign("worker", "worker@test")
    give_sign("beat", "beat")


def test_a_lively_place_is_well(lively):
    well, body = probe().answer()
    assert well
    assert body["ok"] is True
    assert set(body["parts"]) == {
        "database", "redis", "worker", "beat", "timers", "notifications", "feed", "clock", "disk", "backup"
    }  # fmt: skip
    assert body["parts"]["timers"]["oldest_overdue_seconds"] == 0.0
    assert abs(body["parts"]["clock"]["offset_seconds"]) < 2


@pytest.mark.parametrize("kind", ["worker", "beat"])
def test_a_part_that_never_lived_or_fell_silent_is_red(fresh_database, clock, kind):
    other = {"worker": "beat", "beat": "worker"}[kind]
    give_sign(other, other)
    assert red(parts()) == {kind}
    give_sign(kind, kind)
    clock.set(11)
    give_sign(other, other)
    found = parts()
    assert red(found) == {kind}
    assert found[kind].figures["last_seen_seconds"] >= 11


def test_sources_whose_clock_is_more_than_two_seconds_off_are_shown_with_it(lively, clock):
    for name, skew in (("right", 1.9), ("behind", -62.04)):
        give_sign("telephony", name, skew_seconds=skew)
    shown = {row["name"]: (row["off"], row["skew_seconds"]) for row in source_clocks().figures["items"]}
    assert (shown["right"], shown["behind"]) == ((False, 1.9), (True, -62.0))
    assert set(parts()["clock"].figures) == {"offset_seconds"}
    assert parts()["clock"].ok


def test_one_of_two_workers_is_enough(lively, clock):
    give_sign("worker", "worker2@test")
    clock.set(11)
    give_sign("worker", "worker2@test")
    give_sign("beat", "beat")
    assert parts()["worker"] == HealthPart(ok=True, figures={"last_seen_seconds": 0.0, "alive": 1})


def test_a_clock_that_reports_that_it_is_late_and_timers_that_nobody_fires_are_red(lively):
    give_sign("worker", "worker@test", {"late": True})
    assert red(parts()) == {"timers"}
    give_sign("worker", "worker@test", {"late": False})
    arm(*make_subjects(), seconds=-4)
    assert red(parts()) == set()
    arm(*make_subjects(), seconds=-11)
    found = parts()
    assert red(found) == {"timers"}
    assert found["timers"].figures["oldest_overdue_seconds"] >= 11


def test_messages_that_nobody_tries_are_red_and_those_tried_in_vain_a_figure(lively, clock):
    with events.transaction():
        queue("alarm:1:1", "role:supervisor", "log", "alarm")
    assert red(parts()) == set()
    Notification.objects.update(queued_at=time.now() - timedelta(seconds=61))
    assert red(parts()) == {"notifications"}
    Notification.objects.update(state="resolved")
    Delivery.objects.create(
        notification=Notification.objects.get(), address="a@b.test", due_at=time.now(), attempts=[{"outcome": "x"}]
    )
    found = parts()
    assert red(found) == set()
    assert found["notifications"].figures["oldest_unsent_seconds"] >= 61


def test_a_hub_that_reads_nothing_is_red_and_a_process_without_one_has_no_lag(lively):
    assert parts()["feed"] == HealthPart(ok=True, figures={"lag": None})
    assert red(parts(Hub(SampleDomain().registry()))) == {"feed"}


def test_the_domain_may_add_parts_and_one_that_raises_is_red(lively):
    found = parts(pbx=lambda: HealthPart(ok=True, figures={"n": 1}), maps=lambda: 1 / 0)
    assert found["pbx"].figures == {"n": 1}
    assert red(found) == {"maps"}


def test_without_redis_the_rest_is_reported(lively, settings):
    settings.REDIS_URL = "unix:///nowhere/valkey.sock?db=0"
    assert red(parts()) == {"redis"}


def test_without_a_database_it_answers_and_names_it(lively, settings):
    connections["default"].settings_dict["NAME"] += "_gone"
    try:
        asked = probe()
        well, body = asked.answer()
        assert not asked.ready()
    finally:
        name = connections["default"].settings_dict["NAME"]
        connections["default"].settings_dict["NAME"] = name.removesuffix("_gone")
    assert not well
    assert body["parts"]["redis"]["ok"]
    assert {name for name, part in body["parts"].items() if not part["ok"]} == {
        "database", "worker", "beat", "timers", "notifications", "clock"
    }  # fmt: skip


def test_a_look_that_hangs_is_reported_within_seconds(lively):
    asked = probe(slow=lambda: HealthPart(ok=bool(host.sleep(3.5))))
    started = host.monotonic()
    assert red(asked.parts()) == {"database"}
    assert host.monotonic() - started < 10


def test_one_look_serves_a_second(lively):
    asked = probe()
    assert asked.parts() is asked.parts()


# Metrics


def figures(found):
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(found.content.decode())
        for sample in family.samples
    }


def view(has_key=False):
    return metrics.metrics_view(probe(), lambda _request: has_key)


def test_metrics_tell_of_health_workers_and_the_log(lively):
    give_sign("worker", "worker@test", {"fired_since_start": 7, "late_since_start": 1})
    with events.transaction():
        fact = events.append(SampleEvent.TEST_SAID, actor="system:test", subjects=["centre:1"])
    found = figures(view()(RequestFactory().get("/metrics")))
    assert found["sigap_events_total",] == fact.seq
    assert found["sigap_part_ok", "database"] == 1.0
    assert found["sigap_part_figure", "oldest_overdue_seconds", "timers"] == 0.0
    assert found["sigap_timers_fired_total", "worker@test"] == 7


@pytest.mark.parametrize(
    "asker", [{"REMOTE_ADDR": "10.0.0.1"}, {"HTTP_X_FORWARDED_FOR": "10.0.0.1"}, {"REMOTE_ADDR": ""}]
)
def test_metrics_are_for_this_machine_or_a_key(lively, asker):
    request = RequestFactory().get("/metrics", **asker)
    assert view()(request).status_code == 401
    assert view(has_key=True)(request).status_code == 200


@pytest.mark.django_db
def test_requests_are_counted_by_method_and_status(client):
    def seen():
        return metrics.own.get_sample_value(
            "sigap_requests_total", {"pid": str(os.getpid()), "method": "GET", "status": "404"}
        ) or 0.0  # fmt: skip

    before = seen()
    client.get("/api/v1/nothing-here")
    assert seen() == before + 1
