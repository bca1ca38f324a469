"""Finding a place while it is being typed: names forgivingly, coordinates, Plus Codes.

The trigram index brings the candidates, words decide their order, nearness breaks ties.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Any
from uuid import UUID

from django.db import connection

from places.areas import whereabouts
from places.coordinates import coordinates, plus_code
from places.geodesy import Point, distance_metres
from places.models import Place
from places.names import Wanted, alike, wanted

LIMIT = 12
_CANDIDATES = 40  # of each source
_LOOKED_AT = 250
# How alike a search must be to part of a name to be looked at: first strictly, then forgivingly.
_STRICT, _FORGIVING = 0.5, 0.3
# An area before what is named after it; the larger one first.
_RANK = {
    Place.Kind.KECAMATAN: 1.0,
    Place.Kind.DESA: 0.8,
    Place.Kind.ISLAND: 0.9,
    Place.Kind.LANDMARK: 0.6,
    Place.Kind.HOSPITAL: 0.5,
    Place.Kind.HARBOUR: 0.4,
    Place.Kind.PUSKESMAS: 0.3,
    Place.Kind.ROAD: 0.2,
}
_NEAR_METRES = 5_000
_COLUMNS = "id, kind, name, key, words, label, lat, lng, kecamatan, desa, island, outside, official"


@dataclass(frozen=True, slots=True)
class _Row:
    id: UUID
    kind: Place.Kind
    name: str
    key: str
    words: str
    label: str
    lat: float
    lng: float
    kecamatan: str | None
    desa: str | None
    island: str | None
    outside: bool
    official: bool


def find_places(centre: UUID, text: str, near: Point | None = None, limit: int = LIMIT) -> list[dict[str, Any]]:
    """The best matches for what was typed, as they travel, the best first; [] where nothing is like it.

    near: breaks ties, and is where a short Plus Code counts from.
    """
    point = coordinates(text)
    if point:
        return [_spot("coordinates", f"{point.lat:.6f}, {point.lng:.6f}", point)]
    code = plus_code(text)
    if code:
        named = _named(centre, wanted(code.text), near, 1) if code.short and code.text else []
        origin = Point(named[0]["lat"], named[0]["lng"]) if named else near
        return [_spot("plus_code", code.code, code.point(origin))]
    return _named(centre, wanted(text), near, limit)


def _named(centre: UUID, asked: Wanted, near: Point | None, limit: int) -> list[dict[str, Any]]:
    rows = _candidates(centre, asked)
    scored = sorted(((_score(row, asked, near), row) for row in rows), key=lambda pair: (-pair[0], pair[1].label))
    best = scored[0][0] if scored else 0.0
    return [_form(row, score) for score, row in scored[:limit] if score >= max(0.25, best * 0.5)]


def _candidates(centre: UUID, asked: Wanted) -> list[_Row]:
    """Rows that may be meant: those whose every word is like one typed; where there is none, those like the whole."""
    if not asked.words:
        return _of_kind(centre, asked.kind) if asked.kind else []
    like_each = " AND ".join(["%s <%% words"] * len(asked.words))
    sources = (
        ("key LIKE %s", [_prefix(asked.key)]),
        (f"official AND {like_each}", list(asked.words)),
        (like_each, list(asked.words)),
    )
    rows = _ask(centre, asked.key, sources, _STRICT)
    return rows or _ask(centre, asked.key, [("%s <%% words", [asked.key])], _FORGIVING)


def _ask(centre: UUID, key: str, sources: Sequence[tuple[str, list[str]]], least: float) -> list[_Row]:
    """The rows of several conditions, the likest of each, once each. A common word alone brings no more than a bound.

    least: how alike words must be, 0 to 1.
    """
    parts = [
        f"(SELECT * FROM (SELECT {_COLUMNS} FROM places_place WHERE centre_id = %s AND {condition} "  # noqa: S608
        f"LIMIT {_LOOKED_AT}) AS few ORDER BY word_similarity(%s, words) DESC, length(words) LIMIT {_CANDIDATES})"
        for condition, _ in sources
    ]
    params: list[Any] = [each for _, told in sources for each in (centre, *told, key)]
    with connection.cursor() as cursor:
        # Two statements in one message are one transaction: the setting ends with it.
        cursor.execute(
            "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true); " + " UNION ALL ".join(parts),
            [str(least), *params],
        )
        cursor.nextset()
        return list({row[0]: _row(row) for row in cursor.fetchall()}.values())


def _prefix(key: str) -> str:
    """A LIKE pattern: keys hold letters, digits and blanks only."""
    return f"{key}%"


def _of_kind(centre: UUID, kind: Place.Kind) -> list[_Row]:
    columns = [column.strip() for column in _COLUMNS.split(",")]
    return [_row(row) for row in Place.objects.filter(centre=centre, kind=kind).values_list(*columns)[:1000]]


def _row(values: Sequence[Any]) -> _Row:
    return _Row(values[0], Place.Kind(values[1]), *values[2:])


def _score(row: _Row, asked: Wanted, near: Point | None) -> float:
    """0 to 1: how well the words are met, how much of the name they cover, the kind, and how near it is."""
    name = row.key.split()
    closeness = 0.0
    if near:
        metres = distance_metres(near, Point(row.lat, row.lng))
        closeness = _NEAR_METRES / (_NEAR_METRES + metres) if metres < inf else 0.0
    if not asked.words:
        return 0.6 + 0.4 * closeness
    met, covered = 0.0, set()
    beside = [word for word in row.words.split() if word not in name]
    for at, word in enumerate(asked.words):
        last = at == len(asked.words) - 1
        of_name, which = _best(word, name, last=last)
        of_area, _ = _best(word, beside, last=last)
        if of_name >= of_area * 0.85:
            covered.add(which)
        met += max(of_name, of_area * 0.85)
    met /= len(asked.words)
    cover = sum(len(name[at]) for at in covered if at is not None) / max(1, sum(map(len, name)))
    kind = 1.0 if asked.kind is None or asked.kind is row.kind else 0.0
    return round(0.62 * met + 0.16 * cover + 0.12 * kind + 0.04 * _RANK[row.kind] + 0.06 * closeness, 4)


def _best(word: str, among: Sequence[str], *, last: bool) -> tuple[float, int | None]:
    """How well the best of some words meets one, and which it is. last: it may still be being typed."""
    best, which = 0.0, None
    for at, other in enumerate(among):
        if word == other:
            return 1.0, at
        score = alike(word, other)
        if other.startswith(word):
            score = max(score, 0.95 if last else 0.8)
        if score > best:
            best, which = score, at
    return best, which


def _form(row: _Row, score: float) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "kind": row.kind.value,
        "name": row.name,
        "label": row.label,
        "lat": row.lat,
        "lng": row.lng,
        "kecamatan": row.kecamatan,
        "desa": row.desa,
        "island": row.island,
        "outside": row.outside,
        "score": min(1.0, score),
        "official": row.official,
    }


def _spot(kind: str, name: str, point: Point) -> dict[str, Any]:
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
    }
