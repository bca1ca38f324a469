"""Stations as the pages name them: with the kecamatan that they stand in, which units know nothing of."""

from __future__ import annotations

from accounts.actors import Actor
from places.areas import kecamatan_of
from units.queries import stations_of


def station_names(actor: Actor) -> dict[str, dict[str, str | None]]:
    """Name and kecamatan (its code; None at sea or outside) of each station that an actor may see, by code."""
    rows = stations_of(actor).order_by("code").values_list("code", "name", "lat", "lng")
    return {code: {"name": name, "kecamatan": kecamatan_of(lat, lng)} for code, name, lat, lng in rows}
