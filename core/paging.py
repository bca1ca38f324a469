"""Lists by keyset: `next` holds the last row's place in the order, so page 10,000 costs what page 1 does."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import orjson
from django.db import models
from django.db.models import Q, QuerySet

from core.errors import Invalid
from core.types import BIGINT

Row = TypeVar("Row", bound=models.Model)

DEFAULT_LIMIT = 100
MAXIMUM_LIMIT = 500


def page(
    rows: QuerySet[Row],
    *,
    order: Sequence[str],
    cursor: str | None,
    limit: int | None,
    forms: Callable[[list[Row]], list[Any]],
) -> dict[str, Any]:
    """One page of `rows` as it travels: {"items": [...], "next": cursor|None}.

    order: field names, "-" for falling, the last one unique ("-started_at", "id"); none of them null. cursor: `next`
    of the page before. limit: 1 to 500, 100 if None. forms: turns the page's rows into their forms in one go.
    Raises Invalid for a cursor that is none of this list's.
    """
    size = min(max(limit or DEFAULT_LIMIT, 1), MAXIMUM_LIMIT)
    if cursor:
        rows = rows.filter(_after(order, _read(rows.model, order, cursor)))
    found = list(rows.order_by(*order)[: size + 1])
    shown, more = found[:size], len(found) > size
    return {"items": forms(shown), "next": _write(order, shown[-1]) if more else None}


def _after(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows behind `values`. The first condition bounds the index scan; the others sort out its equals."""
    first, after = order[0], Q()
    equal = Q()
    for term, value in zip(order, values, strict=True):
        name = term.lstrip("-")
        after |= equal & Q(**{f"{name}__{'lt' if term.startswith('-') else 'gt'}": value})
        equal &= Q(**{name: value})
    bound = f"{first.lstrip('-')}__{'lte' if first.startswith('-') else 'gte'}"
    return Q(**{bound: values[0]}) & after


def _write(order: Sequence[str], row: models.Model) -> str:
    values = [getattr(row, term.lstrip("-")) for term in order]
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode("ascii").rstrip("=")


def _read(model: type[models.Model], order: Sequence[str], cursor: str) -> list[Any]:
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        texts = list(orjson.loads(base64.urlsafe_b64decode(padded)))
        return [_value(model, term.lstrip("-"), text) for term, text in zip(order, texts, strict=True)]
    except (ValueError, TypeError):
        raise Invalid.field("cursor", "bad_cursor") from None


def _value(model: type[models.Model], name: str, text: Any) -> Any:
    """A cursor's value as its field's type, or ValueError: whoever writes a cursor by hand gets no further."""
    field = model._meta.get_field(name)
    if isinstance(field, models.DateTimeField | models.UUIDField) and not isinstance(text, str):
        raise ValueError  # noqa: TRY004 - what the caller catches
    if isinstance(field, models.DateTimeField):
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None or not 2 <= moment.year <= 9998:
            raise ValueError
        return moment
    if isinstance(field, models.UUIDField):
        return UUID(text)
    if isinstance(field, models.IntegerField):
        if not isinstance(text, int) or abs(text) > BIGINT:
            raise ValueError
        return text
    if not isinstance(text, str) or "\x00" in text:
        raise ValueError
    return text
