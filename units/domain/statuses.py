"""Writing a unit's status. Deciding whether it may change is `dispatch.actions.unit_status`' business."""

from __future__ import annotations

from datetime import datetime

from accounts.actors import Actor
from core import sql
from core.digests import seal
from units.models import StatusReason, Unit


def apply_status(unit: Unit, status: str, *, at: datetime, reason: str | None = None) -> bool:
    """Write the status of a locked unit; returns whether it was written.

    The present state is that of the latest `at`: an earlier one is history and doesn't move it back
    (docs/rules/times.md).
    """
    if at < unit.status_at:
        return False
    unit.status, unit.status_at, unit.status_reason = status, at, reason
    sql.update(unit, "status", "status_at", "status_reason")
    return True


def keep_reason(unit: Unit, reason: str | None, *, actor: Actor, at: datetime) -> dict[str, str]:
    """Keep somebody's words about a status; returns what the log may hold of them: the row's id and the digest."""
    if not reason:
        return {}
    sealed = seal(reason)
    row = StatusReason.objects.create(unit=unit, at=at, text=reason, salt=sealed.salt, created_by=actor.ref)
    return {"reason_id": str(row.id), "reason": sealed.digest}
