"""Doing many acts on several connections at once, in the order that each case and each unit has."""

from __future__ import annotations

import heapq
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Act:
    """Something to do at its time. keys: the case and unit it concerns; of two with one key the first goes first."""

    at: datetime
    keys: tuple[Hashable, ...]
    do: Callable[[], None]


class Order:
    """Acts in the order given, which is that of time: an act starts when all before it with a key of its own are done.

    speed: how many seconds of the file pass in one; None: as fast as it goes.
    """

    def __init__(self, acts: Sequence[Act], *, speed: float | None = None) -> None:
        self._acts = acts
        self._speed = speed
        self._queues: dict[Hashable, deque[int]] = defaultdict(deque)
        for index, act in enumerate(acts):
            for key in act.keys:
                self._queues[key].append(index)
        self._ready = [index for index in range(len(acts)) if self._is_first(index)]
        heapq.heapify(self._ready)
        self._changed = threading.Condition()
        self._failure: BaseException | None = None
        self.done = 0

    def run(self, connections: int, progress: Callable[[int], None]) -> None:
        """Do all; raises what the first failing act raised.

        progress: called about once a second with how many are done.
        """
        self._begun = time.monotonic()
        threads = [threading.Thread(target=self._work, daemon=True) for _ in range(connections)]
        for thread in threads:
            thread.start()
        try:
            while any(thread.is_alive() for thread in threads):
                for thread in threads:
                    thread.join(1.0 / connections)
                progress(self.done)
        except BaseException as error:
            self._fail(error)
            raise
        if self._failure is not None:
            raise self._failure

    def _work(self) -> None:
        while (index := self._next()) is not None:
            try:
                self._acts[index].do()
            except BaseException as error:  # noqa: BLE001 - raised by `run`, in the thread that asked
                self._fail(error)
                return
            self._finish(index)

    def _next(self) -> int | None:
        """The earliest act that may start, waited for; None when there is no more."""
        with self._changed:
            while self._failure is None and self.done < len(self._acts):
                if not self._ready:
                    self._changed.wait()
                    continue
                wait = self._wait_seconds(self._ready[0])
                if wait <= 0:
                    return heapq.heappop(self._ready)
                self._changed.wait(wait)
            return None

    def _wait_seconds(self, index: int) -> float:
        if self._speed is None:
            return 0.0
        due = (self._acts[index].at - self._acts[0].at).total_seconds() / self._speed
        return due - (time.monotonic() - self._begun)

    def _finish(self, index: int) -> None:
        with self._changed:
            self.done += 1
            for key in self._acts[index].keys:
                queue = self._queues[key]
                queue.popleft()
                if queue and self._is_first(queue[0]):
                    heapq.heappush(self._ready, queue[0])
            self._changed.notify_all()

    def _is_first(self, index: int) -> bool:
        return all(self._queues[key][0] == index for key in self._acts[index].keys)

    def _fail(self, error: BaseException) -> None:
        with self._changed:
            self._failure = self._failure or error
            self._changed.notify_all()
