"""Reading the event log: what came after a seq, and whether the chain holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F

from core import events
from core.models import Checkpoint, Event

GENESIS = b""


def last_seq() -> int:
    """The seq of the newest fact; 0 in an empty log."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM core_event ORDER BY seq DESC LIMIT 1")
        row = cursor.fetchone()
    if row:
        return int(row[0])
    checkpoint = Checkpoint.objects.order_by("-seq").first()
    return checkpoint.seq if checkpoint else 0


def first_seq() -> int:
    """The seq of the oldest fact kept; 0 in an empty log."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM core_event ORDER BY seq LIMIT 1")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def seq_at(moment: datetime) -> int:
    """The seq of the last fact recorded at or before a moment; the one before the oldest kept where there is none.

    Found by halving: along seq `recorded_at` never goes back (the append function), and no index holds it.
    """
    high = last_seq()
    low = first_seq() - 1 if Event.objects.exists() else high
    facts = Event.objects.order_by("seq").values_list("seq", "recorded_at")
    while low < high:
        seq, recorded_at = facts.filter(seq__gte=(low + high + 1) // 2)[0]
        if recorded_at <= moment:
            low = seq
        else:
            high = (low + high + 1) // 2 - 1
    return low


def since(seq: int, *, limit: int = 1000) -> list[Event]:
    """The facts after `seq`, in order, at most `limit`."""
    return list(Event.objects.filter(seq__gt=seq).order_by("seq").defer("body", "hash")[:limit])


def about(subject: str) -> list[Event]:
    """All events of one subject ("incident:<uuid>"), in the order in which they happened."""
    return list(Event.objects.filter(subjects__contains=[subject]).order_by("at", "seq").defer("body", "hash"))


def newest_about(subject: str, most: int) -> list[Event]:
    """The last events of one subject, the newest first: a unit has many.

    Ordered by an expression: by `seq` alone the planner walks the log backwards until it has found enough, which for
    a subject with few events is the whole log.
    """
    found = Event.objects.filter(subjects__contains=[subject]).order_by((F("seq") + 0).desc())
    return list(found.defer("body", "hash")[:most])


def wire(event: Event) -> dict[str, Any]:
    """An event as it travels."""
    return {
        "seq": event.seq,
        "at": event.at,
        "recorded_at": event.recorded_at,
        "actor": event.actor,
        "desk": event.desk,
        "kind": event.kind,
        "subjects": event.subjects,
        "data": event.data,
    }


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk over the chain found: how many facts, up to which seq and hash, and the first bad seq."""

    checked: int
    last: int
    last_hash: bytes
    bad: int | None = None
    reason: str = ""


def verify(*, start: int | None = None, anchor: tuple[int, bytes] | None = None) -> Verdict:
    """Walk the hash chain: each body must hash to its hash, follow the one before and equal its columns.

    start: the first seq to check (its predecessor's stored hash is believed); None begins at the checkpoint.
    anchor: a seq and hash noted earlier; the chain must still contain it, wherever the walk begins.
    """
    seq, previous = _before(start)
    if anchor and anchor[0] <= seq and (reason := _misses(anchor)):
        return Verdict(0, seq, previous, anchor[0], reason)
    checked = 0
    for event in _walk(seq):
        fault = _fault(event, seq, previous)
        if fault is None and anchor and event.seq == anchor[0] and bytes(event.hash) != anchor[1]:
            fault = "the anchor's hash is another"
        if fault:
            return Verdict(checked, seq, previous, event.seq if fault != "gap" else seq + 1, fault)
        seq, previous, checked = event.seq, bytes(event.hash), checked + 1
    if anchor and seq < anchor[0]:
        return Verdict(checked, seq, previous, seq + 1, "the log ends before the anchor")
    return Verdict(checked, seq, previous)


def _before(start: int | None) -> tuple[int, bytes]:
    if start is not None and start > 1:
        row = Event.objects.filter(seq=start - 1).first()
        if row:
            return row.seq, bytes(row.hash)
    checkpoint = Checkpoint.objects.order_by("-seq").first()
    return (checkpoint.seq, bytes(checkpoint.hash)) if checkpoint else (0, GENESIS)


def _misses(anchor: tuple[int, bytes]) -> str:
    """What is wrong with an anchor that lies before the walk; "" if the row, or the checkpoint, is as it was noted."""
    row = Event.objects.filter(seq=anchor[0]).first() or Checkpoint.objects.filter(seq=anchor[0]).first()
    if row is None:
        return "the anchor lies before the log's start"
    return "" if bytes(row.hash) == anchor[1] else "the anchor's hash is another"


def _walk(seq: int, step: int = 5000) -> Iterator[Event]:
    while True:
        rows = list(Event.objects.filter(seq__gt=seq).order_by("seq")[:step])
        if not rows:
            return
        yield from rows
        seq = rows[-1].seq


def _fault(event: Event, seq: int, previous: bytes) -> str | None:
    if event.seq != seq + 1:
        return "gap"
    if hashlib.sha256(previous + event.body.encode()).digest() != bytes(event.hash):
        return "the hash doesn't fit"
    if json.loads(event.body) != columns_of(event):
        return "a column differs from the body"
    return None


def columns_of(event: Event) -> dict[str, Any]:
    """What an event's body holds: all columns but itself and its hash."""
    return {
        "seq": event.seq,
        "at": events.utc_text(event.at),
        "recorded_at": events.utc_text(event.recorded_at),
        "actor": event.actor,
        "desk": event.desk,
        "kind": event.kind,
        "subjects": event.subjects,
        "data": event.data,
    }
