"""Watching a condition, ending the watch, what people do with an alarm, and saying a rule anew."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from accounts.actors import Actor
from accounts.roles import Right
from alarms import events as facts
from alarms.desks import silence
from alarms.models import Alarm, Policy
from alarms.policies import again_seconds, current_policies, kind_of, level_seconds, may_be_delayed
from alarms.queries import alarm_for
from alarms.rules import may_acknowledge
from core import clock, events, sql, timers
from core.errors import Conflict, Invalid, Refused, Unknown

__all__ = ["acknowledge_alarm", "revise_policy", "snooze_alarm", "unwatch", "unwatch_many", "watch", "watch_many"]

LONGEST_SNOOZE = timedelta(hours=12)
LONGEST_STEP_SECONDS = 31 * 24 * 3600
# Most subjects have none: only those that are found are read whole.
_LOCK_OPEN = f"""
SELECT id FROM alarms_alarm
 WHERE subject = ANY(%s::text[]) AND rule = ANY(%s::int[]) AND state <> '{Alarm.State.CLOSED}' ORDER BY id FOR UPDATE
"""  # noqa: S608 - a state of the table


@dataclass(frozen=True, slots=True)
class Watch:
    """A condition to watch: rule, subject, the moment its seconds count from, the priority that picks them.

    at: when the act happened that made it true. Of a late entry, up to an hour behind, only the highest step already
    due is raised, marked late; of an older one the steps already past are missed. variant: as in `Standing`.
    """

    rule: int
    subject: str
    base_at: datetime
    priority: int | None = None
    at: datetime | None = None
    variant: str = ""


def watch(
    rule: int,
    subject: str,
    *,
    centre_id: UUID,
    base_at: datetime,
    priority: int | None = None,
    at: datetime | None = None,
    fresh: bool = False,
) -> None:
    """Arm the next level of a rule for a subject whose row the caller has locked.

    Called again with another base or priority it re-arms from there; a running escalation keeps its policy version.
    at: as in `Watch`. fresh: as in `watch_many`.
    """
    watch_many([Watch(rule, subject, base_at, priority, at)], centre_id=centre_id, fresh=fresh)


def watch_many(watches: Sequence[Watch], *, centre_id: UUID, fresh: bool = False) -> dict[tuple[int, str], list[int]]:
    """As `watch`, for many conditions in a few statements; returns the seconds to each level by (rule, subject).

    They are those of the policy version that watches now, [] where it has no step for the priority.
    fresh: every subject was made in this transaction, so that none has an open alarm or an armed timer.
    """
    if not watches:
        return {}
    now = clock.now()
    subjects = [each.subject for each in watches]
    kinds = sorted({kind_of(each.rule) for each in watches})
    rules = {each.rule for each in watches}
    alarms = {} if fresh else {(alarm.rule, alarm.subject): alarm for alarm in _locked_open(subjects, rules)}
    armed = {} if fresh else {(timer.kind, timer.subject): timer for timer in timers.armed_of(subjects, kinds)}
    policies = current_policies(centre_id, rules)
    own = Policy.objects.in_bulk({timer.data["policy"] for timer in armed.values()}) if armed else {}
    deadlines = []
    seconds: dict[tuple[int, str], list[int]] = {}
    for each in watches:
        kind = kind_of(each.rule)
        timer, alarm = armed.get((kind, each.subject)), alarms.get((each.rule, each.subject))
        policy = own.get(UUID(timer.data["policy"])) if timer else alarm.policy if alarm else policies.get(each.rule)
        offsets = level_seconds(policy, each.priority, each.variant) if policy else []
        seconds[each.rule, each.subject] = offsets
        if policy is None or not offsets:
            unwatch_many([(each.rule, each.subject)], actor="system:clock", at=now)
            continue
        level, due_at, late = _next_step(each, offsets, alarm, now)
        if due_at is None:
            timers.cancel(each.subject, kind)
        elif alarm is None or alarm.state == Alarm.State.OPEN or not may_be_delayed(each.rule):
            deadlines.append((kind, each.subject, due_at, _data(policy, level, each.base_at) | late))
        if alarm:
            _restate(alarm, each, due_at)
    timers.arm_many(deadlines)
    return seconds


def _locked_open(subjects: Iterable[str], rules: Iterable[int]) -> list[Alarm]:
    """The open alarms of these rules over these subjects, locked in their order, with their policies."""
    ids = [row[0] for row in sql.rows(_LOCK_OPEN, [list(subjects), list(rules)])]
    return list(Alarm.objects.filter(id__in=ids).select_related("policy").order_by("id")) if ids else []


def _next_step(
    watched: Watch, offsets: list[int], alarm: Alarm | None, now: datetime
) -> tuple[int, datetime | None, dict[str, list[int]]]:
    """The next level of a watch, when it is due (None: there is none left), and its timer's data of a late entry.

    An acknowledged alarm comes back by itself, by its own timer, and no later than its next level where nothing may
    delay that.
    """
    level, last = (alarm.level + 1 if alarm else 1), len(offsets)
    if alarm and alarm.state == Alarm.State.ACKNOWLEDGED and alarm.next_at:
        never_delayed = not may_be_delayed(watched.rule) and level <= last
        due_at = min(alarm.next_at, _due(watched.base_at, offsets, level)) if never_delayed else alarm.next_at
        return min(level, last), due_at, {}
    behind = now - watched.at if watched.at else timedelta(0)
    past: list[int] = []
    if behind > clock.LATE_AFTER:
        past = [step for step in range(level, last + 1) if _due(watched.base_at, offsets, step) <= now]
    if past and behind > clock.LATEST_EVENT:
        facts.missed(watched.rule, watched.subject, past)
        level, past = past[-1] + 1, []
    level = past[-1] if past else level
    late = {"late": past} if past else {}
    return level, _due(watched.base_at, offsets, level) if level <= last else None, late


def _restate(alarm: Alarm, watched: Watch, next_at: datetime | None) -> None:
    """Let a locked open alarm count from the watch's base with its priority; quiet where nothing changes."""
    wanted = (next_at, watched.priority, watched.base_at, watched.variant)
    if (alarm.next_at, alarm.priority, alarm.base_at, alarm.variant) == wanted:
        return
    alarm.next_at, alarm.priority, alarm.base_at, alarm.variant = wanted
    alarm.save(update_fields=["next_at", "priority", "base_at", "variant"])
    facts.rearmed(alarm)


