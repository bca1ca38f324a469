"""Incidents over HTTP: open, read, change, end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ninja import Field, Router, Schema, Status

from accounts.api import Request
from accounts.roles import Reach, Right
from core.errors import Invalid
from core.paging import page
from core.types import Code, Moment, Priority, Version, Word, Words
from dispatch.actions.edits import edit_incident
from dispatch.actions.field_initiated import report_incident
from dispatch.actions.incident_state import change_state
from dispatch.actions.incidents import open_incident
from dispatch.actions.merging import merge_incident
from dispatch.actions.read_audit import read_details
from dispatch.actions.reopening import reopen_incident
from dispatch.actions.shortfall import accept_shortfall
from dispatch.actions.splitting import split_incident
from dispatch.actions.undo_open import undo_opening
from dispatch.api.shapes import IncidentDetails, IncidentList, LocationIn, LocationPatch
from dispatch.domain.location import Location
from dispatch.models import Incident
from dispatch.queries.board_items import forms_of, incident_form_of
from dispatch.queries.details import found_incidents, incident_details
from dispatch.queries.incidents import crew_unit
from dispatch.queries.shapes import IncidentForm
from dispatch.states import IncidentState

router = Router(tags=["incidents"])
NEWEST_FIRST = ("-created_at", "id")


class IncidentIn(Schema):
    """A new incident. `type` left out is X00; `call` is the one it is opened from; `number` a blank card's."""

    id: UUID | None = None
    number: str | None = Field(None, pattern=r"^\d{1,18}$", description="a number reserved for a blank card, digits")
    type: Code | None = None
    priority: Priority | None = None
    priority_reason: Word | None = None
    location: LocationIn
    narrative: Words | None = None
    call: UUID | None = None
    at: Moment | None = None


class IncidentPatch(Schema):
    """Changes of an incident as of a version; `narrative` adds words and needs none."""

    version: Version | None = None
    type: Code | None = None
    priority: Priority | None = None
    priority_reason: Word | None = None
    location: LocationPatch | None = None
    owner: UUID | None = None
    parent: UUID | None = None
    narrative: Words | None = None
    at: Moment | None = None


class StateIn(Schema):
    """A step that people take; `force` is a supervisor's. `expected`: only if it still is in that state."""

    state: IncidentState
    expected: IncidentState | None = None
    disposition: Code | None = None
    reason: Words | None = None
    force: bool = False
    at: Moment | None = None


class MergeIn(Schema):
    """Where an incident goes."""

    into: UUID
    reason: Words | None = None
    at: Moment | None = None


class ShortfallIn(Schema):
    """Why the missing units do not come; `name` where a key speaks for somebody."""

    reason: Word
    name: Word | None = None
    at: Moment | None = None


class ReopenIn(Schema):
    """Why it is taken up again. `expected`: only if it still is in that state."""

    expected: IncidentState | None = None
    reason: Words | None = None
    at: Moment | None = None


class SplitIn(Schema):
    """The other thing that an incident turned out to be: the calls that go with it, and what is different."""

    id: UUID | None = None
    calls: list[UUID] = Field(default=[], max_length=500)
    type: Code | None = None
    priority: Priority | None = None
    location: LocationIn | None = None
    narrative: Words | None = None
    at: Moment | None = None


@router.get("incidents", response=IncidentList, by_alias=True)
def list_incidents(
    request: Request,
    open: bool | None = None,  # noqa: A002, FBT001 - the wire's word
    state: IncidentState | None = None,
    since: Moment | None = None,
    q: Word | None = None,
    cursor: str | None = None,
    limit: int | None = None,
) -> dict[str, Any]:
    """The incidents that the asker may see, the newest first: open or not, in a state, created since.

    q: a number, a caller's telephone number written in any way, or words of the place.
    """
    request.actor.require(Right.INCIDENT_SEE)
    rows = found_incidents(request.actor, is_open=open, state=state, since=since, typed=q)
    return page(rows, order=NEWEST_FIRST, cursor=cursor, limit=limit, forms=_forms)


