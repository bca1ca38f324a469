"""Finding a place while it is being typed: names forgivingly, coordinates, links, Plus Codes.

No place is offered as the wanted one (`confident`) unless all that was typed speaks for it and nothing else
does: a wrong place sends help the wrong way, a missing one asks for two more keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from places.areas import inside_regency, land_mass_of, region_centre, region_name, whereabouts
from places.asked import SINGLE, Wanted, is_generic, wanted
from places.candidates import rows_like_all, rows_like_one, rows_of_kind
from places.coordinates import PlusCode, coordinates, plus_code
from places.geodesy import Point, distance_metres
from places.links import link_in, link_names
from places.matching import AREAS, MARGIN, Match, Row, as_written, match, same_place
from places.models import Place
from places.outside import outside_matches

LIMIT = 12
K = Place.Kind
# Of places with the same name the near one is wanted where it is this near and the next one this many times as far.
_HERE_METRES, _TIMES_AS_FAR = 10_000, 3
_SURE = 0.97


@dataclass(frozen=True, slots=True)
class Found:
    """What was found.

    match: one (the first item is the place), several (places with that name), outside (a town beyond the area), link
    (a link without a point in it), none (no such place: the items are similar ones).
    missing: the typed words that none of the items has.
    """

    items: list[dict[str, Any]] = field(default_factory=list)
    match: str = "none"
    missing: list[str] = field(default_factory=list)


def find_places(
    centre: UUID, text: str, near: Point | None = None, limit: int = LIMIT, shown: Point | None = None
) -> list[dict[str, Any]]:
    """The best matches for what was typed, as they travel, the best first; [] where nothing is like it."""
    return find(centre, text, near, limit, shown).items


def find(centre: UUID, text: str, near: Point | None = None, limit: int = LIMIT, shown: Point | None = None) -> Found:
    """What a text may mean.

    near: where the caller is: decides between equals, and is where distances and a short Plus Code count from. shown:
    what the searcher looks at, for distances and islands where near is None; it decides nothing.
    """
    point = coordinates(text)
    if point:
        return _spots([("coordinates", f"{point.lat:.6f}, {point.lng:.6f}", point)], near or shown)
    code = plus_code(text)
    if code:
        return _of_code(centre, code, near, shown)
    link = link_in(text)
    if link:
        names = link_names(link)
        if not names:
            return Found(match="link")
        text = names[0]
    return _named(centre, wanted(text), near, shown, limit)


def is_outside(centre: UUID, text: str) -> bool:
    """Whether a text without a point names a place in a town beyond the area, and not on the way there."""
    asked = wanted(text)
    if asked.way or not outside_matches(asked, None, region_centre()):
        return False
    found = find(centre, text)
    return found.match == "outside" and not found.missing


def _of_code(centre: UUID, code: PlusCode, near: Point | None, shown: Point | None) -> Found:
    if not code.short:
        return _spots([("plus_code", code.code, code.point())], near or shown)
    named = _named(centre, wanted(code.text), near, shown, 1) if code.text else Found()
    if named.match == "one":
        origin = Point(named.items[0]["lat"], named.items[0]["lng"])
        return _spots([("plus_code", code.code, code.point(origin))], near or shown)
    if near:
        return _spots([("plus_code", code.code, code.point(near))], near)
    # Without a place to count from it may be in any square of the site's area.
    middle = region_centre()
    squares = [Point(middle.lat + lat, middle.lng + lng) for lat in range(-2, 4) for lng in range(-1, 4)]
    points = dict.fromkeys(code.point(square) for square in squares)
    here = [point for point in points if inside_regency(point.lat, point.lng) and land_mass_of(point.lat, point.lng)]
    here.sort(key=lambda point: distance_metres(middle, point))
    return _spots([("plus_code", code.code, point) for point in here or [code.point()]], shown)


def _named(centre: UUID, asked: Wanted, near: Point | None, shown: Point | None, limit: int) -> Found:
    matches = _sorted(_matches(centre, asked, near))
    if matches and matches[0].full and matches[0].quality < _SURE and not matches[0].row.outside:
        # Not as it is written: what else is spelt like the name that was found may be the wanted one as well.
        known = {each.row.id for each in matches}
        alike = rows_like_one(centre, wanted(matches[0].row.name))
        matches = _sorted([*matches, *(_match(row, asked, near) for row in alike if row.id not in known)])
    best: dict[str, float] = {}
    for each in matches:
        for word, quality in each.met.items():
            best[word] = max(quality, best.get(word, 0.0))
    listed = [each for each in matches if each.full or _worth_listing(each, asked, best)]
    if listed:
        floor = max(0.25, listed[0].score * 0.5)
        listed = [each for each in listed if each.full or each.score >= floor][:limit]
    origin = near or shown
    chosen, kind = _choose(listed, matches, asked, near, origin)
    items = [_form(each, origin, confident=each is chosen) for each in listed]
    met = {word for each in listed for word in each.met}
    missing = [word for word in asked.looked_up if word not in met and not word.isdigit()]
    return Found(items, kind, missing)


def _sorted(matches: list[Match]) -> list[Match]:
    return sorted(matches, key=lambda each: (not each.full, -each.score, each.row.label))


def _matches(centre: UUID, asked: Wanted, near: Point | None) -> list[Match]:
    middle = region_centre()
    if not asked.looked_up:
        rows = rows_of_kind(centre, asked.kind) if asked.kind else []
        return [match(row, asked, near, middle) for row in rows]
    if not asked.words and not asked.areas:
        return _of_street(centre, asked, near)
    found = [_match(row, asked, near) for row in rows_like_all(centre, asked)]
    beyond = outside_matches(asked, near, middle)
    if not any(each.full or len(each.met) == len(set(asked.looked_up)) for each in [*found, *beyond]):
        known = {each.row.id for each in found}
        more = [row for row in rows_like_one(centre, asked) if row.id not in known]
        found += [_match(row, asked, near) for row in more]
    return [*found, *beyond]


def _match(row: Row, asked: Wanted, near: Point | None) -> Match:
    if row.kind == K.ROAD:
        asked = replace(asked, words=asked.street + asked.words, street=())
    return match(row, asked, near, region_centre())


def _of_street(centre: UUID, asked: Wanted, near: Point | None) -> list[Match]:
    """What a road or an estate may be: itself, or the desa that is named behind it.

    "jl surya kolor" lies in Kolor; "jl raya lenteng" leads there and lies anywhere along it.
    """
    asked = replace(asked, words=asked.street, street=())
    rows = rows_like_all(centre, asked) + rows_like_one(centre, asked)
    found = []
    for row in dict.fromkeys(rows):
        if row.kind == K.ROAD:
            found.append(match(row, asked, near, region_centre()))
        elif row.kind in AREAS:
            whole = replace(match(row, asked, near, region_centre()), full=False)
            tails = [
                match(row, replace(asked, words=asked.words[at:]), near, region_centre())
                for at in range(1, len(asked.words))
            ]
            named = [each for each in tails if each.full and each.quality >= _SURE and row.kind == K.DESA]
            found.append(named[0] if named and asked.words[0] != "raya" else whole)
    return found


def _worth_listing(found: Match, asked: Wanted, best: Mapping[str, float]) -> bool:
    """Whether something that is not what was asked for is like it: words that name no place are not enough.

    best: how well each word is met by any. What is only written alike is no help where another place has the word.
    """
    if not asked.looked_up:
        return found.score > 0
    met = [word for word, quality in found.met.items() if quality >= best[word] - 0.2]
    own = [word for word in met if not is_generic(word) and not word.isdigit()]
    return bool(own) or (bool(found.met) and all(is_generic(word) for word in asked.looked_up))


def _choose(
    listed: Sequence[Match], matches: Sequence[Match], asked: Wanted, near: Point | None, origin: Point | None
) -> tuple[Match | None, str]:
    """The one wanted place, or None, and how sure that is (see Found)."""
    if not listed or not listed[0].full:
        return None, "several" if asked.looked_up == (region_name(),) else "none"
    best = listed[0]
    rivals = [
        each
        for each in matches
        if each is not best
        and each.full
        and each.quality >= best.quality - MARGIN
        and not same_place(best.row, each.row)
    ]
    if not asked.looked_up and asked.form in SINGLE:
        rivals = [each for each in rivals if _land(each.row) == _land_at(origin)]
    if best.row.kind == K.LANDMARK and not any(is_generic(word) for word in asked.words):
        # "legung" is a desa's name before it is a beach's, though neither is the whole of it.
        rivals += [
            each
            for each in matches
            if each.row.kind in AREAS and set(each.met) >= set(best.met) and not same_place(best.row, each.row)
        ]
    if best.quality < _SURE:
        # The beginning of a name, or a misspelt one, may be another's of which more is still to come.
        rivals += [each for each in matches if _may_be_begun(each, best) and not same_place(best.row, each.row)]
    if best.row.outside:
        return None, "several" if any(not each.row.outside for each in rivals) else "outside"
    if rivals and not _decided_by(near, best, rivals):
        return None, "several"
    return best, "one"


def _may_be_begun(other: Match, best: Match) -> bool:
    """Whether what was typed may be part of another name as well."""
    if other is best or other.in_name < best.in_name or not set(other.met) >= set(best.met):
        return False
    return min(other.met[word] for word in best.met) >= best.quality - 2 * MARGIN


def _decided_by(near: Point | None, best: Match, rivals: Sequence[Match]) -> bool:
    """Whether the caller's location decides between several places with the same name."""
    if near is None:
        return False
    here, *others = (distance_metres(near, Point(each.row.lat, each.row.lng)) for each in (best, *rivals))
    return here <= _HERE_METRES and all(metres >= _TIMES_AS_FAR * max(here, 1_000) for metres in others)


