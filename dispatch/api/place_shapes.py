"""The shapes of places and their warnings as they travel."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from ninja import Field, Schema

from core import paging
from core.types import Code, Latitude, Longitude, Moment, Word, Words
from places.models import PlaceWarning
from places.queries import LONGEST_RADIUS_METRES


class Spot(Schema):
    """A point in degrees WGS 84."""

    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    lng: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class AreaForm(Schema):
    """An area's code and name."""

    code: str
    name: str


class WarningForm(Schema):
    """A place warning. `metres`: from the point that was asked about."""

    id: UUID
    kind: str
    text: str
    author: str | None
    approver: str | None
    agency: str | None
    state: str
    lat: float
    lng: float
    radius_metres: int
    created_at: datetime
    review_on: date
    ends_at: datetime | None
    metres: int | None


class PastIncident(Schema):
    """What happened near by before, or happens now."""

    number: str
    id: UUID
    type: str
    priority: int
    state: str
    created_at: datetime
    metres: int


class PlaceForm(Schema):
    """What is known about a point. `neighbour`: whose it is where it lies outside, if known."""

    kecamatan: AreaForm | None
    desa: AreaForm | None
    island: AreaForm | None
    outside: bool
    neighbour: str | None
    warnings: list[WarningForm]
    past: list[PastIncident]


class SeenBy(Schema):
    """Who has seen a warning of an incident's place, for which unit, and when."""

    unit: UUID | None
    callsign: str | None
    name: str
    at: datetime


class IncidentWarning(WarningForm):
    """A warning of an incident's place with who has seen it."""

    seen_by: list[SeenBy]


class SeenWarnings(Schema):
    """The warnings of an incident's place."""

    place_warnings: list[IncidentWarning]


class WarningFilter(Schema):
    """Which warnings: in a state (`due`: hold, and to be looked at again by today), or all."""

    state: Word | None = None
    cursor: Annotated[str, Field(max_length=500)] | None = None
    limit: Annotated[int, Field(ge=1, le=paging.MAXIMUM_LIMIT)] | None = None


class WarningIn(Schema):
    """A warning as it is proposed; it holds once somebody else has approved it."""

    id: UUID | None = None
    kind: PlaceWarning.Kind
    lat: Latitude
    lng: Longitude
    radius_metres: Annotated[int, Field(ge=1, le=LONGEST_RADIUS_METRES, strict=True)] = 100
    text: Words
    review_on: date
    ends_at: Moment | None = None


class ReviewIn(Schema):
    """When somebody looks at a warning again."""

    review_on: date


class WarningList(Schema):
    """A page of warnings."""

    items: list[WarningForm]
    next: str | None


class SeenIn(Schema):
    """For which unit the warnings were seen, by id or callsign; a crew's own if left out."""

    unit: Code | None = None
