"""The log of the London Fire Brigade (London Datastore): one file of incidents, one of mobilised pumps."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from simulation.replay.cad_log import CadLog, Case, Part, Row, Stamp, Vehicle
from simulation.replay.reading import moment, need, table
from simulation.replay.repairs import UNKNOWN_TYPE, repair

ZONE = ZoneInfo("Europe/London")
CALLED = ("%d %b %Y %H:%M:%S", "%d-%b-%y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S")
MOBILISED = ("%d/%m/%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M")
STAMPS = {
    "DateAndTimeMobile": "en_route",
    "DateAndTimeArrived": "on_scene",
    "DateAndTimeLeft": "returning",
    "DateAndTimeReturned": "available_station",
}
INCIDENTS = (
    *("IncidentNumber", "DateOfCall", "TimeOfCall"),
    *("IncidentGroup", "StopCodeDescription", "SpecialServiceType", "PropertyCategory"),
)
EXTRA: dict[str, tuple[str, ...]] = {
    "PropertyType": (),
    "Postcode_district": (),
    "ProperCase": ("IncGeo_BoroughName",),
    "Latitude": (),
    "Longitude": (),
}
PUMPS = ("IncidentNumber", "Resource_Code", "DateAndTimeMobilised", *STAMPS)
PUMPS_EXTRA: dict[str, tuple[str, ...]] = {"ResourceMobilisationId": ()}
UNKNOWN = "X00"
NO_INCIDENT = "incident_not_in_file"
SERVICES = {
    "RTC": "K01",
    "Lift Release": "K03",
    "Flooding": "U02",
    "Medical Incident": "M11",
    "Medical Incident - Co-responder": "M11",
    "Effecting entry/exit": "L06",
    "Animal assistance incidents": "H03",
    "Hazardous Materials incident": "F08",
    "Spills and Leaks (not RTC)": "F08",
    "Suicide/attempts": "S08",
    "Rescue or evacuation from water": "L01",
    "Other rescue/release of persons": "L06",
}
FIRES = {"Road Vehicle": "F02", "Outdoor": "F03"}


def read_log(path: Path, mobilisations: Path | None) -> CadLog:
    """Read the file of incidents, and that of pumps if there is one. Raises BadFile."""
    cases: dict[str, Case] = {}
    rows: list[Row] = []
    for line, cells in table(path, INCIDENTS, EXTRA):
        case = _case(path, line, cells)
        cases[case.number] = case
        rows += case.rows
    vehicles: dict[str, Vehicle] = {}
    if mobilisations is not None:
        for line, cells in table(mobilisations, PUMPS, PUMPS_EXTRA):
            row = Row(cells["ResourceMobilisationId"] or f"line {line}")
            rows.append(row)
            number = need(mobilisations, line, "IncidentNumber", cells["IncidentNumber"])
            unit = need(mobilisations, line, "Resource_Code", cells["Resource_Code"])
            part = _part(mobilisations, line, row, unit, cells)
            if number not in cases:
                row.refusals.add(NO_INCIDENT)
                continue
            vehicles.setdefault(unit, Vehicle(unit, "pump", ("fire_engine",)))
            cases[number].parts.append(part)
            cases[number].rows.append(row)
    found = sorted(cases.values(), key=lambda case: (case.received_at, case.number))
    repair(found)
    return CadLog("REPLAY-LFB", "London Fire Brigade (replay)", list(vehicles.values()), found, rows)


def type_of(cells: dict[str, str]) -> str:
    """The incident type for an incident of the file, by its group, stop code and property."""
    if cells["StopCodeDescription"] == "Special Service":
        return SERVICES.get(cells["SpecialServiceType"], UNKNOWN)
    if cells["StopCodeDescription"] == "Primary Fire":
        return FIRES.get(cells["PropertyCategory"], "F01")
    if cells["StopCodeDescription"] == "Chimney Fire":
        return "F01"
    # Refuse and the like, and alarms that turned out to be none.
    return "F07" if cells["IncidentGroup"] in {"Fire", "False Alarm"} else UNKNOWN


def _case(path: Path, line: int, cells: dict[str, str]) -> Case:
    number = need(path, line, "IncidentNumber", cells["IncidentNumber"])
    called = " ".join(need(path, line, column, cells[column]) for column in ("DateOfCall", "TimeOfCall"))
    received = moment(path, line, "DateOfCall, TimeOfCall", called, CALLED, ZONE)
    kind = type_of(cells)
    row = Row(number)
    if kind == UNKNOWN:
        row.repairs.add(UNKNOWN_TYPE)
    place = ", ".join(part for part in (cells["PropertyType"], cells["ProperCase"], cells["Postcode_district"]) if part)
    return Case(
        number=number,
        received_at=received,
        entered_at=received,
        type=kind,
        priority=None,
        place=place or "London",
        point=_point(cells["Latitude"], cells["Longitude"]),
        narrative=cells["SpecialServiceType"] or cells["StopCodeDescription"] or "-",
        rows=[row],
    )


def _part(path: Path, line: int, row: Row, unit: str, cells: dict[str, str]) -> Part:
    def at(column: str) -> datetime:
        return moment(path, line, column, need(path, line, column, cells[column]), MOBILISED, ZONE)

    stamps = [Stamp(status, at(column)) for column, status in STAMPS.items() if cells[column]]
    return Part(row, unit, at("DateAndTimeMobilised"), stamps)


def _point(lat: str, lng: str) -> tuple[float, float] | None:
    try:
        point = float(lat), float(lng)
    except ValueError:
        return None
    return point if point != (0.0, 0.0) else None
