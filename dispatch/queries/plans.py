"""What response plans ask for, as screens show it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from dispatch.models import PlanNeed


def needs_by_type(centre: UUID) -> dict[str, list[dict[str, Any]]]:
    """The required needs of each incident type's current plan: {type: [{capability, count}]}, in the plan's order."""
    found: dict[str, list[dict[str, Any]]] = {}
    needs = PlanNeed.objects.filter(plan__centre=centre, plan__current=True, required=True)
    rows = needs.order_by("plan__type_id", "order").values_list("plan__type_id", "capability", "count")
    for type_code, capability, count in rows:
        found.setdefault(type_code, []).append({"capability": capability, "count": count})
    return found
