"""Notes: lines of words that are only ever added; a wrong one is struck, never erased."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from accounts.roles import Reach, Right
from core import clock, digests, events
from core.errors import Refused, Unknown
from core.idempotency import create_once
from dispatch import events as facts
from dispatch.domain.note_lines import add_line
from dispatch.events import DispatchEvent
from dispatch.models import Note
from dispatch.queries.incidents import incident_for, may_read_details, require_not_merged, root_of

__all__ = ["add_note", "strike_note"]


def add_note(
    *,
    actor: Actor,
    incident: UUID,
    text: str,
    id: UUID | None = None,  # noqa: A002 - the wire's word
    at: datetime | None = None,
) -> tuple[Note, bool]:
    """Add a note to an incident that the actor sees, open or closed: (the note, whether it is new).

    at: when it was heard. Raises Unknown, Refused, Conflict (`merged`, `id_taken`), Invalid (`time_in_future`).
    """
    with events.transaction():
        row = incident_for(actor, incident, lock=True, right=Right.INCIDENT_NOTE)
        stamp = actor.stamp(at)
        require_not_merged(row)

        def make() -> Note:
            return add_line(row, text, actor=actor, at=stamp.at, key=id)

        return create_once(Note, id, actor, make)


def strike_note(*, actor: Actor, note: UUID, reason: str, at: datetime | None = None) -> Note:
    """Strike a wrong note through; its words stay readable. The author, a dispatcher or a supervisor may.

    Twice returns quietly. A note of a merged incident is struck where it is read, in the one it was merged into.
    Raises Unknown, Refused (`not_your_note`), Invalid (`time_in_future`).
    """
    with events.transaction():
        if actor.is_key:
            actor.require(Right.INCIDENT_NOTE)
        found = Note.objects.filter(pk=note).values_list("incident_id", flat=True).first()
        if found is None:
            raise Unknown
        incident = incident_for(actor, found, lock=True)
        row = Note.objects.select_for_update(no_key=True).get(pk=note)
        if not may_read_details(actor, incident):
            raise Unknown
        actor.require(Right.INCIDENT_NOTE)
        if row.created_by != actor.ref and actor.reach(Right.INCIDENT_STATE) is not Reach.ANY:
            raise Refused("not_your_note")
        stamp = clock.stamp_from_person(at)
        if row.struck_at:
            return row
        row.struck_at, row.struck_by, row.struck_name = stamp.at, actor.ref, actor.name
        row.struck_reason = reason
        row.save(update_fields=["struck_at", "struck_by", "struck_name", "struck_reason"])
        incident.changed_at = clock.now()
        incident.save(update_fields=["changed_at"])
        root = root_of(incident)
        facts.state(
            DispatchEvent.NOTE_STRUCK,
            incident,
            actor=actor,
            at=stamp.at,
            also=[f"incident:{root.id}", *facts.parts_of(root.id)],
            data={"note": row.id, "digest": digests.digest(row.salt, reason)},
        )
        return row
