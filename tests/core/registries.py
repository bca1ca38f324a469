"""A registry of a domain for tests: timers of kind `test.due` hang on source rows and leave marks in the log."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connection

from core import clock, events, timers
from core.models import Source, Timer
from core.registry import Registry, SystemFault, TimerHandler
from tests.sample_events import SampleEvent


@dataclass
class SampleDomain:
    """What the handlers did, and how they shall behave."""

    batches: list[list[str]] = field(default_factory=list)
    faults: list[SystemFault] = field(default_factory=list)
    bad: set[str] = field(default_factory=set)
    again_seconds: int | None = None

    def fired(self):
        return [subject for batch in self.batches for subject in batch]

    def lock(self, subjects):
        ids = [subject.partition(":")[2] for subject in subjects]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM core_source WHERE id = ANY(%s::uuid[]) ORDER BY id FOR UPDATE SKIP LOCKED", [ids]
            )
            return {f"source:{row[0]}" for row in cursor.fetchall()}

    def fire(self, due, now):
        self.batches.append([timer.subject for timer in due])
        for timer in due:
            events.append(
                SampleEvent.TEST_FIRED, actor="system:clock", subjects=[timer.subject], data={"timer": timer.id}, at=now
            )
            if self.again_seconds is not None:
                timers.arm(timer.kind, timer.subject, now + timedelta(seconds=self.again_seconds))
        if bad := self.bad & {timer.subject for timer in due}:
            raise ZeroDivisionError(min(bad))

    def registry(self, *kinds, **parts):
        handler = TimerHandler(lock=self.lock, fire=self.fire)
        return Registry(
            kinds=(),
            timers=dict.fromkeys(kinds or ("test.due",), handler),
            positions=lambda _ids: [],
            kpis=dict,
            recipients=parts.pop("recipients", lambda _targets: {}),
            health=parts.pop("health", {}),
            on_fault=self.faults.append,
            **parts,
        )


def make_subjects(number=1):
    rows = [Source(id=uuid.uuid4(), kind="test", name=str(uuid.uuid4())) for _ in range(number)]
    Source.objects.bulk_create(rows)
    return [f"source:{row.id}" for row in rows]


def arm(*subjects, kind="test.due", seconds=0.0):
    due_at = clock.now() + timedelta(seconds=seconds)
    with events.transaction():
        timers.arm_many((kind, subject, due_at, {}) for subject in subjects)
    return due_at


def states(subject):
    return sorted(Timer.objects.filter(subject=subject).values_list("state", flat=True))
