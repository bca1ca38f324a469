"""Who rides on which unit, over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ninja import Router, Schema

from accounts.api import Request
from accounts.roles import Right
from core.types import Code, Moment
from staff.actions.crew_signon import leave_unit, ride_unit
from staff.queries import crew_forms, crew_members

router = Router(tags=["units"])


class Rider(Schema):
    """A person who is signed on to a unit."""

    id: UUID
    name: str


class CrewForm(Schema):
    """A unit and who rides on it."""

    id: UUID
    callsign: str
    agency: str
    station: str | None
    kind: str
    status: str
    people: list[Rider]


class Member(Rider):
    """A crew member, and the unit they are signed on to."""

    unit: UUID | None


class Crews(Schema):
    """Units with their crews; `members`: whom an agency's desk can sign on, empty for all others."""

    items: list[CrewForm]
    members: list[Member]


class CrewSignOn(Schema):
    """Which person is signed on to which unit now."""

    user: UUID
    unit: UUID | None


class SignOnIn(Schema):
    """Which unit (id or callsign), and who; the sender if left out."""

    unit: Code
    user: UUID | None = None
    at: Moment | None = None


class SignOffIn(Schema):
    """Who leaves their unit; the sender if left out."""

    user: UUID | None = None
    at: Moment | None = None


@router.get("crews", response=Crews, summary="Units and who rides on them")
def list_crews(request: Request) -> dict[str, Any]:
    """The units that the asker sees; a crew member all of their agency, to choose among."""
    request.actor.require(Right.UNIT_SEE)
    return {"items": crew_forms(request.actor), "members": crew_members(request.actor)}


@router.post("crews/sign-on", response=CrewSignOn, summary="Sign a crew member on to a unit")
def sign_on(request: Request, body: SignOnIn) -> dict[str, Any]:
    """A crew member themselves, an agency's desk its own crews. Their page opens anew with that unit."""
    user = ride_unit(actor=request.actor, **body.dict())
    return {"user": user.id, "unit": user.unit_id}


@router.post("crews/sign-off", response=CrewSignOn, summary="Sign a crew member off their unit")
def sign_off(request: Request, body: SignOffIn | None = None) -> dict[str, Any]:
    """At the end of the shift; what the unit does is not changed by it."""
    user = leave_unit(actor=request.actor, **(body or SignOffIn()).dict())
    return {"user": user.id, "unit": user.unit_id}
