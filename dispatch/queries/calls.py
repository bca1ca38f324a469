"""Reading calls with the incident that each belongs to, and what a call-taker should know before answering."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from accounts.actors import Actor
from calls.models import Call
from calls.queries.calls import (
    call_bodies,
    call_details,
    call_for,
    claimant,
    history_of,
    line_form,
    nuisance_level,
    safety_of,
    strikes_of,
)
from calls.queries.shapes import CallForm
from calls.states import OPEN
from core import clock, sql
from core.errors import Refused
from core.registry import Form
from dispatch.models import Incident, IncidentCall
from dispatch.queries.duplicates import likely_same
from dispatch.queries.incidents import may_read_details, readable_by_centre
from dispatch.queries.warnings import warnings_of
from places.areas import point_of
from places.geodesy import Point
from places.queries import readable_warnings, warning_form

__all__ = [
    "call_context",
    "call_for",
    "call_form_of",
    "call_forms",
    "call_page",
    "full_call",
    "line_form",
    "require_words",
    "restricted_incident",
    "words_hidden",
]


_LINKS = """
SELECT l.call_id, i.id, i.number FROM dispatch_incidentcall l JOIN dispatch_incident i ON i.id = l.incident_id
 WHERE l.call_id = ANY(%s::uuid[])
"""
_RESTRICTED = """
WHERE t.restricted AND t.id IN (SELECT incident_id FROM dispatch_incidentcall WHERE call_id = %s::uuid)
"""


def call_forms(ids: Collection[UUID] | None) -> dict[UUID, Form[CallForm]]:
    """The forms of open calls: of all, or of these. Two queries for any number."""
    clause, which = ("", []) if ids is None else ("AND t.id = ANY(%s::uuid[])", [list(ids)])
    clause = f"WHERE t.state IN {sql.among(OPEN)} {clause} ORDER BY t.started_at, t.id"
    found = sql.instances(Call, clause, which, related=("number",))
    return {call: Form(body) for call, body in _bodies(found).items()}


def call_form_of(call: Call) -> CallForm:
    """A call as it travels, in any state."""
    return _bodies([call])[call.id]


def call_page(actor: Actor, calls: Sequence[Call]) -> list[CallForm]:
    """The forms of a page of calls, in its order; `incident` is null where the actor may not read a restricted one.

    A search by number would otherwise find whose number a restricted incident has.
    """
    bodies = _bodies(calls, readable_by_centre(actor))
    return [bodies[call.id] for call in calls]


def full_call(actor: Actor, call: Call) -> dict[str, Any]:
    """A call's form with what its reader sees beside: names, lines, corrections.

    The words and the name of a call about a restricted incident are the incident's: null for whom it hides them from.
    """
    body: dict[str, Any] = {**call_page(actor, [call])[0], **call_details(call)}
    if words_hidden(actor, call):
        body |= {"caller_name": None, "callback_number": None, "lines": None, "corrections": None}
    return body


def require_words(actor: Actor, call: UUID) -> None:
    """Whether an actor may read and write what is typed on a call: not where its restricted incident hides it.

    call: a call's id, or that of a form without a call. Raises Unknown, Refused.
    """
    if restricted_incident(call):
        row = call_for(actor, call)
        if words_hidden(actor, row):
            raise Refused("not_allowed", operator=claimant(row))


def restricted_incident(call: UUID) -> Incident | None:
    """The restricted incident whose words those of a call are."""
    found = sql.instances(Incident, _RESTRICTED, [call], related=("type",))
    return found[0] if found else None


def restricted_calls(calls: Collection[UUID]) -> set[UUID]:
    """Which of these calls belong to a restricted incident."""
    links = IncidentCall.objects.filter(call__in=calls, incident__restricted=True)
    return set(links.values_list("call", flat=True))


def words_hidden(actor: Actor, call: Call) -> bool:
    """Whether a call's words are those of a restricted incident that the actor may not read, nor has the call."""
    incident = restricted_incident(call.id)
    return incident is not None and call.claimed_by != actor.ref and not may_read_details(actor, incident)


def _bodies(calls: Sequence[Call], readable: Q | None = None) -> dict[UUID, CallForm]:
    bodies = call_bodies(calls)
    if readable:
        found = IncidentCall.objects.filter(call__in=bodies, incident__in=Incident.objects.filter(readable))
        links = list(found.values_list("call", "incident", "incident__number"))
    else:
        links = sql.rows(_LINKS, [list(bodies)])
    for call, incident, number in links:
        bodies[call]["incident"] = {"id": incident, "number": str(number)}
    return bodies


def call_context(actor: Actor, call: Call, point: Point | None = None, kind: str | None = None) -> dict[str, Any]:
    """What is known around a call, in one answer.

    Its number's history, nuisance and contact safety, AML fixes, warnings of its place, and open incidents that it
    may belong to. point: the place as it stands in the form, else that of its incident; kind: the type as it stands.
    """
    now = clock.now()
    number = call.number
    strikes = strikes_of(number.id, now) if number else 0
    return {
        "call": call_form_of(call),
        "history": call_page(actor, history_of(actor, call)),
        "nuisance": {"level": nuisance_level(strikes), "strikes_24h": strikes},
        "contact_safety": {
            **safety_of(number),
            "unsafe_at": number.unsafe_at if number else None,
        },
        "aml_fixes": [],
        "place_warnings": _place_warnings(actor, call, point),
        "duplicates": likely_same(actor, call, point, kind),
    }


def _place_warnings(actor: Actor, call: Call, point: Point | None) -> list[dict[str, Any]]:
    if point:
        return [warning_form(row, point) for row in readable_warnings(actor, point.lat, point.lng, clock.now())]
    link = IncidentCall.objects.filter(call=call).select_related("incident__type").first()
    if link is None or not may_read_details(actor, link.incident):
        return []
    here = point_of(link.incident.lat, link.incident.lng)
    return [warning_form(row, here) for row in warnings_of(link.incident, clock.now())]
