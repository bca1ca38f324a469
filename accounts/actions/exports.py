"""Taking tables out of the place: what is taken is in the log."""

from __future__ import annotations

from accounts import events as facts
from accounts.actors import Actor
from accounts.roles import Right
from core import events

__all__ = ["note_export"]


def note_export(*, actor: Actor, table: str, rows: int) -> None:
    """State that somebody takes a table of the settings with them. table: its model's label. Raises Refused."""
    actor.require(Right.SETTINGS_READ)
    with events.transaction():
        facts.of_export(table, rows, actor=actor.ref, desk=actor.desk, centre=actor.centre)
