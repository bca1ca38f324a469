"""A cache that may lose its server: while Redis is gone each process keeps its own, and nobody waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

Answer = TypeVar("Answer")

PATIENCE_SECONDS = 0.05  # to connect, and for each answer
REST_SECONDS = 1.5  # after a failure nobody tries for so long


class Breaker:
    """Whether to ask a server that failed a moment ago: not for REST_SECONDS."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._closed_again_at = 0.0

    @property
    def open(self) -> bool:
        """Whether the server is being left alone."""
        return time.monotonic() < self._closed_again_at

    def trip(self) -> None:
        """Leave the server alone for a while."""
        with self._lock:
            self._closed_again_at = time.monotonic() + REST_SECONDS


# Django makes a cache for each request; its connections, and whether the server is gone, are the process's.
_remotes: dict[str, tuple[RedisCache, Breaker]] = {}
_lock = threading.Lock()


def _shared(name: str, make: Callable[[], RedisCache]) -> tuple[RedisCache, Breaker]:
    with _lock:
        if name not in _remotes:
            _remotes[name] = (make(), Breaker())
        return _remotes[name]


@cache
def _client(remote: RedisCache) -> Any:
    """The client of a process; to make one costs as much as what it asks."""
    return remote._cache.get_client(None, write=True)


def _remote(server: str | list[str], params: dict[str, Any]) -> RedisCache:
    options = {
        "socket_connect_timeout": PATIENCE_SECONDS,
        "socket_timeout": PATIENCE_SECONDS,
        "retry": None,
    } | params.get("OPTIONS", {})
    return RedisCache(server, params | {"OPTIONS": options})


class ForgivingCache(BaseCache):
    """Django's Redis cache, with a local one to fall back on within 0.1 s."""

    def __init__(self, server: str | list[str], params: dict[str, Any]) -> None:
        super().__init__(params)
        self.local = LocMemCache("forgiving", params)
        self.remote, self.breaker = _shared(repr((server, params)), lambda: _remote(server, params))

    def client(self) -> Any:
        """The redis-py client, for what a cache can't say (core.ratelimits)."""
        return _client(self.remote)

    def remotely(self, ask: Callable[[], Answer], otherwise: Callable[[], Answer]) -> Answer:
        """The server's answer, or `otherwise` while it is gone."""
        if not self.breaker.open:
            try:
                return ask()
            except (RedisError, OSError):
                self.breaker.trip()
        return otherwise()

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Set a key that isn't there; whether it was set."""
        return self.remotely(
            lambda: self.remote.add(key, value, timeout, version),
            lambda: self.local.add(key, value, timeout, version),
        )

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """A key's value, or the default."""
        return self.remotely(
            lambda: self.remote.get(key, default, version), lambda: self.local.get(key, default, version)
        )

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Set a key for `timeout` seconds."""
        self.remotely(
            lambda: self.remote.set(key, value, timeout, version),
            lambda: self.local.set(key, value, timeout, version),
        )

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Give a key a new timeout; whether it is there."""
        return self.remotely(
            lambda: self.remote.touch(key, timeout, version), lambda: self.local.touch(key, timeout, version)
        )

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Forget a key; whether it was there."""
        return self.remotely(lambda: self.remote.delete(key, version), lambda: self.local.delete(key, version))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Add to a number; its new value. Raises ValueError where there is none."""
        return self.remotely(
            lambda: self.remote.incr(key, delta, version), lambda: self.local.incr(key, delta, version)
        )

    def has_key(self, key: Any, version: int | None = None) -> bool:
        """Whether a key is there."""
        return self.remotely(lambda: self.remote.has_key(key, version), lambda: self.local.has_key(key, version))

    def clear(self) -> None:
        """Forget everything, here and there."""
        self.local.clear()
        self.remotely(self.remote.clear, lambda: None)
