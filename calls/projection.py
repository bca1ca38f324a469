"""A call's story: what it is now, folded from its steps in the order they happened, not the order they arrived."""

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

# Which of a PBX's words comes first where it gives two the same time.
_RANK = {
    kind: rank
    for rank, kind in enumerate(
        (K.RINGING, K.QUEUED, K.ANSWERED, K.HELD, K.RESUMED, K.TRANSFERRED, K.ENDED, K.ABANDONED)
    )
}
SYSTEM = "system:clock"
# What a call can begin with. A mark or a line told with an earlier time says when something happened, not when it rang.
_BEGINNINGS = frozenset({K.RINGING, K.QUEUED, K.ANSWERED, K.CLAIMED, K.ENDED, K.ABANDONED})
_OVER = (S.ENDED, S.DROPPED, S.WRAP_UP)


def in_order(steps: Iterable[CallStep]) -> Iterator[tuple[datetime, CallStep]]:
    """Steps with the moments they happened at, in that order.

    A PBX's own stamps order its words among themselves. One that was stamped ahead of our clock was taken at receipt,
    which says nothing of its order: so nothing of a PBX counts as later than what it stamped later. At the same
    moment a PBX goes before a person: the line knows best.
    """
    told = sorted(
        (step for step in steps if step.source is not None),
        key=lambda step: (step.told_at or step.at, _RANK[K(step.step)], step.id or 0),
    )
    moments: list[tuple[datetime, CallStep]] = []
    for step in reversed(told):
        moments.append((min(step.at, moments[-1][0]) if moments else step.at, step))
    moments.reverse()
    own = [(step.at, step) for step in steps if step.source is None]
    own.sort(key=lambda pair: (pair[0], pair[1].id or 0))
    return merge(moments, own, key=itemgetter(0))


@dataclass(slots=True)
class Story:
    """What the steps so far make of a call. `state` is None before the first."""

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
    answer: CallStep | None = None  # the PBX's word of the answer
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


def fold(steps: Sequence[CallStep]) -> Story:
    """The story of a call's steps, given in any order; what doesn't fit its place changes nothing."""
    undone = {step.detail["step"] for step in steps if step.step == K.UNDONE}
    story = Story()
    for moment, step in in_order(steps):
        if story.started_at is None and step.step in _BEGINNINGS:
            story.started_at = moment
        story.number = story.number or _uuid(step.detail.get("number"))
        story.called = story.called or step.detail.get("called")
        story.trunk = story.trunk or step.detail.get("trunk")
        if step.id not in undone:
            _TELL[K(step.step)](story, moment, step)
    _settle(story)
    story.wait_seconds = _wait_seconds(story)
    return story


def _rang(story: Story, _moment: datetime, step: CallStep) -> None:
    if step.source is not None:
        story.rang = story.rang or step
    if story.state is None or story.waiting:
        story.state = S(step.step)
        story.ringing = step if step.step == K.RINGING else None


def _answered(story: Story, moment: datetime, step: CallStep) -> None:
    story.answer = story.answer or step
    if story.state is None or story.waiting:
        story.state, story.answered_at = S.ANSWERED, moment
        _give(story, step)
    elif story.state == S.TRANSFERRING:
        story.state = S.ANSWERED
        _give(story, step)
    elif story.talking and story.claimed_by is None:
        _give(story, step)


def _claimed(story: Story, moment: datetime, step: CallStep) -> None:
    if story.state is None or story.waiting:
        story.state, story.answered_at, story.claim = S.ANSWERED, moment, step
        _give(story, step)
    elif story.state == S.TRANSFERRING:
        story.state = S.ANSWERED
        _give(story, step)
    elif story.claimed_by is None and (story.talking or story.state in _OVER):
        _give(story, step)


def _taken_over(story: Story, _moment: datetime, step: CallStep) -> None:
    if story.talking or story.state in _OVER:
        _give(story, step)


def _give(story: Story, step: CallStep) -> None:
    """Whoever took it has it; an answer by nobody we know leaves it to the next who claims it."""
    if step.step == K.ANSWERED and step.operator_id is None:
        return
    story.operator = step.operator_id
    story.claimed_by = f"user:{step.operator_id}" if step.operator_id else step.actor
    story.claimed_name = step.detail.get("name")
    story.desk = step.detail.get("desk")


