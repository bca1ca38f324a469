"""Units as they travel: with the incident they are on and those they are stacked for, which units know nothing of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from calls.queries.shapes import NumberRef
from core import sql
from core.registry import Form
from dispatch.queries.shapes import UnitForm
from dispatch.states import PRESENT, AssignmentStatus
from units.models import Unit
from units.queries import unit_for, visible_units
from units.states import FMS

__all__ = ["unit_for", "unit_form_of", "unit_forms", "unit_forms_of", "visible_units"]

_UNITS = """
SELECT u.id, u.callsign, u.agency_id, a.code, s.code, u.kind, u.capabilities, u.status, u.status_at, u.talk_request_at,
       u.emergency_at, u.emergency_withdrawn_at, u.crew
  FROM units_unit u JOIN accounts_agency a ON a.id = u.agency_id LEFT JOIN units_station s ON s.id = u.station_id
"""
# A partial index has those of a state in PRESENT.
_PARTS = f"""
SELECT s.unit_id, s.status, s.incident_id, i.number
  FROM dispatch_assignment s JOIN dispatch_incident i ON i.id = s.incident_id WHERE s.status IN {sql.among(PRESENT)}
"""  # noqa: S608 - states of the table


def unit_forms(ids: Collection[UUID] | None) -> dict[UUID, Form[UnitForm]]:
    """The forms of the active units: of all, or of these. Two queries, however many."""
    clause, which = ("", []) if ids is None else ("AND u.id = ANY(%s::uuid[])", [list(ids)])
    rows = sql.rows(f"{_UNITS} WHERE u.active {clause} ORDER BY u.callsign", which)
    return {row[0]: Form(body, frozenset({row[2]}), frozenset({row[0]})) for row, body in _bodies(rows, ids)}


def unit_forms_of(units: Collection[Unit]) -> list[UnitForm]:
    """The forms of these units in their order, retired ones too."""
    ids = [unit.id for unit in units]
    rows = sql.rows(f"{_UNITS} WHERE u.id = ANY(%s::uuid[])", [ids])
    found = {row[0]: body for row, body in _bodies(rows, ids)}
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
    clause, which = ("", []) if ids is None else ("AND s.unit_id = ANY(%s::uuid[])", [list(ids)])
    on: dict[UUID, NumberRef] = {}
    stacked: dict[UUID, list[NumberRef]] = defaultdict(list)
    for unit, status, incident, number in sql.rows(f"{_PARTS} {clause} ORDER BY s.made_at, s.id", which):
        entry: NumberRef = {"id": incident, "number": str(number)}
        if status == AssignmentStatus.STACKED:
            stacked[unit].append(entry)
        else:
            on[unit] = entry
    return on, stacked
