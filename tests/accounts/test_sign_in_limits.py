"""How often one may try to sign in: by name and address, by name, by address; with Redis and without."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory

from accounts import hashing, sign_in_limits
from core.addresses import client_address, client_network
from http_server.pending import network
from tests.conftest import Database

RIGHT = {"login": "dispatcher", "password": "sigap-demo"}
WRONG = RIGHT | {"password": "guess"}


def sign_in(form: dict[str, str], address: str = "192.0.2.1", **headers: str) -> Any:
    return Client(REMOTE_ADDR=address).post("/sign-in/", form, headers={"Accept-Language": "en"} | headers)


@pytest.fixture(autouse=True)
def long_minute(monkeypatch):
    """No test depends on how fast thirty sign-ins are."""
    assert sign_in_limits.MINUTE == 60
    monkeypatch.setattr(sign_in_limits, "MINUTE", 600)


@pytest.fixture(params=["with Redis", "without Redis"])
def counting(request, monkeypatch, db):
    if request.param == "without Redis":
        monkeypatch.setattr("core.windows._counts", {})
        monkeypatch.setattr(cache.breaker, "_closed_again_at", float("inf"))


def test_thirty_wrong_tries_for_one_name_are_refused_until_the_minute_ends(counting, monkeypatch):
    statuses = [sign_in(WRONG).status_code for _ in range(30)]
    assert statuses == [400] * 5 + [429] * 25
    late = sign_in(RIGHT)
    assert late.status_code == 429
    assert 0 < int(late["Retry-After"]) <= 600
    assert f"Try again in {late['Retry-After']} s." in late.content.decode()
    assert "Coba lagi dalam" in sign_in(RIGHT, **{"Accept-Language": "id"}).content.decode()
    program = sign_in(RIGHT, Accept="application/json")
    assert (program.status_code, program.json()["code"]) == (429, "sign_in_too_many")
    assert int(program["Retry-After"]) > 0
    assert sign_in(RIGHT | {"login": "supervisor"}).status_code == 302, "others at this address go on"
    assert sign_in(RIGHT, "192.0.2.2").status_code == 302, "nobody shuts a person out from elsewhere"


def test_thirty_names_at_one_address_are_followed_by_a_right_one(counting):
    assert {sign_in(WRONG | {"login": f"name{number}"}).status_code for number in range(40)} == {400}
    assert sign_in(RIGHT).status_code == 302


@pytest.mark.django_db
def test_a_name_counts_as_one_however_it_is_spelt():
    names = ["dispatcher", "DISPATCHER", "dıspatcher", "Dispatcher", "diſpatcher", "dıſpatcher"]
    assert [sign_in(WRONG | {"login": name}).status_code for name in names] == [400] * 5 + [429]


def test_right_tries_are_no_failures(counting):
    assert [sign_in(RIGHT).status_code for _ in range(12)] == [302] * 12


def test_a_name_that_many_guess_at_is_slowed_and_never_locked(counting):
    for number in range(20):
        assert sign_in(WRONG, f"198.51.100.{number}").status_code == 400
    assert [sign_in(WRONG, "203.0.113.1").status_code for _ in range(2)] == [400, 429]
    assert "one try a minute" in sign_in(RIGHT, "203.0.113.1").content.decode()
    assert sign_in(RIGHT, "203.0.113.2").status_code == 302
    assert sign_in(WRONG | {"login": "supervisor"}, "203.0.113.1").status_code == 400


def test_an_address_has_a_ceiling_whatever_the_names(counting, monkeypatch):
    assert sign_in_limits.ATTEMPTS_A_MINUTE == 300
    monkeypatch.setattr(sign_in_limits, "ATTEMPTS_A_MINUTE", 8)
    statuses = [sign_in(WRONG | {"login": f"name{number}"}).status_code for number in range(10)]
    assert statuses == [400] * 8 + [429] * 2
    assert "network" in sign_in(RIGHT).content.decode()
    assert sign_in(RIGHT, "192.0.2.2").status_code == 302


@pytest.mark.django_db
def test_ipv6_counts_by_the_64_that_its_owner_has():
    statuses = [sign_in(WRONG, f"2001:db8:1:1::{number:x}").status_code for number in range(1, 8)]
    assert statuses == [400] * 5 + [429] * 2
    assert sign_in(WRONG, "2001:db8:1:2::1").status_code == 400


@pytest.mark.django_db
def test_a_forwarded_address_counts_only_behind_a_proxy(settings):
    def tries() -> list[int]:
        return [sign_in(WRONG, **{"X-Forwarded-For": f"9.9.9.{number}"}).status_code for number in range(7)]

    assert tries() == [400] * 5 + [429] * 2
    settings.SIGAP_PROXIES = 1
    cache.clear()
    assert tries() == [400] * 7


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "9.9.9.9", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "9.9.9.9", "9.9.9.9"),
        (1, "1.1.1.1, 9.9.9.9:4711", "9.9.9.9"),
        (2, "1.1.1.1, 8.8.8.8, 9.9.9.9", "8.8.8.8"),
        (2, "9.9.9.9", "192.0.2.1"),
        (1, "nonsense", "192.0.2.1"),
        (1, "[2001:db8::1]:80", "2001:db8::1"),
        (1, "::ffff:9.9.9.9", "9.9.9.9"),
    ],
)
def test_the_clients_address_is_what_the_outermost_trusted_proxy_saw(settings, proxies, forwarded, expected):
    settings.SIGAP_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", headers={"X-Forwarded-For": forwarded})
    assert client_address(request) == expected


def test_an_address_that_cannot_be_read_is_one_of_its_own():
    assert client_network(RequestFactory().get("/", REMOTE_ADDR="")) == "unknown"
    assert client_network(RequestFactory().get("/", REMOTE_ADDR="2001:db8::7")) == "2001:db8::/64"


@pytest.mark.parametrize(
    ("peer", "counted"),
    [
        (("2001:db8::7", 4711, 0, 0), "2001:db8::/64"),
        (("fe80::1%eth0", 4711, 0, 2), "fe80::/64"),
        (("::ffff:9.9.9.9", 4711, 0, 0), "9.9.9.9"),
        (("9.9.9.9", 4711), "9.9.9.9"),
        (("a pipe", None), "a pipe"),
        ("", None),
        (None, None),
    ],
)
def test_a_connection_counts_by_the_same_address_as_its_requests(peer, counted):
    assert network(peer) == counted


def test_a_burst_of_sign_ins_holds_no_connection_and_is_bounded(fresh_database: Database, monkeypatch):
    """Sixteen sign-ins wait for the processor; other requests are answered, and the last read when to try again."""
    hold, waiting = threading.Event(), threading.Semaphore(0)
    gate = hashing.Gate(at_once=2, waiting=10, seconds=60)
    real = hashing.BoundedHasher._hash

    def slow(self: Any, *args: Any) -> str:
        waiting.release()
        assert hold.wait(60)
        return real(self, *args)

    monkeypatch.setattr(hashing, "gate", gate)
    monkeypatch.setattr(hashing.BoundedHasher, "_hash", slow)
    answers: list[Any] = []
    over = threading.Semaphore(0)

    def one(number: int) -> None:
        try:
            answers.append(sign_in(RIGHT, f"198.51.100.{number}"))
            over.release()
        finally:
            connection.close()

    burst = [threading.Thread(target=one, args=(number,)) for number in range(16)]
    for thread in burst:
        thread.start()
    for _ in range(2):
        assert waiting.acquire(timeout=60)
    for _ in range(4):
        assert over.acquire(timeout=60), "four are refused while twelve, more than the pool has connections, wait"
    assert [answer.status_code for answer in answers] == [503] * 4
    assert {answer["Retry-After"] for answer in answers} == {"5"}
    assert connection.pool.get_stats()["requests_waiting"] == 0
    for _ in range(12):
        assert Client().get("/console/").status_code == 302
        assert Client().get("/sign-in/").status_code == 200
    assert len(answers) == 4, "no sign-in was finished meanwhile"
    hold.set()
    for thread in burst:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [302] * 12 + [503] * 4
