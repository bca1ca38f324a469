"""The timelines of incidents and units over HTTP."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from ninja import Path, Query, Router, Schema

from accounts.api import Request
from accounts.roles import Right
from core import clock
from core.paging import MAXIMUM_LIMIT, page
from core.types import Code
from dispatch.actions.read_audit import read_details
from dispatch.api.shapes import NoteForm
from dispatch.queries.incidents import incident_for
from dispatch.queries.timeline import OLDEST_FIRST, timeline_entries, timeline_of, unit_sentences, unit_timeline
from units.queries import unit_for

router = Router(tags=["incidents"])

UNIT_HOURS, LONGEST_UNIT_HOURS = 8, 72


class Who(Schema):
    """Who did it: as the log names them, and by name."""

    ref: str
    name: str


class TimelineItem(Schema):
    """One fact as a sentence; `at` is when it happened, `recorded_at` when we learnt of it."""

    seq: int
    at: datetime
    recorded_at: datetime
    late: bool
    actor: Who
    desk: str | None
    kind: str
    text: str
    note: NoteForm | None


class Timeline(Schema):
    """A page of a timeline, the oldest first."""

    items: list[TimelineItem]
    next: str | None


@router.get("incidents/{uuid:incident}/timeline", response=Timeline)
def read_timeline(
    request: Request, incident: UUID, cursor: str | None = None, limit: int | None = None
) -> dict[str, Any]:
    """Who did what, when, at which desk, in the asker's language; reading a restricted one is logged."""
    actor = request.actor
    incident_for(actor, incident, right=Right.LOG_SEE)
    row = read_details(actor=actor, incident=incident)
    return page(
        timeline_of(actor, row),
        order=OLDEST_FIRST,
        cursor=cursor,
        limit=limit or MAXIMUM_LIMIT,
        forms=lambda rows: timeline_entries(actor, row, rows),
    )


@router.get("units/{unit}/timeline", response=Timeline, summary="What a unit did in the last hours")
def read_unit_timeline(
    request: Request,
    unit: Path[Code],
    hours: Annotated[int, Query(ge=1, le=LONGEST_UNIT_HOURS)] = UNIT_HOURS,
    cursor: str | None = None,
    limit: int | None = None,
) -> dict[str, Any]:
    """Its statuses, assignments, flags and crew, the oldest first, in the asker's language."""
    actor = request.actor
    actor.require(Right.UNIT_SEE)
    actor.require(Right.LOG_SEE)
    row = unit_for(actor, unit)
    return page(
        unit_timeline(actor, row.id, since=clock.now() - timedelta(hours=hours)),
        order=OLDEST_FIRST,
        cursor=cursor,
        limit=limit or MAXIMUM_LIMIT,
        forms=lambda rows: unit_sentences(actor, rows),
    )
