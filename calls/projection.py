"""The projection of a call: its state, computed from its steps in the order they happened, not in that of arrival."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from operator import itemgetter
from uuid import UUID

from calls.models import CallStep
from calls.states import IN_TALK, WAITING, Disposition
from calls.states import CallState as S
from calls.states import StepKind as K
from core.clock import LATE_AFTER

# The order of a PBX's events to which it gives the same time.
_RANK = {
    kind: rank
    for rank, kind in enumerate(
        (K.RINGING, K.QUEUED, K.ANSWERED, K.HELD, K.RESUMED, K.TRANSFERRED, K.ENDED, K.ABANDONED)
    )
}
SYSTEM = "system:clock"
# The steps a call can begin with. The time of a mark or of a note is when that happened, not when the call rang.
_BEGINNINGS = frozenset({K.RINGING, K.QUEUED, K.ANSWERED, K.CLAIMED, K.ENDED, K.ABANDONED})
_OVER = (S.ENDED, S.DROPPED, S.WRAP_UP)


def in_order(steps: Iterable[CallStep]) -> Iterator[tuple[datetime, CallStep]]:
    """Steps with the moments they happened at, in that order.

    The stamps of a PBX order its events among themselves. An event that was stamped ahead of our clock has the time of
    its receipt, which does not give its order: so no event of a PBX counts as later than one it stamped later. At the
    same moment an event of a PBX goes before an action of a person.
    """
    received = sorted(
        (step for step in steps if step.source is not None),
        key=lambda step: (step.source_at or step.at, _RANK[K(step.step)], step.id or 0),
    )
    moments: list[tuple[datetime, CallStep]] = []
    for step in reversed(received):
        moments.append((min(step.at, moments[-1][0]) if moments else step.at, step))
    moments.reverse()
    own = [(step.at, step) for step in steps if step.source is None]
    own.sort(key=lambda pair: (pair[0], pair[1].id or 0))
    return merge(moments, own, key=itemgetter(0))


@dataclass(slots=True)
class CallProjection:
    """The state of a call after some of its steps. `state` is None before the first."""

    state: S | None = None
    started_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    closed_at: datetime | None = None
    operator: UUID | None = None
    claimed_by: str | None = None
    claimed_name: str | None = None
    desk: str | None = None
    disposition: str | None = None
    disposed_at: datetime | None = None
    disposed_by: str | None = None
    chosen: bool = False  # the disposition was chosen by somebody, so that the call closes with its end
    number: UUID | None = None
    called: str | None = None
    trunk: str | None = None
    wait_seconds: float | None = None
    rang: CallStep | None = None
    answer: CallStep | None = None  # the PBX's event of the answer
    claim: CallStep | None = None
    end: CallStep | None = None
    ringing: CallStep | None = None  # the last ring, while it waits

    @property
    def waiting(self) -> bool:
        """Whether the caller still waits for somebody."""
        return self.state in WAITING

    @property
    def talking(self) -> bool:
        """Whether the line is open after an answer."""
        return self.state in IN_TALK


def project(steps: Sequence[CallStep]) -> CallProjection:
    """The projection of a call's steps, given in any order; a step that does not fit its place changes nothing."""
    undone = {step.detail["step"] for step in steps if step.step == K.UNDONE}
    projection = CallProjection()
    for moment, step in in_order(steps):
        if projection.started_at is None and step.step in _BEGINNINGS:
            projection.started_at = moment
        projection.number = projection.number or _uuid(step.detail.get("number"))
        projection.called = projection.called or step.detail.get("called")
        projection.trunk = projection.trunk or step.detail.get("trunk")
        if step.id not in undone:
            _APPLY[K(step.step)](projection, moment, step)
    _settle(projection)
    projection.wait_seconds = _wait_seconds(projection)
    return projection


def _rang(projection: CallProjection, _moment: datetime, step: CallStep) -> None:
    if step.source is not None:
        projection.rang = projection.rang or step
    if projection.state is None or projection.waiting:
        projection.state = S(step.step)
        projection.ringing = step if step.step == K.RINGING else None


def _answered(projection: CallProjection, moment: datetime, step: CallStep) -> None:
    projection.answer = projection.answer or step
    if projection.state is None or projection.waiting:
        projection.state, projection.answered_at = S.ANSWERED, moment
        _give(projection, step)
    elif projection.state == S.TRANSFERRING:
        projection.state = S.ANSWERED
        _give(projection, step)
    elif projection.talking and projection.claimed_by is None:
        _give(projection, step)


def _claimed(projection: CallProjection, moment: datetime, step: CallStep) -> None:
    if projection.state is None or projection.waiting:
        projection.state, projection.answered_at, projection.claim = S.ANSWERED, moment, step
        _give(projection, step)
    elif projection.state == S.TRANSFERRING:
        projection.state = S.ANSWERED
        _give(projection, step)
    elif projection.claimed_by is None and (projection.talking or projection.state in _OVER):
        _give(projection, step)


def _taken_over(projection: CallProjection, _moment: datetime, step: CallStep) -> None:
    if projection.talking or projection.state in _OVER:
        _give(projection, step)


def _give(projection: CallProjection, step: CallStep) -> None:
    """Whoever took it has it; an answer by nobody we know leaves it to the next who claims it."""
    if step.step == K.ANSWERED and step.operator_id is None:
        return
    projection.operator = step.operator_id
    projection.claimed_by = f"user:{step.operator_id}" if step.operator_id else step.actor
    projection.claimed_name = step.detail.get("name")
    projection.desk = step.detail.get("desk")


