"""Valkey brokers Celery and holds what may be lost: with it away writes, screens, timers and sign-in go on."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.api_client import make_secret
from tests.conftest import Clock, Database
from tests.scenarios.centre import Follower, Program
from tests.servers import live_web, live_worker

NOBODY_LISTENS = "redis://127.0.0.1:1/0"


def test_writes_screens_timers_and_sign_in_go_on_without_valkey(
    fresh_database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = make_secret(["incidents", "board"])
    monkeypatch.setenv("REDIS_URL", NOBODY_LISTENS)
    with (
        live_web(fresh_database, how="spawn") as web,
        live_worker(fresh_database, how="spawn"),
        Program(web.url, secret) as desk,
    ):
        follower = Follower(web.live, desk, secret)
        incident = desk.post("incidents", {"type": "F01", "location": {"text": "Pasar"}}, status=201)["id"]
        follower.until(lambda things: f"incident:{incident}" in things, "the incident on the screen")
        clock.advance(seconds=61)
        follower.until(
            lambda things: any(thing.get("rule") == 2 for thing in things.values()), "the alarm of rule 2, from a timer"
        )
        follower.equals_its_board()
        follower.close()

        with httpx.Client(base_url=web.url, follow_redirects=True, timeout=15) as browser:
            page = browser.get("/sign-in/").text
            token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
            assert token
            signed_in = browser.post(
                "/sign-in/",
                data={"login": "dispatcher", "password": "sigap-demo", "csrfmiddlewaretoken": token[1]},
                headers={"Referer": f"{web.url}/sign-in/"},
            )
            assert "/sign-in/" not in str(signed_in.url)
            assert browser.get("/board/").status_code == 200

        health = httpx.get(f"{web.url}/healthz", timeout=15)
        assert health.status_code == 503
        assert health.json()["parts"]["redis"]["ok"] is False