def _land(row: Row) -> str | None:
    """The code of the island that a row lies on; None on the mainland. A kecamatan lies where its point does."""
    return row.island if row.kind != K.KECAMATAN else _land_at(Point(row.lat, row.lng))


def _land_at(point: Point | None) -> str | None:
    mass = land_mass_of(point.lat, point.lng) if point else None
    return mass.island if mass else None


def _form(found: Match, origin: Point | None, *, confident: bool) -> dict[str, Any]:
    row = found.row
    island = None if row.outside else _land(row)
    mass = land_mass_of(row.lat, row.lng) if island else None
    return {
        "id": str(row.id),
        "kind": str(row.kind),
        "name": row.name,
        "label": row.label,
        "lat": row.lat,
        "lng": row.lng,
        "kecamatan": row.kecamatan,
        "desa": row.desa,
        "island": row.island,
        "outside": row.outside,
        "score": min(1.0, found.score),
        "official": row.official,
        "confident": confident,
        "matched": as_written(found.parts, row.label),
        **_relative(Point(row.lat, row.lng), origin, island, mass.name if mass else None),
    }


def _relative(point: Point, origin: Point | None, island: str | None, name: str | None) -> dict[str, Any]:
    """How a place lies to where somebody is: the metres, and whether the sea is between."""
    return {
        "distance_metres": round(distance_metres(origin, point)) if origin else None,
        "other_island": island != _land_at(origin),
        "island_name": name,
    }


