"""JSON as it travels: one writer and one reader, so that a thing looks the same in an answer, a board and a frame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from pydantic import BaseModel

_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


def dumps(value: Any) -> bytes:
    """The JSON text of a value: times in UTC with a Z, UUIDs as text, sets as sorted lists.

    Raises TypeError for what has no form in JSON.
    """
    return orjson.dumps(value, default=_plain, option=_OPTIONS)


def loads(text: bytes | str) -> Any:
    """The value of a JSON text. Raises ValueError for NaN, lone surrogates, bad UTF-8 and more than 1,024 levels."""
    return orjson.loads(text)


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump()
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple | list):
        return list(value)
    return str(value)  # lazy translations, Decimal, addresses
