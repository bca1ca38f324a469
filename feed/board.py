"""The board: everything open, as one view sees it, in one snapshot with its seq."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.http import HttpResponse

from core import clock, event_log
from core.json_codec import dumps
from core.registry import Registry
from feed.audiences import View, sees
from feed.snapshot import snapshot_transaction

# Positions and figures change without an event: at the same seq a board is good for so long.
FRESH_SECONDS = 0.2
# In a rush a board is made at most so often, as a multiple of what the last one took, and for all who wait together.
BREATH = 3


def snapshot(registry: Registry, view: View) -> bytes:
    """Read a board now: the JSON text of `GET board`."""
    return dumps(_read(registry, view))


def board_response(registry: Registry, view: View) -> HttpResponse:
    """The answer to GET board. What was committed before the request came is in it.

    Who asks while a board is being made waits for the next one and shares it: a thousand who come back together cost
    a few snapshots.
    """
    if connection.in_atomic_block:  # a caller's own transaction sees what nobody else does: nothing to share
        text = snapshot(registry, view)
    else:
        text = _shared.setdefault((str(connection.settings_dict["NAME"]), view), _Shared()).get(registry, view)
    return HttpResponse(text, content_type="application/json", headers={"Cache-Control": "no-store"})


def _read(registry: Registry, view: View) -> dict[str, Any]:
    with snapshot_transaction():
        board: dict[str, Any] = {"seq": event_log.last_seq(), "at": clock.now()}
        for kind in registry.kinds:
            board[kind.plural] = [form.body for form in kind.read(None).values() if sees(view, form)]
        board["positions"] = [row for form, row in registry.positions(None) if sees(view, form)]
        board["kpis"] = registry.kpis() if view.kind == "centre" else None
    return board


@dataclass(slots=True)
class _Made:
    number: int
    text: bytes
    seq: int
    made_at: float
    took_seconds: float


@dataclass(slots=True)
class _Shared:
    """One view's board in this process. number: counts the makings, so that who waits knows which is new enough."""

    turn: threading.Condition = field(default_factory=threading.Condition)
    begun: int = 0
    busy: bool = False
    made: _Made | None = None

    def get(self, registry: Registry, view: View) -> bytes:
        made = self.made
        if made and time.monotonic() - made.made_at < FRESH_SECONDS and event_log.last_seq() == made.seq:
            return made.text
        connection.close()  # back to the pool: who waits here must not keep one from who makes the board
        with self.turn:
            needed = self.begun + 1  # one that is being made now may have been read before our request came
            while True:
                if self.made and self.made.number >= needed:
                    return self.made.text
                if not self.busy:
                    break
                self.turn.wait(timeout=30)
            self.busy = True
        try:
            return self._make(registry, view)
        finally:
            with self.turn:
                self.busy = False
                self.turn.notify_all()

    def _make(self, registry: Registry, view: View) -> bytes:
        if self.made:
            rest = self.made.made_at + min(BREATH * self.made.took_seconds, FRESH_SECONDS) - time.monotonic()
            time.sleep(max(0.0, rest))
        with self.turn:
            self.begun += 1
            number = self.begun
        began_at = time.monotonic()
        board = _read(registry, view)
        text = dumps(board)
        now = time.monotonic()
        self.made = _Made(number, text, board["seq"], now, now - began_at)
        return text


_shared: dict[tuple[str, View], _Shared] = {}
