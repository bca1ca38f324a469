"""The newest facts of one view, kept so that a client that reconnects gets only what it has missed."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence

from core import clock
from feed.audiences import View, receives
from feed.frames import Frame, batch
from feed.snapshot import MOST_EVENTS, Fact, Reading

MOST_BYTES = 16 * 1024 * 1024


class ReplayBuffer:
    """Facts in (start, head] that a view receives, and the present form of each thing they touch.

    Forms are those at `head`, whatever fact touched them: so a resume from any seq is one exact batch at `head`.
    """

    def __init__(self, view: View, head: int) -> None:
        self.view = view
        self.start = self.head = head
        self._facts: deque[Fact] = deque()
        self._forms: dict[str, bytes] = {}
        self._uses: Counter[str] = Counter()
        self._bytes = 0
        self._resumes: dict[int, Frame | None] = {}

    def extend(self, reading: Reading) -> Frame | None:
        """Add the facts of a reading after `head`; return the batch to send, or None where this view receives none."""
        received = [fact for fact in reading.facts if fact.seq > self.head and receives(self.view, fact.subjects)]
        self._resumes.clear()
        self.head = max(self.head, reading.seq)
        if not received:
            return None
        self._keep(received, reading)
        return self._batch(received)

    def rebuild(self, reading: Reading) -> None:
        """Begin anew with all facts of a reading, which reaches further back than what is kept."""
        self.start, self.head = reading.after, reading.seq
        self._facts.clear()
        self._forms.clear()
        self._uses.clear()
        self._resumes.clear()
        self._bytes = 0
        self._keep([fact for fact in reading.facts if receives(self.view, fact.subjects)], reading)

    def covers(self, since: int) -> bool:
        """Whether everything after `since` is kept."""
        return self.start <= since

    def after(self, since: int) -> Frame | None:
        """One batch that brings a client from `since` to `head`, or None where it has missed nothing."""
        if since not in self._resumes:
            missed = [fact for fact in self._facts if fact.seq > since] if since < self.head else []
            self._resumes[since] = self._batch(missed) if missed else None
        return self._resumes[since]

    def _batch(self, facts: Sequence[Fact]) -> Frame:
        now = {subject: self._forms[subject] for fact in facts for subject in fact.touches}
        return batch(self.head, clock.now(), (fact.body for fact in facts), now)

    def _keep(self, facts: Sequence[Fact], reading: Reading) -> None:
        for fact in facts:
            self._facts.append(fact)
            self._bytes += len(fact.body)
            for subject in fact.touches:
                self._uses[subject] += 1
                self._bytes -= len(self._forms.get(subject, b""))
                self._forms[subject] = reading.shown(self.view, subject)
                self._bytes += len(self._forms[subject])
        while len(self._facts) > MOST_EVENTS or (self._bytes > MOST_BYTES and len(self._facts) > len(facts)):
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        fact = self._facts.popleft()
        self.start = fact.seq
        self._bytes -= len(fact.body)
        for subject in fact.touches:
            self._uses[subject] -= 1
            if not self._uses[subject]:
                del self._uses[subject]
                self._bytes -= len(self._forms.pop(subject))
