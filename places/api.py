"""Places over HTTP: found while typing, and drawn on the map."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Field, Query, Router, Schema
from pydantic import AfterValidator

from accounts.api import Request
from accounts.roles import Right
from core.cleaning import clean, clean_line
from core.errors import Invalid
from places.coordinates import coordinates
from places.geodesy import Point
from places.map_layers import map_document
from places.search import LIMIT, find

router = Router(tags=["places"])
Typed = Annotated[str, AfterValidator(clean_line), Field(max_length=200)]
Asked = Annotated[str, AfterValidator(clean), Field(max_length=2_000)]


class Search(Schema):
    """What was typed; `near` is "lat,lng" of the caller, `map` that of the middle of the map that is looked at."""

    q: Asked = ""
    near: Typed | None = None
    map: Typed | None = None


class FoundPlace(Schema):
    """A place that matches. `official` false: as somebody entered it.

    `confident`: whether a form may preselect it. `matched`: the words of `label` that were typed. `distance_metres`
    counts from `near`, else from `map`. `other_island`: the sea is between it and there (the mainland if neither is
    known); `island_name` is the island's.
    """

    id: str
    kind: str
    name: str
    label: str
    lat: float
    lng: float
    kecamatan: str | None
    desa: str | None
    island: str | None
    island_name: str | None
    outside: bool
    score: float
    official: bool
    confident: bool
    distance_metres: int | None
    other_island: bool
    matched: list[str]


class FoundPlaces(Schema):
    """The best matches, the best first.

    `match`: `one` (the first item is the place), `several` (places with that name), `outside` (a town beyond the area),
    `link` (a link that holds no point), `none` (no such place here: the items are similar ones). `missing`: the words
    that none of them has.
    """

    items: list[FoundPlace]
    match: str
    missing: list[str]
    next: None = None


@router.get("places", response=FoundPlaces, summary="Find a place while typing")
def search(request: Request, wanted: Query[Search]) -> dict[str, Any]:
    """Names in any usual spelling, coordinates in degrees, minutes and seconds, links to maps, Plus Codes."""
    request.actor.require(Right.INCIDENT_OPEN)
    found = find(request.actor.centre, wanted.q, _point("near", wanted.near), LIMIT, _point("map", wanted.map))
    return {"items": found.items, "match": found.match, "missing": found.missing, "next": None}


def _point(field: str, text: str | None) -> Point | None:
    """The point of a parameter; None where it is left out or blank. Raises Invalid where it is none."""
    if not text or not text.strip():
        return None
    point = coordinates(text)
    if point is None:
        raise Invalid.field(field, "point_unreadable")
    return point


@router.get("places/map.json", summary="Kecamatan, islands, harbours and facilities for the map")
def get_map(request: Request) -> HttpResponse:
    """One GeoJSON FeatureCollection with an entity tag: asked again with If-None-Match it is 304 until it changes."""
    if not request.actor.may(Right.SETTINGS_READ):  # its forms pick a point on the map
        request.actor.require(Right.BOARD_SEE)
    document = map_document(request.actor.centre)
    tag = f'"{document.version}"'
    fresh = request.headers.get("If-None-Match") in {tag, f"W/{tag}"}
    response = HttpResponse(
        b"" if fresh else document.text, status=304 if fresh else 200, content_type="application/geo+json"
    )
    response["ETag"] = tag
    return response
