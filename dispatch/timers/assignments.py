"""Rules 5, 6 and 17: not acknowledged, not en route, place warning not seen (docs/rules/escalation.md#rule-5)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from alarms.actions import Watch, unwatch_many, watch_many
from alarms.conditions import Rule, Standing
from alarms.rules import EscalationRule
from core import clock
from dispatch.models import Assignment, Incident
from dispatch.queries.warnings import unseen_by
from dispatch.states import AssignmentStatus

# Which rule watches an assignment in which status; its base is when that status began.
RULE_OF: dict[str, EscalationRule] = {
    AssignmentStatus.DISPATCHED: EscalationRule.NOT_ACKNOWLEDGED,
    AssignmentStatus.ACKNOWLEDGED: EscalationRule.NOT_EN_ROUTE,
    AssignmentStatus.EN_ROUTE: EscalationRule.WARNING_NOT_SEEN,
}


def subject_of(assignment: UUID) -> str:
    """How timers and facts name an assignment."""
    return f"assignment:{assignment}"


def watch_assignment(
    assignment: Assignment, incident: Incident, *, before: str | None, actor: Actor, at: datetime
) -> None:
    """Let the rule of its present status watch a locked assignment, and end that of the status before (None: new).

    at: when the act happened; a late entry raises nothing that is past.
    """
    if before:
        unwatch_assignments([(before, assignment)], actor=actor, at=at)
    if assignment.status in RULE_OF:
        _watch(incident, [assignment], at=at)


def unwatch_assignments(left: Iterable[tuple[str, Assignment]], *, actor: Actor, at: datetime) -> None:
    """End the watch over assignments that left a status: (that status, assignment) each. Any later one ends it."""
    unwatch_many(
        [(RULE_OF[before], subject_of(row.id)) for before, row in left if before in RULE_OF],
        actor=actor,
        at=at,
    )


def rearm(incident: Incident, *, at: datetime) -> None:
    """Re-arm what is open for a locked incident's units, after its priority has changed: same base, new seconds."""
    _watch(incident, Assignment.objects.filter(incident=incident, status__in=RULE_OF).order_by("id"), at=at)


def judge_warnings(incidents: Iterable[Incident], *, actor: Actor, at: datetime) -> None:
    """Watch those units en route to locked incidents that have not seen a warning of the place, and no others."""
    for incident in incidents:
        rows = list(Assignment.objects.filter(incident=incident, status=AssignmentStatus.EN_ROUTE).order_by("id"))
        warned = _watch(incident, rows, at=at)
        unwatch_assignments([(row.status, row) for row in rows if row.id not in warned], actor=actor, at=at)


def _watch(incident: Incident, assignments: Iterable[Assignment], *, at: datetime) -> set[UUID]:
    """Watch these; one en route only where it has a warning to see. Returns which are watched."""
    now = clock.now()
    rows = [row for row in assignments if row.status != AssignmentStatus.EN_ROUTE or unseen_by(incident, row, now)]
    watches = [Watch(RULE_OF[row.status], subject_of(row.id), row.at, incident.priority, at) for row in rows]
    watch_many(watches, centre_id=incident.centre_id)
    return {row.id for row in rows}


def lock(subjects: Sequence[str]) -> set[str]:
    """Lock the assignments that nobody holds, each after its incident; returns their subjects."""
    ids = [UUID(subject.partition(":")[2]) for subject in subjects]
    incidents = Assignment.objects.filter(pk__in=ids).values_list("incident_id", flat=True)
    held = list(
        Incident.objects.filter(pk__in=list(incidents))
        .order_by("pk")
        .select_for_update(skip_locked=True, of=("self",), no_key=True)
        .values_list("pk", flat=True)
    )
    rows = Assignment.objects.filter(pk__in=ids, incident__in=held).order_by("pk")
    locked = rows.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True)
    return {subject_of(row) for row in locked}


def _standing(status: str, subjects: Collection[str]) -> dict[str, Standing]:
    ids = [UUID(subject.partition(":")[2]) for subject in subjects]
    rows = Assignment.objects.filter(pk__in=ids, status=status).select_related("incident", "unit__agency")
    now = clock.now()
    found = [row for row in rows if status != AssignmentStatus.EN_ROUTE or unseen_by(row.incident, row, now)]
    return {
        subject_of(row.id): Standing(
            centre=row.incident.centre_id,
            priority=row.incident.priority,
            subjects=(f"incident:{row.incident_id}", f"unit:{row.unit_id}"),
            params={
                "assignment": str(row.id),
                "unit": str(row.unit_id),
                "callsign": row.unit.callsign,
                "agency": row.unit.agency.code,
                "incident": str(row.incident_id),
                "number": str(row.incident.number),
                "priority": row.incident.priority,
            },
        )
        for row in found
    }


def _rule(number: int, status: str) -> Rule:
    return Rule(number, lock=lock, standing=lambda subjects: _standing(status, subjects))


RULES: tuple[Rule, ...] = tuple(_rule(number, status) for status, number in RULE_OF.items())
