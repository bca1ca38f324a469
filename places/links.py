"""Links to a map, and geo URIs: the parts of one that may hold coordinates, a Plus Code or the name of a place.

Nothing is fetched: a shortened link holds none of these.
"""

from __future__ import annotations

import re
from itertools import pairwise
from urllib.parse import parse_qsl, unquote, unquote_plus, urlsplit

_LINK = re.compile(
    r"(?:(?:https?|waze|comgooglemaps|maps|om|osmand|whatsapp|intent)://|geo:|google\.navigation:"
    r"|(?:www\.|maps\.|goo\.gl/|wa\.me/|waze\.com/|plus\.codes/))\S+",
    re.IGNORECASE,
)
# Of the same link the pin counts before the middle of the map that was looked at.
_PIN = re.compile(r"!3d(-?\d{1,2}\.\d+)!4d(-?\d{1,3}\.\d+)")
_LATITUDES = ("mlat", "lat", "latitude", "y")
_LONGITUDES = ("mlon", "lon", "lng", "long", "longitude", "x")
_POINTS = (
    "q", "query", "ll", "pin", "coordinate", "daddr", "destination", "navigate", "to", "point", "pt", "loc", "text",
    "address", "center", "sll", "cp", "saddr", "origin",
)  # fmt: skip
_MIDDLE = re.compile(r"^@([^,]+,[^,]+)(?:,.*)?$")
_TILE = re.compile(r"(?:^|map=)[\d.]+/(-?[\d.]+)/(-?[\d.]+)")
_NOWHERE = re.compile(r"^[+-]?0(?:\.0+)?,[+-]?0(?:\.0+)?$")
_LONGEST = 2_000


def link_in(text: str) -> str | None:
    """The first link in a text; None where there is none."""
    found = _LINK.search(text[:_LONGEST])
    return found[0] if found else None


def link_texts(link: str) -> list[str]:
    """The decoded parts of a link that may say where, the most exact first."""
    found = [", ".join(pin.groups()) for pin in reversed(list(_PIN.finditer(link)))]
    try:
        parts = urlsplit(link)
    except ValueError:
        return found
    if parts.scheme.lower() == "google.navigation":
        parts = urlsplit(f"geo:0,0?{parts.path}")
    given = {name.lower(): value for name, value in parse_qsl(parts.query, keep_blank_values=False)}
    lat, lng = (next((given[name] for name in names if name in given), "") for names in (_LATITUDES, _LONGITUDES))
    if lat and lng:
        found.append(f"{lat}, {lng}")
    found += [given[name].replace("~", ",").removeprefix("loc:") for name in _POINTS if name in given]
    if parts.scheme.lower() == "geo":
        body = parts.path.split(";")[0]
        return found if _NOWHERE.match(body) else [*found, ",".join(body.split(",")[:2])]
    segments = [unquote_plus(segment) for segment in parts.path.split("/") if segment]
    middle = [match[1] for segment in segments if (match := _MIDDLE.match(segment))]
    tile = _TILE.search(unquote(parts.fragment))
    segments += [unquote(segment) for segment in parts.path.split("/") if "+" in segment]  # a Plus Code's own sign
    named = [segment for segment in segments if not segment.startswith(("@", "data="))]
    return [*found, *named, *middle, *([f"{tile[1]}, {tile[2]}"] if tile else [])]


def link_names(link: str) -> list[str]:
    """The names of places that a link asks for: the words of its search, without coordinates."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return []
    asked = [value for name, value in parse_qsl(parts.query) if name.lower() in {"q", "query", "daddr", "destination"}]
    segments = [unquote_plus(segment) for segment in parts.path.split("/")]
    asked += [after for before, after in pairwise(segments) if before in {"place", "search"}]
    return [name for name in asked if re.search(r"[^\W\d_]{3}", name)]
