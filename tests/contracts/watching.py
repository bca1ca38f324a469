"""An eye on every write: after each commit the feed's equation must hold, and nothing may follow the append."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from accounts.models import Agency
from config.registry import registry
from core import events
from core.feed.board import snapshot
from core.feed.reading import read_after
from core.feed.views import CENTRE, View, is_told
from core.models import Event
from tests.contracts.world import MARK
from tests.statements import record_statements
from units.models import Unit

LISTS = ("calls", "incidents", "units", "alarms", "operators")
PREFIX = {kind.plural: kind.prefix for kind in registry.kinds}
NUMBER_MARK = "812309"


def things_of(view: View) -> tuple[int, dict[str, Any]]:
    """The board of a view as a client keeps it: its seq and its things by subject."""
    board = json.loads(snapshot(registry, view))
    return board["seq"], {f"{PREFIX[plural]}:{thing['id']}": thing for plural in LISTS for thing in board[plural]}


class Eye:
    """Clients of several views, kept up to date by facts alone and compared with the boards after each commit."""

    def __init__(self) -> None:
        agencies = Agency.objects.filter(code__in=["DAMKAR", "PSC119", "POLRES", "PLN"])
        crews = Unit.objects.filter(callsign__in=["DMK1", "DMK2"])
        views = [CENTRE, *(View("agency", row.id) for row in agencies), *(View("crew", row.id) for row in crews)]
        self.clients = {view: things_of(view) for view in views}
        self.kinds: list[str] = []

    def look(self) -> None:
        """Apply what came since and compare with the board, in every view."""
        for view, (seq, things) in self.clients.items():
            reading = read_after(registry, seq)
            told = [fact for fact in reading.facts if is_told(view, fact.subjects)]
            for subject in {subject for fact in told for subject in fact.touches}:
                form = json.loads(reading.shown(view, subject))
                if form is None:
                    things.pop(subject, None)
                else:
                    things[subject] = form
            if view == CENTRE:
                self.kinds += [fact.kind for fact in reading.facts]
            board_seq, board = things_of(view)
            assert board_seq == reading.seq
            differing = {
                subject: {"fed": things.get(subject), "board": board.get(subject)}
                for subject in things.keys() | board.keys()
                if things.get(subject) != board.get(subject)
            }
            assert not differing, (view, [fact.kind for fact in reading.facts], differing)
            self.clients[view] = (reading.seq, things)


@contextmanager
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[Eye]:
    """Watch every `core.events.transaction()` of this thread, from its opening to what stands after its commit."""
    eye = Eye()
    original = events.transaction

    @contextmanager
    def transaction() -> Iterator[Any]:
        if events.is_open():
            with original() as joined:
                yield joined
            return
        with record_statements() as statements, original() as opened:
            yield opened
        assert statements.appends <= 1, "facts are written in one call"
        assert statements.after_append == [], "nothing may follow the append"
        if not connection.in_atomic_block:
            eye.look()

    monkeypatch.setattr(events, "transaction", transaction)
    yield eye


def words_in_the_log() -> list[str]:
    """Facts that hold what a person said or who they are."""
    return [
        event.body for event in Event.objects.order_by("seq") if MARK in event.body or NUMBER_MARK in event.body
    ]
