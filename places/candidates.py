"""The rows of the gazetteer that may match: the trigram index finds them, places.matching scores them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import ClientCursor

from places.asked import Wanted, is_generic
from places.matching import Row
from places.models import Place

_CANDIDATES = 40  # of each source
_LOOKED_AT = 250
# How alike a typed word must be to part of a name to be looked at: all of them, or one alone.
_EACH, _ONE = 0.5, 0.45
_MOST_ALONE = 5
_COLUMNS = "id, kind, name, other_names, label, lat, lng, kecamatan, desa, island, outside, official"

Source = tuple[str, list[str]]


def rows_like_all(centre: UUID, asked: Wanted) -> list[Row]:
    """Rows whose every word is like one typed."""
    words = [word for word in asked.looked_up if len(word) > 1] or list(asked.looked_up)
    if not words:
        return []
    like_each = " AND ".join(["%s <%% words"] * len(words))
    sources: list[Source] = [
        ("key LIKE %s", [f"{asked.key}%"]),  # keys hold letters, digits and blanks only
        (f"official AND {like_each}", words),
        (like_each, words),
    ]
    if asked.street and asked.words:
        like_street = " AND ".join(["%s <%% words"] * len(asked.street))
        sources.append((f"kind = 'road' AND {like_street}", list(asked.street)))
    return _ask(centre, asked.key, sources, _EACH)


def rows_like_one(centre: UUID, asked: Wanted) -> list[Row]:
    """Rows that have a word like one of those typed; words that name no place bring none."""
    words = [word for word in asked.looked_up if len(word) > 2 and not is_generic(word)][:_MOST_ALONE]
    sources = [(f"{part}%s <%% words", [word]) for word in words for part in ("official AND ", "")]
    return _ask(centre, "", sources, _ONE) if sources else []


def rows_of_kind(centre: UUID, kind: Place.Kind) -> list[Row]:
    """The rows of a kind."""
    columns = [column.strip() for column in _COLUMNS.split(",")]
    return [Row(*row) for row in Place.objects.filter(centre=centre, kind=kind).values_list(*columns)[:1000]]


def _ask(centre: UUID, key: str, sources: Sequence[Source], least: float) -> list[Row]:
    """The rows of several conditions, the likest of each, once each. A common word alone brings no more than a bound.

    least: how alike words must be, 0 to 1.
    """
    parts = [
        f"(SELECT * FROM (SELECT {_COLUMNS}, words FROM places_place WHERE centre_id = %s AND {condition} "  # noqa: S608
        f"LIMIT {_LOOKED_AT}) AS few ORDER BY word_similarity(%s, words) DESC, length(words) LIMIT {_CANDIDATES})"
        for condition, _ in sources
    ]
    params: list[Any] = [each for _, words in sources for each in (centre, *words, key or words[0])]
    connection.ensure_connection()
    with ClientCursor(connection.connection) as cursor:
        # Two statements in one message are one transaction: the setting ends with it. They can't be prepared, so the
        # values are bound here.
        cursor.execute(
            "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true); " + " UNION ALL ".join(parts),
            [str(least), *params],
        )
        cursor.nextset()
        return list({row[0]: Row(*row[:-1]) for row in cursor.fetchall()}.values())
