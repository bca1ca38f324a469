"""What a desk needs on paper when the system goes down: open incidents, units, telephone numbers.

A restricted incident shows its number, priority, group and kecamatan only.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from calls.models import Call
from calls.queries.calls import is_unsafe
from directory.models import Contact
from dispatch.models import Assignment, Incident, IncidentCall, Note, Task
from dispatch.states import NOT_OPEN, PRESENT, TaskState
from places.models import Area
from units.models import Unit

LAST_NOTES = 5


def snapshot_of(centre: UUID, language: str) -> dict[str, Any]:
    """The open incidents, the units in use and the directory of a centre. language: "id" or "en"."""
    contacts = Contact.objects.filter(centre=centre, active=True).select_related("agency")
    return {
        "incidents": _incidents(centre, f"name_{language}"),
        "units": _units(centre),
        "contacts": contacts.order_by("name", "code"),
    }


def _incidents(centre: UUID, name: str) -> list[dict[str, Any]]:
    rows = list(
        Incident.objects.filter(centre=centre)
        .exclude(state__in=NOT_OPEN)
        .select_related("type", "owner")
        .order_by("priority", "created_at", "id")
    )
    areas = dict(Area.objects.filter(kind="kecamatan").values_list("code", "name"))
    words = [row.id for row in rows if not row.restricted]
    units = _grouped(
        (part.incident_id, part)
        for part in Assignment.objects.filter(incident__in=words, status__in=PRESENT)
        .select_related("unit")
        .order_by("made_at", "id")
    )
    tasks = _grouped(
        (task.incident_id, task)
        for task in Task.objects.filter(incident__in=words)
        .exclude(state=TaskState.WITHDRAWN)
        .select_related("agency")
        .order_by("offered_at", "order", "id")
    )
    links = IncidentCall.objects.filter(incident__in=words).select_related("call__number").order_by("call__started_at")
    calls = _grouped((link.incident_id, _number(link.call)) for link in links)
    unstruck = Note.objects.filter(incident__in=words, struck_at=None).order_by("at", "recorded_at", "id")
    notes = _grouped((note.incident_id, note) for note in unstruck)
    return [
        {
            "incident": row,
            "kecamatan": areas.get(row.kecamatan or "", ""),
            "type": row.type.group if row.restricted else getattr(row.type, name),
            "units": units.get(row.id, []),
            "tasks": tasks.get(row.id, []),
            "numbers": [number for number in calls.get(row.id, []) if number],
            "notes": notes.get(row.id, [])[-LAST_NOTES:],
        }
        for row in rows
    ]


def _units(centre: UUID) -> list[dict[str, Any]]:
    units = Unit.objects.filter(centre=centre, active=True).select_related("agency", "station")
    busy = dict(
        Assignment.objects.filter(unit__centre=centre, status__in=PRESENT, stacked=False, incident__restricted=False)
        .order_by("made_at")
        .values_list("unit", "incident__number")
    )
    return [{"unit": unit, "number": busy.get(unit.id)} for unit in units.order_by("agency__code", "callsign")]


def _number(call: Call) -> dict[str, Any] | None:
    return {"e164": call.number.e164, "unsafe": is_unsafe(call.number)} if call.number else None


def _grouped(pairs: Any) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found
