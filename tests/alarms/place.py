"""A subject under a rule of the tests' own: subjects are text, and the test sets which conditions stand."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from datetime import timedelta

from accounts.queries import default_centre
from alarms.actions import watch
from alarms.conditions import Rule, Standing
from alarms.models import Alarm
from alarms.timers import handlers
from config.registry import registry as shipped
from core import clock as time
from core import events
from core.firing.rounds import fire_due
from core.models import Event
from core.registry import Registry
from tests.conftest import Clock

SUBJECT = "incident:00000000-0000-4000-8000-000000000001"
RULE = 2


class Place:
    """One subject under rule 2: whether it stands, its priority, and the clock that fires it."""

    def __init__(self, clock: Clock, number: int = RULE) -> None:
        self.clock, self.number = clock, number
        self.standing: dict[str, Standing] = {SUBJECT: Standing(default_centre().id, priority=1)}
        rule = Rule(number, lock=set, standing=self.those_standing)
        self.registry: Registry = dataclasses.replace(shipped, timers=handlers([rule]))

    def those_standing(self, subjects: Collection[str]) -> dict[str, Standing]:
        return {subject: self.standing[subject] for subject in subjects if subject in self.standing}

    def watch(self, priority: int = 1, ago_seconds: float = 0, *, late_entry: bool = False) -> None:
        base_at = time.now() - timedelta(seconds=ago_seconds)
        with events.transaction():
            watch(
                self.number,
                SUBJECT,
                centre_id=default_centre().id,
                base_at=base_at,
                priority=priority,
                at=base_at if late_entry else None,
            )

    def after(self, seconds: float) -> Alarm | None:
        self.clock.set(self.clock.seconds + seconds)
        fire_due(self.registry)
        return self.alarm()

    def alarm(self) -> Alarm | None:
        return Alarm.objects.exclude(state=Alarm.State.CLOSED).filter(rule=self.number, subject=SUBJECT).first()

    def levels(self) -> list[int]:
        """The levels that rose, in order."""
        risen = Event.objects.filter(kind__in=["alarm.opened", "alarm.raised", "alarm.returned"])
        return [event.data["level"] for event in risen.filter(data__rule=self.number).order_by("seq")]
