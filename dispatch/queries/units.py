"""Units as they travel: with the incident they are on and those they are stacked for, which units know nothing of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from calls.queries.shapes import NumberRef
from core.registry import Form
from dispatch.models import Assignment
from dispatch.queries.shapes import UnitForm
from dispatch.states import PRESENT, AssignmentStatus
from units.models import Unit
from units.queries import unit_for, visible_units
from units.states import FMS

__all__ = ["unit_for", "unit_form_of", "unit_forms", "unit_forms_of", "visible_units"]

_COLUMNS = (
    "id",
    "callsign",
    "agency_id",
    "agency__code",
    "station__code",
    "kind",
    "capabilities",
    "status",
    "status_at",
    "talk_request_at",
    "emergency_at",
    "emergency_withdrawn_at",
    "crew",
)


def unit_forms(ids: Collection[UUID] | None) -> dict[UUID, Form[UnitForm]]:
    """The forms of the active units: of all, or of these. Two queries, however many."""
    found = Unit.objects.filter(active=True)
    if ids is not None:
        found = found.filter(id__in=ids)
    rows = found.order_by("callsign").values_list(*_COLUMNS)
    return {row[0]: Form(body, frozenset({row[2]}), frozenset({row[0]})) for row, body in _bodies(rows, ids)}


def unit_forms_of(units: Collection[Unit]) -> list[UnitForm]:
    """The forms of these units in their order, retired ones too."""
    ids = [unit.id for unit in units]
    found = {row[0]: body for row, body in _bodies(Unit.objects.filter(id__in=ids).values_list(*_COLUMNS), ids)}
    return [found[unit.id] for unit in units]


def unit_form_of(unit: Unit) -> UnitForm:
    """The form of one unit, as it is in the database now."""
    return unit_forms_of([unit])[0]


def _bodies(
    rows: Iterable[tuple[Any, ...]], ids: Collection[UUID] | None
) -> Iterable[tuple[tuple[Any, ...], UnitForm]]:
    on, stacked = _parts(ids)
    for row in rows:
        unit, callsign, _, agency, station, kind, capabilities, status, status_at, talk, emergency, withdrawn, crew = (
            row
        )
        yield (
            row,
            {
                "id": unit,
                "callsign": callsign,
                "agency": agency,
                "station": station,
                "kind": kind,
                "capabilities": capabilities,
                "status": status,
                "fms": FMS[status],
                "status_at": status_at,
                "incident": on.get(unit),
                "stacked": stacked.get(unit, []),
                "flags": {"talk_request": talk, "emergency": emergency, "emergency_withdrawn": withdrawn},
                "crew": crew,
            },
        )


def _parts(ids: Collection[UUID] | None) -> tuple[dict[UUID, NumberRef], dict[UUID, list[NumberRef]]]:
    """What each unit is on, and what it is stacked for, first come first: one query over a partial index."""
    found = Assignment.objects.filter(status__in=PRESENT)
    if ids is not None:
        found = found.filter(unit__in=ids)
    on: dict[UUID, NumberRef] = {}
    stacked: dict[UUID, list[NumberRef]] = defaultdict(list)
    rows = found.order_by("made_at", "id").values_list("unit_id", "status", "incident_id", "incident__number")
    for unit, status, incident, number in rows:
        entry: NumberRef = {"id": incident, "number": str(number)}
        if status == AssignmentStatus.STACKED:
            stacked[unit].append(entry)
        else:
            on[unit] = entry
    return on, stacked