def _spots(spots: Sequence[tuple[str, str, Point]], origin: Point | None) -> Found:
    items = [_spot(*spot, origin) for spot in spots]
    if len(items) == 1 and not items[0]["outside"]:
        items[0]["confident"] = True
    kind = "several" if len(items) > 1 else "one" if items[0]["confident"] else "outside"
    return Found(items, kind)


def _spot(kind: str, name: str, point: Point, origin: Point | None) -> dict[str, Any]:
    """A point that was typed, as it travels, with the areas that it lies in."""
    where = whereabouts(point.lat, point.lng)
    areas = [area.name for area in (where.desa, where.kecamatan, where.island) if area]
    return {
        "id": f"{kind}:{name}",
        "kind": kind,
        "name": name,
        "label": ", ".join(dict.fromkeys([name, *areas, *([where.neighbour] if where.neighbour else [])])),
        "lat": point.lat,
        "lng": point.lng,
        "kecamatan": where.kecamatan.code if where.kecamatan else None,
        "desa": where.desa.code if where.desa else None,
        "island": where.island.code if where.island else None,
        "outside": where.outside,
        "score": 1.0,
        "official": False,
        "confident": False,
        "matched": [],
        **_relative(
            point, origin, where.island.code if where.island else None, where.island.name if where.island else None
        ),
    }
