"""Times as machines send them: RFC 3339, epoch seconds or milliseconds, or a local time without a zone."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

# Epoch numbers of the years 2001 to 2286 in each unit.
_UNITS = ((1e9, 1e10, 1), (1e12, 1e13, 1_000), (1e15, 1e16, 1_000_000), (1e18, 1e19, 1_000_000_000))
_NUMBER = re.compile(r"[0-9]{9,19}(?:\.[0-9]+)?")
_LONGEST = 100
GPS_WEEKS = timedelta(weeks=1024)
ROLLOVER_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MachineTime:
    """A time as sent, and what it means. `at` None: not sent, or not readable; then `error` is the reason."""

    at: datetime | None = None
    text: str | None = None
    error: str | None = None


def read_machine_time(value: Any, zone: Callable[[], tzinfo]) -> MachineTime:
    """Read a time that a machine sent. zone: gives the site's, for a time without one. Never raises."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return MachineTime()
    sent = str(value)[:_LONGEST].replace("\x00", "")
    try:
        return MachineTime(_moment(value, zone), sent)
    except (ValueError, OverflowError, ArithmeticError) as error:
        return MachineTime(None, sent, str(error)[:200])


def unroll(at: datetime, received_at: datetime) -> datetime:
    """A fix with the week number of a GPS receiver that counts 1,024 weeks too few or too many, brought to the present.

    Only if it then lies within a day of its receipt; any other time is returned as it is.
    """
    behind = received_at - at
    if abs(behind - GPS_WEEKS) <= ROLLOVER_WITHIN:
        return at + GPS_WEEKS
    return at - GPS_WEEKS if abs(behind + GPS_WEEKS) <= ROLLOVER_WITHIN else at


def _moment(value: Any, zone: Callable[[], tzinfo]) -> datetime:
    if isinstance(value, bool) or not isinstance(value, str | int | float | datetime):
        raise ValueError("a time is text or a number")  # noqa: TRY004 - all are one kind of error
    if isinstance(value, str):
        text = value.strip()
        value = float(text) if _NUMBER.fullmatch(text) else _parsed(text)
    if isinstance(value, int | float):
        value = _from_epoch(float(value))
    local: datetime = value
    moment = (local if local.tzinfo else local.replace(tzinfo=zone())).astimezone(UTC)
    if not 2 <= moment.year <= 9998:
        raise ValueError("the year must lie between 1 and 9999")
    return moment


def _parsed(text: str) -> datetime:
    if not re.match(r"\d{4}-?\d{2}-?\d{2}[T ]", text, re.IGNORECASE):
        raise ValueError("not a time: write 2026-01-31T08:00:00+07:00")
    try:
        return datetime.fromisoformat(text.replace("t", "T").replace("z", "Z"))
    except ValueError as error:
        why = str(error)
        raise ValueError("not a time" if text in why else f"not a time: {why}") from None


def _from_epoch(number: float) -> datetime:
    if not math.isfinite(number):
        raise ValueError("not a time: the number is not finite")
    for least, most, unit in _UNITS:
        if least <= abs(number) < most:
            return datetime.fromtimestamp(number / unit, UTC)
    raise ValueError("not a time: neither epoch seconds nor milliseconds")
