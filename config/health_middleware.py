"""Endpoints before all others: they answer whatever session, host name or scheme the request has."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from accounts.queries import key_of_secret
from config.registry import registry
from core.json_codec import dumps
from monitoring.health import Probe
from monitoring.metrics import metrics_view

probe = Probe(registry)


def healthz() -> HttpResponse:
    """`GET /healthz`: 200 when every part is well, else 503, with each part's state."""
    well, body = probe.answer()
    return _json(200 if well else 503, body)


def all_well() -> bool:
    """Whether every part of this site works, for the sign-in page."""
    return probe.answer()[0]


def readyz() -> HttpResponse:
    """`GET /readyz`: 200 when this process can serve; for a proxy that chooses among several."""
    ready = probe.ready()
    return _json(200 if ready else 503, {"ok": ready})


def _has_key(request: HttpRequest) -> bool:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return scheme.lower() == "bearer" and key_of_secret(secret.strip()) is not None


metrics = metrics_view(probe, _has_key)

ENDPOINTS: dict[str, Callable[[], HttpResponse]] = {"/healthz": healthz, "/readyz": readyz}


@sync_and_async_middleware
def health_endpoints(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Answer /healthz and /readyz before any middleware that needs a database, a cookie or an allowed host."""
    if iscoroutinefunction(get_response):

        async def answer_async(request: HttpRequest) -> HttpResponseBase:
            endpoint = _endpoint(request)
            if endpoint is None:
                passed: Awaitable[HttpResponseBase] = get_response(request)
                return await passed
            return await sync_to_async(endpoint, thread_sensitive=False)()

        return answer_async

    def answer(request: HttpRequest) -> HttpResponseBase:
        endpoint = _endpoint(request)
        response: HttpResponseBase = get_response(request) if endpoint is None else endpoint()
        return response

    return answer


def _endpoint(request: HttpRequest) -> Callable[[], HttpResponse] | None:
    return ENDPOINTS.get(request.path_info) if request.method in {"GET", "HEAD"} else None


def _json(status: int, body: dict[str, Any]) -> HttpResponse:
    response = HttpResponse(dumps(body), status=status, content_type="application/json")
    response["Cache-Control"] = "no-store"
    if status == 503:
        response["Retry-After"] = "2"
    # Django would log an error for each 503, every few seconds and to nobody's gain.
    response._has_been_logged = True  # type: ignore[attr-defined]
    response["X-Content-Type-Options"] = "nosniff"
    return response
