"""The events of calls and their operators."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop as _

from calls.models import Call, Operator
from calls.states import CallState, Channel, ContactSafety, OperatorStatus
from core import events
from core.event_kinds import EventKind, Fields

_PROGRESS: Fields = {"state": CallState, "was": CallState, "agent": str}
_NUMBER: Fields = {"call": UUID, "strikes_24h": int}


class CallEvent(EventKind):
    """What happens to calls, numbers and operators. What an exchange reports and what a console does is alike."""

    CALL_RANG = "call.rang", _("Call ringing."), _PROGRESS
    CALL_QUEUED = "call.queued", _("Call waiting in the queue."), _PROGRESS
    CALL_OFFERED = (
        "call.offered",
        _("Call offered anew."),
        {"operators": list, "all": bool, "missed": list},
        {"missed": _("It was not answered in time.")},
    )
    CALL_ANSWERED = "call.answered", _("Call answered."), {**_PROGRESS, "by": str}
    CALL_HELD = "call.held", _("Call on hold."), _PROGRESS
    CALL_RESUMED = "call.resumed", _("Call resumed."), _PROGRESS
    CALL_TRANSFERRED = "call.transferred", _("Call being transferred."), {**_PROGRESS, "to": str}
    CALL_ENDED = "call.ended", _("Call ended."), _PROGRESS
    CALL_ABANDONED = "call.abandoned", _("Caller hung up before the answer."), _PROGRESS
    CALL_TAKEN_OVER = "call.taken_over", _("Call taken over."), {**_PROGRESS, "lost": str, "by": str}
    # Two answered it: `by` has it, `lost` had it or came too late.
    CALL_CLAIM_LOST = "call.claim_lost", _("Somebody else had taken the call first."), {"lost": str, "by": str}
    CALL_OPENED = "call.opened", _("Call opened by hand."), {**_PROGRESS, "channel": Channel}
    CALL_DISPOSED = "call.disposed", _("Call filed: %(disposition)s."), {**_PROGRESS, "disposition": str}
    CALL_DISPOSAL_UNDONE = "call.disposal_undone", _("Filing of the call taken back."), _PROGRESS
    CALL_END_UNDONE = "call.end_undone", _("End of the call taken back."), _PROGRESS
    CALL_CLOSED = "call.closed", _("Call closed."), {**_PROGRESS, "hang_up": bool}
    CALL_LOST_BY_PBX = (
        "call.lost_by_pbx",
        _("The exchange lost the call; closed by the system."),
        {**_PROGRESS, "lost_by_pbx": bool},
    )
    CALL_REOPENED = "call.reopened", _("Call reopened."), _PROGRESS
    CALL_EDITED = "call.edited", _("Call changed: %(fields)s."), {"fields": list, "version": int, "language": str}
    CALL_CORRECTED = (
        "call.corrected",
        _("Closed call corrected: %(fields)s."),
        {"fields": list, "version": int, "language": str, "corrections": list},
    )
    CALL_LINE_ADDED = "call.line_added", _("Line of words added to the call."), {"line": UUID, "digest": str}
    NUMBER_STRUCK = "number.struck", _("Number got a strike."), _NUMBER
    NUMBER_STRIKE_WITHDRAWN = "number.strike_withdrawn", _("Strike withdrawn."), _NUMBER
    NUMBER_SAFETY_CHANGED = (
        "number.safety_changed",
        _("Contact safety of the number changed."),
        {"contact_safety": ContactSafety, "was": ContactSafety, "safe": bool, "why": str},
        {"contact_safety": _("Now: %(contact_safety)s.")},
    )
    OPERATOR_STATE_CHANGED = (
        "operator.state_changed",
        _("Operator: %(was)s → %(state)s."),
        {"state": OperatorStatus, "was": OperatorStatus, "reason": str, "call": UUID},
    )


def emit(
    kind: CallEvent,
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
    kind: CallEvent,
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
        CallEvent.OPERATOR_STATE_CHANGED,
        actor=actor,
        desk=operator.desk,
        at=at,
        subjects=subjects,
        data={"state": operator.state, "was": was, "reason": operator.reason, "call": operator.call_id},
    )
