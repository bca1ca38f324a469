"""People at risk: where, how many, the last contact, rescued or not."""

from __future__ import annotations

import uuid
from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from accounts.roles import Right
from core import clock, events
from core.errors import Unknown
from core.idempotency import create_once
from dispatch import events as facts
from dispatch.events import DispatchEvent
from dispatch.models import Incident, PeopleAtRisk
from dispatch.queries.incidents import incident_for, locked_incidents, may_read_details, require_open

__all__ = ["report_people", "update_people"]


def report_people(
    *,
    actor: Actor,
    incident: UUID,
    place: str,
    count: int,
    condition: str | None = None,
    advice: str | None = None,
    id: UUID | None = None,  # noqa: A002 - the wire's word
    at: datetime | None = None,
) -> tuple[PeopleAtRisk, bool]:
    """Report people in danger somewhere in an open incident: (they, whether they are new).

    place: where in the incident; condition, advice: words. count: how many. at: when they were last heard of.
    Raises Unknown, Refused, Conflict (`merged`, `incident_not_open`, `id_taken`).
    """
    with events.transaction():
        row = incident_for(actor, incident, lock=True, right=Right.INCIDENT_NOTE)
        stamp = clock.stamp_from_person(at)

        def make() -> PeopleAtRisk:
            require_open(row)
            people = PeopleAtRisk.objects.create(
                id=id or uuid.uuid4(),
                incident=row,
                place=place,
                count=count,
                condition=condition or "",
                advice=advice or "",
                last_contact_at=stamp.at,
                created_by=actor.ref,
            )
            _state(DispatchEvent.PEOPLE_REPORTED, row, people, actor=actor, at=stamp.at)
            return people

        return create_once(PeopleAtRisk, id, actor, make)


def update_people(
    *,
    actor: Actor,
    people: UUID,
    contact: bool = False,
    rescued: bool = False,
    count: int | None = None,
    condition: str | None = None,
    advice: str | None = None,
    at: datetime | None = None,
) -> PeopleAtRisk:
    """Tell what has become of people at risk: heard of again, how they are, how many, rescued (for good).

    at: when it happened; a late entry doesn't move the last contact back. Raises Unknown, Refused, Conflict.
    """
    with events.transaction():
        if actor.is_key:
            actor.require(Right.INCIDENT_NOTE)
        seen = PeopleAtRisk.objects.filter(pk=people).first()
        if seen is None or not may_read_details(actor, incident_for(actor, seen.incident_id)):
            raise Unknown
        actor.require(Right.INCIDENT_NOTE)
        incident = locked_incidents([seen.incident_id])[seen.incident_id]
        row = PeopleAtRisk.objects.select_for_update(no_key=True).get(pk=people)
        stamp = clock.stamp_from_person(at)
        require_open(incident)
        if rescued and row.rescued_at:
            return row
        if contact or rescued:
            row.last_contact_at = max(stamp.at, row.last_contact_at or stamp.at)
        row.rescued_at = stamp.at if rescued else row.rescued_at
        row.count = row.count if count is None else count
        row.condition = row.condition if condition is None else condition
        row.advice = row.advice if advice is None else advice
        row.save()
        kind = DispatchEvent.PEOPLE_RESCUED if rescued else DispatchEvent.PEOPLE_CONTACTED
        _state(kind, incident, row, actor=actor, at=stamp.at)
        return row


def _state(kind: DispatchEvent, incident: Incident, people: PeopleAtRisk, *, actor: Actor, at: datetime) -> None:
    incident.changed_at = clock.now()
    incident.save(update_fields=["changed_at"])
    facts.state(kind, incident, actor=actor, at=at, data={"people": people.id, "count": people.count})
