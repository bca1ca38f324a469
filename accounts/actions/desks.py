"""The workstations of a centre and of its agencies."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from accounts import events as facts
from accounts.actors import Actor
from accounts.events import AccountEvent
from accounts.models import Agency, Desk
from accounts.roles import Right
from core import events
from core.errors import Conflict
from core.types import made_code

__all__ = ["put_desk"]


def put_desk(
    *, actor: Actor, code: str, name: str, agency: Agency | None = None, active: bool = True
) -> tuple[Desk, bool]:
    """Make a desk, or rename, close or reopen the one with this code: (desk, whether it is new).

    desk: the one at which this is done. agency: whose desk it is; None: the centre's own. Nobody sits down at a closed
    one; who sits there stays. Raises Refused, Invalid(`code_malformed`), Conflict(`desk_fixed`: it is another's).
    """
    actor.require_any(Right.SETTINGS_WRITE)
    code = made_code(code, "code")
    with events.transaction():
        row, made = _take(actor, code, {"name": name, "agency": agency, "active": active})
        if row.agency_id != (agency.id if agency else None):
            raise Conflict("desk_fixed")
        wanted: dict[str, Any] = {"name": name, "active": active}
        changed = sorted(field for field, value in wanted.items() if getattr(row, field) != value)
        data: dict[str, Any] = {"code": code, "agency": row.agency_id, "active": active}
        if made:
            facts.of_desk(AccountEvent.DESK_MADE, row, actor=actor.ref, desk=actor.desk, data=data)
        elif changed:
            row.name, row.active = name, active
            row.save(update_fields=changed)
            facts.of_desk(
                AccountEvent.DESK_EDITED, row, actor=actor.ref, desk=actor.desk, data=data | {"fields": changed}
            )
    return row, made


def _take(actor: Actor, code: str, wanted: dict[str, Any]) -> tuple[Desk, bool]:
    rows = Desk.objects.select_for_update(no_key=True).filter(centre_id=actor.centre, code=code)
    row = rows.first()
    if row is not None:
        return row, False
    try:
        with transaction.atomic():
            return Desk.objects.create(centre_id=actor.centre, code=code, **wanted), True
    except IntegrityError:
        return rows.get(), False
