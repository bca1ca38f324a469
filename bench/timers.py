"""How late timers fire, and whether each fires exactly once, beside a bare loop that only claims rows."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg
from django.db import connection

from bench.results import Measure, Options, Result, percentile
from bench.timers_fixture import KIND
from core import clock, events, timers
from core.connections import bare_connection
from core.models import Event, Source, Timer
from launcher import connection as launcher

NEEDS = "database"

SIZE = 10_000
SECONDS = 20.0
SPREAD_SECONDS = 8.0
RATE = 50
WORKERS = 2
LEAD_SECONDS = 3.0  # to put ten thousand rows down before the first falls due
PATIENCE_SECONDS = 120.0

# The unavoidable part: take what is due and leave a mark; no subjects, no handler, no facts.
_BARE = """
WITH due AS (SELECT id FROM core_timer WHERE state = 'armed' AND due_at <= %s ORDER BY due_at LIMIT 200
                FOR UPDATE SKIP LOCKED),
     taken AS (UPDATE core_timer t SET state = 'fired', fired_at = clock_timestamp() FROM due WHERE t.id = due.id
               RETURNING t.id, t.due_at)
INSERT INTO bench_fired (timer, due_at, fired_at) SELECT id, due_at, clock_timestamp() FROM taken
"""


@dataclass(frozen=True, slots=True)
class Fired:
    """How a run went: lateness in milliseconds of each timer, and those that fired twice or never."""

    late: list[float]
    twice: int
    never: int


def run(options: Options) -> Result:
    """Measure four loads by the product's clocks, the same four by the bare loop."""
    size, seconds = options.size or SIZE, options.seconds or SECONDS
    _make_table()
    loads: dict[str, Callable[[datetime], list[datetime]]] = {
        "steady": lambda start: _evenly(start, int(RATE * seconds), seconds),
        "spread": lambda start: _evenly(start, size, SPREAD_SECONDS),
        "at once": lambda start: [start] * size,
    }
    with _bare_loop():
        bare = {name: _load(due_of) for name, due_of in loads.items()}
    with _workers():
        ours = {name: _load(due_of) for name, due_of in loads.items()}
    with _killed_clocks() as kill_counts:
        ours["killed"] = _load(loads["spread"])
    kills = kill_counts[0]
    p99 = {name: percentile(fired.late, 0.99) for name, fired in ours.items()}
    bare_p99 = {name: percentile(fired.late, 0.99) for name, fired in bare.items()}
    p50 = {name: percentile(fired.late, 0.5) for name, fired in ours.items()}
    bare_p50 = {name: percentile(fired.late, 0.5) for name, fired in bare.items()}
    last, bare_last = max(ours["at once"].late) / 1000, max(bare["at once"].late) / 1000
    wrong = sum(fired.twice + fired.never for fired in ours.values())
    return Result(
        "timers",
        [
            Measure(f"{RATE}/s, p99 late", "ms", p99["steady"], bare_p99["steady"], "<= 5", p99["steady"] <= 5),
            Measure(f"{RATE}/s, p50 late", "ms", p50["steady"], bare_p50["steady"]),
            Measure(f"{size:,} over {SPREAD_SECONDS:g} s, p50 late", "ms", p50["spread"], bare_p50["spread"]),
            Measure(f"{size:,} over {SPREAD_SECONDS:g} s, p99 late", "ms", p99["spread"], bare_p99["spread"]),
            Measure(
                f"the same, kill -9 x {kills}, p99 late", "ms", p99["killed"], bare_p99["spread"], "<= 50",
                p99["killed"] <= 50,
            ),
            Measure(f"{size:,} at once, the last late", "s", last, bare_last, "<= 1.5", last <= 1.5),
            Measure("fired twice or never", "timers", wrong, None, "0", wrong == 0),
        ],
    )  # fmt: skip


def _evenly(start: datetime, number: int, seconds: float) -> list[datetime]:
    return [start + timedelta(seconds=seconds * index / number) for index in range(number)]


def _load(due_of: Callable[[datetime], list[datetime]]) -> Fired:
    """Put the timers down, wait until they have fired, and read the marks."""
    with bare_connection("sigap bench") as look:
        look.execute("DELETE FROM bench_fired")
        facts = Event.objects.filter(kind="bench.fired").count()
        due = due_of(clock.now() + timedelta(seconds=LEAD_SECONDS))
        subjects = [Source(id=uuid.uuid4(), kind="bench", name=str(uuid.uuid4())) for _ in due]
        Source.objects.bulk_create(subjects, batch_size=1000)
        with events.transaction():
            timers.arm_many((KIND, f"source:{row.id}", at, {}) for row, at in zip(subjects, due, strict=True))
        deadline = time.monotonic() + PATIENCE_SECONDS
        while Timer.objects.filter(kind=KIND, state=Timer.State.ARMED).exists() and time.monotonic() < deadline:
            time.sleep(0.2)
        rows = look.execute("SELECT timer, extract(epoch FROM fired_at - due_at) * 1000 FROM bench_fired").fetchall()
    once = {timer for timer, _ in rows}
    stated = Event.objects.filter(kind="bench.fired").count() - facts
    twice = max(len(rows), stated) - len(once)
    return Fired([float(late) for _, late in rows], twice, len(due) - len(once))


def _make_table() -> None:
    pieces = launcher.database(os.environ, "owner")
    with psycopg.connect(
        dbname=pieces["NAME"],
        user=pieces["USER"],
        password=pieces["PASSWORD"],
        host=pieces["HOST"],
        port=pieces["PORT"],
    ) as owner:
        owner.execute("CREATE TABLE bench_fired (timer bigint, due_at timestamptz, fired_at timestamptz)")


@contextmanager
def _bare_loop() -> Iterator[None]:
    """The limit: one loop that sleeps until the earliest due time and claims."""
    ended = threading.Event()

    def claim() -> None:
        with bare_connection("sigap bare loop") as loop:
            while not ended.is_set():
                if loop.execute(_BARE, [clock.now()]).rowcount:
                    continue
                row = loop.execute("SELECT min(due_at) FROM core_timer WHERE state = 'armed'").fetchone()
                wait = (row[0] - clock.now()).total_seconds() if row and row[0] else 0.05
                ended.wait(min(max(wait, 0.0), 0.05))

    thread = threading.Thread(target=claim)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@contextmanager
def _workers() -> Iterator[None]:
    """Real Celery workers."""
    command = [sys.executable, "-m", "celery", "-A", "bench.timers_worker", "worker", "--pool", "threads"]
    command += ["--concurrency", "2", "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
    names = [f"worker{number}@bench" for number in range(WORKERS)]
    running = [subprocess.Popen([*command, "--hostname", name], stdin=subprocess.DEVNULL) for name in names]
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while Source.objects.filter(kind="worker", name__in=names).count() < WORKERS:
            if time.monotonic() > deadline or any(process.poll() is not None for process in running):
                raise RuntimeError("the workers didn't start")
            time.sleep(0.1)
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


@contextmanager
def _killed_clocks() -> Iterator[list[int]]:
    """Clocks that are killed; the list holds how often, once the block has ended."""
    kills: list[int] = []
    connection.close()
    process: subprocess.Popen[Any] = subprocess.Popen(
        [sys.executable, "-m", "bench.timers_killed"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    )
    try:
        process.stdout.readline()  # type: ignore[union-attr]
        yield kills
    finally:
        process.terminate()
        output, _ = process.communicate(timeout=30)
        kills.append(int(output.strip() or 0))
