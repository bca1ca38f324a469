"""The events of calls and their operators."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from calls.models import Call, Operator
from core import events

KINDS = (
    # A PBX's words and a console's acts, alike; data: state, was.
    "call.rang",
    "call.queued",
    "call.offered",
    "call.answered",
    "call.held",
    "call.resumed",
    "call.transferred",
    "call.ended",
    "call.abandoned",
    "call.taken_over",
    # Two took it: `lost` had it and has it no more, or came too late; `by` has it.
    "call.claim_lost",
    "call.opened",
    "call.disposed",
    "call.disposal_undone",
    "call.end_undone",
    "call.closed",
    "call.lost_by_pbx",
    "call.reopened",
    "call.edited",
    "call.corrected",
    "call.line_added",
    # Of a number; data: strikes_24h
    "number.struck",
    "number.strike_withdrawn",
    "number.safety_changed",
    "operator.state_changed",
)


def emit(
    kind: str,
    call: Call,
    *,
    actor: str,
    desk: str | None,
    at: datetime,
    data: Mapping[str, Any] | None = None,
    also: Iterable[str] = (),
) -> None:
    """Emit an event about a call inside `transaction()`. also: further subjects whose board item changes."""
    events.append(kind, actor=actor, desk=desk, at=at, subjects=[f"call:{call.id}", *also], data=data)


def emit_for_number(
    kind: str,
    number: UUID,
    calls: Iterable[UUID],
    *,
    actor: str,
    desk: str | None,
    at: datetime,
    data: Mapping[str, Any],
) -> None:
    """Emit an event about a number. calls: the open calls of that number, whose board items change."""
    subjects = [f"number:{number}", *(f"call:{call}" for call in calls)]
    events.append(kind, actor=actor, desk=desk, at=at, subjects=subjects, data=data)


def operator_changed(operator: Operator, was: str, *, actor: str, at: datetime, before: UUID | None) -> None:
    """Emit that an operator's state changed. before: the call that the operator was with."""
    subjects = [f"operator:{operator.user_id}", *(f"call:{call}" for call in {before, operator.call_id} if call)]
    events.append(
        "operator.state_changed",
        actor=actor,
        desk=operator.desk,
        at=at,
        subjects=subjects,
        data={"state": operator.state, "was": was, "reason": operator.reason, "call": operator.call_id},
    )