@router.post("incidents", response={200: IncidentForm, 201: IncidentForm}, by_alias=True)
def open_one(request: Request, body: IncidentIn) -> Status[IncidentForm]:
    """Open an incident (201); sent again with the same id it answers with what it has become (200).

    A crew opens what it has come across, and is on scene there if it was free in the field.
    """
    words = body.dict(exclude={"location", "number"})
    crew = crew_unit(request.actor) and request.actor.reach(Right.INCIDENT_OPEN) is Reach.OWN
    if crew and body.number:
        raise Invalid.field("number", "number_not_reserved")  # a crew has no blank cards
    if body.number:
        words["number"] = int(body.number)
    action = report_incident if crew else open_incident
    incident, made = action(actor=request.actor, location=_location(body.location), **words)
    return Status(201 if made else 200, incident_form_of(incident))


@router.get("incidents/{uuid:incident}", response=IncidentDetails, by_alias=True)
def read_one(request: Request, incident: UUID) -> dict[str, Any]:
    """An incident with its words, calls and people, as far as the asker may read them; restricted reading is logged."""
    row = read_details(actor=request.actor, incident=incident)
    return incident_details(request.actor, row)


@router.patch("incidents/{uuid:incident}", response=IncidentForm, by_alias=True)
def edit_one(request: Request, incident: UUID, body: IncidentPatch) -> IncidentForm:
    """Change what is sent, as of `version`; 409 only where somebody else changed the same field since."""
    changes = body.dict(exclude_unset=True, exclude={"version", "narrative", "at"})
    if body.location is not None:
        changes["location"] = body.location.dict(exclude_unset=True)
    row = edit_incident(
        actor=request.actor,
        incident=incident,
        version=body.version,
        changes=changes,
        narrative=body.narrative,
        at=body.at,
    )
    return _form(row)


@router.post("incidents/{uuid:incident}/state", response=IncidentForm, by_alias=True)
def put_state(request: Request, incident: UUID, body: StateIn) -> IncidentForm:
    """Take a step: triaged, on_hold, controlled, on_scene, resolved, closed, cancelled, reopened."""
    return _form(change_state(actor=request.actor, incident=incident, **body.dict()))


@router.post("incidents/{uuid:incident}/merge", response=IncidentForm, by_alias=True)
def merge(request: Request, incident: UUID, body: MergeIn) -> IncidentForm:
    """Merge an incident into another; reopening takes it back. Answers with the merged one."""
    return _form(merge_incident(actor=request.actor, incident=incident, **body.dict()))


@router.post("incidents/{uuid:incident}/reopen", response=IncidentForm, by_alias=True)
def reopen(request: Request, incident: UUID, body: ReopenIn | None = None) -> IncidentForm:
    """Take up again what was resolved, closed, cancelled or merged."""
    words = (body or ReopenIn()).dict()
    return _form(reopen_incident(actor=request.actor, incident=incident, **words))


@router.post("incidents/{uuid:incident}/shortfall", response=IncidentForm, by_alias=True)
def accept_the_shortfall(request: Request, incident: UUID, body: ShortfallIn) -> IncidentForm:
    """Accept by name and with a reason that required units do not come; `name` where a key speaks for somebody."""
    return _form(accept_shortfall(actor=request.actor, incident=incident, **body.dict()))


@router.post("incidents/{uuid:incident}/undo", response=IncidentForm, by_alias=True)
def undo(request: Request, incident: UUID) -> IncidentForm:
    """Take back that it was opened, within five seconds and untouched: it is cancelled, its call as before."""
    return _form(undo_opening(actor=request.actor, incident=incident))


@router.post("incidents/{uuid:incident}/split", response={200: IncidentForm, 201: IncidentForm}, by_alias=True)
def split(request: Request, incident: UUID, body: SplitIn) -> Status[IncidentForm]:
    """Make a second incident of one that was two: the named calls go with it. Answers with the new one."""
    words = body.dict(exclude={"location"})
    location = _location(body.location) if body.location else None
    row, made = split_incident(actor=request.actor, incident=incident, location=location, **words)
    return Status(201 if made else 200, incident_form_of(row))


def _location(body: LocationIn) -> Location:
    return Location(body.text, body.lat, body.lng, verified=body.verified)


def _form(incident: Incident) -> IncidentForm:
    return incident_form_of(incident)


def _forms(incidents: list[Incident]) -> list[IncidentForm]:
    forms = forms_of(incidents)
    return [forms[incident.id].body for incident in incidents]
