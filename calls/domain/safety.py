"""Contact safety: whether a number may be called back, texted or rated (docs/decisions/0013)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from calls import events as facts
from calls.events import CallEvent
from calls.models import Call, Number
from calls.queries.calls import open_calls
from calls.states import MAKES_UNSAFE, ContactSafety
from core.errors import Refused

DISPOSITION, RESTRICTED = "disposition", "restricted"


def set_by_person(number: Number, call: Call, wanted: ContactSafety, *, actor: Actor, at: datetime) -> None:
    """Set a locked number's contact safety as somebody asked or heard it on a locked call.

    An unsafe number stays unsafe until a named person changes it: raises Refused (`safety_needs_person`) for a program.
    """
    if number.contact_safety == ContactSafety.UNSAFE and actor.user is None:
        raise Refused("safety_needs_person")
    _set(number, wanted, shown=[call.id], cause=None, why="person", actor=actor, at=at)


def make_unsafe(number: Number, calls: Iterable[UUID], *, cause: str, why: str, actor: Actor, at: datetime) -> None:
    """Make a locked number unsafe because of a disposition or a restricted incident; unsafe already returns quietly.

    calls: those whose board items change although they are not open. cause: "call:UUID" or "incident:UUID".
    """
    if number.contact_safety != ContactSafety.UNSAFE:
        number.safety_before = number.contact_safety
        _set(number, ContactSafety.UNSAFE, shown=calls, cause=cause, why=why, actor=actor, at=at)


def follow_disposition(call: Call, *, actor: Actor, at: datetime) -> None:
    """Make the number of a locked call unsafe if the call was silent or its line suspicious (G1, G2)."""
    if call.number is not None and call.disposition in MAKES_UNSAFE:
        cause = f"call:{call.id}"
        make_unsafe(call.number, [call.id], cause=cause, why=DISPOSITION, actor=actor, at=at)


def undo_disposition(call: Call, *, actor: Actor, at: datetime) -> None:
    """Give a number back what it was, where the disposition that was just undone had made it unsafe."""
    number = call.number
    if number is None or call.disposition in MAKES_UNSAFE or number.safety_cause != f"call:{call.id}":
        return
    before = ContactSafety(number.safety_before or ContactSafety.UNKNOWN)
    _set(number, before, shown=[call.id], cause=None, why="undone", actor=actor, at=at)


def _set(
    number: Number,
    wanted: ContactSafety,
    *,
    shown: Iterable[UUID],
    cause: str | None,
    why: str,
    actor: Actor,
    at: datetime,
) -> None:
    was, unsafe = number.contact_safety, wanted == ContactSafety.UNSAFE
    number.contact_safety, number.safety_cause = wanted, cause
    number.unsafe_at, number.unsafe_by = (at, actor.ref) if unsafe else (None, None)
    number.save()
    calls = {*open_calls().filter(number=number).values_list("id", flat=True), *shown}
    facts.emit_for_number(
        CallEvent.NUMBER_SAFETY_CHANGED,
        number.id,
        calls,
        actor=actor.ref,
        desk=actor.desk,
        at=at,
        data={"safe": not unsafe, "contact_safety": str(wanted), "was": was, "why": why},
    )
