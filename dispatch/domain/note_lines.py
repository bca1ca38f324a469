"""A line of words in an incident: the part that notes, edits and reasons share."""

from __future__ import annotations

import uuid
from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from core import clock, digests, sql
from dispatch import events as facts
from dispatch.events import DispatchEvent
from dispatch.models import Incident, Note


def write_line(incident: Incident, text: str, *, actor: Actor, at: datetime, key: UUID | None = None) -> Note:
    """Add a line of words to an incident without a fact of its own: whoever calls states it with `line_data`."""
    sealed = digests.seal(text)
    return sql.insert(
        Note(
            id=key or uuid.uuid4(),
            incident=incident,
            text=sealed.text,
            salt=sealed.salt,
            at=at,
            recorded_at=clock.now(),
            created_by=actor.ref,
            author_name=actor.name,
            desk=actor.desk,
        )
    )


def line_data(note: Note) -> dict[str, object]:
    """What the log may know of a line: its id and the digest of its words."""
    return {"note": note.id, "digest": digests.digest(note.salt, note.text)}


def add_line(incident: Incident, text: str, *, actor: Actor, at: datetime, key: UUID | None = None) -> Note:
    """Add a line of words to a locked incident and state it."""
    note = write_line(incident, text, actor=actor, at=at, key=key)
    incident.changed_at = clock.now()
    sql.update(incident, "changed_at")
    facts.state(DispatchEvent.NOTE_ADDED, incident, actor=actor, at=at, data=line_data(note))
    return note
