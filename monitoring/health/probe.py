"""Asking every part, once a second at most, and never waiting long for one that hangs."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import psycopg
import redis
from django.conf import settings
from django.db import connection
from redis.backoff import NoBackoff
from redis.retry import Retry

from core import clock
from core.registry import HealthPart, Registry
from feed.hub import Hub, running
from monitoring.health import machine
from monitoring.health.database import look

logger = logging.getLogger(__name__)

KEPT_SECONDS = 1.0
PATIENCE_SECONDS = 3.0
REDIS_SECONDS = 0.3
FEED_SECONDS = 5.0
OF_THE_DATABASE = ("worker", "beat", "timers", "notifications", "clock")


class Probe:
    """The health of this place as this process sees it.

    One look serves everybody who asks within a second; who asks while a look hangs gets an error after 3 s.
    """

    def __init__(self, registry: Registry, *, hub: Callable[[], Hub | None] = running) -> None:
        self._registry, self._hub = registry, hub
        self._lock = threading.Lock()
        self._looking: threading.Thread | None = None
        self._seen: dict[str, HealthPart] = {}
        self._seen_at = float("-inf")

    def parts(self) -> Mapping[str, HealthPart]:
        """Each part's state, at most a second old."""
        with self._lock:
            if time.monotonic() - self._seen_at <= KEPT_SECONDS:
                return self._seen
            looking = self._looking
            if looking is None or not looking.is_alive():
                looking = self._looking = threading.Thread(target=self._look, name="sigap-health", daemon=True)
                looking.start()
        looking.join(PATIENCE_SECONDS)
        if looking.is_alive():
            return {"database": HealthPart(ok=False, figures={"error": "no answer"})}
        return self._seen

    def answer(self) -> tuple[bool, dict[str, Any]]:
        """Whether all is well, and the body of /healthz: {"ok", "place", "at", "parts": {name: {"ok", figures}}}."""
        parts = self.parts()
        well = all(part.ok for part in parts.values())
        states = {name: {"ok": part.ok, **part.figures} for name, part in parts.items()}
        return well, {"ok": well, "place": settings.SIGAP_PLACE, "at": clock.now(), "parts": states}

    def ready(self) -> bool:
        """Whether this process can do its work: all it needs is the database."""
        return self.parts()["database"].ok

    def _look(self) -> None:
        try:
            seen = readings(self._registry, self._hub())
        except Exception as error:  # a part of the domain may raise anything
            logger.exception("health_failed")
            seen = {"health": HealthPart(ok=False, figures={"error": type(error).__name__})}
            seen["database"] = seen["health"]
        finally:
            connection.close()
        with self._lock:
            self._seen, self._seen_at = seen, time.monotonic()


def readings(registry: Registry, hub: Hub | None) -> dict[str, HealthPart]:
    """Ask every part: database, redis, worker, beat, timers, notifications, feed, clock, disk, backup, the registry's.

    Without a database the parts that depend on it are not ok, with no figure: absent knowledge is null.
    """
    seq: int | None = None
    try:
        seen = look()
        parts, seq = dict(seen.parts), seen.seq
    except psycopg.Error as error:
        parts = {"database": HealthPart(ok=False, figures={"error": type(error).__name__})}
        parts |= {name: HealthPart(ok=False, figures={"known": False}) for name in OF_THE_DATABASE}
    parts["redis"] = _redis()
    parts["feed"] = _feed(hub, seq)
    parts["disk"], parts["backup"] = _asked(machine.disk), _asked(machine.backup)
    if parts["database"].ok:
        for name, ask in registry.health.items():
            parts[name] = _asked(ask)
    return parts


def _asked(ask: Callable[[], HealthPart]) -> HealthPart:
    try:
        return ask()
    except Exception as error:
        logger.exception("health_part_failed")
        return HealthPart(ok=False, figures={"error": type(error).__name__})


def _redis() -> HealthPart:
    started = time.monotonic()
    try:
        client = redis.Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=REDIS_SECONDS,
            socket_connect_timeout=REDIS_SECONDS,
            retry=Retry(NoBackoff(), 0),
            single_connection_client=True,
        )
        with client:
            client.ping()
    except (redis.RedisError, OSError) as error:
        return HealthPart(ok=False, figures={"error": type(error).__name__})
    return HealthPart(ok=True, figures={"milliseconds": round((time.monotonic() - started) * 1000, 1)})


def _feed(hub: Hub | None, seq: int | None) -> HealthPart:
    """How many events this process's hub has yet to send; a process without a hub has no lag."""
    if hub is None:
        return HealthPart(ok=True, figures={"lag": None})
    figures = hub.figures()
    head, silent = figures["head"], figures["read_seconds_ago"]
    lag = None if seq is None or head is None else max(0, seq - head)
    reads = silent is not None and silent <= FEED_SECONDS
    return HealthPart(ok=reads, figures={"lag": lag, "read_seconds": None if silent is None else round(silent, 1)})
