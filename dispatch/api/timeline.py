"""An incident's timeline over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Router, Schema

from accounts.api import Request
from accounts.roles import Right
from core.paging import MAXIMUM_LIMIT, page
from dispatch.actions.reading import read_details
from dispatch.api.shapes import NoteForm
from dispatch.queries.incidents import incident_for
from dispatch.queries.timeline import OLDEST_FIRST, timeline_of, told

router = Router(tags=["incidents"])


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
    row = read_details(actor=actor, desk=request.desk, incident=incident)
    return page(
        timeline_of(actor, row),
        order=OLDEST_FIRST,
        cursor=cursor,
        limit=limit or MAXIMUM_LIMIT,
        forms=lambda rows: told(actor, row, rows),
    )
