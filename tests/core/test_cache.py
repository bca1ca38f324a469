"""The cache: shared while Redis is there, one's own while it is gone, and nobody waits for it."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from django.conf import settings

from core.cache import ForgivingCache


@pytest.fixture
def mute_server() -> Iterator[str]:
    """A server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"redis://127.0.0.1:{listening.getsockname()[1]}"


def every_way(cache: ForgivingCache) -> None:
    assert cache.add("a", 1) is True
    assert cache.add("a", 2) is False
    assert cache.get("a") == 1
    assert cache.incr("a") == 2
    cache.set("b", ["x"], 60)
    assert cache.get("b") == ["x"]
    assert cache.touch("b", 60) is True
    assert "b" in cache
    assert cache.delete("b") is True
    assert cache.get("b", "none") == "none"
    cache.clear()
    assert cache.get("a") is None


def test_it_keeps_and_forgets():
    every_way(ForgivingCache(settings.REDIS_URL, {}))


def test_two_processes_see_the_same():
    here, there = ForgivingCache(settings.REDIS_URL, {}), ForgivingCache(settings.REDIS_URL, {"timeout": 299})
    assert here.remote is not there.remote
    here.set("seen", 5)
    assert there.get("seen") == 5
    assert not here.breaker.open


@pytest.mark.parametrize("server", ["redis://127.0.0.1:1", "unix:///nowhere/valkey.sock"])
def test_without_a_server_each_process_keeps_its_own(server):
    cache = ForgivingCache(server, {})
    every_way(cache)
    assert cache.breaker.open


def test_a_server_that_never_answers_is_asked_once_and_then_left_alone(mute_server):
    cache = ForgivingCache(mute_server, {})
    every_way(cache)
    assert cache.breaker.open
    cache.remotely(lambda: pytest.fail("the server was asked again"), lambda: None)
    next_request = ForgivingCache(mute_server, {})
    next_request.remotely(lambda: pytest.fail("the server was asked by the next request"), lambda: None)


def test_the_server_is_asked_again_after_its_rest(monkeypatch):
    cache = ForgivingCache(settings.REDIS_URL, {})
    cache.breaker.trip()
    cache.set("x", 1)
    assert cache.remote.get("x") is None
    monkeypatch.setattr(cache.breaker, "_closed_again_at", 0.0)
    cache.set("x", 2)
    assert cache.remote.get("x") == 2
