"""Who did what, when, at which desk: an incident's events as sentences."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.actors import Actor
from accounts.models import ApiKey, User
from accounts.roles import Reach, Right
from core.models import Event
from dispatch.event_messages import event_sentence
from dispatch.models import Incident, IncidentCall, Note
from dispatch.queries.details import note_form_of
from dispatch.queries.incidents import desk_agency, family_of, readable_family
from plans.models import IncidentDisposition, IncidentType
from units.queries import capability_names

OLDEST_FIRST = ("at", "seq")
SYSTEM = "Sigap"


def timeline_of(actor: Actor, incident: Incident) -> QuerySet[Event]:
    """The events of an incident, of what was merged into it, and of its calls for who may see calls.

    Whoever sees an incident only by a part in it gets the events that name their agency, as on the live feed.
    """
    subjects = [f"incident:{each}" for each in family_of(incident)]
    if actor.reach(Right.CALL_SEE) is Reach.ANY:
        links = IncidentCall.objects.filter(incident=incident).values_list("call_id", flat=True)
        subjects += [f"call:{call}" for call in links]
    found = Event.objects.filter(subjects__overlap=subjects).defer("body", "hash")
    if actor.reach(Right.INCIDENT_SEE) is Reach.OWN:
        found = found.filter(subjects__contains=[f"agency:{desk_agency(actor)}"])
    return found


def unit_timeline(actor: Actor, unit: UUID, *, since: datetime) -> QuerySet[Event]:
    """The events of a unit since a moment: its statuses, assignments, flags and crew.

    Whoever sees units only of their own agency gets the events that name it, as on the live feed.
    """
    about = Q(kind__startswith="unit.") | Q(kind__startswith="assignment.")
    found = Event.objects.filter(about, subjects__contains=[f"unit:{unit}"], at__gte=since).defer("body", "hash")
    if actor.reach(Right.UNIT_SEE) is Reach.OWN:
        found = found.filter(subjects__contains=[f"agency:{desk_agency(actor)}"])
    return found


def unit_sentences(actor: Actor, events: Iterable[Event]) -> list[dict[str, Any]]:
    """These events of a unit as sentences in the actor's language, without the text of notes."""
    rows = list(events)
    people, texts = names_of({event.actor for event in rows}), code_names(actor.language)
    return [_entry(event, actor.language, people, texts) | {"note": None} for event in rows]


def timeline_entries(actor: Actor, incident: Incident, events: Iterable[Event]) -> list[dict[str, Any]]:
    """These events as the actor may read them, in the actor's language: a sentence each, a note's words beside it."""
    rows = list(events)
    people = names_of({event.actor for event in rows})
    words = code_names(actor.language)
    notes = _notes(rows, readable_family(actor, incident))
    return [
        _entry(event, actor.language, people, words) | {"note": notes.get(str(event.data.get("note")))}
        for event in rows
    ]


def _entry(event: Event, language: str, people: Mapping[str, str], texts: Mapping[str, str]) -> dict[str, Any]:
    return {
        "seq": event.seq,
        "at": event.at,
        "recorded_at": event.recorded_at,
        "late": bool(event.data.get("late")),
        "actor": {"ref": event.actor, "name": people.get(event.actor, SYSTEM)},
        "desk": event.desk,
        "kind": event.kind,
        "text": event_sentence(event, language, texts),
    }


def names_of(refs: Collection[str]) -> dict[str, str]:
    """The names behind "user:<uuid>" and "key:<uuid>"; the system and the demo have names of their own."""
    ids: dict[str, list[UUID]] = {"user": [], "key": []}
    for ref in refs:
        kind, _, key = ref.partition(":")
        if kind in ids:
            ids[kind].append(UUID(key))
    users = User.objects.filter(pk__in=ids["user"]).values_list("pk", "name")
    keys = ApiKey.objects.filter(pk__in=ids["key"]).values_list("pk", "name")
    return {f"user:{key}": name for key, name in users} | {f"key:{key}": name for key, name in keys}


def code_names(language: str) -> dict[str, str]:
    """The names behind the codes of types, dispositions and capabilities in a language."""
    column = "name_en" if language == "en" else "name_id"
    return (
        capability_names(language)
        | dict(IncidentDisposition.objects.values_list("code", column))
        | dict(IncidentType.objects.values_list("code", column))
    )


def _notes(events: Iterable[Event], readable: Collection[UUID]) -> dict[str, dict[str, Any]]:
    keys = {str(event.data["note"]) for event in events if event.data.get("note")}
    found = Note.objects.filter(pk__in=keys, incident__in=readable) if keys and readable else []
    return {str(note.id): note_form_of(note) for note in found}
