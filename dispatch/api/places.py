"""What is known about a point, and what warns of it, over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ninja import Query, Router, Status

from accounts.api import Request
from accounts.roles import Right
from core.errors import Invalid
from core.paging import page
from dispatch.actions.warnings import approve_warning, end_warning, see_warnings
from dispatch.api.place_shapes import (
    PlaceForm,
    ReviewIn,
    SeenIn,
    SeenWarnings,
    Spot,
    WarningFilter,
    WarningForm,
    WarningIn,
    WarningList,
)
from dispatch.queries.places import place_at
from dispatch.queries.warnings import incident_warnings
from places.actions import keep_warning, propose_warning
from places.queries import STATES, visible_warnings, warning_for, warning_form, warnings_in

router = Router(tags=["places"])


@router.get("places/at", response=PlaceForm, summary="What is known about a point")
def get_at(request: Request, spot: Query[Spot]) -> dict[str, Any]:
    """Kecamatan, desa and island, whether it lies outside the regency, warnings that hold, past incidents in 100 m."""
    request.actor.require(Right.INCIDENT_OPEN)
    return place_at(request.actor, spot.lat, spot.lng)


@router.get("places/warnings", response=WarningList, summary="Place warnings, the newest first")
def list_warnings(request: Request, wanted: Query[WarningFilter]) -> dict[str, Any]:
    """Those that the asker may see: in a state (proposed, holds, due, ended), or all."""
    request.actor.require(Right.PLACE_WARNINGS_SEE)
    if wanted.state and wanted.state not in STATES:
        raise Invalid.field("state", "warning_state_unknown")
    rows = visible_warnings(request.actor)
    return page(
        warnings_in(rows, wanted.state) if wanted.state else rows,
        order=("-created_at", "id"),
        cursor=wanted.cursor,
        limit=wanted.limit,
        forms=lambda found: [warning_form(row) for row in found],
    )


@router.post("places/warnings", response={200: WarningForm, 201: WarningForm}, summary="Propose a place warning")
def post_warning(request: Request, body: WarningIn) -> Status[dict[str, Any]]:
    """It holds once somebody else has approved it."""
    row, made = propose_warning(actor=request.actor, **body.dict())
    return Status(201 if made else 200, warning_form(row))


@router.post("places/warnings/{uuid:warning}/approve", response=WarningForm, summary="Let a place warning hold")
def post_approve(request: Request, warning: UUID) -> dict[str, Any]:
    """A supervisor's act, never over one's own words."""
    return warning_form(approve_warning(actor=request.actor, warning=warning))


@router.post("places/warnings/{uuid:warning}/keep", response=WarningForm, summary="Keep a place warning")
def post_keep(request: Request, warning: UUID, body: ReviewIn) -> dict[str, Any]:
    """A supervisor has looked: it is still true, and is looked at again on that day."""
    return warning_form(keep_warning(actor=request.actor, warning=warning, review_on=body.review_on))


@router.post("places/warnings/{uuid:warning}/end", response=WarningForm, summary="End a place warning")
def post_end(request: Request, warning: UUID) -> dict[str, Any]:
    """Or take a proposal back."""
    end_warning(actor=request.actor, warning=warning)
    return warning_form(warning_for(request.actor, warning))


@router.post(
    "incidents/{uuid:incident}/warnings/seen", response=SeenWarnings, summary="Say that the place's warnings were seen"
)
def post_seen(request: Request, incident: UUID, body: SeenIn | None = None) -> dict[str, Any]:
    """For a unit, a crew's own if left out; anybody else for themselves."""
    row = see_warnings(actor=request.actor, incident=incident, unit=body.unit if body else None)
    return {"place_warnings": incident_warnings(row)}
