"""Units over HTTP: who they are, what they do, where they are."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from ninja import Body, Path, Query, Router, Schema, Status
from pydantic import Field
from typing_extensions import TypedDict

from accounts.api import Request
from accounts.queries import zone_of
from accounts.roles import Right
from core.paging import page
from core.types import Code, Latitude, Longitude, Moment, Version, Word, Words
from dispatch.actions.unit_status import report_status
from dispatch.queries.assignments import worked_incident
from dispatch.queries.shapes import UnitForm
from dispatch.queries.units import unit_for, unit_form_of, unit_forms_of, visible_units
from units.actions.flags import (
    end_emergency,
    end_talk_request,
    raise_emergency,
    request_talk,
    withdraw_emergency,
)
from units.actions.positions import record_positions
from units.actions.registration import edit_unit, register_unit
from units.actions.stations import register_station
from units.fixes import Fix, RowError, read_fix
from units.models import Station
from units.queries import is_crew_of, stations_of

router = Router(tags=["units"])


Crew = Annotated[int, Field(ge=0, le=1000, strict=True)]
Capabilities = Annotated[list[Code], Field(max_length=50)]


class UnitWords(Schema):
    """A unit as PUT takes it; what is left out is not known of it."""

    agency: Code
    kind: Code
    capabilities: Capabilities
    station: Code | None = None
    status: Code | None = None
    crew: Crew | None = None
    at: Moment | None = None


class UnitChanges(Schema):
    """What PATCH can change, with the `version` that the sender knew."""

    version: Version | None = None
    kind: Code = ""
    capabilities: Capabilities = Field(default_factory=list)
    station: Code | None = None
    crew: Crew | None = None
    phone: Word | None = None
    active: bool = True


class KnownStatus(Schema):
    """A unit's `status` and `status_at` as its board item showed them."""

    status: Code
    status_at: Moment


class StatusReport(Schema):
    """A status by its name or FMS digit; `force` is a supervisor's, with a reason.

    `id`: the report's own, so that sending it twice reports it once. `expected`: only if the unit still is in that
    status, since that moment.
    """

    id: UUID | None = None
    status: Code
    expected: KnownStatus | None = None
    reason: Words | None = None
    force: bool = False
    at: Moment | None = None


class Flag(Schema):
    """Whether the flag is to stand. `id`: the act's own, so that sending it twice does it once."""

    id: UUID | None = None
    active: bool = True
    at: Moment | None = None


class EmergencyFlag(Flag):
    """`active` false by the unit's crew withdraws it; with the crew member's name it is ended by voice contact."""

    spoken_with: Word | None = None


class PositionError(Schema):
    """A row that was not taken: which one, why, and what to do."""

    index: int
    code: str
    message: str


class PositionCounts(Schema):
    """What became of the rows of a batch; the counts add up."""

    accepted: int
    ignored: int
    unknown: int
    implausible: int
    invalid: int
    errors: list[PositionError]


class StationWords(Schema):
    """A station as PUT takes it."""

    agency: Code
    name: Word
    lat: Latitude
    lng: Longitude
    at: Moment | None = None


class RegisteredUnit(UnitForm):
    """A unit, whether it is in use, and the version that PATCH wants."""

    active: bool
    version: int


class UnitDetails(UnitForm):
    """A unit, whether it is in use, the telephone of its crew and the version that PATCH wants."""

    active: bool
    phone: str | None
    version: int


class UnitList(TypedDict):
    """A page of units, by callsign."""

    items: list[UnitForm]
    next: str | None


class StationForm(TypedDict):
    """A station."""

    id: UUID
    code: str
    agency: str
    name: str
    lat: float
    lng: float


class StationList(TypedDict):
    """All stations, by code."""

    items: list[StationForm]
    next: str | None


class UnitFilter(Schema):
    """Which units, and where the list goes on."""

    agency: Code | None = None
    status: Code | None = None
    capability: Code | None = None
    cursor: str | None = None
    limit: Annotated[int, Field(ge=1, le=500)] | None = None


@router.get("units", response=UnitList, summary="Units by callsign")
def list_units(request: Request, asked: Query[UnitFilter]) -> dict[str, Any]:
    """The active units that the asker may see."""
    request.actor.require(Right.UNIT_SEE)
    found = visible_units(request.actor).filter(active=True)
    if asked.agency:
        found = found.filter(agency__code=asked.agency)
    if asked.status:
        found = found.filter(status=asked.status)
    if asked.capability:
        found = found.filter(capabilities__contains=[asked.capability])
    return page(found, order=("callsign", "id"), cursor=asked.cursor, limit=asked.limit, forms=unit_forms_of)


