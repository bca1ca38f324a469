"""Which units to send to an incident (docs/rules/agencies-and-plans.md#recommendation)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from accounts.actors import Actor
from dispatch.models import Assignment, Incident
from dispatch.states import ACTIVE, PRESENT, AssignmentStatus
from places.areas import point_of
from plans.queries.recommendation import Present, recommend
from plans.queries.shapes import Recommendation


def recommendation(actor: Actor, incident: Incident, *, alarm: int = 1) -> Recommendation:
    """The recommendation for an incident that the actor sees, as it is sent. alarm: see `recommend`."""
    return recommend(
        actor,
        plan=incident.plan_id,
        to=point_of(incident.lat, incident.lng),
        present=_present(incident),
        numbers_of=_incident_numbers,
        alarm=alarm,
    )


def _present(incident: Incident) -> Present:
    rows = Assignment.objects.filter(incident=incident, status__in=PRESENT).values_list(
        "unit_id", "status", "unit__capabilities", "unit__agency__code"
    )
    found = list(rows.order_by("made_at", "id"))
    return Present(
        {unit: (able, agency) for unit, status, able, agency in found if status in ACTIVE},
        {unit for unit, status, _, _ in found if status == AssignmentStatus.STACKED},
    )


def _incident_numbers(units: Sequence[UUID]) -> dict[UUID, str]:
    """The number of the incident that each unit is on."""
    if not units:
        return {}
    rows = Assignment.objects.filter(unit__in=units, status__in=ACTIVE).values_list("unit_id", "incident__number")
    return {unit: str(number) for unit, number in rows}
