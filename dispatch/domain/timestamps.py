"""The stamps of an assignment: filled once, in their order, never invented (docs/rules/times.md#measured-times)."""

from __future__ import annotations

from datetime import datetime

from core import events
from core.errors import Conflict
from dispatch.models import Assignment
from dispatch.states import STAMP_OF, AssignmentStatus

_ORDER = tuple(STAMP_OF)


def stamp_of(assignment: Assignment, status: str) -> datetime | None:
    """When an assignment reached a status; None if it skipped it or hasn't got there."""
    moment: datetime | None = getattr(assignment, STAMP_OF[status])
    return moment


def fits(assignment: Assignment, status: str, at: datetime) -> bool:
    """Whether a status may have begun at `at`: after what comes before it in their order, before what comes after."""
    place = _ORDER.index(AssignmentStatus(status))
    before = [moment for each in _ORDER[:place] if (moment := stamp_of(assignment, each))]
    after = [moment for each in _ORDER[place + 1 :] if (moment := stamp_of(assignment, each))]
    if assignment.cleared_at:
        after.append(assignment.cleared_at)
    return all(moment <= at for moment in before) and all(at <= moment for moment in after)


def put_stamp(assignment: Assignment, status: str, at: datetime) -> None:
    """Stamp the status a unit has just reached. A forced step back leaves the stamps that are there as they are."""
    if stamp_of(assignment, status) is None and fits(assignment, status, at):
        setattr(assignment, STAMP_OF[status], at)


def fill_stamp(assignment: Assignment, status: str, at: datetime) -> bool:
    """Fill a stamp from a late entry; False where it holds what is known already.

    Raises Conflict (`already_stamped` naming when; `out_of_order` naming all stamps).
    """
    known = stamp_of(assignment, status)
    if known == at or assignment.status == status:
        return False
    if known is not None:
        raise Conflict("already_stamped", reached=status, at=known)
    if not fits(assignment, status, at):
        raise Conflict("out_of_order", stamps=stamps_of(assignment))
    setattr(assignment, STAMP_OF[status], at)
    return True


def stamps_of(assignment: Assignment) -> dict[str, str]:
    """Every stamp that an assignment has, as the log writes times."""
    stamps = {status: moment for status in _ORDER if (moment := stamp_of(assignment, status))}
    if assignment.cleared_at:
        stamps["cleared"] = assignment.cleared_at
    return {str(status): events.utc_text(moment) for status, moment in stamps.items()}


def worked(assignment: Assignment) -> bool:
    """Whether its unit has reached the scene, or what comes after it."""
    return any((assignment.on_scene_at, assignment.transporting_at, assignment.at_destination_at))
