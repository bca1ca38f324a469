"""The HTTP API put together: every app's doors under /api/v1/."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

import accounts.api.agencies
import alarms.api
import calls.api.operators
import calls.api.telephony
import dispatch.api.assignments
import dispatch.api.calls
import dispatch.api.crews
import dispatch.api.drafts
import dispatch.api.incident_alarms
import dispatch.api.incidents
import dispatch.api.notes
import dispatch.api.people
import dispatch.api.places
import dispatch.api.tasks
import dispatch.api.timeline
import dispatch.api.types
import dispatch.api.units
import places.api
from accounts.api import Request, signed_in
from accounts.sockets import view_of
from config.registry import registry
from config.wordings import TRADE_PROBLEMS
from core.api import Api
from core.errors import Refused
from core.feed.board import board_response
from core.problems import problem, speak

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
    dispatch.api.types.router,
    dispatch.api.units.router,
    dispatch.api.crews.router,
    places.api.router,
    dispatch.api.places.router,
    alarms.api.router,
    accounts.api.agencies.router,
)

speak(TRADE_PROBLEMS)
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


@api.get("/board", tags=["board"], summary="Everything open, in one snapshot with its seq")
def get_board(request: Request) -> HttpResponse:
    """The board as the asker sees it: the centre's, their agency's, or their unit's. Then /ws/live?since=its seq."""
    view = view_of(request.actor)
    if view is None:
        raise Refused("scope_missing" if request.actor.is_key else "not_allowed")
    return board_response(registry, view)


@csrf_exempt
def unknown(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """An address below /api/ that nothing is at."""
    return problem(404, "not_found")
