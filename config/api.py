"""The HTTP API put together: every app's endpoints under /api/v1/."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from typing_extensions import TypedDict

import accounts.api.agencies
import alarms.api
import calls.api.operators
import calls.api.telephony
import dispatch.api.assignments
import dispatch.api.calls
import dispatch.api.drafts
import dispatch.api.incident_alarms
import dispatch.api.incidents
import dispatch.api.notes
import dispatch.api.people
import dispatch.api.places
import dispatch.api.tasks
import dispatch.api.timeline
import dispatch.api.units
import places.api
import plans.api
import staff.api
from accounts.api import Request, signed_in
from accounts.sockets import view_of
from alarms.queries import AlarmForm
from calls.queries.shapes import CallForm, Kpis, OperatorForm
from config.problem_messages import DOMAIN_PROBLEMS
from config.registry import registry
from core import json_codec
from core.api import Api
from core.errors import Refused
from core.problems import problem, register_messages
from dispatch.queries.shapes import IncidentForm, UnitForm
from feed.board import board_response

ROUTERS = (
    calls.api.telephony.router,
    calls.api.operators.router,
    dispatch.api.calls.router,
    dispatch.api.drafts.router,
    dispatch.api.incidents.router,
    dispatch.api.incident_alarms.router,
    dispatch.api.notes.router,
    dispatch.api.people.router,
    dispatch.api.timeline.router,
    dispatch.api.tasks.router,
    dispatch.api.assignments.router,
    plans.api.router,
    dispatch.api.units.router,
    staff.api.router,
    places.api.router,
    dispatch.api.places.router,
    alarms.api.router,
    accounts.api.agencies.router,
)

register_messages(DOMAIN_PROBLEMS)
api = Api(
    title="Sigap",
    version="1.0",
    description=(
        "An emergency call dispatch console: calls, incidents, units, alarms. Errors are problem+json (RFC 9457) with "
        "a stable `code`. Every creating call takes a client-made UUID `id`, so that it can be sent again."
    ),
    urls_namespace="api",
    auth=signed_in,
)
for router in ROUTERS:
    api.add_router("", router)


class Board(TypedDict):
    """Everything open, at one `seq`; `positions` are [callsign, lat, lng, heading, speed, fix_at]."""

    seq: int
    at: datetime
    calls: list[CallForm]
    incidents: list[IncidentForm]
    units: list[UnitForm]
    alarms: list[AlarmForm]
    operators: list[OperatorForm]
    positions: list[tuple[str, float, float, float | None, float | None, datetime]]
    kpis: Kpis | None


@api.get("/board", response=Board, tags=["board"], summary="Everything open, in one snapshot with its seq")
def get_board(request: Request) -> HttpResponse:
    """The board as the asker sees it: the centre's, their agency's, or their unit's. Then /ws/live?since=its seq."""
    view = view_of(request.actor)
    if view is None:
        raise Refused("scope_missing" if request.actor.is_key else "not_allowed")
    return board_response(registry, view)


@cache
def _openapi() -> tuple[bytes, str]:
    """The OpenAPI document as JSON and its entity tag, built once: it changes only with the code."""
    text = json_codec.dumps(api.get_openapi_schema())
    return text, f'"{hashlib.sha256(text).hexdigest()[:32]}"'


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """`GET /api/v1/openapi.json`, for anybody: kept by whoever asks again with its entity tag (304)."""
    text, tag = _openapi()
    fresh = request.headers.get("If-None-Match") in {tag, f"W/{tag}"}
    return HttpResponse(
        b"" if fresh else text,
        status=304 if fresh else 200,
        content_type="application/json",
        headers={"ETag": tag, "Cache-Control": "no-cache"},
    )


@csrf_exempt
def unknown(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """An address below /api/ that nothing is at."""
    return problem(404, "not_found")