@router.post("units/positions", response={202: PositionCounts}, summary="Many fixes at once, at most 1,000")
def post_positions(
    request: Request, body: Body[Annotated[list[Any], Field(max_length=1000)]]
) -> Status[dict[str, Any]]:
    """Rows of {unit, lat, lng, at?, speed?, heading?, accuracy?}: degrees, metres per second, metres.

    `at`: RFC 3339, epoch seconds or milliseconds, without a zone the site's. The newest of each unit is kept; a row
    that can't be read or is not believed is named in `errors` and holds up no other.
    """
    rows = [read_fix(row, index, lambda: zone_of(request.actor.centre)) for index, row in enumerate(body)]
    counts = record_positions(
        actor=request.actor,
        fixes=[row for row in rows if isinstance(row, Fix)],
        invalid=[row for row in rows if isinstance(row, RowError)],
    )
    return Status(202, asdict(counts))


@router.get("units/{unit}", response=UnitDetails, summary="One unit, by callsign or id")
def get_unit(request: Request, unit: Path[Code]) -> UnitDetails:
    """Its form, the crew's telephone, and the version that PATCH wants."""
    request.actor.require(Right.UNIT_SEE)
    row = unit_for(request.actor, unit)
    return {**unit_form_of(row), "active": row.active, "phone": row.phone, "version": row.version}


@router.put(
    "units/{unit}",
    response={200: RegisteredUnit, 201: RegisteredUnit},
    summary="Make a unit, or describe it anew",
)
def put_unit(request: Request, unit: Path[Code], body: UnitWords) -> Status[RegisteredUnit]:
    """201 where it is new. The same again changes nothing."""
    row, new = register_unit(
        actor=request.actor,
        callsign=unit,
        agency=body.agency,
        kind=body.kind,
        capabilities=body.capabilities,
        station=body.station,
        status=body.status,
        crew=body.crew,
        at=body.at,
    )
    registered: RegisteredUnit = {**unit_form_of(row), "active": row.active, "version": row.version}
    return Status(201 if new else 200, registered)


@router.patch("units/{unit}", response=UnitDetails, summary="Change some of a unit")
def patch_unit(request: Request, unit: Path[Code], body: UnitChanges) -> UnitDetails:
    """Only the fields that are sent."""
    changes = body.model_dump(exclude_unset=True, exclude={"version"})
    row = edit_unit(actor=request.actor, unit=unit, version=body.version, changes=changes)
    return {**unit_form_of(row), "active": row.active, "phone": row.phone, "version": row.version}


@router.post("units/{unit}/status", response=UnitForm, summary="A unit reports what it does")
def post_status(request: Request, unit: Path[Code], body: StatusReport) -> UnitForm:
    """Its active assignment goes along with it."""
    row = report_status(
        actor=request.actor,
        unit=unit,
        status=body.status,
        id=body.id,
        expected=(body.expected.status, body.expected.status_at) if body.expected else None,
        reason=body.reason,
        force=body.force,
        at=body.at,
    )
    return unit_form_of(row)


@router.post("units/{unit}/emergency", response=UnitForm, summary="A crew is in trouble (FMS 0)")
def post_emergency(request: Request, unit: Path[Code], body: EmergencyFlag) -> UnitForm:
    """Raised by whoever may report the unit's status, ended by a dispatcher or supervisor who has reached the crew.

    A crew's own `active: false` leaves the emergency standing until it is ended by voice.
    """
    actor = request.actor
    actor.require_of_key(Right.UNIT_STATUS)
    row = unit_for(actor, unit)
    also = worked_incident(row.id)
    if body.active:
        row = raise_emergency(actor=actor, unit=row.id, id=body.id, at=body.at, also=also)
    elif is_crew_of(actor, row) and body.spoken_with is None:
        row = withdraw_emergency(actor=actor, unit=row.id, id=body.id, at=body.at, also=also)
    else:
        row = end_emergency(actor=actor, unit=row.id, spoken_with=body.spoken_with, id=body.id, at=body.at, also=also)
    return unit_form_of(row)


@router.post("units/{unit}/talk-request", response=UnitForm, summary="A crew wants to talk (FMS 5)")
def post_talk_request(request: Request, unit: Path[Code], body: Flag) -> UnitForm:
    """Ended by whoever has talked to it."""
    act = request_talk if body.active else end_talk_request
    return unit_form_of(act(actor=request.actor, unit=unit, id=body.id, at=body.at))


@router.get("stations", response=StationList, summary="Stations by code")
def list_stations(request: Request) -> StationList:
    """Where units stand by: some dozens."""
    request.actor.require(Right.UNIT_SEE)
    return {"items": [_station_form(row) for row in stations_of(request.actor).order_by("code")], "next": None}


@router.put(
    "stations/{code}",
    response={200: StationForm, 201: StationForm},
    summary="Make a station, or describe it anew",
)
def put_station(request: Request, code: Path[Code], body: StationWords) -> Status[StationForm]:
    """201 where it is new."""
    row, new = register_station(
        actor=request.actor,
        code=code,
        agency=body.agency,
        name=body.name,
        lat=body.lat,
        lng=body.lng,
        at=body.at,
    )
    return Status(201 if new else 200, _station_form(row))


def _station_form(station: Station) -> StationForm:
    return {
        "id": station.id,
        "code": station.code,
        "agency": station.agency.code,
        "name": station.name,
        "lat": station.lat,
        "lng": station.lng,
    }
