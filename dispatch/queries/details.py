"""What an incident's form leaves out: its words, its calls, its people, for those who may read them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts.actors import Actor
from calls.models import Call
from calls.queries.calls import is_unsafe, safety_of
from core import sql
from dispatch.models import Incident, Note, PeopleAtRisk
from dispatch.queries.board_items import incident_form_of
from dispatch.queries.incidents import (
    family_of,
    may_read_details,
    may_see_numbers,
    may_see_unsafe_numbers,
    readable_family,
    visible_incidents,
)
from dispatch.queries.needs import missing_by_incident
from dispatch.queries.search import search_filter
from dispatch.queries.warnings import incident_warnings
from dispatch.states import NOT_OPEN
from plans.queries.needs import not_accepted

_NOTES = "WHERE t.incident_id = ANY(%s::uuid[]) ORDER BY t.at, t.recorded_at, t.id"
_CALLS = """
WHERE t.id IN (SELECT call_id FROM dispatch_incidentcall WHERE incident_id = %s::uuid) ORDER BY t.started_at, t.id
"""
# What a linked call shows of its number to those who may not see numbers.
_UNNAMED = {"safe_to_call_back": None, "contact_safety": None}


def incident_details(actor: Actor, incident: Incident) -> dict[str, Any]:
    """An incident's form with what the actor may read of it; what is kept from the actor is null.

    For those who may read a restricted incident its real type stands in `type`, its first words in `narrative` and what
    its plan still lacks in `missing`.
    """
    body: dict[str, Any] = {**incident_form_of(incident)}
    readable = may_read_details(actor, incident)
    family = family_of(incident)
    if readable:
        body |= {"type": incident.type_id, "narrative": incident.narrative}
        if incident.restricted:
            body["missing"] = not_accepted(incident.shortfall, missing_by_incident([incident])[incident.id])
    merged = Incident.objects.filter(pk__in=family[1:]).order_by("number").values_list("id", "number")
    return body | {
        "readable": readable,
        "priority_reason": incident.priority_reason if readable else None,
        "disposition": incident.disposition,
        "first_ring_at": incident.first_ring_at,
        "recorded_at": incident.recorded_at,
        "notes": [note_form_of(note) for note in notes_of(readable_family(actor, incident, family))]
        if readable
        else None,
        "people": [people_form_of(row) for row in _people(incident)] if readable else None,
        "linked_calls": _calls(
            incident, named=readable and may_see_numbers(actor, incident), unsafe=may_see_unsafe_numbers(actor)
        ),
        "assignment_reasons": _reasons(incident) if readable else None,
        "place_warnings": incident_warnings(incident),
        "merged_from": [{"id": key, "number": str(number)} for key, number in merged],
    }


def notes_of(incidents: Collection[UUID]) -> list[Note]:
    """The notes of these incidents in the order of their times, struck ones too."""
    return sql.instances(Note, _NOTES, [list(incidents)])


def note_form_of(note: Note) -> dict[str, Any]:
    """A note as it travels."""
    struck = None
    if note.struck_at:
        struck = {"at": note.struck_at, "by": note.struck_name, "reason": note.struck_reason}
    return {
        "id": note.id,
        "incident": note.incident_id,
        "text": note.text,
        "at": note.at,
        "recorded_at": note.recorded_at,
        "by": {"ref": note.created_by, "name": note.author_name},
        "desk": note.desk,
        "struck": struck,
    }


def people_form_of(people: PeopleAtRisk) -> dict[str, Any]:
    """People at risk as they travel; the number they can be reached at has an endpoint of its own."""
    return {
        "id": people.id,
        "place": people.place,
        "count": people.count,
        "condition": people.condition or None,
        "advice": people.advice or None,
        "last_contact_at": people.last_contact_at,
        "rescued_at": people.rescued_at,
    }


def found_incidents(
    actor: Actor,
    *,
    is_open: bool | None = None,
    state: str | None = None,
    since: datetime | None = None,
    typed: str | None = None,
) -> QuerySet[Incident]:
    """The incidents that an actor may see and that fit: open or not, in a state, created since, by what was typed."""
    found = visible_incidents(actor).select_related("type", "centre", "owner")
    if is_open is not None:
        found = found.exclude(state__in=NOT_OPEN) if is_open else found.filter(state__in=NOT_OPEN)
    if state:
        found = found.filter(state=state)
    if since:
        found = found.filter(created_at__gte=since)
    if typed is not None:
        found = found.filter(search_filter(actor, typed))
    return found


def _reasons(incident: Incident) -> dict[UUID, str]:
    """The reason for each unit, where one was given, by the assignment's id."""
    return dict(
        sql.rows("SELECT id, reason FROM dispatch_assignment WHERE incident_id = %s AND reason > ''", [incident.id])
    )


def _people(incident: Incident) -> list[PeopleAtRisk]:
    return sql.instances(PeopleAtRisk, "WHERE t.incident_id = %s ORDER BY t.rescued_at, t.id", [incident.id])


def _calls(incident: Incident, *, named: bool, unsafe: bool) -> list[dict[str, Any]]:
    """The linked calls, oldest first. named: with the caller's number and name; unsafe: unsafe numbers too."""

    def shown(call: Call) -> bool:
        return named and (unsafe or not is_unsafe(call.number))

    return [
        {
            "id": call.id,
            "state": call.state,
            "channel": call.channel,
            "started_at": call.started_at,
            "answered_at": call.answered_at,
            "ended_at": call.ended_at,
            "number": call.number.e164 if call.number and shown(call) else None,
            "caller_name": call.caller_name if named else None,
            "callback_number": call.callback_number if shown(call) else None,
            **(safety_of(call.number) if named else _UNNAMED),
            "language": call.language,
        }
        for call in sql.instances(Call, _CALLS, [incident.id], related=("number",))
    ]
