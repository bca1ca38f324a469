"""What is written down of a call: who called, how to call back, what was said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.actors import Actor
from calls import events as facts
from calls.actions.locks import lock_workable, lock_workable_with_number
from calls.models import Call, CallCorrection, CallLine, Number
from calls.numbers import normalise
from calls.queries.calls import open_calls
from calls.states import CallState
from core import clock, events, texts
from core.errors import Invalid
from core.idempotency import create_once
from core.versions import check_version, stamp_versions

__all__ = ["add_line", "edit_call"]

EDITABLE = ("caller_name", "callback_number", "language", "safe_to_call_back")


def edit_call(*, actor: Actor, desk: str | None, call: UUID, version: int | None, changes: Mapping[str, Any]) -> Call:
    """Change what is known of a call: of EDITABLE those named in `changes`; on a closed one each leaves a correction.

    `safe_to_call_back` is the number's: every call of it shows it, before and after.
    Raises Unknown, Refused, VersionRequired, Conflict (`version_conflict`), Invalid (`number_withheld`,
    `number_malformed` for a call-back number without a digit).
    """
    with events.transaction():
        row = lock_workable_with_number(actor, call)
        number = row.number
        wanted = dict(changes)
        if wanted.get("callback_number") is not None:
            wanted["callback_number"] = _number(wanted["callback_number"])
        if "safe_to_call_back" in wanted and number is None:
            raise Invalid.field("safe_to_call_back", "number_withheld")
        current = {field: getattr(row, field) for field in EDITABLE[:-1]}
        current["safe_to_call_back"] = number.safe_to_call_back if number else True
        check_version(row, version, wanted, current)
        changed = [field for field in EDITABLE if field in wanted and wanted[field] != current[field]]
        if not changed:
            return row
        now = clock.now()
        for field in changed:
            if field != "safe_to_call_back":
                setattr(row, field, wanted[field])
        stamp_versions(row, changed, actor=actor.ref, at_text=events.utc_text(now))
        row.changed_at = now
        row.save()
        corrections = _correct(row, changed, current, wanted, actor=actor, at=now) if _is_closed(row) else []
        _state_edit(row, changed, wanted, corrections, actor=actor, desk=desk, at=now)
        if number is not None and "safe_to_call_back" in changed:
            _set_safety(number, row, safe=wanted["safe_to_call_back"], actor=actor, desk=desk, at=now)
        return row


def add_line(
    *,
    actor: Actor,
    desk: str | None,
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
        return create_once(
            CallLine, id, actor, lambda: write_line(row, text=text, id=id, actor=actor, desk=desk, at=stamp.at)
        )


def write_line(
    call: Call,
    *,
    text: str,
    id: UUID | None,  # noqa: A002
    actor: Actor,
    desk: str | None,
    at: datetime,
) -> CallLine:
    """Write a line on a locked call and state it: the log keeps its id and digest, not its words."""
    sealed = texts.seal(text)
    line = CallLine(
        call=call,
        text=sealed.text,
        salt=sealed.salt,
        at=at,
        recorded_at=clock.now(),
        created_by=actor.ref,
        author_name=actor.name,
        desk=desk,
    )
    if id is not None:
        line.id = id
    line.save(force_insert=True)
    data = {"line": line.id, "digest": sealed.digest}
    facts.state("call.line_added", call, actor=actor.ref, desk=desk, at=at, data=data)
    return line


def _number(written: str) -> str | None:
    """A call-back number as it is kept; a blank takes it away. Raises Invalid (`number_malformed`)."""
    found = normalise(written)
    if found is None and written.strip():
        raise Invalid.field("callback_number", "number_malformed")
    return found


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
    desk: str | None,
    at: datetime,
) -> None:
    data: dict[str, Any] = {"fields": fields, "version": call.version}
    if "language" in fields:
        data["language"] = wanted["language"]
    if corrections:
        data["corrections"] = corrections
    kind = "call.corrected" if corrections else "call.edited"
    facts.state(kind, call, actor=actor.ref, desk=desk, at=at, data=data)


def _set_safety(number: Number, call: Call, *, safe: bool, actor: Actor, desk: str | None, at: datetime) -> None:
    number.safe_to_call_back = safe
    number.unsafe_at, number.unsafe_by = (None, None) if safe else (at, actor.ref)
    number.save()
    call.number = number
    shown = {*open_calls().filter(number=number).values_list("id", flat=True), call.id}
    facts.state_of_number(
        "number.safety_changed", number.id, shown, actor=actor.ref, desk=desk, at=at, data={"safe": safe}
    )