def unwatch(
    rule: int | Collection[int], subject: str, *, actor: str | Actor = "system:clock", at: datetime | None = None
) -> None:
    """End the watch of one or several rules over a subject: its condition is over; an open alarm closes."""
    rules = [rule] if isinstance(rule, int) else list(rule)
    unwatch_many([(each, subject) for each in rules], actor=actor, at=at)


def unwatch_many(
    pairs: Iterable[tuple[int, str]], *, actor: str | Actor = "system:clock", at: datetime | None = None
) -> None:
    """As `unwatch`, for many (rule, subject) pairs."""
    wanted = set(pairs)
    if not wanted:
        return
    subjects = {subject for _, subject in wanted}
    rules = {rule for rule, _ in wanted}
    alarms = [alarm for alarm in _locked_open(subjects, rules) if (alarm.rule, alarm.subject) in wanted]
    rule_of = {kind_of(rule): rule for rule in rules}
    for timer in timers.cancel_pairs((subject, kind_of(rule)) for rule, subject in wanted):
        if timer.data.get("late"):
            facts.missed(rule_of[timer.kind], timer.subject, timer.data["late"])
    closed_at = at or clock.now()
    for alarm in alarms:
        close_alarm(alarm, actor=actor.ref if isinstance(actor, Actor) else actor, at=closed_at)


def close_alarm(alarm: Alarm, *, actor: str, at: datetime) -> None:
    """Close a locked alarm: its condition ended. Not an act of a person."""
    alarm.state, alarm.closed_at, alarm.next_at = Alarm.State.CLOSED, at, None
    alarm.save(update_fields=["state", "closed_at", "next_at"])
    facts.closed(alarm, actor=actor, at=at)


def acknowledge_alarm(
    *,
    actor: Actor,
    alarm: UUID,
    reason: str,
    name: str | None = None,
    at: datetime | None = None,
) -> Alarm:
    """Take an alarm on oneself: sound and further levels stop until `again_seconds`; twice returns quietly.

    The later levels of a rule that is never delayed (NEVER_DELAYED) come at their own seconds all the same.
    name: who acknowledges, where a key speaks for somebody; required then.
    Raises Unknown, Refused, Invalid (`name_required`), Conflict (`alarm_closed`).
    """
    with events.transaction():
        row = _locked(actor, alarm)
        stamp = clock.stamp_from_person(at)
        silenced = silence(row, actor=actor)
        if row.state == Alarm.State.ACKNOWLEDGED:
            if silenced:
                facts.acknowledged(row, actor=actor.ref, desk=actor.desk, at=stamp.at)
            return row
        _hold(row, actor=actor, reason=reason, name=name, at=stamp.at, until=held_until(row))
        facts.acknowledged(row, actor=actor.ref, desk=actor.desk, at=stamp.at)
        return row


def snooze_alarm(
    *,
    actor: Actor,
    alarm: UUID,
    until: datetime,
    reason: str,
    name: str | None = None,
) -> Alarm:
    """Acknowledge an alarm until a given moment, at most 12 h ahead; it comes back then if its condition holds.

    Raises Unknown, Refused, Conflict (`alarm_closed`, `not_snoozable` of a rule that is never delayed), Invalid
    (`until_out_of_range`, `name_required`).
    """
    with events.transaction():
        row = _locked(actor, alarm)
        now = clock.now()
        if not may_be_delayed(row.rule):
            raise Conflict("not_snoozable", rule=row.rule)
        if not now < until <= now + LONGEST_SNOOZE:
            raise Invalid.field("until", "until_out_of_range")
        _hold(row, actor=actor, reason=reason, name=name, at=now, until=until)
        facts.snoozed(row, actor=actor.ref, desk=actor.desk, at=now)
        return row


