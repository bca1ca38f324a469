"""Rate limits as a leaking bucket (GCRA): counted in Redis for all processes, in the process while Redis is gone."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from django.core.cache import caches

from core.cache import ForgivingCache
from core.errors import TooMany

# One key holds the moment at which the bucket is empty again. Answers how long to wait: 0 lets through.
_SCRIPT = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local interval, room = tonumber(ARGV[1]), tonumber(ARGV[2])
local empty = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
local wait = empty + interval - now - room
if wait > 0.000001 then return tostring(wait) end
empty = empty + interval
redis.call('SET', KEYS[1], string.format('%.6f', empty), 'PX', math.ceil((empty - now) * 1000) + 1)
return '0'
"""
_LOCAL_SIZE = 10_000


@dataclass(frozen=True, slots=True)
class Rate:
    """So many a second in the long run, so many at once."""

    name: str
    per_second: float
    burst: int

    @property
    def interval_seconds(self) -> float:
        """What one request fills of the bucket."""
        return 1 / self.per_second

    @property
    def room_seconds(self) -> float:
        """How much the bucket holds."""
        return self.burst / self.per_second


KEY = Rate("key", 200, 1_000)
POSITIONS = Rate("positions", 20, 40)
PERSON = Rate("person", 50, 100)
CLOCK = Rate("clock", 10 / 60, 10)  # a page reports its workstation's clock once a minute
PASSWORD = Rate("password", 10 / 60, 10)  # the present password, asked for to change it

_empty_at: dict[str, float] = {}
_lock = threading.Lock()


def spend(rate: Rate, who: str) -> None:
    """Count one request of `who` ("key:UUID"). Raises TooMany with the seconds to wait where the bucket is full."""
    cache = caches["default"]
    name = f"rate:{rate.name}:{who}"
    wait = (
        cache.remotely(lambda: _remote(cache, name, rate), lambda: _local(name, rate))
        if isinstance(cache, ForgivingCache)
        else _local(name, rate)
    )
    if wait > 0:
        raise TooMany(retry_after_seconds=wait)


def _remote(cache: ForgivingCache, name: str, rate: Rate) -> float:
    answer = cache.client().eval(_SCRIPT, 1, name, repr(rate.interval_seconds), repr(rate.room_seconds))
    return float(answer)


def _local(name: str, rate: Rate) -> float:
    now = time.monotonic()
    with _lock:
        if len(_empty_at) > _LOCAL_SIZE:
            for old in [key for key, empty in _empty_at.items() if empty < now]:
                del _empty_at[old]
        empty = max(_empty_at.get(name, now), now)
        wait = empty + rate.interval_seconds - now - rate.room_seconds
        if wait > 0:
            return wait
        _empty_at[name] = empty + rate.interval_seconds
    return 0.0
