"""Counters in windows of time that begin with the first count: in Redis for all processes, else in this process.

A window that is full stays full until it ends; what is refused meanwhile is not counted and does not lengthen it.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from django.core.cache import caches

from core.cache import ForgivingCache

# Count one in each window, or in none where one of them is full. Answers the seconds to wait: 0 where it was counted.
_TAKE = """
local wait = 0
for i, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key) or '0') >= tonumber(ARGV[2 * i - 1]) then
    wait = math.max(wait, redis.call('PTTL', key), 1)
  end
end
if wait > 0 then return wait end
for i, key in ipairs(KEYS) do
  if redis.call('INCR', key) == 1 then redis.call('PEXPIRE', key, ARGV[2 * i]) end
end
return 0
"""
_GIVE_BACK = """
for _, key in ipairs(KEYS) do
  if redis.call('EXISTS', key) == 1 and redis.call('DECR', key) <= 0 then redis.call('DEL', key) end
end
return 0
"""
_LOCAL_SIZE = 10_000


@dataclass(frozen=True, slots=True)
class Window:
    """At most `most` counts of `key` in `seconds`."""

    key: str
    most: int
    seconds: float

    @property
    def name(self) -> str:
        """Its key in Redis."""
        return f"window:{self.key}"


_counts: dict[str, tuple[int, float]] = {}  # name: (count, when the window ends), while Redis is gone
_lock = threading.Lock()


def take(*windows: Window) -> float:
    """Count one in each window; 0. Where one is full nothing is counted: the seconds until it ends."""
    names = [window.name for window in windows]
    limits = [number for window in windows for number in (window.most, int(window.seconds * 1000))]
    cache = caches["default"]
    if not isinstance(cache, ForgivingCache):
        return _take_here(windows)
    return cache.remotely(
        lambda: float(cache.client().eval(_TAKE, len(names), *names, *limits)) / 1000, lambda: _take_here(windows)
    )


def give_back(*windows: Window) -> None:
    """Undo one count in each window."""
    names = [window.name for window in windows]
    cache = caches["default"]
    if isinstance(cache, ForgivingCache):
        cache.remotely(lambda: cache.client().eval(_GIVE_BACK, len(names), *names), lambda: _give_back_here(names))
    else:
        _give_back_here(names)


def is_full(window: Window) -> bool:
    """Whether the next count would be refused."""
    cache = caches["default"]
    if not isinstance(cache, ForgivingCache):
        return _count_here(window.name) >= window.most
    return (
        cache.remotely(lambda: int(cache.client().get(window.name) or 0), lambda: _count_here(window.name))
        >= window.most
    )


def _take_here(windows: tuple[Window, ...]) -> float:
    now = time.monotonic()
    with _lock:
        if len(_counts) > _LOCAL_SIZE:
            for old in [name for name, (_count, ends) in _counts.items() if ends <= now]:
                del _counts[old]
        kept = [_kept(window.name, now) for window in windows]
        full = [ends - now for window, (count, ends) in zip(windows, kept, strict=True) if count >= window.most]
        if full:
            return max(full)
        for window, (count, ends) in zip(windows, kept, strict=True):
            _counts[window.name] = (count + 1, ends if count else now + window.seconds)
    return 0.0


def _give_back_here(names: list[str]) -> None:
    now = time.monotonic()
    with _lock:
        for name in names:
            count, ends = _kept(name, now)
            if count > 0:
                _counts[name] = (count - 1, ends)


def _count_here(name: str) -> int:
    with _lock:
        return _kept(name, time.monotonic())[0]


def _kept(name: str, now: float) -> tuple[int, float]:
    count, ends = _counts.get(name, (0, 0.0))
    return (count, ends) if ends > now else (0, 0.0)
