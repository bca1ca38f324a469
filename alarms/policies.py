"""Reading a policy's data: how many seconds to each level, who is told, when an acknowledged alarm comes back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from alarms.models import Duty, Policy


def kind_of(rule: int) -> str:
    """The timer kind of a rule: "rule.2"."""
    return f"rule.{rule}"


def current_policies(centre: UUID, rules: Iterable[int] | None = None) -> dict[int, Policy]:
    """The current version of each rule of a centre."""
    found = Policy.objects.filter(centre_id=centre, current=True)
    if rules is not None:
        found = found.filter(rule__in=list(rules))
    return {policy.rule: policy for policy in found}


def level_seconds(policy: Policy, priority: int | None) -> list[int]:
    """Seconds from the base to levels 1, 2, 3 for a priority; [] where the policy has no step for it (D6)."""
    table = policy.definition["after_seconds"]
    offsets: Sequence[int | None] = table.get(str(priority)) or table.get("any") or []
    return [seconds for seconds in offsets if seconds is not None]


def again_seconds(policy: Policy, priority: int | None) -> int:
    """Seconds that an acknowledgement holds (D3b: P1 120, else 300)."""
    table = policy.definition["again_seconds"]
    return int(table.get(str(priority), table["any"]))


def holds_for_good(policy: Policy, roles: Collection[str]) -> bool:
    """Whether an acknowledgement by somebody of these roles holds until the condition ends (D6 rule 9)."""
    return not set(policy.definition.get("held_by", ())).isdisjoint(roles)


def roles_of(policy: Policy, level: int) -> list[str]:
    """The roles that a level tells."""
    for step in policy.definition["steps"]:
        if step["level"] == level:
            return list(step["roles"])
    return []


def off_duty_roles(centre: UUID, now: datetime) -> frozenset[str]:
    """Roles that keep a roster and have nobody on it now. A role without a roster counts as on duty."""
    kept: dict[str, bool] = {}
    day = timedelta(days=31)
    rows = Duty.objects.filter(centre_id=centre, ends_at__gte=now - day).values_list("role", "starts_at", "ends_at")
    for role, starts_at, ends_at in rows:
        kept[role] = kept.get(role, False) or starts_at <= now < ends_at
    return frozenset(role for role, covered in kept.items() if not covered)


def level_on_duty(policy: Policy, level: int, last: int, off_duty: frozenset[str]) -> int:
    """The level itself, or the next one that tells somebody on duty; the level itself where there is none (D6)."""
    for candidate in range(level, last + 1):
        roles = roles_of(policy, candidate)
        if not roles or not off_duty.issuperset(roles):
            return candidate
    return level
