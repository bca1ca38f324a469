"""Short words for tests about units on their way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.actors import Actor
from core import events
from dispatch.actions.assignments import assign_unit
from dispatch.actions.incidents import open_incident
from dispatch.actions.unit_status import report_status
from dispatch.domain.location import Location
from dispatch.models import Assignment, Incident
from dispatch.states import ACTIVE
from units.models import Unit
from units.states import ASSIGNED

KOTA = Location("Jalan Trunojoyo", -7.0099, 113.8769)


def unit(callsign: str) -> Unit:
    return Unit.objects.get(callsign=callsign)


def opened(actor: Actor, *, type: str = "F01", location: Location = KOTA, at: datetime | None = None) -> Incident:  # noqa: A002
    incident, _ = open_incident(actor=actor.at_desk("D1"), type=type, location=location, at=at)
    return incident


def sent(actor: Actor, incident: Incident, callsign: str, **words: Any) -> Assignment:
    assignment, _ = assign_unit(actor=actor.at_desk("D1"), incident=incident.id, unit=callsign, **words)
    return assignment


def reports(actor: Actor, callsign: str, status: str, **words: Any) -> Unit:
    return report_status(actor=actor, unit=callsign, status=status, **words)


def put_into(callsign: str, status: str) -> Unit:
    """A unit in a status as if it had been there all along."""
    with events.transaction():
        Unit.objects.filter(callsign=callsign).update(status=status)
    return unit(callsign)


def one_fact(callsign: str) -> None:
    """What always holds: a unit is assigned exactly where it has one active assignment, with the same status."""
    row = unit(callsign)
    active = list(Assignment.objects.filter(unit=row, status__in=ACTIVE).values_list("status", flat=True))
    assert active == ([row.status] if row.status in ASSIGNED else []), (row.status, active)
