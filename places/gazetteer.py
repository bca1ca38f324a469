"""Making a row of the gazetteer: what is looked up, and where it lies, follow from its name and its point."""

from __future__ import annotations

from places.areas import whereabouts
from places.models import Place
from places.names import haystack, name_key


def settle(place: Place) -> Place:
    """Fill what follows from a place's name, other names and point; returns it, unsaved."""
    where = whereabouts(place.lat, place.lng)
    areas = [area for area in (where.desa, where.kecamatan, where.island) if area]
    place.kecamatan = where.kecamatan.code if where.kecamatan else None
    place.desa = where.desa.code if where.desa else None
    place.island = where.island.code if where.island else None
    place.outside = where.outside
    if place.kind == Place.Kind.KECAMATAN:  # its point lies in one of its desa, and not in the others
        place.kecamatan, place.desa, place.island = place.code, None, None
        areas = []
    elif place.kind == Place.Kind.DESA:
        place.desa = place.code
        areas = [area for area in (where.kecamatan, where.island) if area]
    elif place.kind == Place.Kind.ISLAND:
        place.island, place.desa = place.code, None
        areas = [where.kecamatan] if where.kecamatan else []
    place.key = name_key(place.name)
    place.words = haystack([place.name, place.other_names, *(area.name for area in areas)])
    place.label = ", ".join([place.name, *(area.name for area in areas)])
    return place
