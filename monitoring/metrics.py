"""Prometheus' view: what this process counted, and what the database and the health parts measure."""

from __future__ import annotations

import ipaddress
import os
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from core import event_log
from core.errors import NotSignedIn
from core.models import Source
from core.problems import answer
from core.registry import HealthPart
from feed.hub import running
from monitoring.health import Probe

# Several web processes answer on one address, so each of its own figures names its process.
PID = str(os.getpid())
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")

own = CollectorRegistry()
_requests = Counter("sigap_requests", "Requests answered", ["pid", "method", "status"], registry=own)
_seconds = Histogram(
    "sigap_request_seconds",
    "Time to answer",
    ["pid"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
    registry=own,
)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@sync_and_async_middleware
def count_requests(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Count every request with its method, status and time."""
    if iscoroutinefunction(get_response):

        async def count_async(request: HttpRequest) -> HttpResponseBase:
            started = time.perf_counter()
            asked: Awaitable[HttpResponseBase] = get_response(request)
            return _counted(request, await asked, started)

        return count_async

    def count(request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        return _counted(request, get_response(request), started)

    return count


def _counted(request: HttpRequest, response: HttpResponseBase, started: float) -> HttpResponseBase:
    method = request.method if request.method in _METHODS else "other"
    _requests.labels(PID, method, str(response.status_code)).inc()
    _seconds.labels(PID).observe(time.perf_counter() - started)
    return response


class Whole(Collector):
    """The metrics of the database, the health parts and this process's hub."""

    def __init__(self, probe: Probe) -> None:
        self._probe = probe

    def collect(self) -> Iterable[Metric]:
        """The figures of this moment; without a database only those that need none."""
        parts = self._probe.parts()
        yield from _of_health(parts)
        yield from _of_hub()
        if parts["database"].ok:
            yield from _of_database()


def _of_health(parts: Any) -> Iterable[Metric]:
    ok = GaugeMetricFamily("sigap_part_ok", "Whether a part of /healthz is well", labels=["part"])
    figures = GaugeMetricFamily("sigap_part_figure", "The figures of /healthz", labels=["part", "figure"])
    for name, part in parts.items():
        ok.add_metric([name], float(part.ok))
        for figure, value in _numbers(part):
            figures.add_metric([name, figure], value)
    return ok, figures


def _numbers(part: HealthPart) -> list[tuple[str, float]]:
    return [(name, float(value)) for name, value in part.figures.items() if isinstance(value, int | float)]


def _of_hub() -> Iterable[Metric]:
    hub = running()
    sockets = GaugeMetricFamily("sigap_sockets", "Live sockets of this process", labels=["pid", "view"])
    outcomes = CounterMetricFamily("sigap_feed", "Sockets cut for slowness, resets sent", labels=["pid", "what"])
    if hub is not None:
        figures = hub.figures()
        for view, number in figures["sockets"].items():
            sockets.add_metric([PID, view], number)
        for what in ("slow", "resets"):
            outcomes.add_metric([PID, what], figures[what])
    return sockets, outcomes


def _of_database() -> Iterable[Metric]:
    events = CounterMetricFamily("sigap_events", "Events in the log: its last seq")
    events.add_metric([], event_log.last_seq())
    fired = CounterMetricFamily("sigap_timers_fired", "Timers fired since the worker started", labels=["worker"])
    late = CounterMetricFamily("sigap_timers_late", "Of these, over a second late", labels=["worker"])
    for worker in Source.objects.filter(kind="worker"):
        fired.add_metric([worker.name], worker.figures.get("fired_since_start", 0))
        late.add_metric([worker.name], worker.figures.get("late_since_start", 0))
    return events, fired, late


def metrics_view(probe: Probe, has_key: Callable[[HttpRequest], bool]) -> Callable[[HttpRequest], HttpResponse]:
    """The view of `GET /metrics`: for this machine itself, and for whoever has a valid key.

    has_key: whether a request carries one. Others get 401 as a problem.
    """
    whole = CollectorRegistry()
    whole.register(Whole(probe))

    def metrics(request: HttpRequest) -> HttpResponse:
        """Every figure in Prometheus' text form."""
        if not is_local(request) and not has_key(request):
            return answer(NotSignedIn()) or HttpResponse(status=401)
        return HttpResponse(generate_latest(own) + generate_latest(whole), content_type=CONTENT_TYPE_LATEST)

    return metrics


def is_local(request: HttpRequest) -> bool:
    """Whether the asker is on this machine itself, and not behind a proxy that is."""
    if any(header in request.META for header in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
