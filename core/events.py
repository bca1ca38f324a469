"""The event log's two functions: `transaction()` opens every write, `append()` states what it did."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db import transaction as django_transaction

from core import clock
from core.event_kinds import LATE, CoreEvent, EventKind

_APPEND = "SELECT sigap_append(%s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s)"


@dataclass(slots=True)
class Fact:
    """A fact that waits for its place in the log. `seq` is None until the outermost transaction has written it."""

    kind: EventKind
    actor: str
    desk: str | None
    subjects: list[str]
    at: datetime
    data: dict[str, Any]
    seq: int | None = None


@dataclass(slots=True)
class Transaction:
    """What one write has to say, collected until its last statement."""

    facts: list[Fact] = field(default_factory=list)


class _Open(threading.local):
    current: Transaction | None = None


_open = _Open()


@contextmanager
def transaction() -> Iterator[Transaction]:
    """Open a write, or join the one that is open; the outermost appends all collected facts last, then commits.

    It is the only way to open a write. An exception in a joined block spoils the whole: nothing is half written.
    Domain code runs in one thread, so the open transaction is a thread's own.
    """
    if _open.current is not None:
        with django_transaction.atomic(savepoint=False):
            yield _open.current
        return
    with django_transaction.atomic():
        opened = _open.current = Transaction()
        try:
            yield opened
            if opened.facts:
                _write(opened.facts)
        finally:
            _open.current = None


def append(
    kind: EventKind,
    *,
    actor: str,
    subjects: Iterable[str],
    desk: str | None = None,
    at: datetime | None = None,
    data: Mapping[str, Any] | None = None,
) -> Fact:
    """State a fact inside `transaction()`.

    kind: a member of the app's EventKind. actor: "user:UUID", "key:UUID", "system:clock" or "demo".
    subjects: every thing whose form it changes, and each agency and unit that has, or with this loses, a part in it.
    at: when it happened (default: now); more than 60 s ago marks the fact late. data: ids, codes, integers, times
    (aware datetimes become UTC text); no floats, no words of persons.
    Raises RuntimeError outside a transaction, TypeError for a float and, in tests, for data that is not the kind's.
    """
    if _open.current is None:
        raise RuntimeError(f"{kind} stated outside core.events.transaction()")
    received_at = clock.now()
    happened_at = at or received_at
    body = dict(data or {})
    if received_at - happened_at > clock.LATE_AFTER:
        body[LATE] = True
    if settings.SIGAP_TESTING:
        kind.check(body)
    fact = Fact(kind=kind, actor=actor, desk=desk, subjects=sorted(set(subjects)), at=happened_at, data=_plain(body))
    _open.current.facts.append(fact)
    return fact


def reset_feed(*, actor: str, centre: UUID, why: EventKind, desk: str | None = None) -> Fact:
    """State inside `transaction()` that many forms changed at once, so that every client fetches its board anew.

    why: the kind of the event that made it needful.
    """
    return append(CoreEvent.FEED_RESET, actor=actor, desk=desk, subjects=[f"centre:{centre}"], data={"why": why})


def is_open() -> bool:
    """Whether this thread is inside `transaction()`."""
    return _open.current is not None


def canonical(value: Any) -> str:
    """The one JSON text of a value: sorted keys, no spaces, no floats."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def utc_text(moment: datetime) -> str:
    """A moment as the log writes it: UTC with microseconds and a Z."""
    # isoformat and not strftime, whose %Y leaves the zeros of the years before 1000 out.
    return moment.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def micro_degrees(degrees: float | None) -> int | None:
    """A coordinate as the log keeps it: integer 1e-7 degrees."""
    return None if degrees is None else round(degrees * 10_000_000)


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        raise TypeError("the log keeps no floats: give integers (micro_degrees, seconds)")
    if isinstance(value, datetime):
        return utc_text(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)


def _write(facts: list[Fact]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _APPEND,
            [
                [fact.at for fact in facts],
                [fact.actor for fact in facts],
                [fact.desk for fact in facts],
                [fact.kind.value for fact in facts],
                [canonical(fact.subjects) for fact in facts],
                [canonical(fact.data) for fact in facts],
                clock.offset_seconds(),
            ],
        )
        last = cursor.fetchone()[0]
    for index, fact in enumerate(facts):
        fact.seq = last - len(facts) + 1 + index