def _held(story: Story, _moment: datetime, _step: CallStep) -> None:
    if story.state in {S.ANSWERED, S.CONFERENCE}:
        story.state = S.ON_HOLD


def _resumed(story: Story, _moment: datetime, _step: CallStep) -> None:
    if story.talking:
        story.state = S.ANSWERED


def _transferred(story: Story, _moment: datetime, _step: CallStep) -> None:
    if story.talking:
        story.state = S.TRANSFERRING


def _ended(story: Story, moment: datetime, step: CallStep) -> None:
    if story.state is None or story.waiting:
        story.state = S.ABANDONED
    elif story.talking:
        story.state = S.ENDED
    else:
        return
    story.ended_at, story.end = moment, step


def _disposed(story: Story, moment: datetime, step: CallStep) -> None:
    if story.state == S.CLOSED:
        return
    _file(story, step.detail["disposition"], moment, step.actor, chosen=True)
    if story.disposition == Disposition.D1 and story.talking:
        story.state, story.ended_at = S.DROPPED, moment


def _marked(story: Story, moment: datetime, step: CallStep) -> None:
    """An incident was opened from it, or it was linked to one, in whatever state it was: also closed."""
    _file(story, step.detail["disposition"], moment, step.actor, chosen=False)


def _file(story: Story, disposition: str, moment: datetime, by: str, *, chosen: bool) -> None:
    story.disposition, story.disposed_at, story.disposed_by, story.chosen = disposition, moment, by, chosen


def _reopened(story: Story, _moment: datetime, step: CallStep) -> None:
    """Back to wrap-up, to be filed anew; a call that belongs to an incident keeps saying so."""
    _settle(story)
    if story.state != S.CLOSED:
        return
    story.state = S.ENDED if story.answered_at else S.ABANDONED
    story.closed_at = None
    if story.chosen or story.disposition not in {Disposition.E1, Disposition.E2}:
        story.disposition = story.disposed_at = story.disposed_by = None
    story.chosen = False
    if story.claimed_by is None and story.answered_at:
        _give(story, step)


def _closed(story: Story, moment: datetime, step: CallStep) -> None:
    """The system closed it: whatever comes later doesn't open it again."""
    if step.step == K.LOST and story.disposition is None:
        lost = Disposition.D1 if story.answered_at else Disposition.D2
        _file(story, lost, moment, step.actor, chosen=False)
    story.ended_at = story.ended_at or moment
    story.end = story.end or step
    story.state, story.closed_at = S.CLOSED, story.closed_at or moment


def _nothing(_story: Story, _moment: datetime, _step: CallStep) -> None:
    """An undoing has no place of its own: the step that it names is left out."""


_TELL: dict[K, Callable[[Story, datetime, CallStep], None]] = {
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


def _settle(story: Story) -> None:
    """What follows by itself: the end of a call leads to wrap-up, a chosen disposition closes what has ended."""
    if story.state == S.ABANDONED and story.disposition is None and story.ended_at:
        _file(story, Disposition.D2, story.ended_at, SYSTEM, chosen=False)
    if story.state in {S.ENDED, S.ABANDONED} and story.chosen and story.ended_at and story.disposed_at:
        story.state, story.closed_at = S.CLOSED, max(story.ended_at, story.disposed_at)
    elif story.state == S.ENDED and story.claimed_by:
        story.state = S.WRAP_UP


def _wait_seconds(story: Story) -> float | None:
    """Seconds from the ring to the answer, or to the hang-up of who was not answered; None where nothing rang.

    By the stamps of one source where it has both; else by when we learnt of them, or by when they happened where
    either is a late entry (docs/rules/times.md#measured-times).
    """
    rang = story.rang
    if rang is None:
        return None
    met = (story.answer or story.claim) if story.answered_at else story.end
    if met is None:
        return None
    if met.told_at and rang.told_at:
        seconds = met.told_at - rang.told_at
    elif max(met.recorded_at - met.at, rang.recorded_at - rang.at) > LATE_AFTER:
        seconds = met.at - rang.at
    else:
        seconds = met.recorded_at - rang.recorded_at
    return max(seconds.total_seconds(), 0.0)


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None
