"""Changing the directory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from accounts.actors import Actor
from accounts.roles import Right
from calls.numbers import normalise
from core import clock, events
from core.errors import Invalid
from core.types import made_code
from directory.events import ContactEvent
from directory.models import Contact

__all__ = ["put_contact"]

CONTACT_FIELDS = (
    "name", "role", "agency", "kind", "numbers", "hours", "languages", "area", "note", "active",
)  # fmt: skip


def put_contact(*, actor: Actor, code: str, changes: Mapping[str, Any]) -> tuple[Contact, bool]:
    """Write somebody into the directory, or change, close or reopen the one with this code: (contact, whether new).

    changes: some of `CONTACT_FIELDS`. Numbers are kept in E.164 where they are whole ones, short ones as they are.
    Raises Refused, Invalid(`code_malformed`, `number_malformed`).
    """
    actor.require_any(Right.SETTINGS_WRITE)
    code = made_code(code, "code")
    wanted = {field: changes[field] for field in CONTACT_FIELDS if field in changes}
    if "numbers" in wanted:
        wanted["numbers"] = _numbers(wanted["numbers"])
    with events.transaction():
        rows = Contact.objects.select_for_update(of=("self",), no_key=True).select_related("agency")
        row, new = rows.get_or_create(centre_id=actor.centre, code=code, defaults=wanted | {"changed_at": clock.now()})
        changed = sorted(field for field, value in wanted.items() if getattr(row, field) != value)
        for field in changed:
            setattr(row, field, wanted[field])
        if changed:
            row.changed_at = clock.now()
            row.save(update_fields=[*changed, "changed_at"])
        if new or changed:
            data = {"kind": row.kind, "active": row.active, "agency": row.agency_id, "fields": changed}
            events.append(
                ContactEvent.CONTACT_MADE if new else ContactEvent.CONTACT_EDITED,
                actor=actor.ref,
                desk=actor.desk,
                subjects=[f"contact:{row.id}", f"centre:{actor.centre}"],
                data=data,
            )
        return row, new


def _numbers(raw: Sequence[str]) -> list[str]:
    numbers = [normalise(text) for text in raw]
    if not all(numbers):
        raise Invalid.field("numbers", "number_malformed")
    return [number for number in numbers if number]
