"""Agencies: `GET agencies`, `PUT agencies/{code}`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ninja import Path, Router, Schema, Status

from accounts import queries
from accounts.actions import put_agency
from accounts.api.auth import Request
from accounts.models import Agency
from accounts.roles import Reach, Right
from core.types import Code, Word

router = Router(tags=["agencies"])


class AgencyForm(Schema):
    """An agency as it travels."""

    id: UUID
    code: str
    name: str
    name_en: str
    capabilities: list[str]
    active: bool


class AgencyList(Schema):
    """All of them: there are some dozens."""

    items: list[AgencyForm]
    next: str | None


class AgencyWords(Schema):
    """What PUT takes. `name_en` left out stays as it is."""

    name: Word
    name_en: Word | None = None


def form(agency: Agency) -> dict[str, Any]:
    """An agency's form."""
    return {
        "id": agency.id,
        "code": agency.code,
        "name": agency.name,
        "name_en": agency.name_en,
        "capabilities": agency.capabilities,
        "active": agency.active,
    }


@router.get("/agencies", response=AgencyList)
def get_agencies(request: Request) -> dict[str, Any]:
    """The centre's agencies; an agency's desk sees its own."""
    reach = request.actor.require(Right.SETTINGS_READ)
    rows = queries.agencies_of(request.actor)
    if reach is Reach.OWN:
        rows = rows.filter(id__in=[request.actor.agency])
    return {"items": [form(agency) for agency in rows], "next": None}


@router.put("/agencies/{code}", response={200: AgencyForm, 201: AgencyForm})
def put_an_agency(request: Request, code: Path[Code], words: AgencyWords) -> Status[dict[str, Any]]:
    """Make an agency (201), or give the one with this code another name (200)."""
    agency, made = put_agency(actor=request.actor, code=code, name=words.name, name_en=words.name_en)
    return Status(201 if made else 200, form(agency))
