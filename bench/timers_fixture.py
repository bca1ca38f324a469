"""The domain of the timers' bench: deadlines of kind `bench.due` on source rows, each firing a fact and a mark."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from bench.events import BenchEvent
from core import events
from core.models import Timer
from core.registry import Registry, TimerHandler

KIND = "bench.due"


def lock(subjects: Sequence[str]) -> set[str]:
    """Lock the source rows, as every handler locks its subjects."""
    ids = [subject.partition(":")[2] for subject in subjects]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM core_source WHERE id = ANY(%s::uuid[]) ORDER BY id FOR UPDATE SKIP LOCKED", [ids]
        )
        return {f"source:{row[0]}" for row in cursor.fetchall()}


def fire(due: Sequence[Timer], now: datetime) -> None:
    """Mark each firing with the database's own clock, and state it as a fact."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bench_fired (timer, due_at, fired_at)"
            " SELECT timer, due_at, clock_timestamp() FROM unnest(%s::bigint[], %s::timestamptz[]) AS t(timer, due_at)",
            [[timer.id for timer in due], [timer.due_at for timer in due]],
        )
    for timer in due:
        events.append(BenchEvent.BENCH_FIRED, actor="system:clock", subjects=[timer.subject], at=now)


REGISTRY = Registry(
    kinds=(),
    timers={KIND: TimerHandler(lock=lock, fire=fire)},
    positions=lambda _ids: [],
    kpis=dict,
    recipients=lambda _targets: {},
    health={},
)
