"""What happens when a rule's seconds are over: the alarm opens, rises a level, or comes back."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import notifications
from accounts.roles import Role
from alarms import events as facts
from alarms.conditions import Rule, Standing
from alarms.events import AlarmEvent
from alarms.models import Alarm, Policy
from alarms.policies import (
    current_policies,
    kind_of,
    level_on_duty,
    level_seconds,
    may_be_delayed,
    nobody_on_duty,
    off_duty_roles,
    roles_of,
)
from core import clock, events, timers
from core.clock import LATE_AFTER
from core.models import Timer
from core.registry import TimerHandler


def handlers(rules: Sequence[Rule]) -> dict[str, TimerHandler]:
    """The timer handlers of these rules, by timer kind."""
    return {kind_of(rule.rule): TimerHandler(lock=_Locker(rule), fire=_Firer(rule)) for rule in rules}


def raise_at_once(rule: Rule, subject: str, *, centre: UUID, base_at: datetime, also: Iterable[str] = ()) -> None:
    """Open a rule's alarm in the transaction that makes its condition true, for a rule whose first level is due at 0 s.

    subject: its row is locked. base_at: what the later levels count from. It goes the way of a timer that fires now:
    the next level is armed, the roles of this one are notified. Open already, or a rule without a policy: does nothing.
    also: further subjects of its events.
    """
    policy = current_policies(centre, [rule.rule]).get(rule.rule)
    if policy is None or list(_open_alarms(rule.rule, [subject]).select_for_update().values_list("id")):
        return
    data = {
        "policy": str(policy.id), "policy_version": policy.version, "level": 1, "base_at": events.utc_text(base_at),
    }  # fmt: skip
    now = clock.now()
    _Firer(rule, tuple(also))([Timer(kind=kind_of(rule.rule), subject=subject, due_at=now, data=data)], now)


@dataclass(frozen=True, slots=True)
class _Locker:
    """Locks the subjects by the rule, then their alarms: an alarm stands before its timer in the order."""

    rule: Rule

    def __call__(self, subjects: Sequence[str]) -> set[str]:
        got = self.rule.lock(subjects)
        list(_open_alarms(self.rule.rule, got).select_for_update().values_list("id"))
        return got


@dataclass(slots=True)
class _Batch:
    """What one firing writes, collected so that it is written in bulk."""

    now: datetime
    opened: list[Alarm] = field(default_factory=list)
    raised: list[Alarm] = field(default_factory=list)
    moved: list[Alarm] = field(default_factory=list)
    deadlines: list[tuple[str, str, datetime, dict[str, Any]]] = field(default_factory=list)
    notices: list[notifications.Notice] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Firer:
    """Raises what still stands by one level; by as many as are due when the timer comes late after an outage."""

    rule: Rule
    also: tuple[str, ...] = ()

    def __call__(self, due: Sequence[Timer], now: datetime) -> None:
        subjects = [timer.subject for timer in due]
        standing = self.rule.standing(subjects)
        alarms = {alarm.subject: alarm for alarm in _open_alarms(self.rule.rule, subjects)}
        policies = Policy.objects.in_bulk([timer.data["policy"] for timer in due])
        off_duty: dict[UUID, frozenset[str]] = {}
        batch = _Batch(now)
        for timer in due:
            stands = standing.get(timer.subject)
            alarm = alarms.get(timer.subject)
            if stands is None:
                if timer.data.get("late"):
                    facts.missed(self.rule.rule, timer.subject, timer.data["late"])
                if alarm:
                    _close(alarm, now)
                continue
            if stands.centre not in off_duty:
                off_duty[stands.centre] = off_duty_roles(stands.centre, now)
            policy = policies[UUID(timer.data["policy"])]
            _raise(batch, timer, alarm, stands, policy, off_duty[stands.centre], self)
        Alarm.objects.bulk_create(batch.opened)
        Alarm.objects.bulk_update(
            batch.raised,
            ["level", "state", "level_at", "next_at", "priority", "params", "agencies", "also", "variant", "late"],
        )
        for alarm in batch.moved:
            alarm.save(update_fields=["next_at"])
            facts.rearmed(alarm)
        timers.arm_many(batch.deadlines)
        notifications.queue_many(batch.notices)


def _raise(
    batch: _Batch,
    timer: Timer,
    alarm: Alarm | None,
    stands: Standing,
    policy: Policy,
    off_duty: frozenset[str],
    firer: _Firer,
) -> None:
    rule = firer.rule.rule
    offsets = level_seconds(policy, stands.priority, stands.variant)
    last = len(offsets)
    if not last:
        return
    base_at = datetime.fromisoformat(timer.data["base_at"])
    if _not_yet(batch, timer, alarm, base_at, offsets, rule):
        return
    returned = alarm is not None and alarm.state == Alarm.State.ACKNOWLEDGED
    held = returned and may_be_delayed(rule)  # its later levels waited for the acknowledgement to end
    level = min(int(timer.data["level"]), last)
    if batch.now - timer.due_at > LATE_AFTER and not held:
        passed = [step for step in range(1, last + 1) if base_at + timedelta(seconds=offsets[step - 1]) <= batch.now]
        level = max([level, *passed])
    level = level_on_duty(policy, level, last, off_duty)
    next_at = None
    if level < last:
        next_at = base_at + timedelta(seconds=offsets[level])
        if held:  # whoever acknowledged it has had its seconds; the next level keeps its distance
            next_at = max(next_at, batch.now + timedelta(seconds=offsets[level] - offsets[level - 1]))
    kind = AlarmEvent.ALARM_RAISED
    if alarm is None:
        kind = AlarmEvent.ALARM_OPENED
        alarm = Alarm(
            id=uuid.uuid4(),
            centre_id=stands.centre,
            policy=policy,
            rule=rule,
            subject=timer.subject,
            base_at=base_at,
            opened_at=batch.now,
        )
        batch.opened.append(alarm)
    else:
        kind = AlarmEvent.ALARM_RETURNED if held or level == alarm.level else kind
        batch.raised.append(alarm)
    alarm.level, alarm.state, alarm.level_at, alarm.next_at = level, Alarm.State.OPEN, batch.now, next_at
    alarm.priority, alarm.agencies, alarm.variant = stands.priority, list(stands.agencies), stands.variant
    alarm.also = sorted({*alarm.also, *stands.subjects, *firer.also})
    alarm.params = stands.params | ({"nobody_on_duty": True} if nobody_on_duty(policy, last, off_duty) else {})
    alarm.late = alarm.late or bool(timer.data.get("late"))
    if next_at:
        data = {key: value for key, value in timer.data.items() if key != "late"}
        batch.deadlines.append((kind_of(rule), timer.subject, next_at, data | {"level": level + 1}))
    batch.notices += [
        notifications.Notice(
            cause=f"alarm:{alarm.id}:{level}:{int(batch.now.timestamp())}",
            target=target,
            channel="email",
            kind="alarm",
            params={"rule": rule, "level": level, "alarm": str(alarm.id), **alarm.params},
            priority=stands.priority or 3,
        )
        for role in roles_of(policy, level)
        for target in _targets(role, stands)
    ]
    facts.risen(kind, alarm, at=batch.now)


def _not_yet(
    batch: _Batch, timer: Timer, alarm: Alarm | None, base_at: datetime, offsets: Sequence[int], rule: int
) -> bool:
    """Whether a level is due later for the priority that the subject has now; arms it for then."""
    level = min(int(timer.data["level"]), len(offsets))
    due_at = base_at + timedelta(seconds=offsets[level - 1])
    if due_at <= batch.now or (alarm is not None and alarm.state == Alarm.State.ACKNOWLEDGED):
        return False
    batch.deadlines.append((kind_of(rule), timer.subject, due_at, timer.data))
    if alarm is not None and alarm.next_at != due_at:
        alarm.next_at = due_at
        batch.moved.append(alarm)
    return True


def _targets(role: str, stands: Standing) -> list[str]:
    """Whom a role means: the desks of the agencies that see the alarm are notified, not those of every agency."""
    if role == Role.AGENCY_DESK and stands.agencies:
        return [f"agency:{agency}" for agency in stands.agencies]
    return [f"role:{role}"]


def _open_alarms(rule: int, subjects: Collection[str]) -> Any:
    return Alarm.objects.exclude(state=Alarm.State.CLOSED).filter(rule=rule, subject__in=list(subjects)).order_by("id")


def _close(alarm: Alarm, now: datetime) -> None:
    alarm.state, alarm.closed_at, alarm.next_at = Alarm.State.CLOSED, now, None
    alarm.save(update_fields=["state", "closed_at", "next_at"])
    facts.closed(alarm, actor=facts.CLOCK, at=now)
