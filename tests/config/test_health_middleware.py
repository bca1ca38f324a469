"""The endpoints before all others: /healthz, /readyz; and /metrics."""

from __future__ import annotations

import pytest
from django.db import connections
from django.test import Client

from accounts.actions import make_key
from accounts.roles import Scope
from config.health_middleware import probe


@pytest.fixture(autouse=True)
def look_anew():
    probe._seen_at = float("-inf")
    yield
    probe._seen_at = float("-inf")


def test_healthz_names_each_part_and_answers_503_while_one_is_missing(fresh_database):
    answer = Client().get("/healthz")
    assert answer.status_code == 503, "no worker and no beat run here"
    assert answer["Content-Type"] == "application/json"
    assert {"database", "redis", "worker", "beat", "timers", "notifications", "feed", "clock"} <= set(
        answer.json()["parts"]
    )


def test_healthz_asks_for_no_host_name_no_scheme_and_no_session(fresh_database, settings):
    settings.SECURE_SSL_REDIRECT = True
    asker = Client(SERVER_NAME="10.0.0.7")
    asker.cookies[settings.SESSION_COOKIE_NAME] = "nobody"
    assert asker.get("/healthz").json()["parts"]["database"]["ok"]
    assert asker.head("/readyz").status_code == 200
    assert asker.get("/console/").status_code in {301, 400}


def test_without_a_database_both_answer_in_json(fresh_database):
    settings = connections["default"].settings_dict
    settings["NAME"] += "_gone"
    try:
        health, ready = Client().get("/healthz"), Client().get("/readyz")
    finally:
        settings["NAME"] = settings["NAME"].removesuffix("_gone")
    assert (health.status_code, ready.status_code) == (503, 503)
    assert health.json()["parts"]["database"]["ok"] is False
    assert ready.json() == {"ok": False}


def test_nobody_writes_to_them(fresh_database):
    assert Client().post("/healthz").status_code in {403, 404, 405}


def test_metrics_are_read_from_here_or_with_a_key(fresh_database, admin):
    _, secret = make_key(actor=admin, name="monitor", scopes=[Scope.REPORTS])
    assert Client().get("/metrics").status_code == 200
    far = Client(REMOTE_ADDR="10.0.0.7")
    assert far.get("/metrics").status_code == 401
    assert far.get("/metrics", headers={"Authorization": "Bearer sigap_nonsense"}).status_code == 401
    assert far.get("/metrics", headers={"Authorization": f"Bearer {secret}"}).status_code == 200
