"""What units can do (docs/rules/agencies-and-plans.md#capabilities)."""

from __future__ import annotations

import re
from typing import Any

from accounts.actors import Actor
from accounts.roles import Right
from core import clock, events
from core.errors import Invalid
from units import events as facts
from units.events import UnitEvent
from units.models import Capability

__all__ = ["put_capability"]

_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")


def put_capability(
    *, actor: Actor, code: str, name_id: str, name_en: str, active: bool = True
) -> tuple[Capability, bool]:
    """Make a capability, or rename, close or reopen the one with this code: (capability, whether it is new).

    A closed one is offered no more; units and plans that have it keep it. Forms carry the code and never the name.
    Raises Refused, Invalid (`capability_malformed`).
    """
    with events.transaction():
        actor.require_any(Right.SETTINGS_WRITE)
        if not _CODE.fullmatch(code):
            raise Invalid.field("code", "capability_malformed")
        wanted: dict[str, Any] = {"name_id": name_id, "name_en": name_en, "active": active}
        row, new = Capability.objects.select_for_update(no_key=True).get_or_create(code=code, defaults=wanted)
        changed = sorted(field for field, value in wanted.items() if getattr(row, field) != value)
        for field in changed:
            setattr(row, field, wanted[field])
        if changed:
            row.save(update_fields=changed)
        if new or changed:
            kind = UnitEvent.CAPABILITY_MADE if new else UnitEvent.CAPABILITY_EDITED
            facts.emit_for_capability(
                kind, row, actor=actor, at=clock.now(), data={"active": row.active, "fields": changed}
            )
        return row, new