def revise_policy(
    *,
    actor: Actor,
    policy: UUID,
    name_id: str,
    name_en: str,
    after_seconds: dict[str, list[int]],
    roles: dict[int, list[str]],
    again_seconds: dict[str, int],
) -> Policy:
    """Make the next version of a rule: what is armed or open now keeps the one it started with.

    after_seconds: to each level, by priority ("1".."5") or "any". roles: those of each level. again_seconds: how long
    an acknowledgement holds, "any" at least. The same again makes no version.
    Raises Refused, Unknown, Conflict(`version_old`), Invalid(`levels_not_rising`, `level_tells_nobody`, `no_level`).
    """
    actor.require_any(Right.SETTINGS_WRITE)
    with events.transaction():
        old = Policy.objects.select_for_update(no_key=True).filter(centre_id=actor.centre, pk=policy).first()
        if old is None:
            raise Unknown("policy_unknown")
        if not old.current:
            raise Conflict("version_old", version=old.version)
        _check_steps(after_seconds, roles)
        named = {step["level"]: step for step in old.definition["steps"]}
        steps = [
            {**named.get(level, {"name_id": name_id, "name_en": name_en}), "level": level, "roles": named_roles}
            for level, named_roles in sorted(roles.items())
            if named_roles
        ]
        changes = {
            "after_seconds": _own_tables(old, "after_seconds") | after_seconds,
            "steps": steps,
            "again_seconds": _own_tables(old, "again_seconds") | again_seconds,
        }
        wanted = {"name_id": name_id, "name_en": name_en, "definition": old.definition | changes}
        fields = sorted(field for field, value in wanted.items() if getattr(old, field) != value)
        if not fields:
            return old
        Policy.objects.filter(pk=old.pk).update(current=False)
        new = Policy.objects.create(
            centre_id=old.centre_id,
            rule=old.rule,
            version=old.version + 1,
            made_at=clock.now(),
            made_by=actor.ref,
            **wanted,
        )
        facts.revised(new, actor=actor.ref, desk=actor.desk, fields=fields)
        return new


def _own_tables(policy: Policy, name: str) -> dict[str, Any]:
    """The tables of a policy that its subjects pick: the settings page shows those by priority, these stay."""
    return {key: value for key, value in policy.definition[name].items() if key != "any" and not key.isdecimal()}


def _check_steps(after_seconds: dict[str, list[int]], roles: dict[int, list[str]]) -> None:
    if not any(after_seconds.values()):
        raise Invalid.field("after_any", "no_level")
    for priority, seconds in after_seconds.items():
        rising = all(earlier <= later for earlier, later in pairwise([0, *seconds]))
        if not rising or (seconds and seconds[-1] > LONGEST_STEP_SECONDS):
            raise Invalid.field(f"after_{priority}", "levels_not_rising")
        for level in range(1, len(seconds) + 1):
            if not roles.get(level):
                raise Invalid.field(f"roles_{level}", "level_tells_nobody")


def _locked(actor: Actor, alarm: UUID) -> Alarm:
    row = alarm_for(actor, alarm, lock=True, right=Right.ALARM_ACKNOWLEDGE)
    actor.require(Right.ALARM_ACKNOWLEDGE)
    if not may_acknowledge(actor, row.rule):
        raise Refused("not_allowed", rule=row.rule)
    if row.state == Alarm.State.CLOSED:
        raise Conflict("alarm_closed")
    return row


def held_until(alarm: Alarm) -> datetime:
    """Until when an acknowledgement made now holds a locked alarm."""
    now = clock.now()
    until = now + timedelta(seconds=again_seconds(alarm.policy, alarm.priority, alarm.variant))
    offsets = level_seconds(alarm.policy, alarm.priority, alarm.variant)
    if may_be_delayed(alarm.rule) or alarm.level >= len(offsets):
        return until
    return min(until, _due(alarm.base_at, offsets, alarm.level + 1))


def _hold(alarm: Alarm, *, actor: Actor, reason: str, name: str | None, at: datetime, until: datetime) -> None:
    """Write an acknowledgement into a locked alarm. until: when it comes back."""
    if not actor.is_person and not name:
        raise Invalid.field("name", "name_required")
    alarm.state = Alarm.State.ACKNOWLEDGED
    alarm.acknowledged_at, alarm.acknowledged_by = at, actor.ref
    alarm.acknowledged_name = actor.name if actor.is_person else name
    alarm.acknowledged_reason = reason
    alarm.next_at = until
    alarm.save(
        update_fields=[
            "state",
            "acknowledged_at",
            "acknowledged_by",
            "acknowledged_name",
            "acknowledged_reason",
            "next_at",
        ]
    )
    data = _data(alarm.policy, alarm.level + 1, alarm.base_at)
    timers.arm(kind_of(alarm.rule), alarm.subject, until, data)


def _due(base_at: datetime, offsets: list[int], level: int) -> datetime:
    return base_at + timedelta(seconds=offsets[level - 1])


def _data(policy: Policy, level: int, base_at: datetime) -> dict[str, object]:
    return {
        "policy": str(policy.id),
        "policy_version": policy.version,
        "level": level,
        "base_at": events.utc_text(base_at),
    }
