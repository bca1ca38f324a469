"""One incident that turns out to be two."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from accounts.roles import Right
from core import clock, events
from core.errors import Conflict, Invalid, Refused
from core.idempotency import create_once
from dispatch import events as facts
from dispatch.actions.calls import forget_ring
from dispatch.domain.caller_safety import lock_callers, make_callers_unsafe
from dispatch.domain.incident_status import take_up
from dispatch.domain.location import Location, location_of, put_location
from dispatch.domain.opening import new_incident, put_narrative, start, state_opened, type_of
from dispatch.events import DispatchEvent
from dispatch.models import Incident, IncidentCall
from dispatch.queries.incidents import incident_for, may_read_details, require_open
from dispatch.queries.tasks import planned_agencies

__all__ = ["split_incident"]


def split_incident(
    *,
    actor: Actor,
    incident: UUID,
    id: UUID | None = None,  # noqa: A002 - the wire's word
    calls: Sequence[UUID] = (),
    type: str | None = None,  # noqa: A002
    priority: int | None = None,
    location: Location | None = None,
    narrative: str | None = None,
    at: datetime | None = None,
) -> tuple[Incident, bool]:
    """Open a second incident out of an open one, with some of its calls: (the new one, whether it is new).

    What isn't given is taken over from the first. The new one starts with its type's plan; units stay where they
    are. at: when it was seen that these are two.
    Raises Unknown, Refused, Invalid (`call_not_here`, `type_unknown`), Conflict (`merged`, `incident_not_open`,
    `id_taken`).
    """
    with events.transaction():
        callers = lock_callers([incident]) if calls else {}
        source = incident_for(actor, incident, lock=True, right=Right.INCIDENT_STATE)
        stamp = clock.stamp_from_person(at)
        if id == source.id:
            raise Conflict("id_taken", id=id)

        def make() -> Incident:
            require_open(source)
            links = list(
                IncidentCall.objects.filter(incident=source, call__in=calls)
                .select_related("call")
                .order_by("call__started_at")
            )
            if len(links) != len(set(calls)):
                raise Invalid.field("calls", "call_not_here")
            first_ring_at = links[0].call.started_at if links else None
            if source.restricted and not may_read_details(actor, source):
                raise Refused("scope_missing" if actor.is_key else "not_allowed")
            kind = type_of(type) if type else source.type
            row = new_incident(actor, id, kind, priority or source.priority, stamp, first_ring_at)
            put_location(row, location or location_of(source), at=stamp.at)
            # A restricted incident's words go on only where they stay restricted.
            inherited = source.narrative if row.restricted or not source.restricted else None
            put_narrative(row, narrative or inherited)
            row.save(force_insert=True)
            IncidentCall.objects.filter(pk__in=[link.pk for link in links]).update(incident=row)
            _state_split(source, row, links, actor=actor, at=stamp.at)
            agencies = planned_agencies(row)
            state_opened(row, None, agencies, actor=actor, split_from=source.id)
            start(row, agencies, actor=actor)
            make_callers_unsafe(row, callers, actor=actor, at=stamp.at)
            return row

        return create_once(Incident, id, actor, make)


def _state_split(source: Incident, row: Incident, links: Sequence[IncidentCall], *, actor: Actor, at: datetime) -> None:
    take_up(source, actor=actor)
    for link in links:
        forget_ring(source, link.call.started_at)
    source.changed_at = clock.now()
    source.save()
    facts.state(
        DispatchEvent.INCIDENT_SPLIT,
        source,
        actor=actor,
        at=at,
        also=[f"call:{link.pk}" for link in links],
        data={"into": row.id, "number": row.number, "calls": [link.pk for link in links]},
    )
