"""How calls are filed: the disposition, five seconds to undo it, and taking a closed call up again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from calls import events as facts
from calls.actions.caller_details import write_line
from calls.domain.locks import lock_workable_with_number
from calls.domain.operator_sync import finish_wrap_up
from calls.domain.projection_update import add_step, apply_steps, subject_of
from calls.domain.safety import follow_disposition, undo_disposition
from calls.durations import UNDO_WITHIN
from calls.events import CallEvent
from calls.models import Call, CallStep, Strike
from calls.queries.calls import open_calls, strikes_of
from calls.states import CHOSEN, IN_TALK, STEPS, STRIKES, CallState, Disposition, StepKind
from core import clock, events, sql, timers
from core.errors import Conflict, Invalid

__all__ = ["dispose_call", "reopen_call", "undo_act"]

_DISPOSABLE = (*IN_TALK, CallState.ENDED, CallState.DROPPED, CallState.WRAP_UP, CallState.ABANDONED)


def dispose_call(
    *,
    actor: Actor,
    call: UUID,
    disposition: str,
    note: str | None = None,
    act: UUID | None = None,
    at: datetime | None = None,
) -> Call:
    """File a call; the same again returns quietly, but keeps a new note. `undo_act` takes it back within five seconds.

    act: an id of the sender's for this filing, by which `undo_act` knows it.
    A call still in talk ends in the record and closes after five seconds (the exchange gets no command); after its end
    it closes at once. A prank or false report named by a person is a strike against the number. A
    silent call or a suspicious line makes the number unsafe to contact.
    Raises Unknown, Refused, Invalid (`disposition_by_itself`: E1, E2, D2), Conflict (`step_not_allowed`).
    """
    with events.transaction():
        row = lock_workable_with_number(actor, call)
        if disposition not in CHOSEN:
            code = "disposition_by_itself" if disposition in set(Disposition) else "disposition_unknown"
            raise Invalid.field("disposition", code)
        stamp = clock.stamp_from_person(at)
        if row.disposition == disposition and row.state in {*_DISPOSABLE, CallState.CLOSED}:
            _save_note(row, note, actor=actor, at=stamp.at)
            return row
        if row.state not in _DISPOSABLE:
            raise Conflict("step_not_allowed", state=row.state, allowed=list(STEPS.allowed(row.state)))
        detail = {"disposition": disposition} | ({"act": str(act)} if act else {})
        add_step(row, StepKind.DISPOSED, actor=actor, at=stamp.at, detail=detail)
        change = apply_steps(row, CallEvent.CALL_DISPOSED, actor=actor, at=stamp.at, data={"disposition": disposition})
        if row.state in {*IN_TALK, CallState.DROPPED}:
            timers.arm("call.hang_up", subject_of(row), clock.now() + UNDO_WITHIN)
        elif change.state == CallState.WRAP_UP:
            finish_wrap_up(row, row.operator_id)
        follow_strike(row, actor=actor, at=stamp.at)
        follow_disposition(row, actor=actor, at=stamp.at)
        _save_note(row, note, actor=actor, at=stamp.at)
        return row


def undo_act(*, actor: Actor, call: UUID, act: UUID | None = None) -> Call:
    """Take the last disposal or end at a console back, within five seconds of it or while the line is still open.

    act: the id that the filing or the end was given: that one or none; taken back already, it returns quietly. Without
    it, whichever was last. The line is untouched; a strike goes with its disposal.
    Raises Unknown, Refused, Conflict (`nothing_to_undo`; `moved_on`: another act has followed the named one).
    """
    with events.transaction():
        row = lock_workable_with_number(actor, call)
        now = clock.now()
        undoable, undone = _acts(row)
        if act and any(step.detail.get("act") == str(act) for step in undone):
            return row
        step = _still_undoable(row, undoable, now)
        if step is None:
            raise Conflict("nothing_to_undo")
        if act and step.detail.get("act") != str(act):
            raise Conflict("moved_on", state=row.state, disposition=row.disposition)
        add_step(row, StepKind.UNDONE, actor=actor, at=now, detail={"step": step.id})
        kind = CallEvent.CALL_DISPOSAL_UNDONE if step.step == StepKind.DISPOSED else CallEvent.CALL_END_UNDONE
        apply_steps(row, kind, actor=actor, at=now)
        if row.disposition and row.state in {*IN_TALK, CallState.DROPPED} and step.step == StepKind.ENDED:
            timers.arm("call.hang_up", subject_of(row), now + UNDO_WITHIN)
        follow_strike(row, actor=actor, at=now)
        if step.step == StepKind.DISPOSED:
            undo_disposition(row, actor=actor, at=now)
        return row


def reopen_call(*, actor: Actor, call: UUID, at: datetime | None = None) -> Call:
    """Take a closed call up again, to be filed anew; one that isn't closed returns quietly.

    One that an incident was opened from keeps that disposition. Raises Unknown, Refused.
    """
    with events.transaction():
        row = lock_workable_with_number(actor, call)
        stamp = clock.stamp_from_person(at)
        if row.state != CallState.CLOSED:
            return row
        add_step(row, StepKind.REOPENED, actor=actor, at=stamp.at)
        apply_steps(row, CallEvent.CALL_REOPENED, actor=actor, at=stamp.at)
        follow_strike(row, actor=actor, at=stamp.at)
        return row


def follow_strike(call: Call, *, actor: Actor, at: datetime) -> None:
    """Make or withdraw a call's strike as its disposition requires; the open calls of the number show the new count.

    Only a named person's J1 or J2 makes one (docs/rules/escalation.md#rule-15). The open calls of the number are
    locked already.
    """
    if call.number_id is None:
        return
    wanted = call.disposition in STRIKES
    strike = next(iter(sql.instances(Strike, "WHERE t.call_id = %s::uuid", [call.id])), None)
    if wanted and strike is None and actor.user is not None:
        Strike.objects.create(number_id=call.number_id, call=call, at=at, by_id=actor.user)
        kind = CallEvent.NUMBER_STRUCK
    elif strike is not None and not wanted:
        strike.delete()
        kind = CallEvent.NUMBER_STRIKE_WITHDRAWN
    else:
        return
    strikes = strikes_of(call.number_id, clock.now())
    shown = {*open_calls().filter(number_id=call.number_id).values_list("id", flat=True), call.id}
    Call.objects.filter(id__in=shown).update(strikes_24h=strikes)
    call.strikes_24h = strikes
    facts.emit_for_number(
        kind,
        call.number_id,
        shown,
        actor=actor.ref,
        desk=actor.desk,
        at=at,
        data={"call": call.id, "strikes_24h": strikes},
    )


def _save_note(call: Call, note: str | None, *, actor: Actor, at: datetime) -> None:
    """Save the note of a disposition as a line of the call, once: a disposition that is sent again adds nothing."""
    if note and not call.lines.filter(text=note, created_by=actor.ref).exists():
        write_line(call, text=note, id=None, actor=actor, at=at)


def _acts(call: Call) -> tuple[list[CallStep], list[CallStep]]:
    """The filings and ends of a call at consoles: those that stand and those that were taken back, the oldest first."""
    steps = list(call.steps.order_by("id"))
    undone = {step.detail["step"] for step in steps if step.step == StepKind.UNDONE}
    acts = [step for step in steps if step.source is None and step.step in {StepKind.DISPOSED, StepKind.ENDED}]
    return [step for step in acts if step.id not in undone], [step for step in acts if step.id in undone]


def _still_undoable(call: Call, acts: list[CallStep], now: datetime) -> CallStep | None:
    if not acts or call.steps.filter(step__in=_FINAL, id__gt=acts[-1].id).exists():
        return None
    fresh = now - acts[-1].recorded_at <= UNDO_WITHIN
    waits = acts[-1].step == StepKind.DISPOSED and call.state in {*IN_TALK, CallState.DROPPED}
    return acts[-1] if fresh or waits else None


# What an act can't be taken back behind: the system hung up or closed, somebody took the call up again.
_FINAL = (StepKind.HUNG_UP, StepKind.LOST, StepKind.CLOSED, StepKind.REOPENED)
