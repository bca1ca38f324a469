"""Accepting that an incident gets fewer units than its plan requires."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from accounts.roles import Reach, Right
from core import clock, events
from core.errors import Conflict, Invalid, Refused
from dispatch import events as facts
from dispatch.domain.incident_status import follow, take_up
from dispatch.domain.note_lines import line_data, write_line
from dispatch.events import DispatchEvent
from dispatch.models import Incident
from dispatch.queries.incidents import incident_for, require_open
from dispatch.queries.needs import is_accepted, missing_by_incident
from plans.queries.needs import missing_entries

__all__ = ["accept_shortfall"]


def accept_shortfall(
    *,
    actor: Actor,
    incident: UUID,
    reason: str,
    name: str | None = None,
    at: datetime | None = None,
) -> Incident:
    """Accept, by name and with a reason, that the units missing now do not come: rules 2 to 4 end.

    A unit that is lost afterwards opens them again. Accepted already: returns quietly. name: who accepts, where a key
    speaks for somebody; required then. Raises Unknown, Refused, Invalid (`name_required`), Conflict (`no_shortfall`,
    `merged`, `incident_not_open`).
    """
    with events.transaction():
        row = incident_for(actor, incident, lock=True, right=Right.ASSIGN)
        if actor.require(Right.ASSIGN) is not Reach.ANY:
            raise Refused("not_allowed", right=str(Right.ASSIGN))
        if not actor.is_person and not name:
            raise Invalid.field("name", "name_required")
        require_open(row)
        stamp = clock.stamp_from_person(at)
        missing = missing_by_incident([row])[row.id]
        if not missing:
            raise Conflict("no_shortfall")
        if is_accepted(row, missing):
            return row
        take_up(row, actor=actor)
        row.shortfall = {str(each.need.id): each.count for each in missing}
        row.shortfall_at, row.shortfall_by = stamp.at, actor.ref
        row.shortfall_name = actor.name if actor.is_person else name
        note = write_line(row, reason, actor=actor, at=stamp.at)
        row.save()
        data = {"missing": missing_entries(missing), **line_data(note)}
        facts.state(DispatchEvent.INCIDENT_SHORTFALL_ACCEPTED, row, actor=actor, at=stamp.at, data=data)
        follow(row, actor=actor, at=stamp.at)
        return row
