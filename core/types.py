"""The base types of everything that comes in: each bounded, so that no input can reach PostgreSQL and fail there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from core.cleaning import clean, clean_line
from core.errors import Invalid

BIGINT = 2**63 - 1
_MADE_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,15}")


def _not_blank(value: str) -> str:
    if value and all(unicodedata.category(sign)[0] in "ZC" for sign in value):
        raise ValueError("text may not be blank")
    return value


def plain_code(value: str) -> str:
    """A code as it is kept: full-width and small letters become plain capitals, so that no two look alike."""
    return unicodedata.normalize("NFKC", value).upper()


def made_code(value: str, field: str) -> str:
    """A code that somebody gives to a new thing (an agency's, a callsign), as it is kept.

    It is used over the radio, typed on a command line and stands in addresses: at most 16 capital letters, digits
    and hyphens, a letter or digit first. Raises Invalid(`code_malformed`) naming `field`.
    """
    code = plain_code(value)
    if not _MADE_CODE.fullmatch(code):
        raise Invalid.field(field, "code_malformed")
    return code


def _clean_moment(value: datetime) -> datetime:
    if value.tzinfo is None or value.utcoffset() is None:
        raise ValueError("time needs a zone, for example 2026-01-31T08:00:00+07:00")
    try:
        moment = value.astimezone(UTC)
    except (OverflowError, ValueError):
        raise ValueError("time must lie between the years 1 and 9999") from None
    if not 2 <= moment.year <= 9998:  # a day's room, so that no zone can push it over the edge
        raise ValueError("time must lie between the years 1 and 9999")
    return moment


def _text_moment(value: Any) -> Any:
    if not isinstance(value, str | datetime):
        raise ValueError("time must be RFC 3339 text with a zone")  # noqa: TRY004 - pydantic wants a ValueError
    return value


def tolerant_text(maximum: int) -> Callable[[Any], str | None]:
    """A validator for text that is never refused: a number becomes text, what can't be kept is left out."""

    def clean(value: Any) -> str | None:
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            return None
        return clean_line(value[:maximum])[:maximum] or None

    return clean


def text(maximum: int, minimum: int = 0) -> Any:
    """A text type with a length in characters."""
    return Annotated[str, AfterValidator(clean), Field(min_length=minimum, max_length=maximum)]


Code = Annotated[str, AfterValidator(clean), Field(min_length=1, max_length=40, pattern=r"^[^\s]+$")]
# Of one line, and of several.
Word = Annotated[str, AfterValidator(clean_line), AfterValidator(_not_blank), Field(min_length=1, max_length=200)]
Words = Annotated[str, AfterValidator(clean), AfterValidator(_not_blank), Field(min_length=1, max_length=10_000)]
Integer = Annotated[int, Field(ge=-BIGINT, le=BIGINT, strict=True)]
Version = Annotated[int, Field(ge=0, le=BIGINT)]  # of a row, as the sender last read it
Priority = Annotated[int, Field(ge=1, le=5, strict=True)]
Moment = Annotated[datetime, BeforeValidator(_text_moment), AfterValidator(_clean_moment)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False, strict=True)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False, strict=True)]
