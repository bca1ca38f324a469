"""Place warnings where they meet incidents: approving, ending, and saying that they were seen."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from accounts.roles import Reach, Right
from core import clock, events, timers
from core.errors import Conflict, Refused
from dispatch import events as facts
from dispatch.events import DispatchEvent
from dispatch.models import Assignment, Incident, WarningSeen
from dispatch.queries.incidents import crew_unit, incident_for, require_not_merged
from dispatch.queries.warnings import lock_reached, warnings_of
from dispatch.states import PRESENT
from dispatch.timers.assignments import judge_warnings
from places import events as place_facts
from places.events import PlaceEvent
from places.models import PlaceWarning
from places.queries import warning_for
from units.models import Unit
from units.queries import unit_for, within_reach

__all__ = ["approve_warning", "end_warning", "see_warnings"]

END_TIMER = "warning.end"


def approve_warning(*, actor: Actor, warning: UUID, at: datetime | None = None) -> PlaceWarning:
    """Let a proposed warning hold. A supervisor's act, and never over one's own words: two have looked.

    Counted at once in the open incidents it reaches; units en route there have to see it. Twice returns quietly.
    Raises Unknown, Refused (`own_warning`), Conflict (`warning_ended`), Invalid (`time_in_future`).
    """
    with events.transaction():
        actor.require(Right.PLACE_WARNINGS_APPROVE)
        stamp = clock.stamp_from_person(at)
        incidents = lock_reached(warning_for(actor, warning))
        row = warning_for(actor, warning, lock=True)
        now = clock.now()
        if row.ended_at or (row.ends_at and row.ends_at <= now):
            raise Conflict("warning_ended")
        if row.approved_at:
            return row
        if row.author_id == actor.user:
            raise Refused("own_warning")
        row.approver_id, row.approved_at = actor.user, min(stamp.at, now)
        row.save(update_fields=["approver", "approved_at"])
        more = recount(incidents.values(), actor=actor, at=stamp.at)
        if row.ends_at:
            timers.arm(END_TIMER, f"warning:{row.id}", row.ends_at)
        place_facts.emit(
            PlaceEvent.WARNING_APPROVED, row, actor=actor, at=stamp.at, more=more, data={"incidents": len(incidents)}
        )
        return warning_for(actor, warning)


def end_warning(*, actor: Actor, warning: UUID, at: datetime | None = None) -> PlaceWarning:
    """Say that a warning no longer holds, or take a proposal back. Twice returns quietly.

    The centre's dispatchers, supervisors and admins end any; whoever may only propose, what they or their agency wrote.
    Raises Unknown, Refused, Invalid (`time_in_future`).
    """
    with events.transaction():
        actor.require(Right.PLACE_WARNINGS)
        stamp = clock.stamp_from_person(at)
        incidents = lock_reached(warning_for(actor, warning))
        row = warning_for(actor, warning, lock=True)
        if not _may_end(actor, row):
            raise Refused("not_allowed", right=str(Right.PLACE_WARNINGS))
        if row.ended_at is None:
            end(row, incidents, actor=actor, at=stamp.at)
            timers.cancel(f"warning:{row.id}", END_TIMER)
        return row


def end(warning: PlaceWarning, incidents: dict[UUID, Incident], *, actor: Actor, at: datetime) -> None:
    """End a locked warning; incidents: the open ones that it reaches, locked."""
    warning.ended_at, warning.ended_by = clock.now(), actor.ref
    warning.save(update_fields=["ended_at", "ended_by"])
    more = recount(incidents.values(), actor=actor, at=at)
    place_facts.emit(PlaceEvent.WARNING_ENDED, warning, actor=actor, at=at, more=more)


def see_warnings(
    *, actor: Actor, incident: UUID, unit: UUID | str | None = None, at: datetime | None = None
) -> Incident:
    """Say that the warnings of an incident's place were seen: for a unit on it, or by the actor themselves.

    unit: id or callsign, of a unit whose status the actor may report; a crew's own if None. Again, after a new
    warning, counts for the new one. Raises Unknown, Refused, Conflict (`no_assignment`, `merged`), Invalid.
    """
    with events.transaction():
        row = incident_for(actor, incident, lock=True, right=Right.INCIDENT_NOTE)
        stamp = clock.stamp_from_person(at)
        require_not_merged(row)
        vehicle = _vehicle(actor, row, unit)
        now = clock.now()
        held = warnings_of(row, now)
        known = set(
            WarningSeen.objects.filter(incident=row, unit=vehicle, warning__in=held)
            .filter(**({} if vehicle else {"seen_by": actor.ref}))
            .values_list("warning_id", flat=True)
        )
        fresh = [warning for warning in held if warning.id not in known]
        if not fresh:
            return row
        WarningSeen.objects.bulk_create(
            WarningSeen(
                id=uuid.uuid4(),
                incident=row,
                warning=warning,
                unit=vehicle,
                at=stamp.at,
                seen_by=actor.ref,
                seen_name=actor.name,
            )
            for warning in fresh
        )
        judge_warnings([row], actor=actor, at=stamp.at)
        data = {"warnings": [warning.id for warning in fresh], "count": len(fresh)}
        if vehicle:
            data |= {"unit": vehicle.id, "callsign": vehicle.callsign}
        facts.state(DispatchEvent.INCIDENT_WARNINGS_SEEN, row, actor=actor, at=stamp.at, data=data)
        return row


def recount(incidents: Collection[Incident], *, actor: Actor, at: datetime) -> set[str]:
    """Count the warnings of locked incidents anew and judge who drives there; returns the subjects that changed."""
    now = clock.now()
    for row in incidents:
        row.warnings, row.changed_at = len(warnings_of(row, now)), now
        row.save(update_fields=["warnings", "changed_at"])
    judge_warnings(incidents, actor=actor, at=at)
    ids = [row.id for row in incidents]
    return {*(f"incident:{each}" for each in ids), *(facts.parts_of(*ids) if ids else ())}


def _vehicle(actor: Actor, incident: Incident, unit: UUID | str | None) -> Unit | None:
    """The unit that they were seen for, which must have a part in the incident; None: by the actor for themselves."""
    wanted = unit or crew_unit(actor)
    if wanted is None:
        return None
    found = unit_for(actor, wanted)
    if not within_reach(actor, Right.UNIT_STATUS, found):
        raise Refused("not_allowed", right=str(Right.UNIT_STATUS))
    if not Assignment.objects.filter(incident=incident, unit=found, status__in=PRESENT).exists():
        raise Conflict("no_assignment", incident=incident.id)
    return found


def _may_end(actor: Actor, warning: PlaceWarning) -> bool:
    """Any for whoever has the centre's reach; else one's own words, or one's agency's."""
    if actor.reach(Right.PLACE_WARNINGS) is Reach.ANY or warning.created_by == actor.ref:
        return True
    return actor.agency is not None and warning.agency_id == actor.agency
