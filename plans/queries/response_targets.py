"""The seconds that clocks of a unit run against: acknowledged, set out (docs/rules/priorities.md#targets)."""

from __future__ import annotations

from uuid import UUID

from alarms.queries import policy_seconds
from alarms.rules import EscalationRule

UNIT_RULES = (EscalationRule.NOT_ACKNOWLEDGED, EscalationRule.NOT_EN_ROUTE)


def clock_seconds(centre: UUID) -> dict[str, str]:
    """Seconds by "rule.5.PRIORITY" and "rule.6.PRIORITY", as text; absent where nothing is aimed at."""
    seconds: dict[str, str] = {}
    policies = policy_seconds(centre)
    for rule in UNIT_RULES:
        for priority, steps in policies.get(rule, {}).items():
            if priority and steps:
                seconds[f"rule.{rule}.{priority}"] = str(steps[0])
    return seconds