def _held(projection: CallProjection, _moment: datetime, _step: CallStep) -> None:
    if projection.state in {S.ANSWERED, S.CONFERENCE}:
        projection.state = S.ON_HOLD


def _resumed(projection: CallProjection, _moment: datetime, _step: CallStep) -> None:
    if projection.talking:
        projection.state = S.ANSWERED


def _transferred(projection: CallProjection, _moment: datetime, _step: CallStep) -> None:
    if projection.talking:
        projection.state = S.TRANSFERRING


def _ended(projection: CallProjection, moment: datetime, step: CallStep) -> None:
    if projection.state is None or projection.waiting:
        projection.state = S.ABANDONED
    elif projection.talking:
        projection.state = S.ENDED
    else:
        return
    projection.ended_at, projection.end = moment, step


def _disposed(projection: CallProjection, moment: datetime, step: CallStep) -> None:
    if projection.state == S.CLOSED:
        return
    _file(projection, step.detail["disposition"], moment, step.actor, chosen=True)
    if projection.disposition == Disposition.D1 and projection.talking:
        projection.state, projection.ended_at = S.DROPPED, moment


def _marked(projection: CallProjection, moment: datetime, step: CallStep) -> None:
    """An incident was opened from it, or it was linked to one, in whatever state it was: also closed."""
    _file(projection, step.detail["disposition"], moment, step.actor, chosen=False)


def _file(projection: CallProjection, disposition: str, moment: datetime, by: str, *, chosen: bool) -> None:
    projection.disposition, projection.disposed_at, projection.disposed_by, projection.chosen = (
        disposition,
        moment,
        by,
        chosen,
    )


def _reopened(projection: CallProjection, _moment: datetime, step: CallStep) -> None:
    """Back to wrap-up, for a new disposition; a call that belongs to an incident keeps E1 or E2."""
    _settle(projection)
    if projection.state != S.CLOSED:
        return
    projection.state = S.ENDED if projection.answered_at else S.ABANDONED
    projection.closed_at = None
    if projection.chosen or projection.disposition not in {Disposition.E1, Disposition.E2}:
        projection.disposition = projection.disposed_at = projection.disposed_by = None
    projection.chosen = False
    if projection.claimed_by is None and projection.answered_at:
        _give(projection, step)


def _closed(projection: CallProjection, moment: datetime, step: CallStep) -> None:
    """The system closed it: whatever comes later doesn't open it again."""
    if step.step == K.LOST and projection.disposition is None:
        lost = Disposition.D1 if projection.answered_at else Disposition.D2
        _file(projection, lost, moment, step.actor, chosen=False)
    projection.ended_at = projection.ended_at or moment
    projection.end = projection.end or step
    projection.state, projection.closed_at = S.CLOSED, projection.closed_at or moment


def _nothing(_projection: CallProjection, _moment: datetime, _step: CallStep) -> None:
    """An undoing has no place of its own: the step that it names is left out."""


_APPLY: dict[K, Callable[[CallProjection, datetime, CallStep], None]] = {
    K.RINGING: _rang,
    K.QUEUED: _rang,
    K.ANSWERED: _answered,
    K.HELD: _held,
    K.RESUMED: _resumed,
    K.TRANSFERRED: _transferred,
    K.ENDED: _ended,
    K.ABANDONED: _ended,
    K.CLAIMED: _claimed,
    K.TAKEN_OVER: _taken_over,
    K.DISPOSED: _disposed,
    K.MARKED: _marked,
    K.UNDONE: _nothing,
    K.REOPENED: _reopened,
    K.HUNG_UP: _closed,
    K.LOST: _closed,
    K.CLOSED: _closed,
}


def _settle(projection: CallProjection) -> None:
    """What follows by itself: the end of a call leads to wrap-up, a chosen disposition closes what has ended."""
    if projection.state == S.ABANDONED and projection.disposition is None and projection.ended_at:
        _file(projection, Disposition.D2, projection.ended_at, SYSTEM, chosen=False)
    if (
        projection.state in {S.ENDED, S.ABANDONED}
        and projection.chosen
        and projection.ended_at
        and projection.disposed_at
    ):
        projection.state, projection.closed_at = S.CLOSED, max(projection.ended_at, projection.disposed_at)
    elif projection.state == S.ENDED and projection.claimed_by:
        projection.state = S.WRAP_UP


def _wait_seconds(projection: CallProjection) -> float | None:
    """Seconds from the ring to the answer, or to the hang-up of who was not answered; None where nothing rang.

    By the stamps of one source where it has both; else by when we learnt of them, or by when they happened where
    either is a late entry (docs/rules/times.md#measured-times).
    """
    rang = projection.rang
    if rang is None:
        return None
    met = (projection.answer or projection.claim) if projection.answered_at else projection.end
    if met is None:
        return None
    if met.source_at and rang.source_at:
        seconds = met.source_at - rang.source_at
    elif max(met.recorded_at - met.at, rang.recorded_at - rang.at) > LATE_AFTER:
        seconds = met.at - rang.at
    else:
        seconds = met.recorded_at - rang.recorded_at
    return max(seconds.total_seconds(), 0.0)


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None
