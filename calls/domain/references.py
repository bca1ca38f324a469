"""Which call a telephony event belongs to: exchanges use a call reference again after the call's end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Max, Min

from accounts.actors import Actor
from calls.models import Call, CallStep
from calls.states import CallState, TelephonyKind
from core import clock, sql
from core.errors import Busy

if TYPE_CHECKING:
    from calls.actions.telephony import PbxEvent


TRIES = 5
_USES = """
WHERE t.centre_id = %s::uuid AND t.source = %s AND t.call_ref = %s ORDER BY t.ref_use FOR NO KEY UPDATE
"""
_RECEIVED = """
SELECT call_id FROM calls_callstep
 WHERE call_id = ANY(%s::uuid[]) AND source = %s AND step = %s AND source_at = %s::timestamptz ORDER BY id LIMIT 1
"""
_RECEIVED_TEXT = """
SELECT call_id FROM calls_callstep
 WHERE call_id = ANY(%s::uuid[]) AND source = %s AND step = %s AND at_text = %s
   AND detail ->> 'number' IS NOT DISTINCT FROM %s::text ORDER BY id LIMIT 1
"""
_ENDS = (TelephonyKind.ENDED, TelephonyKind.ABANDONED)


@dataclass(frozen=True, slots=True)
class Found:
    """The locked call of an event; whether it was made for it; whether the event was received before."""

    call: Call
    new: bool
    duplicate: bool


def find_call(actor: Actor, sent: PbxEvent, at: datetime, number: UUID | None) -> Found:
    """Find and lock the call of an event, made where there is none: of two at once one makes it, the other waits.

    Two centres may give their exchanges one name: a key's events are of its own centre's calls only. A ringing is
    nearly always the first event of its call, so the call is made before anything is looked up. Raises Busy.
    """
    known = [] if sent.event == TelephonyKind.RINGING else _uses(actor, sent)
    made = None if known else _make(actor, sent, at, 0)
    known = known or _uses(actor, sent)
    for _ in range(TRIES):
        if made is not None and any(call.id == made.id for call in known):
            return Found(next(call for call in known if call.id == made.id), new=True, duplicate=False)
        before = _received(known, sent, number)
        if before is not None:
            return Found(before, new=False, duplicate=True)
        call = _by_time(known, sent, at)
        if not _rings_anew(call, sent, at, number):
            return Found(call, new=False, duplicate=False)
        made = _make(actor, sent, at, known[-1].ref_use + 1)
        known = _uses(actor, sent)
        if any(each.id == made.id for each in known):
            _move_later(call, made, sent)
    raise Busy


def _uses(actor: Actor, sent: PbxEvent) -> list[Call]:
    """The calls that had this reference, locked, in their order."""
    return sql.instances(Call, _USES, [actor.centre, sent.source, sent.call_ref])


def _make(actor: Actor, sent: PbxEvent, at: datetime, ref_use: int) -> Call:
    """Insert a call for this use of the reference; where somebody else was first, nothing is inserted."""
    now = clock.now()
    made = Call(
        centre_id=actor.centre,
        state=CallState.RINGING,
        started_at=at,
        source=sent.source,
        call_ref=sent.call_ref,
        ref_use=ref_use,
        recorded_at=now,
        created_by=actor.ref,
        changed_at=now,
    )
    Call.objects.bulk_create([made], ignore_conflicts=True)
    return made


def _received(known: Sequence[Call], sent: PbxEvent, number: UUID | None) -> Call | None:
    """The call that has this event already: the same time exactly as sent and, if unreadable, the same caller."""
    if sent.at is None and sent.at_text is None:
        return None
    which = [[call.id for call in known], sent.source, sent.event]
    if sent.at_text is not None:
        found = sql.rows(_RECEIVED_TEXT, [*which, sent.at_text, str(number) if number else None])
    else:
        found = sql.rows(_RECEIVED, [*which, sent.at])
    return next((call for call in known if found and call.id == found[0][0]), None)


def _by_time(known: Sequence[Call], sent: PbxEvent, at: datetime) -> Call:
    """The call that had the reference at a moment, by the exchange's own times if it can."""
    if len(known) == 1:
        return known[0]
    begun = [call for call in known if call.started_at <= at]
    if sent.at is not None:
        steps = CallStep.objects.filter(call__in=[call.id for call in known], source=sent.source)
        first = dict(steps.values_list("call").annotate(first=Min("source_at")))
        begun = [call for call in known if (first.get(call.id) or call.started_at) <= sent.at]
    return begun[-1] if begun else known[0]


def _rings_anew(call: Call, sent: PbxEvent, at: datetime, number: UUID | None) -> bool:
    """Whether this is the ringing of another call: one after the call's end, by the exchange's own times if it can.

    With a time that can't be read, only another caller makes it another call.
    """
    over = call.closed_at or call.ended_at
    if sent.event != TelephonyKind.RINGING or over is None:
        return False
    if sent.at_text is not None:
        return number != call.number_id
    ends = call.steps.filter(source=sent.source, step__in=_ENDS).aggregate(last=Max("source_at"))["last"]
    return sent.at > ends if sent.at and ends else at > over


def _move_later(before: Call, after: Call, sent: PbxEvent) -> None:
    """Give the new call what its exchange sent of it before the ringing arrived: events come in any order."""
    if sent.at is not None:
        before.steps.filter(source=sent.source, source_at__gte=sent.at).update(call=after)
