"""What is repaired in a log before it is played, each repair with its name: the file stays as it is, its gaps too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from simulation.replay.cad_log import Case, Part, Stamp

OUT_OF_ORDER = "stamp_out_of_order_left_out"
FREED_AT_NEXT = "unit_freed_at_its_next_dispatch"
FREED_AT_LAST = "unit_freed_at_its_last_stamp"
STEP_SKIPPED = "missing_step_skipped"
UNKNOWN_TYPE = "unknown_type_x00"

# Which stamps may follow a status, of those a log can hold; any status may be followed by freedom.
_FREE = ("returning", "available_station", "available_mobile")
_MAY_FOLLOW = {
    "dispatched": ("en_route", "on_scene"),
    "en_route": ("on_scene", "transporting"),
    "on_scene": ("transporting",),
    "transporting": ("at_destination",),
    "at_destination": (),
}
# `returning` is a way back: only from where there was work.
_WORKED = ("on_scene", "transporting", "at_destination")


def repair(cases: Sequence[Case]) -> None:
    """Bring every unit's stamps into an order that can have been.

    Times that rise, steps that may follow, one case at a time for each unit.
    """
    by_unit: dict[str, list[Part]] = defaultdict(list)
    for case in cases:
        for part in case.parts:
            _rising(part)
            by_unit[part.unit].append(part)
    for parts in by_unit.values():
        parts.sort(key=lambda part: (part.dispatched_at, part.ends_at, part.row.name))
        for turn, (part, following) in enumerate(zip(parts, [*parts[1:], None], strict=True)):
            part.turn = turn
            _possible(part)
            _free(part, following.dispatched_at if following else None)


def _rising(part: Part) -> None:
    """Leave out each stamp that lies before the one it follows."""
    kept: list[Stamp] = []
    last = part.dispatched_at
    for stamp in part.stamps:
        if stamp.at < last:
            part.row.repairs.add(OUT_OF_ORDER)
        else:
            kept.append(stamp)
            last = stamp.at
    part.stamps = kept


def _possible(part: Part) -> None:
    """Leave out each stamp whose step can't follow: a hospital without a way there."""
    kept: list[Stamp] = []
    status = "dispatched"
    for stamp in part.stamps:
        free = stamp.status in _FREE and not (stamp.status == "returning" and status not in _WORKED)
        after_freedom = status in _FREE and stamp.status in _FREE
        if free or after_freedom or stamp.status in _MAY_FOLLOW.get(status, ()):
            kept.append(stamp)
            status = stamp.status
        else:
            part.row.repairs.add(STEP_SKIPPED)
    part.stamps = kept


def _free(part: Part, next_at: datetime | None) -> None:
    """See that the unit is free when it is sent again, or in the end."""
    if next_at is not None and part.ends_at > next_at:
        part.row.repairs.add(FREED_AT_NEXT)
        part.stamps = [stamp for stamp in part.stamps if stamp.at <= next_at]
    if part.stamps and part.stamps[-1].status in _FREE:
        return
    if next_at is None:
        part.row.repairs.add(FREED_AT_LAST)
        part.stamps.append(Stamp("available_mobile", part.ends_at))
    else:
        part.row.repairs.add(FREED_AT_NEXT)
        part.stamps.append(Stamp("available_mobile", next_at))
