"""The log of the San Francisco Fire Department (DataSF nuek-vuh3): a row for each unit of a call."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from simulation.replay.cad_log import CadLog, Case, Part, Row, Stamp, Vehicle
from simulation.replay.reading import moment, need, table
from simulation.replay.repairs import UNKNOWN_TYPE, repair

ZONE = ZoneInfo("America/Los_Angeles")
# As a download has it, of older and of newer years, and as the data set's own API writes it.
SHAPES = (
    *("%m/%d/%Y %I:%M:%S %p", "%Y/%m/%d %I:%M:%S %p", "%Y %b %d %I:%M:%S %p"),
    *("%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S"),
)
RECEIVED, ENTERED, DISPATCHED = "Received DtTm", "Entry DtTm", "Dispatch DtTm"
NEIGHBOURHOOD = "Neighborhood  District"
STAMPS = {
    "Response DtTm": "en_route",
    "On Scene DtTm": "on_scene",
    "Transport DtTm": "transporting",
    "Hospital DtTm": "at_destination",
    "Available DtTm": "available_mobile",
}
COLUMNS = ("Call Number", "Unit ID", "Call Type", RECEIVED, ENTERED, DISPATCHED, *STAMPS)
EXTRA = {
    "Address": (),
    NEIGHBOURHOOD: ("Neighborhooods - Analysis Boundaries", "Neighborhoods - Analysis Boundaries", "Neighborhood"),
    "Location": ("case_location",),
    "Unit Type": (),
    "RowID": (),
    "Final Priority": (),
    "Priority": (),
    "Original Priority": (),
}
# The file's own words, in lower case and without what stands in brackets.
TYPES = {
    "medical incident": "M11",
    "structure fire": "F01",
    "structure fire / smoke in building": "F01",
    "outside fire": "F03",
    "vehicle fire": "F02",
    "traffic collision": "K01",
    "alarms": "F07",
    "smoke investigation": "F07",
    "odor": "F07",
    "gas leak": "F07",
    "electrical hazard": "F04",
    "water rescue": "L01",
    "elevator / escalator rescue": "K03",
    "industrial accidents": "K03",
    "confined space / structure collapse": "B05",
    "hazmat": "F08",
    "fuel spill": "F08",
}
UNKNOWN = "X00"
PRIORITIES = {"3": 1, "2": 3, "E": 1, "1": 4}
ELSE_PRIORITY = 3
CAPABILITIES: dict[str, tuple[str, ...]] = {
    "ENGINE": ("fire_engine",),
    "TRUCK": ("ladder", "rescue"),
    "MEDIC": ("ambulance_als", "ambulance"),
    "PRIVATE": ("ambulance",),
    "RESCUE SQUAD": ("rescue",),
    "AIRPORT": ("fire_engine",),
}
_POINT = re.compile(r"^\((-?[0-9.]+), *(-?[0-9.]+)\)$")
_LNG_FIRST = re.compile(r"^POINT *\((-?[0-9.]+) +(-?[0-9.]+)\)$", re.IGNORECASE)


def read_log(path: Path) -> CadLog:
    """Read a file. Raises BadFile."""
    cases: dict[str, Case] = {}
    vehicles: dict[str, Vehicle] = {}
    rows: list[Row] = []
    for line, cells in table(path, COLUMNS, EXTRA):
        number = need(path, line, "Call Number", cells["Call Number"])
        unit = "".join(need(path, line, "Unit ID", cells["Unit ID"]).split())
        row = Row(cells["RowID"] or f"{number}-{unit}")
        rows.append(row)
        case = cases.get(number)
        if case is None:
            case = cases[number] = _case(path, line, number, cells)
        if case.type == UNKNOWN:
            row.repairs.add(UNKNOWN_TYPE)
        case.rows.append(row)
        kind = cells["Unit Type"]
        vehicles.setdefault(unit, Vehicle(unit, _code(kind), CAPABILITIES.get(kind, ())))
        case.parts.append(_part(path, line, row, unit, cells))
    found = sorted(cases.values(), key=lambda case: (case.received_at, case.number))
    repair(found)
    return CadLog("REPLAY-SFFD", "San Francisco Fire Department (replay)", list(vehicles.values()), found, rows)


def type_of(words: str) -> str:
    """The incident type for a call type of the file."""
    return TYPES.get(re.sub(r" *\(.*?\)", "", words).strip().lower(), UNKNOWN)


def priority_of(cells: dict[str, str]) -> int:
    """The priority by the first of the three columns that isn't blank."""
    given = cells["Final Priority"] or cells["Priority"] or cells["Original Priority"]
    return PRIORITIES.get(given.upper(), ELSE_PRIORITY)


def _case(path: Path, line: int, number: str, cells: dict[str, str]) -> Case:
    received = _at(path, line, RECEIVED, cells)
    entered = _at(path, line, ENTERED, cells) if cells[ENTERED] else received
    place = ", ".join(part for part in (cells["Address"], cells[NEIGHBOURHOOD]) if part)
    return Case(
        number=number,
        received_at=received,
        entered_at=max(received, entered),
        type=type_of(cells["Call Type"]),
        priority=priority_of(cells),
        place=place or "San Francisco",
        point=_point(cells["Location"]),
        narrative=cells["Call Type"] or "-",
        rows=[],
    )


def _point(cell: str) -> tuple[float, float] | None:
    try:
        if found := _POINT.match(cell):
            return float(found[1]), float(found[2])
        if found := _LNG_FIRST.match(cell):
            return float(found[2]), float(found[1])
    except ValueError:
        return None
    return None


def _part(path: Path, line: int, row: Row, unit: str, cells: dict[str, str]) -> Part:
    stamps = [Stamp(status, _at(path, line, column, cells)) for column, status in STAMPS.items() if cells[column]]
    return Part(row, unit, _at(path, line, DISPATCHED, cells), stamps)


def _at(path: Path, line: int, column: str, cells: dict[str, str]) -> datetime:
    return moment(path, line, column, need(path, line, column, cells[column]), SHAPES, ZONE)


def _code(kind: str) -> str:
    return "_".join(kind.lower().split()) or "unit"
