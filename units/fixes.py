"""Positions as trackers and telephones send them: what can be read of each row, and what is not believed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from django.utils.translation import gettext as _

from core.moments import read_machine_time
from places.geodesy import Point, distance_metres

LONGEST_NAME = 40
FASTEST_METRES_PER_SECOND = 300.0  # no unit is faster, an aircraft's receiver apart
UNJUDGED_METRES = 100_000.0  # two receivers of one unit, a fix by the network: no jump to judge
NULL_ISLAND_METRES = 15_000.0  # around 0,0: what receivers send without a fix
MOST_SPEED = 1000.0  # metres per second
MOST_ACCURACY = 10_000_000.0  # metres
OLDEST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Fix:
    """A position that a receiver has found: degrees, metres, metres per second. unit: id or callsign."""

    unit: str
    lat: float
    lng: float
    at: datetime | None = None
    speed: float | None = None
    heading: float | None = None
    accuracy_metres: float | None = None
    index: int = 0


@dataclass(frozen=True, slots=True)
class RowError:
    """A row of a batch that was not taken: which one, a stable code, and what to do about it."""

    index: int
    code: str
    message: str


def read_fix(row: Any, index: int, zone: Callable[[], tzinfo]) -> Fix | RowError:
    """Read one row of a batch; a value beside its place that cannot be right is left out."""
    if not isinstance(row, dict):
        return RowError(index, "row_malformed", _("A position is an object with unit, lat and lng."))
    unit = row.get("unit")
    name = "".join(str(unit).split()) if isinstance(unit, str | int) and not isinstance(unit, bool) else ""
    if not name or len(name) > LONGEST_NAME or "\x00" in name:
        return RowError(index, "unit_missing", _("Give the unit's callsign or id as unit."))
    lat, lng = _number(row.get("lat")), _number(row.get("lng"))
    if lat is None or lng is None:
        field = "lat" if lat is None else "lng"
        return RowError(index, "number_malformed", _("%(field)s must be a number in degrees.") % {"field": field})
    if abs(lat) > 90 or abs(lng) > 180:
        swapped = abs(lng) <= 90 and abs(lat) <= 180
        hint = _("lat and lng look swapped.") if swapped else _("lat lies within 90 degrees, lng within 180.")
        return RowError(index, "out_of_range", hint)
    sent = read_machine_time(row.get("at"), zone)
    if sent.error:
        return RowError(index, "time_malformed", _("at is no time: write 2026-01-31T08:00:00+07:00 or epoch seconds."))
    accuracy = row.get("accuracy", row.get("accuracy_metres"))
    speed, heading = _measure(row.get("speed"), MOST_SPEED), _measure(row.get("heading"), 360.0)
    return Fix(
        name, lat, lng, sent.at, speed, heading if heading != 360.0 else 0.0, _measure(accuracy, MOST_ACCURACY), index
    )


def is_null_island(lat: float, lng: float) -> bool:
    """Whether a position lies where receivers without a fix say they are."""
    return distance_metres(Point(0.0, 0.0), Point(lat, lng)) < NULL_ISLAND_METRES


def is_jump(before: Point, before_at: datetime, after: Point, after_at: datetime) -> bool:
    """Whether a unit would have had to be faster than any is."""
    metres = distance_metres(before, after)
    seconds = max((after_at - before_at).total_seconds(), 1.0)
    return metres > UNJUDGED_METRES and metres / seconds > FASTEST_METRES_PER_SECOND


def implausible(index: int) -> RowError:
    """The row of a position that is not believed."""
    return RowError(index, "implausible", _("Not believed: no fix (0,0), or too far from the last position."))


def _number(value: Any) -> float | None:
    """A finite number, also written as text, with a decimal comma."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = (
            float(value.strip().replace(",", ".").replace("\u2212", "-")) if isinstance(value, str) else float(value)
        )
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _measure(value: Any, most: float) -> float | None:
    """A value beside the place; None below 0 (-1: unknown) or above `most`."""
    number = _number(value)
    return number if number is not None and 0 <= number <= most else None
