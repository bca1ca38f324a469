"""Places over HTTP: found while typing, and drawn on the map."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Field, Query, Router, Schema
from pydantic import AfterValidator

from accounts.api import Request
from accounts.roles import Right
from core.types import clean_text
from places.coordinates import coordinates
from places.outlines import map_document
from places.search import LIMIT, find_places

router = Router(tags=["places"])
Typed = Annotated[str, AfterValidator(clean_text), Field(max_length=200)]


class Search(Schema):
    """What was typed; `near` is "lat,lng" of what is likely close to it."""

    q: Typed = ""
    near: Typed | None = None


class FoundPlace(Schema):
    """A place that may be meant. `official` false: as somebody entered it."""

    id: str
    kind: str
    name: str
    label: str
    lat: float
    lng: float
    kecamatan: str | None
    desa: str | None
    island: str | None
    outside: bool
    score: float
    official: bool


class FoundPlaces(Schema):
    """The best matches, the best first."""

    items: list[FoundPlace]
    next: None = None


@router.get("places", response=FoundPlaces, summary="Find a place while typing")
def search(request: Request, wanted: Query[Search]) -> dict[str, Any]:
    """Names in any usual spelling, coordinates in degrees, minutes and seconds, Plus Codes."""
    request.actor.require(Right.INCIDENT_OPEN)
    near = coordinates(wanted.near) if wanted.near else None
    return {"items": find_places(request.actor.centre, wanted.q, near, LIMIT), "next": None}


@router.get("places/map.json", summary="Kecamatan, islands, harbours and facilities for the map")
def get_map(request: Request, v: str | None = None) -> HttpResponse:
    """One GeoJSON FeatureCollection. With `?v=` of its hash it may be kept for good; else ask with If-None-Match."""
    request.actor.require(Right.BOARD_SEE)
    document = map_document(request.actor.centre)
    tag = f'"{document.version}"'
    fresh = request.headers.get("If-None-Match") in {tag, f"W/{tag}"}
    response = HttpResponse(
        b"" if fresh else document.text, status=304 if fresh else 200, content_type="application/geo+json"
    )
    response["ETag"] = tag
    kept = v == document.version
    response["Cache-Control"] = "private, max-age=31536000, immutable" if kept else "private, no-cache"
    return response
