"""The shapes of incidents, tasks and notes as they travel."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Field, Schema
from pydantic import AfterValidator

from calls.queries.shapes import NumberRef
from core.cleaning import clean_line
from core.types import Latitude, Longitude
from dispatch.api.place_shapes import IncidentWarning
from dispatch.queries.shapes import IncidentForm

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
