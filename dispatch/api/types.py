"""The kinds of trouble and the ways an incident can end, over HTTP."""

from __future__ import annotations

from typing import Any

from ninja import Router, Schema

from accounts.api import Request
from accounts.roles import Right
from dispatch.queries.details import active_dispositions, active_types

router = Router(tags=["incidents"])


class TypeForm(Schema):
    """A kind of trouble (D2)."""

    code: str
    group: str
    name_id: str
    name_en: str
    priority: int
    lead: list[str]
    support: list[str]
    restricted: bool
    now: bool
    sea: bool


class DispositionForm(Schema):
    """A way an incident can end (D3)."""

    code: str
    name_id: str
    name_en: str


class TypeList(Schema):
    """All of them: there are some dozens."""

    items: list[TypeForm]
    next: str | None


class DispositionList(Schema):
    """All of them: there are some."""

    items: list[DispositionForm]
    next: str | None


@router.get("incident-types", response=TypeList)
def list_types(request: Request) -> dict[str, Any]:
    """The kinds of trouble in use, for whoever opens, sees or keeps them."""
    if not request.actor.may(Right.SETTINGS_READ) and not request.actor.may(Right.INCIDENT_OPEN):
        request.actor.require(Right.INCIDENT_SEE)
    return {"items": list(active_types()), "next": None}


@router.get("incident-dispositions", response=DispositionList)
def list_dispositions(request: Request) -> dict[str, Any]:
    """The ways an incident can end in use, for whoever sees incidents or keeps the settings."""
    if not request.actor.may(Right.SETTINGS_READ):
        request.actor.require(Right.INCIDENT_SEE)
    return {"items": list(active_dispositions()), "next": None}
