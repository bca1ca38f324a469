"""A call for a newcomer on a training site: it comes by the same action as an exchange's."""

from __future__ import annotations

import secrets
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from accounts.actors import Actor, demo_actor
from accounts.pages.decorators import page_for
from accounts.roles import Right
from accounts.training import is_training
from calls.actions.caller_details import add_line
from calls.actions.telephony import PbxEvent, take_telephony_event
from calls.models import Call
from calls.states import WAITING, TelephonyKind
from core import clock
from core.data_files import document
from core.errors import Conflict, Invalid
from dispatch.models import Incident
from dispatch.states import NOT_OPEN
from simulation.demo.callers import EMERGENCY_NUMBER
from simulation.demo.random_events import NUMBERS

SOURCE = "training"
CALLER = {"id": "Penelepon", "en": "Caller"}
KINDS = ("emergency", "prank", "silent", "duplicate", "boat")
# A caller of a training site who was never answered hangs up when the next one rings.
GIVES_UP_AFTER = timedelta(minutes=2)


@page_for(lambda actor: actor.may(Right.OPERATE))
@require_POST
def ring_first_call(request: HttpRequest) -> HttpResponse:
    """`POST /training/ring/ {kind}`: a call rings; the answer has its id and what is heard. Live sites: 404."""
    if not is_training():
        raise Http404
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by accounts.pages.decorators
    kind = request.POST.get("kind", "")
    if kind not in KINDS:
        raise Invalid.field("kind", "first_call_unknown")
    caller_words = words_of(actor, kind)
    call = ring(actor, kind, caller_words)
    return JsonResponse({"call": str(call.id), "caller_words": caller_words}, status=201)


def ring(actor: Actor, kind: str, caller_words: str) -> Call:
    """Have a call of a kind come in, with the caller's words on it; callers who waited in vain hang up first."""
    caller = demo_actor(actor.centre)
    _give_up(caller)
    number = None if kind == "silent" else f"{NUMBERS}{secrets.randbelow(10**6):06}"
    event = PbxEvent(
        SOURCE, f"{kind}-{uuid4().hex}", TelephonyKind.RINGING, at=clock.now(), caller=number, called=EMERGENCY_NUMBER
    )
    call = take_telephony_event(actor=caller, event=event)
    text = caller_words if caller_words.startswith("(") else f"{CALLER[_language()]}: {caller_words}"
    add_line(actor=caller, call=call.id, text=text, at=clock.now())
    return call


def words_of(actor: Actor, kind: str) -> str:
    """The words of the caller of a kind, in the reader's language. Raises Conflict(`no_open_incident`)."""
    language = _language()
    text: str = secrets.choice(_script()[kind])[language]
    if kind != "duplicate":
        return text
    found = Incident.objects.filter(centre_id=actor.centre, restricted=False).exclude(state__in=NOT_OPEN)
    newest = found.exclude(location_text="").select_related("type").order_by("-created_at").first()
    if newest is None:
        raise Conflict("no_open_incident")
    return text.format(what=getattr(newest.type, f"name_{language}"), where=newest.location_text)


def _language() -> str:
    """The language of the words of a caller: the reader's."""
    return "en" if (get_language() or "").startswith("en") else "id"


def _give_up(caller: Actor) -> None:
    late = clock.now() - GIVES_UP_AFTER
    for call in Call.objects.filter(source=SOURCE, state__in=WAITING, started_at__lt=late):
        event = PbxEvent(SOURCE, call.call_ref or "", TelephonyKind.ABANDONED, at=clock.now(), called=EMERGENCY_NUMBER)
        take_telephony_event(actor=caller, event=event)


@cache
def _script() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = document("demo/first_calls.json")
    return found
