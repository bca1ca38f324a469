"""People at risk over HTTP."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Router, Schema, Status

from accounts.api import Request
from core.types import Moment, Word, Words
from dispatch.actions.people import report_people, update_people
from dispatch.api.shapes import PeopleForm
from dispatch.queries.details import people_form_of

router = Router(tags=["incidents"])

Count = Annotated[int, Field(ge=1, le=100_000, strict=True)]


class PeopleIn(Schema):
    """People in danger somewhere in an incident."""

    id: UUID | None = None
    place: Word
    count: Count = 1
    condition: Words | None = None
    advice: Words | None = None
    at: Moment | None = None


class PeoplePatch(Schema):
    """What has become of them; `contact` records that they were heard of."""

    contact: bool = False
    rescued: bool = False
    count: Count | None = None
    condition: Words | None = None
    advice: Words | None = None
    at: Moment | None = None


@router.post("incidents/{uuid:incident}/people-at-risk", response={200: PeopleForm, 201: PeopleForm})
def report(request: Request, incident: UUID, body: PeopleIn) -> Status[dict[str, Any]]:
    """Report people at risk (201); the same id again changes nothing (200)."""
    people, made = report_people(actor=request.actor, incident=incident, **body.dict())
    return Status(201 if made else 200, people_form_of(people))


@router.post("people-at-risk/{uuid:people}", response=PeopleForm)
def update(request: Request, people: UUID, body: PeoplePatch) -> dict[str, Any]:
    """Tell what has become of people at risk."""
    return people_form_of(update_people(actor=request.actor, people=people, **body.dict()))
