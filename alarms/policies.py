"""Reading a policy's data: how many seconds to each level, who is notified, when an acknowledged alarm comes back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from alarms.models import Duty, Policy
from core import sql

# A crew's emergency and a P1 incident without its units: an acknowledgement never delays their later levels.
NEVER_DELAYED = frozenset({2, 9})
_CURRENT = "WHERE t.centre_id = %s::uuid AND t.current AND t.rule = ANY(%s::int[])"
NOBODY = "nobody_on_duty"  # the name of a param of alarms


def kind_of(rule: int) -> str:
    """The timer kind of a rule: "rule.2"."""
    return f"rule.{rule}"


def current_policies(centre: UUID, rules: Iterable[int] | None = None) -> dict[int, Policy]:
    """The current version of each rule of a centre."""
    found = (
        sql.instances(Policy, "WHERE t.centre_id = %s::uuid AND t.current", [centre])
        if rules is None
        else sql.instances(Policy, _CURRENT, [centre, list(rules)])
    )
    return {policy.rule: policy for policy in found}


def level_seconds(policy: Policy, priority: int | None, variant: str = "") -> list[int]:
    """Seconds from the base to levels 1, 2, 3 for a priority; [] where the policy has no step for it.

    variant: a table of its own for some subjects: "2.town" stands before "untimed" before "2" before "any".
    """
    table = policy.definition["after_seconds"]
    keys = [f"{priority}.{variant}", variant] if variant else []
    found = (table.get(key) for key in (*keys, str(priority), "any"))
    offsets: Sequence[int | None] = next(filter(None, found), [])
    return [seconds for seconds in offsets if seconds is not None]


def again_seconds(policy: Policy, priority: int | None, variant: str = "") -> int:
    """Seconds that an acknowledgement holds (docs/rules/escalation.md#alarm-states)."""
    table = policy.definition["again_seconds"]
    return int(table.get(variant) or table.get(str(priority)) or table["any"])


def may_be_delayed(rule: int) -> bool:
    """Whether an acknowledgement holds back a rule's later levels; only such a rule is snoozed or held in a group."""
    return rule not in NEVER_DELAYED


def roles_of(policy: Policy, level: int) -> list[str]:
    """The roles that a level notifies."""
    for step in policy.definition["steps"]:
        if step["level"] == level:
            return list(step["roles"])
    return []


def nobody_on_duty(policy: Policy, last: int, off_duty: frozenset[str]) -> bool:
    """Whether no role of any level up to `last` has anybody on duty."""
    roles = {role for level in range(1, last + 1) for role in roles_of(policy, level)}
    return bool(roles) and off_duty.issuperset(roles)


def advice_of(policy: Policy, centre: UUID, priority: int | None, now: datetime) -> dict[str, bool]:
    """The params of an alarm that opens now beside its own: that nobody is on duty for its rule, at any level."""
    last = len(level_seconds(policy, priority))
    return {NOBODY: True} if nobody_on_duty(policy, last, off_duty_roles(centre, now)) else {}


def off_duty_roles(centre: UUID, now: datetime) -> frozenset[str]:
    """Roles that keep a roster and have nobody on it now. A role without a roster counts as on duty."""
    kept: dict[str, bool] = {}
    day = timedelta(days=31)
    rows = Duty.objects.filter(centre_id=centre, ends_at__gte=now - day).values_list("role", "starts_at", "ends_at")
    for role, starts_at, ends_at in rows:
        kept[role] = kept.get(role, False) or starts_at <= now < ends_at
    return frozenset(role for role, covered in kept.items() if not covered)


def level_on_duty(policy: Policy, level: int, last: int, off_duty: frozenset[str]) -> int:
    """The level itself, or the next one that notifies somebody on duty; the level itself where there is none."""
    for candidate in range(level, last + 1):
        roles = roles_of(policy, candidate)
        if not roles or not off_duty.issuperset(roles):
            return candidate
    return level
