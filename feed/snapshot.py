"""Reading the log and the forms it touches in one snapshot, so that a batch at seq N equals the board at seq N."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from core import event_log
from core.json_codec import dumps
from core.registry import Form, Registry
from feed.audiences import View, sees

# A gap wider than this is not sent fact by fact: a board is fetched instead.
MOST_EVENTS = 10_000

_AFTER = "SELECT seq, kind, subjects, body FROM core_event WHERE seq > %s ORDER BY seq LIMIT %s"


@dataclass(frozen=True, slots=True)
class Fact:
    """An event as the feed handles it. body: its JSON, as the log keeps it. touches: the things on boards it names."""

    seq: int
    kind: str
    subjects: tuple[str, ...]
    body: bytes
    touches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A thing's form at a reading's seq and its JSON."""

    form: Form[Any]
    text: bytes


@dataclass(frozen=True, slots=True)
class Reading:
    """All facts in (after, seq] and the forms at `seq` of what they touch; a thing off the board is missing."""

    after: int
    seq: int
    facts: Sequence[Fact]
    forms: Mapping[str, Standing]

    def shown(self, view: View, subject: str) -> bytes:
        """A thing's JSON as this view sees it: `null` where it isn't on its board."""
        standing = self.forms.get(subject)
        return standing.text if standing and sees(view, standing.form) else b"null"


@contextmanager
def snapshot_transaction() -> Iterator[None]:
    """One moment of the database for all reads inside; a transaction that is open already is used as it is."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def read_after(registry: Registry, seq: int | None) -> Reading:
    """Read what came after `seq` and the forms it touches; None: only where the log ends.

    More than MOST_EVENTS: the oldest are left out, and `after` shows it. A log that ends before `seq` is another log
    (a backup was restored): the answer is as for None.
    """
    with snapshot_transaction():
        if seq is None:
            return _nothing(event_log.last_seq())
        facts = _facts(registry, seq)
        if len(facts) > MOST_EVENTS:
            facts = _facts(registry, event_log.last_seq() - MOST_EVENTS)
        if not facts:
            return _nothing(event_log.last_seq())
        # Facts that retention has dropped are no longer there to be read: the reading begins behind them.
        return Reading(facts[0].seq - 1, facts[-1].seq, facts, _forms(registry, facts))


def _nothing(last: int) -> Reading:
    return Reading(last, last, (), {})


def _facts(registry: Registry, after: int) -> list[Fact]:
    kinds = {kind.prefix for kind in registry.kinds}
    with connection.cursor() as cursor:
        cursor.execute(_AFTER, [after, MOST_EVENTS + 1])
        return [
            Fact(
                seq=seq,
                kind=kind,
                subjects=tuple(subjects),
                body=body.encode(),
                touches=tuple(subject for subject in subjects if _names_a_thing(subject, kinds)),
            )
            for seq, kind, subjects, body in cursor
        ]


def _names_a_thing(subject: str, kinds: Collection[str]) -> bool:
    """Whether a subject is one of the board's things; one that is badly named must not stop the feed for all."""
    prefix, _, identifier = subject.partition(":")
    if prefix not in kinds:
        return False
    try:
        UUID(identifier)
    except ValueError:
        return False
    return True


def _forms(registry: Registry, facts: Sequence[Fact]) -> dict[str, Standing]:
    touched: dict[str, set[UUID]] = {}
    for fact in facts:
        for subject in fact.touches:
            prefix, _, identifier = subject.partition(":")
            touched.setdefault(prefix, set()).add(UUID(identifier))
    return {
        f"{kind.prefix}:{identifier}": Standing(form, dumps(form.body))
        for kind in registry.kinds
        if kind.prefix in touched
        for identifier, form in kind.read(touched[kind.prefix]).items()
    }
