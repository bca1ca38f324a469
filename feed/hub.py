"""The hub: one a process. It takes readings, sends them to every socket, and lets sockets in at their seq."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from core import clock
from core.event_kinds import CoreEvent
from core.json_codec import loads
from core.registry import Registry
from feed.audiences import Admission, View
from feed.frames import RESET, beat
from feed.poller import LOOK_SECONDS, Poller
from feed.snapshot import MOST_EVENTS, Fact, Reading
from feed.sockets import Socket
from feed.subscribers import TRY_AGAIN_LATER, Subscribers
from feed.telemetry import Telemetry, call_in_loop

_log = structlog.get_logger(__name__)
NORMAL = 1000
SIGNED_OUT = 4401
# How long a process may be behind a client that comes from a faster one.
BEHIND_SECONDS = 2.0
UNREADY_SECONDS = 10.0
# Facts that end sockets: whoever is named is signed out, or signed in as somebody else now.
# The kinds of accounts, which stands above the feed.
ENDS = frozenset({"session.ended", "key.revoked"})
HARMLESS_CHANGES = frozenset({"name", "language", "email", "first_steps"})
_RECENT_ENDS = 10_000


@dataclass(slots=True)
class Subscription:
    """A socket with who holds it. since: its seq while it still waits to be let in."""

    socket: Socket
    admission: Admission
    since: int
    asked_at: float
    positions_since: datetime | None = None
    built: bool = False


class Hub:
    """Everything but `start` and `figures` is called in the event loop's thread."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self.head: int | None = None
        self._floor = 0
        self._subscribers: dict[View, Subscribers] = {}
        self._subscriptions: dict[Socket, Subscription] = {}
        self._waiting: list[Subscription] = []
        self._watched: dict[str, set[Socket]] = {}
        self._ended: dict[str, int] = {}
        self._read_at = 0.0
        self._counts = {"slow": 0, "resets": 0}
        self._ticker: asyncio.Task[None] | None = None  # held here: the loop itself holds tasks weakly
        self._poller: Poller | None = None
        self.telemetry: Telemetry | None = None

    async def start(self) -> None:
        """Begin to listen and to read; it doesn't wait for the database."""
        if self._poller is not None:
            return
        global _running  # noqa: PLW0603 - one a process, for health and metrics
        _running = self
        loop = asyncio.get_running_loop()
        self._poller = Poller(self._registry, lambda reading: call_in_loop(loop, self.publish, reading))
        self.telemetry = Telemetry(self._registry, loop, self._subscribers)
        self._poller.start()
        self.telemetry.start()
        self._ticker = loop.create_task(self._tick_for_ever())

    async def stop(self) -> None:
        """End the threads and close every socket: the clients come back elsewhere."""
        for socket in list(self._subscriptions):
            self.leave(socket)
            socket.close(TRY_AGAIN_LATER)
        if self._ticker is not None:
            self._ticker.cancel()
        for part in (self._poller, self.telemetry):
            if part is not None:
                await asyncio.to_thread(part.stop)

    def join(
        self,
        socket: Socket,
        admission: Admission,
        *,
        since: int | None,
        admitted_at: int | None,
        positions_since: datetime | None = None,
    ) -> None:
        """Let a socket in where its `since` allows; else send it a reset.

        admitted_at: the head before `admission` was judged; what ended the admission after that closes it now.
        positions_since: the moment up to which the client knows where units are.
        """
        if any(self._ended.get(subject, -1) > (admitted_at or 0) for subject in admission.watches):
            socket.close(SIGNED_OUT)
            return
        subscription = Subscription(socket, admission, since or 0, time.monotonic(), positions_since)
        self._subscriptions[socket] = subscription
        for subject in admission.watches:
            self._watched.setdefault(subject, set()).add(socket)
        if since is None:
            self._reset([subscription])
            return
        self._waiting.append(subscription)
        self._serve_waiting()

    def leave(self, socket: Socket) -> None:
        """Forget a socket that has gone."""
        subscription = self._subscriptions.pop(socket, None)
        if subscription is None:
            return
        for subject in subscription.admission.watches:
            holders = self._watched[subject]
            holders.discard(socket)
            if not holders:
                del self._watched[subject]
        if subscription in self._waiting:
            self._waiting.remove(subscription)
        if group := self._subscribers.get(subscription.admission.view):
            group.sockets.discard(socket)

    def publish(self, reading: Reading) -> None:
        """Send a reading to every socket."""
        try:
            self._read_at = time.monotonic()
            if self.head is None:
                self.head = reading.seq
            elif reading.seq < self.head or reading.after > self.head:
                _log.warning("feed.gap", head=self.head, after=reading.after, seq=reading.seq)
                self.head = reading.seq
                self._reset_all()
            else:
                self._broadcast(reading, self.head)
            self._serve_waiting(reading)
        finally:
            if self._poller is not None:
                self._poller.published()

    def figures(self) -> dict[str, Any]:
        """The figures of this process's feed, for health and metrics."""
        sockets: dict[str, int] = {"centre": 0, "agency": 0, "crew": 0}
        for view, group in list(self._subscribers.items()):
            sockets[view.kind] += len(group.sockets)
        read_seconds_ago = time.monotonic() - self._read_at if self._read_at else None
        return {"head": self.head, "read_seconds_ago": read_seconds_ago, "sockets": sockets, **self._counts}

    def _broadcast(self, reading: Reading, head: int) -> None:
        new = [fact for fact in reading.facts if fact.seq > head]
        self._close_ended(new)
        self.head = reading.seq
        at = clock.now()
        for group in list(self._subscribers.values()):
            frame = group.buffer.extend(reading)
            if frame is None and time.monotonic() - group.head_sent_at > LOOK_SECONDS * 0.95:
                frame = beat(reading.seq, at)
            if frame is not None and group.sockets:
                self._forget_slow(group.publish_head(frame))
        resets = [fact.seq for fact in new if fact.kind == CoreEvent.FEED_RESET]
        if resets:
            self._floor = resets[-1]
            self._reset_all()

    def _serve_waiting(self, reading: Reading | None = None) -> None:
        """Let in those whose turn has come; ask the poller for what is missing for the others."""
        if not self._waiting or self.head is None:
            return
        if reading is not None:
            self._build(reading)
        still: list[Subscription] = []
        refused: list[Subscription] = []
        waiting, self._waiting = self._waiting, []  # who has gone leaves, and must take nobody's turn along
        for subscription in waiting:
            age = time.monotonic() - subscription.asked_at
            buffer = self._group(subscription.admission.view).buffer
            if subscription.since < self._floor or self.head - subscription.since > MOST_EVENTS:
                refused.append(subscription)
            elif subscription.since > self.head:
                (still if age < BEHIND_SECONDS else refused).append(subscription)
            elif buffer.covers(subscription.since):
                self._let_in(subscription)
            else:
                (refused if subscription.built else still).append(subscription)
        self._waiting = still
        self._reset(refused)
        missing = [subscription.since for subscription in still]
        if missing and self._poller is not None:
            self._poller.want(min(missing))

    def _build(self, reading: Reading) -> None:
        """Rebuild the buffers too short for a waiting subscription, from a reading that reaches back far enough."""
        for fact in reading.facts:
            if fact.kind == CoreEvent.FEED_RESET:
                self._floor = max(self._floor, fact.seq)
        for subscription in self._waiting:
            buffer = self._group(subscription.admission.view).buffer
            if reading.after <= subscription.since < buffer.start:
                buffer.rebuild(reading)
                subscription.built = True

    def _let_in(self, subscription: Subscription) -> None:
        group = self._group(subscription.admission.view)
        frame = group.buffer.after(subscription.since)
        if frame is None:
            frame = beat(group.buffer.head, clock.now())
        if not subscription.socket.write_resume(frame):
            self.leave(subscription.socket)
            return
        group.sockets.add(subscription.socket)
        if self.telemetry is not None:
            self.telemetry.send_recent(subscription.socket, group.view, subscription.positions_since)

    def _group(self, view: View) -> Subscribers:
        group = self._subscribers.get(view)
        if group is None:
            group = self._subscribers[view] = Subscribers(view, self.head or 0)
        return group

    def _close_ended(self, facts: Iterable[Fact]) -> None:
        for fact in facts:
            for subject in ended_by(fact):
                self._ended.pop(subject, None)
                self._ended[subject] = fact.seq
                for socket in list(self._watched.get(subject, ())):
                    self.leave(socket)
                    socket.close(SIGNED_OUT)
        while len(self._ended) > _RECENT_ENDS:
            del self._ended[next(iter(self._ended))]

    def _forget_slow(self, slow: Iterable[Socket]) -> None:
        for socket in slow:
            self._counts["slow"] += 1
            self.leave(socket)

    def _reset(self, subscriptions: Iterable[Subscription]) -> None:
        for subscription in subscriptions:
            self._counts["resets"] += 1
            self.leave(subscription.socket)
            subscription.socket.write(RESET)
            subscription.socket.close(NORMAL)

    def _reset_all(self) -> None:
        joined = [self._subscriptions[socket] for group in self._subscribers.values() for socket in group.sockets]
        self._subscribers.clear()
        self._reset(joined)

    async def _tick_for_ever(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                self._tick()
            except Exception:  # noqa: BLE001 - the next second must come
                _log.exception("feed.tick_failed")

    def _tick(self) -> None:
        now = clock.now()
        for subscription in list(self._subscriptions.values()):
            expires_at = subscription.admission.expires_at
            if expires_at is not None and expires_at <= now:
                self.leave(subscription.socket)
                subscription.socket.close(SIGNED_OUT)
        if self.head is None:
            for subscription in [
                subscription
                for subscription in self._waiting
                if time.monotonic() - subscription.asked_at > UNREADY_SECONDS
            ]:
                self.leave(subscription.socket)
                subscription.socket.close(TRY_AGAIN_LATER)
        self._serve_waiting()
        for view in [view for view, group in self._subscribers.items() if group.is_left()]:
            del self._subscribers[view]


def ended_by(fact: Fact) -> list[str]:
    """The subjects whose sockets a fact ends: a session, a key, or a person whose rights have changed."""
    if fact.kind in ENDS:
        return [subject for subject in fact.subjects if subject.startswith(("session:", "key:"))]
    if fact.kind == "user.changed":
        fields = loads(fact.body)["data"].get("fields")
        if fields is None or not HARMLESS_CHANGES.issuperset(fields):
            return [subject for subject in fact.subjects if subject.startswith("user:")]
    return []


def running() -> Hub | None:
    """This process's hub, where it has one."""
    return _running


_running: Hub | None = None
