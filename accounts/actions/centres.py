"""The settings of a centre as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from accounts import events as facts
from accounts.actors import Actor
from accounts.models import Centre
from accounts.roles import Right
from core import events
from core.errors import Invalid

__all__ = ["revise_centre"]

# The whole numbers that each setting may have: from, to.
ZONES = frozenset(available_timezones())
RANGES = {"waiting_long_factor": (1, 20), "ring_all_below": (0, 200), "offer_seconds": (3, 60)}


def revise_centre(*, actor: Actor, changes: Mapping[str, Any]) -> Centre:
    """Change settings of the actor's centre, `name`, `time_zone` or those of RANGES. The same again changes nothing.

    waiting_long_factor: how many times its target an acknowledged incident of P3 to P5 may wait before the board lists
    it under "waiting long" (docs/decisions/0014). ring_all_below: with fewer call-takers on duty a call rings at all of
    them; 0: never. offer_seconds: how long a call rings at one call-taker before the next.
    time_zone: of all local times that are shown, typed or counted by, such as "Asia/Jakarta".
    Raises Refused, Invalid(`number_out_of_range`, `time_zone_unknown`).
    """
    actor.require_any(Right.SETTINGS_WRITE)
    with events.transaction():
        centre = Centre.objects.select_for_update(no_key=True).get(pk=actor.centre)
        for field, (least, most) in RANGES.items():
            if not least <= changes.get(field, least) <= most:
                raise Invalid.field(field, "number_out_of_range")
        if changes.get("time_zone", centre.time_zone) not in ZONES:
            raise Invalid.field("time_zone", "time_zone_unknown")
        changed = sorted(field for field, value in changes.items() if getattr(centre, field) != value)
        if not changed:
            return centre
        for field in changed:
            setattr(centre, field, changes[field])
        centre.save(update_fields=changed)
        facts.of_centre(centre, actor=actor.ref, desk=actor.desk, fields=changed)
    return centre
