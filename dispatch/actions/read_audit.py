"""Reading what is restricted is an act: it leaves its trace."""

from __future__ import annotations

from uuid import UUID

from accounts.actors import Actor
from core import clock, events
from dispatch import events as facts
from dispatch.events import DispatchEvent
from dispatch.models import Incident
from dispatch.queries.calls import call_for, restricted_incident, words_hidden
from dispatch.queries.incidents import family_of, incident_for, may_read_details

__all__ = ["read_details", "read_words"]


def read_details(*, actor: Actor, incident: UUID) -> Incident:
    """Open an incident for reading; if it is restricted and the actor may read its words, that is logged.

    The fact names the incident only, and changes nothing in its form. Raises Unknown.
    """
    row = incident_for(actor, incident)
    if _reads_restricted(actor, row):
        with events.transaction():
            _state_read(row, actor=actor)
    return row


def read_words(*, actor: Actor, call: UUID) -> Incident | None:
    """Note that a call's words are read: its lines, its draft, what is warned of at its place.

    Those of a restricted incident's call are the incident's, so that its log names who read them; of no other call
    is anything noted. Returns the incident whose words are read. Raises Unknown.
    """
    incident = restricted_incident(call)
    if incident is None or words_hidden(actor, call_for(actor, call)):
        return None
    with events.transaction():
        _state_read(incident, actor=actor)
    return incident


def _state_read(incident: Incident, *, actor: Actor) -> None:
    facts.state(DispatchEvent.INCIDENT_DETAILS_READ, incident, actor=actor, at=clock.now(), parts=())


def _reads_restricted(actor: Actor, incident: Incident) -> bool:
    """Whether restricted words are read with this incident: its own, or those of one that was merged into it."""
    if incident.restricted:
        return may_read_details(actor, incident)
    merged = family_of(incident)[1:]
    kept = Incident.objects.filter(pk__in=merged, restricted=True) if merged else ()
    return any(may_read_details(actor, each) for each in kept)
