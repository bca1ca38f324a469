"""Rate limits: so many at once, so many a second, for each sender, with Redis and without."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from core import ratelimits
from core.errors import TooMany
from core.ratelimits import Rate, spend

SLOW = Rate("slow", per_second=0.01, burst=3)
QUICK = Rate("quick", per_second=1_000_000, burst=10)


@pytest.fixture(params=["with Redis", "without Redis"])
def counting(request, monkeypatch):
    monkeypatch.setattr(ratelimits, "_empty_at", {})
    if request.param == "without Redis":
        monkeypatch.setattr(cache.breaker, "_closed_again_at", float("inf"))


def test_the_fourth_of_three_waits_and_learns_how_long(counting):
    for _ in range(3):
        spend(SLOW, "key:a")
    with pytest.raises(TooMany) as late:
        spend(SLOW, "key:a")
    assert 90 < late.value.retry_after_seconds <= 100


def test_each_sender_has_a_bucket_of_its_own(counting):
    for who in ("key:a", "key:b", "user:a"):
        for _ in range(3):
            spend(SLOW, who)


def test_a_bucket_empties_with_time(counting):
    for _ in range(200):
        spend(QUICK, "key:a")


def test_old_buckets_are_swept(counting, monkeypatch):
    monkeypatch.setattr(cache.breaker, "_closed_again_at", float("inf"))
    monkeypatch.setattr(ratelimits, "_LOCAL_SIZE", 10)
    for number in range(100):
        spend(QUICK, f"key:{number}")
    assert len(ratelimits._empty_at) < 30


def test_the_promised_rates_are_these():
    assert (ratelimits.KEY.per_second, ratelimits.KEY.burst) == (200, 1_000)
    assert ratelimits.POSITIONS.per_second == 20
    assert ratelimits.PERSON.per_second == 50


@pytest.mark.django_db
def test_who_asks_too_often_gets_429_and_goes_on_later(api, admin, monkeypatch):
    client = api(admin)
    monkeypatch.setattr(ratelimits, "PERSON", SLOW)
    answers = [client.get("agencies") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert answers[3].json()["code"] == "too_many_requests"
    assert int(answers[3]["Retry-After"]) > 90
    assert api().get("agencies").status_code == 401


@pytest.mark.django_db
def test_positions_have_a_rate_of_their_own(api, monkeypatch):
    client = api(scopes=["units", "admin"])
    monkeypatch.setattr(ratelimits, "POSITIONS", SLOW)
    codes = [client.post("units/positions", [{}]).status_code for _ in range(4)]
    assert codes == [202, 202, 202, 429]
    assert client.get("agencies").status_code == 200
