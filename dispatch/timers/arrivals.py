"""Rule 7: nobody is on scene by the target (docs/rules/escalation.md#rule-7)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from alarms.actions import Watch, unwatch, watch_many
from alarms.conditions import Rule, Standing
from core import sql
from dispatch.models import Incident
from dispatch.queries.board_items import ARRIVAL_RULE, arrival_base
from dispatch.timers.incidents import incident_params, lock, subject_of, wants_help
from places.areas import island_of
from plans.queries.needs import NeedRow, required_needs
from units.models import Station

RULE = ARRIVAL_RULE
UNTIMED = "untimed"  # at sea and on islands without a unit nobody promises a time: a look every 30 minutes


def wants_arrival(incident: Incident, needs: Sequence[NeedRow] | None = None) -> bool:
    """Whether somebody should arrive: not at complaints, nor where the plan needs tasks and no unit.

    needs: `required_needs` of its plan where the caller has them already.
    """
    if incident.priority not in {1, 2, 3, 4} or not wants_help(incident):
        return False
    return incident.plan_id is None or bool(required_needs(incident.plan_id) if needs is None else needs)


def base_of(incident: Incident) -> datetime:
    """What the target counts from, as the clock on the screen shows it."""
    return arrival_base(incident.first_ring_at, incident.created_at, incident.reopened_at)


def variant_of(incident: Incident) -> str:
    """Which of the rule's tables counts: without a target at sea and on an island without a unit, else by kecamatan."""
    if incident.type.sea:
        return UNTIMED
    if incident.island and incident.island not in _islands_with_units(incident.centre_id):
        return UNTIMED
    return incident.kecamatan or ""


def watches_of(incident: Incident, *, at: datetime) -> list[Watch]:
    """What is to be watched of an incident where nobody has arrived."""
    if incident.arrival_until is not None or not wants_arrival(incident):
        return []
    base_at, variant = base_of(incident), variant_of(incident)
    return [Watch(RULE, subject_of(incident.id), base_at, incident.priority, at, variant)]


def refresh(incident: Incident, *, actor: Actor, at: datetime) -> None:
    """Arm or end rule 7 for a locked incident as it stands now, and keep the seconds that its clock shows."""
    watches = watches_of(incident, at=at)
    if not watches:
        unwatch(RULE, subject_of(incident.id), actor=actor, at=at)
    else:
        _watch(incident, watches)


def rearm(incident: Incident, *, at: datetime) -> None:
    """Count anew for a locked incident that still expects somebody, after what its target depends on has changed."""
    watches = watches_of(incident, at=at)
    if watches:
        _watch(incident, watches)


def _watch(incident: Incident, watches: list[Watch]) -> None:
    seconds = watch_many(watches, centre_id=incident.centre_id)[RULE, subject_of(incident.id)]
    if seconds != incident.arrival_seconds:
        incident.arrival_seconds = seconds
        sql.update(incident, "arrival_seconds")


def _islands_with_units(centre: UUID) -> set[str | None]:
    stations = Station.objects.filter(centre_id=centre, active=True, unit__active=True)
    return {island_of(lat, lng) for lat, lng in stations.values_list("lat", "lng").distinct()}


def _standing(subjects: Collection[str]) -> dict[str, Standing]:
    ids = [UUID(subject.partition(":")[2]) for subject in subjects]
    found = Incident.objects.filter(pk__in=ids, arrival_until=None).select_related("type")
    return {
        subject_of(incident.id): Standing(
            centre=incident.centre_id,
            priority=incident.priority,
            params=incident_params(incident) | ({"untimed": True} if variant_of(incident) == UNTIMED else {}),
            variant=variant_of(incident),
        )
        for incident in found
        if wants_arrival(incident)
    }


RULES: tuple[Rule, ...] = (Rule(RULE, lock=lock, standing=_standing),)
