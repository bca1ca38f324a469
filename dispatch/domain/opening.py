"""A new incident: its row, its plan, its clocks, its tasks, and the event that states it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.actors import Actor
from accounts.models import Agency
from accounts.roles import Role
from alarms.actions import watch_many
from calls.models import Call
from core import clock, digests, events, sql
from core.errors import Invalid
from dispatch import events as facts
from dispatch.domain.incident_status import follow
from dispatch.domain.offers import make_tasks, notify_offered, take_task
from dispatch.events import DispatchEvent
from dispatch.models import Incident
from dispatch.timers import arrivals
from dispatch.timers import incidents as incident_timers
from dispatch.timers import tasks as task_timers
from plans.models import IncidentType, ResponsePlan


def start(incident: Incident, agencies: Sequence[Agency], *, actor: Actor, taken_by: Agency | None = None) -> None:
    """Start a new incident's clocks and offer its tasks. taken_by: the agency that opened it has accepted its own."""
    at = incident.created_at
    others = [agency for agency in agencies if agency != taken_by]
    tasks = make_tasks(incident, others, actor=actor, at=at, by_plan=True)
    watches = [
        *incident_timers.watches_of(incident, at=at),
        *arrivals.watches_of(incident, at=at),
        *task_timers.watches_of(incident, tasks, at=at),
    ]
    incident_timers.keep_seconds(incident, watch_many(watches, centre_id=incident.centre_id, fresh=True))
    named = [f"agency:{agency.id}" for agency in (*agencies, taken_by) if agency]
    if tasks:
        notify_offered(incident, tasks, actor=actor, at=at, parts=named)
    if taken_by:
        take_task(incident, taken_by, actor=actor, at=at)
        follow(incident, actor=actor, at=at)


def type_of(code: str) -> IncidentType:
    """An incident type by its code. Raises Invalid(`type_unknown`)."""
    found = sql.instances(IncidentType, "WHERE t.code = %s AND t.active", [code])
    if not found:
        raise Invalid.field("type", "type_unknown")
    return found[0]


def current_plan(incident: Incident) -> ResponsePlan | None:
    """The plan that an incident of this type starts with: its current version; X00 has none."""
    clause = "WHERE t.centre_id = %s::uuid AND t.type_id = %s AND t.current"
    return next(iter(sql.instances(ResponsePlan, clause, [incident.centre_id, incident.type_id])), None)


def put_narrative(incident: Incident, narrative: str | None) -> None:
    """Write the first words into an incident, which the caller saves; the salt seals its place as well."""
    sealed = digests.seal(narrative or "")
    incident.narrative, incident.salt = narrative, sealed.salt


def sealed_words(incident: Incident) -> dict[str, Any]:
    """What the log may know of an incident's words: digests of salt and text."""
    words = {"location_digest": digests.digest(incident.salt, incident.location_text)}
    if incident.narrative is not None:
        words["narrative_digest"] = digests.digest(incident.salt, incident.narrative)
    return words


def public_type(incident: Incident) -> str:
    """The type as the log and the feed may say it: a restricted one by its group letter."""
    return incident.type.group if incident.restricted else incident.type_id


def point_data(incident: Incident) -> dict[str, Any]:
    """Where it is, as the log keeps it: integer 1e-7 degrees and the area's code."""
    return {
        "lat": events.micro_degrees(incident.lat),
        "lng": events.micro_degrees(incident.lng),
        "kecamatan": incident.kecamatan,
    }


def next_number() -> int:
    """The next incident number: from a sequence, never reset, gaps allowed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('dispatch_incident_number')")
        return int(cursor.fetchone()[0])


def new_incident(
    actor: Actor,
    key: UUID | None,
    kind: IncidentType,
    priority: int | None,
    stamp: clock.Stamp,
    first_ring_at: datetime | None,
    number: int | None = None,
) -> Incident:
    """A new incident's row, unsaved and without its place: its number, its clocks' base, its plan.

    number: a reserved one, else the sequence's next. priority: None leaves it to the type, and lets it follow the type
    later.
    """
    received_at = clock.now()
    incident = Incident(
        id=key or uuid.uuid4(),
        number=next_number() if number is None else number,
        centre_id=actor.centre,
        type=kind,
        priority=priority or kind.priority,
        now=kind.now,
        restricted=kind.restricted,
        created_at=stamp.at,
        recorded_at=received_at,
        late=stamp.late,
        waiting_since=stamp.at,
        first_ring_at=first_ring_at,
        owner_id=actor.user if Role.DISPATCHER in actor.roles else None,
        desk=actor.desk,
        created_by=actor.ref,
        changed_at=received_at,
    )
    incident.plan = current_plan(incident)
    incident.arrival_until = None if arrivals.wants_arrival(incident) else stamp.at
    if priority:  # chosen by somebody: it no longer follows the type
        incident.field_versions = {"priority": [1, actor.ref, events.utc_text(received_at)]}
    return incident


def state_opened(
    incident: Incident,
    call: Call | None,
    agencies: Sequence[Agency],
    *,
    actor: Actor,
    split_from: UUID | None = None,
) -> None:
    """State that an incident was opened, to the agencies that get a task as well. split_from: what it was part of."""
    facts.state(
        DispatchEvent.INCIDENT_OPENED,
        incident,
        actor=actor,
        at=incident.created_at,
        parts=[f"agency:{agency.id}" for agency in agencies],
        also=[f"call:{call.id}"] if call else (),
        data={
            "number": incident.number,
            "type": public_type(incident),
            "priority": incident.priority,
            "plan": incident.plan.version if incident.plan else None,
            "call": call.id if call else None,
            **({"split_from": split_from} if split_from else {}),
            **point_data(incident),
            **sealed_words(incident),
        },
    )
