"""JSON as it travels: one writer and one reader, so that a thing looks the same in an answer, a board and a frame."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Mapping
from typing import Any

import orjson
from pydantic import BaseModel

from core.cleaning import clean_values

# An escape of JSON: a pair of surrogates, one without its other, anything else.
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


def dumps(value: Any) -> bytes:
    """The JSON text of a value: times in UTC with a Z, UUIDs as text, sets as sorted lists.

    Raises TypeError for what has no form in JSON.
    """
    return orjson.dumps(value, default=_plain, option=_OPTIONS)


def loads(text: bytes | str) -> Any:
    """The value of a JSON text. Raises ValueError for NaN, lone surrogates, bad UTF-8 and more than 1,024 levels."""
    return orjson.loads(text)


def loads_from_outside(body: bytes) -> Any:
    """The value of a JSON text that somebody sends, its texts clean (`core.cleaning`). Raises ValueError as `loads`.

    A byte order mark before it and lone surrogates in it are left out, not refused.
    """
    body = body.removeprefix(BOM_UTF8)
    try:
        value = orjson.loads(body)
    except ValueError:
        repaired = _ESCAPE.sub(_unless_lone, body)
        if repaired == body:
            raise
        value = orjson.loads(repaired)
    return clean_values(value)


def _unless_lone(escape: re.Match[bytes]) -> bytes:
    return b"" if escape["lone"] else escape[0]


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
