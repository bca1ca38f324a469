"""Taking hold of things in the order of locks, and looking whether another hand has touched them: then none of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from calls.domain.locks import lock_with_number
from calls.models import Call
from core import events
from dispatch.domain.locking import Held, hold
from dispatch.models import Assignment, Incident
from dispatch.queries.incidents import locked_incidents
from dispatch.states import ACTIVE
from simulation.demo.human_activity import touched


@contextmanager
def call_in_hand(actor: Actor, call: UUID) -> Iterator[Call | None]:
    """A write on a locked call; None where it is somebody else's now."""
    with events.transaction():
        row, _ = lock_with_number(actor, call)
        yield None if touched(f"call:{call}") else row


@contextmanager
def incident_in_hand(incident: UUID) -> Iterator[Incident | None]:
    """A write on a locked incident; None where it is somebody else's now."""
    with events.transaction():
        row = locked_incidents([incident])[incident]
        yield None if touched(f"incident:{incident}") else row


@dataclass(frozen=True, slots=True)
class Crew:
    """A unit with its assignment and incident, all locked."""

    held: Held
    assignment: Assignment
    incident: Incident


@contextmanager
def crew_in_hand(assignment: UUID) -> Iterator[Crew | None]:
    """A write on the unit of an active assignment; None where it has ended or is somebody else's now."""
    with events.transaction():
        seen = Assignment.objects.get(id=assignment)
        held = hold(seen.unit_id, incidents=[seen.incident_id], assignments=[seen.id])
        row = held.active
        ours = row is not None and row.id == assignment and row.status in ACTIVE
        # An incident of ours is ours from its beginning; a unit since we sent it.
        touched_by_others = touched(f"incident:{seen.incident_id}") or touched(
            f"unit:{seen.unit_id}", since=seen.made_at
        )
        if not ours or row is None or touched_by_others:
            yield None
        else:
            yield Crew(held, row, held.incidents[row.incident_id])


@contextmanager
def unit_in_hand(unit: UUID, *, since: datetime) -> Iterator[Held | None]:
    """A write on a locked unit that is on nothing; None where somebody else has it or had it since then."""
    with events.transaction():
        held = hold(unit)
        yield None if held.active or touched(f"unit:{unit}", since=since) else held
