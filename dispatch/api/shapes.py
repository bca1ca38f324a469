"""The shapes of incidents, tasks and notes as they travel."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Field, Schema
from pydantic import AfterValidator

from core.cleaning import clean_line
from core.types import Latitude, Longitude
from dispatch.api.place_shapes import IncidentWarning

PlaceWords = Annotated[str, AfterValidator(clean_line), Field(min_length=1, max_length=500)]


class LocationIn(Schema):
    """A place as reported: the caller's text and, if known, the point in degrees."""

    text: PlaceWords
    lat: Latitude | None = None
    lng: Longitude | None = None
    verified: bool = False


class LocationPatch(Schema):
    """What changes of a place; what is left out stays."""

    text: PlaceWords | None = None
    lat: Latitude | None = None
    lng: Longitude | None = None
    verified: bool | None = None


class Ref(Schema):
    """A person, or a program, by id and name."""

    id: UUID
    name: str


class NumberRef(Schema):
    """An incident by id and number."""

    id: UUID
    number: str


class LocationForm(Schema):
    """Where an incident is: words, point, and the codes of the areas it lies in."""

    text: str
    lat: float | None
    lng: float | None
    kecamatan: str | None
    desa: str | None
    island: str | None
    outside: bool
    verified: bool


class TaskEntry(Schema):
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


class AssignmentEntry(Schema):
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


class MissingUnits(Schema):
    """Units that the plan requires, that nobody was sent for and that nobody accepted as missing."""

    capability: str
    count: int


class Clock(Schema):
    """A rule that runs against an incident: its base, its levels, its target, when it was met."""

    kind: str
    base: datetime = Field(alias="from")
    due_at: list[datetime]
    target_at: datetime
    done_at: datetime | None


class NoteForm(Schema):
    """A line of words; a struck one stays readable."""

    id: UUID
    incident: UUID
    text: str
    at: datetime
    recorded_at: datetime
    by: dict[str, str]
    desk: str | None
    struck: dict[str, str | datetime | None] | None


class PeopleForm(Schema):
    """People at risk somewhere in an incident."""

    id: UUID
    place: str
    count: int
    condition: str | None
    advice: str | None
    last_contact_at: datetime | None
    rescued_at: datetime | None


class LinkedCall(Schema):
    """A call about an incident; the caller's number and name only for who may see them."""

    id: UUID
    state: str
    channel: str
    started_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    number: str | None
    caller_name: str | None
    callback_number: str | None
    safe_to_call_back: bool | None
    contact_safety: str | None
    language: str | None


class IncidentForm(Schema):
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


class IncidentDetails(IncidentForm):
    """An incident with what the asker may read of it; what is kept from the asker is null."""

    readable: bool
    priority_reason: str | None
    disposition: str | None
    first_ring_at: datetime | None
    recorded_at: datetime
    notes: list[NoteForm] | None
    people: list[PeopleForm] | None
    linked_calls: list[LinkedCall]
    assignment_reasons: dict[UUID, str] | None
    place_warnings: list[IncidentWarning]
    merged_from: list[NumberRef]


class IncidentList(Schema):
    """A page of incidents, the newest first."""

    items: list[IncidentForm]
    next: str | None
