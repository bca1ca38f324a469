"""The details of a call: the caller, how to call back, the lines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.actors import Actor
from calls import events as facts
from calls.domain.locks import lock_workable, lock_workable_with_number
from calls.domain.safety import set_by_person
from calls.events import CallEvent
from calls.models import Call, CallCorrection, CallLine
from calls.numbers import normalise
from calls.states import CallState, ContactSafety
from core import clock, digests, events, sql
from core.errors import Invalid
from core.idempotency import create_once
from core.versions import check_version, stamp_versions

__all__ = ["add_line", "edit_call"]

EDITABLE = ("caller_name", "callback_number", "language", "contact_safety")


def edit_call(*, actor: Actor, call: UUID, version: int | None, changes: Mapping[str, Any]) -> Call:
    """Change what is known of a call: of EDITABLE those named in `changes`; on a closed one each leaves a correction.

    `contact_safety` is the number's: every call of it shows it, before and after. `safe_to_call_back` is an older
    name of it: False is unsafe, True takes that back and records nothing else, since nobody was asked.
    Raises Unknown, Refused (`safety_needs_person`), VersionRequired, Conflict (`version_conflict`), Invalid
    (`number_withheld`, `number_malformed` for a call-back number without a digit).
    """
    with events.transaction():
        row = lock_workable_with_number(actor, call)
        number = row.number
        wanted = dict(changes)
        if wanted.get("callback_number") is not None:
            wanted["callback_number"] = _number(wanted["callback_number"])
        current = {field: getattr(row, field) for field in EDITABLE[:-1]}
        current["contact_safety"] = number.contact_safety if number else ContactSafety.UNKNOWN
        if number is None and {"safe_to_call_back", "contact_safety"} & wanted.keys():
            raise Invalid.field("contact_safety", "number_withheld")
        _read_safety(wanted, current["contact_safety"])
        check_version(row, version, wanted, current)
        changed = [field for field in EDITABLE if field in wanted and wanted[field] != current[field]]
        if not changed:
            return row
        now = clock.now()
        for field in changed:
            if field != "contact_safety":
                setattr(row, field, wanted[field])
        stamp_versions(row, changed, actor=actor.ref, at_text=events.utc_text(now))
        row.changed_at = now
        sql.update(row)
        corrections = _correct(row, changed, current, wanted, actor=actor, at=now) if _is_closed(row) else []
        _state_edit(row, changed, wanted, corrections, actor=actor, at=now)
        if number is not None and "contact_safety" in changed:
            safety = ContactSafety(wanted["contact_safety"])
            set_by_person(number, row, safety, actor=actor, at=now)
        return row


def add_line(
    *,
    actor: Actor,
    call: UUID,
    text: str,
    id: UUID | None = None,  # noqa: A002
    at: datetime | None = None,
) -> tuple[CallLine, bool]:
    """Add a line of words to a call; with a client-made id at most once. Lines are never changed.

    Returns the line and whether it is new. Raises Unknown, Refused, Conflict (`id_taken`), Invalid.
    """
    with events.transaction():
        row = lock_workable(actor, call)
        stamp = clock.stamp_from_person(at)
        return create_once(CallLine, id, actor, lambda: write_line(row, text=text, id=id, actor=actor, at=stamp.at))


def write_line(
    call: Call,
    *,
    text: str,
    id: UUID | None,  # noqa: A002
    actor: Actor,
    at: datetime,
) -> CallLine:
    """Write a line on a locked call and state it: the log keeps its id and digest, not its words."""
    sealed = digests.seal(text)
    line = CallLine(
        call=call,
        text=sealed.text,
        salt=sealed.salt,
        at=at,
        recorded_at=clock.now(),
        created_by=actor.ref,
        author_name=actor.name,
        desk=actor.desk,
    )
    if id is not None:
        line.id = id
    line.save(force_insert=True)
    data = {"line": line.id, "digest": sealed.digest}
    facts.emit(CallEvent.CALL_LINE_ADDED, call, actor=actor.ref, desk=actor.desk, at=at, data=data)
    return line


def _number(written: str) -> str | None:
    """A call-back number as it is kept; a blank takes it away. Raises Invalid (`number_malformed`)."""
    found = normalise(written)
    if found is None and written.strip():
        raise Invalid.field("callback_number", "number_malformed")
    return found


def _read_safety(wanted: dict[str, Any], current: str) -> None:
    """Turn `safe_to_call_back` into the contact safety that it means."""
    if "safe_to_call_back" in wanted:
        safe = wanted.pop("safe_to_call_back")
        means = current if current != ContactSafety.UNSAFE else ContactSafety.UNKNOWN
        wanted.setdefault("contact_safety", means if safe else ContactSafety.UNSAFE)


def _is_closed(call: Call) -> bool:
    return call.state == CallState.CLOSED


def _correct(
    call: Call,
    fields: list[str],
    current: Mapping[str, Any],
    wanted: Mapping[str, Any],
    *,
    actor: Actor,
    at: datetime,
) -> list[UUID]:
    rows = [
        CallCorrection(call=call, field=field, old=current[field], new=wanted[field], made_at=at, made_by=actor.ref)
        for field in fields
    ]
    CallCorrection.objects.bulk_create(rows)
    return [row.id for row in rows]


def _state_edit(
    call: Call,
    fields: list[str],
    wanted: Mapping[str, Any],
    corrections: list[UUID],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    data: dict[str, Any] = {"fields": fields, "version": call.version}
    if "language" in fields:
        data["language"] = wanted["language"]
    if corrections:
        data["corrections"] = corrections
    kind = CallEvent.CALL_CORRECTED if corrections else CallEvent.CALL_EDITED
    facts.emit(kind, call, actor=actor.ref, desk=actor.desk, at=at, data=data)
