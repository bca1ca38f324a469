"""The board items of incidents and units: one definition for queries, the API's document and the browser's types."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from typing_extensions import TypedDict

from calls.queries.shapes import NumberRef, Ref
from plans.queries.needs import MissingUnits


class LocationForm(TypedDict):
    """Where an incident is: words, point, and the codes of the areas it lies in."""

    text: str
    lat: float | None
    lng: float | None
    kecamatan: str | None
    desa: str | None
    island: str | None
    outside: bool
    verified: bool


class TaskEntry(TypedDict):
    """An agency's task in its incident's form; `at` is when its state began."""

    id: UUID
    agency: str
    state: str
    at: datetime


class TaskForm(TaskEntry):
    """A task with its incident and the stamp of each step."""

    incident: NumberRef
    offered_at: datetime
    accepted_at: datetime | None
    refused_at: datetime | None
    done_at: datetime | None
    withdrawn_at: datetime | None
    by_plan: bool


class AssignmentEntry(TypedDict):
    """A unit's part in an incident; a skipped status leaves its stamp null."""

    id: UUID
    unit: UUID
    callsign: str
    status: str
    fms: str | None
    at: datetime
    stacked: bool
    dispatched_at: datetime | None
    acknowledged_at: datetime | None
    en_route_at: datetime | None
    on_scene_at: datetime | None
    cleared_at: datetime | None


class AssignmentForm(AssignmentEntry):
    """An assignment with its incident."""

    incident: NumberRef


# The functional form: `from` is a keyword of Python.
Clock = TypedDict(
    "Clock",
    {"kind": str, "from": datetime, "due_at": list[datetime], "target_at": datetime, "done_at": datetime | None},
)
Clock.__doc__ = "A rule that runs against an incident: its base, its levels, its target, when it was met."


class IncidentForm(TypedDict):
    """An incident, the same everywhere; a restricted one has its group letter as `type` and no narrative."""

    id: UUID
    number: str
    centre: str
    state: str
    type: str
    priority: int
    now: bool
    restricted: bool
    version: int
    created_at: datetime
    closed_at: datetime | None
    late: bool
    owner: Ref | None
    desk: str | None
    parent: UUID | None
    merged_into: UUID | None
    location: LocationForm
    narrative: str | None
    calls: int
    warnings: int
    people_at_risk: int
    tasks: list[TaskEntry]
    assignments: list[AssignmentEntry]
    missing: list[MissingUnits] | None
    clocks: list[Clock]
    changed_at: datetime


class UnitFlags(TypedDict):
    """Since when a crew wants to talk, is in trouble, and has withdrawn that; null where it is not so."""

    talk_request: datetime | None
    emergency: datetime | None
    emergency_withdrawn: datetime | None


class UnitForm(TypedDict):
    """A unit with the incident that it is on and those that it is stacked for."""

    id: UUID
    callsign: str
    agency: str
    station: str | None
    kind: str
    capabilities: list[str]
    status: str
    fms: str | None
    status_at: datetime
    incident: NumberRef | None
    stacked: list[NumberRef]
    flags: UnitFlags
    crew: int | None
