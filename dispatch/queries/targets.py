"""The seconds that clocks after dispatch run against: acknowledged, set out, on scene (D1, D6 rules 5 and 6)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from uuid import UUID

from django.conf import settings

from alarms.queries import policy_seconds
from dispatch.models import IncidentType

ON_SCENE = Path(settings.BASE_DIR) / "data" / "defaults" / "on_scene_seconds.json"
UNIT_RULES = (5, 6)  # dispatched and not acknowledged; acknowledged and not en route


def clock_seconds(centre: UUID) -> dict[str, str]:
    """Seconds by "rule.5.PRIORITY", "rule.6.PRIORITY", "rule.7.PRIORITY", as text; absent where nothing is aimed at."""
    seconds = {f"rule.7.{priority}": str(target) for priority, target in on_scene_seconds().items()}
    policies = policy_seconds(centre)
    for rule in UNIT_RULES:
        for priority, steps in policies.get(rule, {}).items():
            if priority and steps:
                seconds[f"rule.{rule}.{priority}"] = str(steps[0])
    return seconds


def sea_types() -> list[str]:
    """The types that have no arrival target, since a ship takes hours (D1)."""
    return list(IncidentType.objects.filter(sea=True).order_by("code").values_list("code", flat=True))


@cache
def on_scene_seconds() -> dict[int, int]:
    """Seconds from the report to the first unit on scene, by priority (D1)."""
    told = json.loads(ON_SCENE.read_text(encoding="utf-8"))
    return {int(priority): int(seconds) for priority, seconds in told.items() if priority.isdigit()}
