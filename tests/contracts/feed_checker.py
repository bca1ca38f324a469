"""An eye on every write: after each commit the feed's equation must hold, and nothing may follow the append."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, get_args, get_type_hints

import pytest
from pydantic import TypeAdapter

from accounts.models import Agency
from config.api import Board
from config.registry import registry
from core import event_log, events
from core.event_kinds import CoreEvent
from core.json_codec import dumps
from core.models import Event
from core.registry import Form
from feed.audiences import CENTRE, View, receives, sees
from feed.board import snapshot
from feed.snapshot import read_after
from tests.contracts.world import MARK
from tests.statements import record_statements
from units.models import Unit

LISTS = ("calls", "incidents", "units", "alarms", "operators")
PREFIX = {kind.plural: kind.prefix for kind in registry.kinds}
# The schema of each board item by its subject's prefix, as the OpenAPI document has it for `GET board`.
SCHEMAS = {
    kind.prefix: TypeAdapter(get_args(get_type_hints(Board, include_extras=True)[kind.plural])[0])
    for kind in registry.kinds
}
NUMBER_MARK = "812309"


def things_of(view: View) -> tuple[int, dict[str, Any]]:
    """The board of a view as a client keeps it: its seq and its things by subject."""
    board = json.loads(snapshot(registry, view))
    return board["seq"], {f"{PREFIX[plural]}:{thing['id']}": thing for plural in LISTS for thing in board[plural]}


def standing_things() -> dict[str, tuple[Form[Any], Any]]:
    """Everything that stands on boards now: its form, with who has a part in it, and the form as it travels."""
    return {
        f"{kind.prefix}:{identifier}": (form, json.loads(dumps(form.body)))
        for kind in registry.kinds
        for identifier, form in kind.read(None).items()
    }


def fields_of(value: Any) -> Any:
    """The names of all fields of a JSON value, without their values."""
    if isinstance(value, dict):
        return {name: fields_of(part) for name, part in value.items()}
    return [fields_of(part) for part in value] if isinstance(value, list) else None


def check_board_item(subject: str, body: Any) -> None:
    """A board item has the types of its schema, and exactly the fields of it."""
    schema: TypeAdapter[Any] = SCHEMAS[subject.partition(":")[0]]
    known = json.loads(schema.dump_json(schema.validate_json(json.dumps(body), strict=True)))
    assert fields_of(body) == fields_of(known), subject


def locks_a_key(sql: str) -> bool:
    """Whether a statement locks rows with their keys: who writes a row that points to them would have to wait.

    Nothing points to alarms, timers and what core keeps.
    """
    return "FOR UPDATE" in sql and "FOR NO KEY UPDATE" not in sql and not re.search(r'FROM "?(alarms|core)_', sql)


class Eye:
    """Clients of several views, kept up to date by facts alone and compared with the boards after each commit."""

    def __init__(self) -> None:
        agencies = Agency.objects.filter(code__in=["DAMKAR", "PSC119", "POLRES", "PLN"])
        crews = Unit.objects.filter(callsign__in=["DMK1", "DMK2"])
        views = [CENTRE, *(View("agency", row.id) for row in agencies), *(View("crew", row.id) for row in crews)]
        self.clients = {view: things_of(view)[1] for view in views}
        self.seq = event_log.last_seq()
        self.kinds: list[str] = []

    def look(self) -> None:
        """Apply what came since and compare with what stands, in every view."""
        reading = read_after(registry, self.seq)
        standing = standing_things()
        for subject, (_, body) in standing.items():
            check_board_item(subject, body)
        self.kinds += [fact.kind for fact in reading.facts]
        if any(fact.kind == CoreEvent.FEED_RESET for fact in reading.facts):  # every client fetches its board anew
            self.clients = {view: things_of(view)[1] for view in self.clients}
            self.seq = reading.seq
            return
        for view, things in self.clients.items():
            received = [fact for fact in reading.facts if receives(view, fact.subjects)]
            for subject in {subject for fact in received for subject in fact.touches}:
                form = json.loads(reading.shown(view, subject))
                if form is None:
                    things.pop(subject, None)
                else:
                    things[subject] = form
            self._compare(view, {subject: body for subject, (form, body) in standing.items() if sees(view, form)})
        self.seq = reading.seq

    def look_at_boards(self) -> None:
        """Compare with the boards themselves, as GET board answers them."""
        for view in self.clients:
            seq, board = things_of(view)
            assert seq == self.seq
            self._compare(view, board)

    def _compare(self, view: View, board: dict[str, Any]) -> None:
        things = self.clients[view]
        differing = {
            subject: {"fed": things.get(subject), "board": board.get(subject)}
            for subject in things.keys() | board.keys()
            if things.get(subject) != board.get(subject)
        }
        assert not differing, (view, self.kinds[-5:], differing)


@contextmanager
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[Eye]:
    """Watch every `core.events.transaction()` of this thread, from its opening to what stands after its end."""
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
        assert not [sql for sql in statements.seen if locks_a_key(sql)], "rows that others point to: no_key=True"
        eye.look()

    monkeypatch.setattr(events, "transaction", transaction)
    yield eye


def words_in_the_log() -> list[str]:
    """Events that hold a person's text, name or number."""
    return [event.body for event in Event.objects.order_by("seq") if MARK in event.body or NUMBER_MARK in event.body]
