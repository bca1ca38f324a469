"""A restricted incident makes the numbers of its callers unsafe to contact (docs/decisions/0013)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from calls.domain.safety import RESTRICTED, make_unsafe
from calls.models import Call, Number
from core.errors import Busy
from dispatch.models import Incident


def lock_callers(incidents: Collection[UUID]) -> dict[UUID, Number]:
    """Lock the numbers of the calls that are linked to these incidents, by id. Comes before the incidents' lock."""
    ids = Call.objects.filter(incident_link__incident__in=incidents, number__isnull=False).values("number")
    return {row.id: row for row in Number.objects.filter(id__in=ids).order_by("id").select_for_update(no_key=True)}


def make_callers_unsafe(incident: Incident, numbers: dict[UUID, Number], *, actor: Actor, at: datetime) -> None:
    """Make the callers of a locked restricted incident unsafe; of another one nothing changes.

    numbers: from `lock_callers`. Raises Busy where a call was linked between that and the lock of the incident.
    """
    if not incident.restricted:
        return
    linked = Call.objects.filter(incident_link__incident=incident, number__isnull=False)
    calls_of: dict[UUID, list[UUID]] = {}
    for call, number in linked.order_by("id").values_list("id", "number"):
        calls_of.setdefault(number, []).append(call)
    for number, calls in calls_of.items():
        if number not in numbers:
            raise Busy
        make_caller_unsafe(numbers[number], calls, incident, actor=actor, at=at)


def make_caller_unsafe(
    number: Number | None,
    calls: Collection[UUID],
    incident: Incident,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Make one locked number unsafe because its calls belong to a restricted incident."""
    if number is not None and incident.restricted:
        cause = f"incident:{incident.id}"
        make_unsafe(number, calls, cause=cause, why=RESTRICTED, actor=actor, at=at)
