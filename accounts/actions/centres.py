"""The settings of a centre as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts import events as facts
from accounts.actors import Actor
from accounts.models import Centre
from accounts.roles import Right
from core import events
from core.errors import Invalid

__all__ = ["revise_centre"]

MOST_WAITING_LONG_FACTOR = 20


def revise_centre(*, actor: Actor, desk: str | None, changes: Mapping[str, Any]) -> Centre:
    """Change settings of the actor's centre: `name`, `waiting_long_factor`. The same again changes nothing.

    waiting_long_factor: how many times its target an acknowledged incident of P3 to P5 may wait before the board lists
    it under "waiting long" (docs/decisions/0012). Raises Refused, Invalid(`factor_out_of_range`).
    """
    actor.require_any(Right.SETTINGS_WRITE)
    with events.transaction():
        centre = Centre.objects.select_for_update(no_key=True).get(pk=actor.centre)
        factor = changes.get("waiting_long_factor", centre.waiting_long_factor)
        if not 1 <= factor <= MOST_WAITING_LONG_FACTOR:
            raise Invalid.field("waiting_long_factor", "factor_out_of_range")
        changed = sorted(field for field, value in changes.items() if getattr(centre, field) != value)
        if not changed:
            return centre
        for field in changed:
            setattr(centre, field, changes[field])
        centre.save(update_fields=changed)
        facts.of_centre(centre, actor=actor.ref, desk=desk, fields=changed)
    return centre
