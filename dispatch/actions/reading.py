"""Reading what is restricted is an act: it leaves its trace."""

from __future__ import annotations

from uuid import UUID

from accounts.actors import Actor
from core import clock, events
from dispatch import events as facts
from dispatch.models import Incident
from dispatch.queries.incidents import incident_for, may_read_details

__all__ = ["read_details"]


def read_details(*, actor: Actor, desk: str | None, incident: UUID) -> Incident:
    """Open an incident for reading; if it is restricted and the actor may read its words, that is logged (D2).

    The fact names the incident only, and changes nothing in its form. Raises Unknown.
    """
    row = incident_for(actor, incident)
    if row.restricted and may_read_details(actor, row):
        with events.transaction():
            facts.state("incident.details_read", row, actor=actor, desk=desk, at=clock.now(), parts=())
    return row
