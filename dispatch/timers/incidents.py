"""Rules 2 to 4: an incident waits for the units its plan requires (docs/rules/escalation.md#rule-2)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.actors import Actor
from alarms.actions import Watch, unwatch_many, watch_many
from alarms.conditions import Rule, Standing
from alarms.queries import current_seconds
from core import sql
from dispatch.models import Incident
from dispatch.queries.board_items import ARRIVAL_RULE, RULE_OF
from dispatch.queries.needs import missing_by_incident
from dispatch.states import NOT_OPEN, IncidentState
from plans.queries.needs import missing_entries

# A held incident of these priorities is watched on: putting it on hold must not silence it.
WATCHED_ON_HOLD = frozenset({1, 2})


def subject_of(incident: UUID) -> str:
    """How timers and facts name an incident."""
    return f"incident:{incident}"


def wants_help(incident: Incident) -> bool:
    """Whether an incident may wait for help at all: it is open, not resolved, and not one that people hold back.

    Hold stops the clock of P3 and lower only (scarcity of units); a P1 or P2 on hold keeps its alarms.
    """
    if incident.state in {*NOT_OPEN, IncidentState.RESOLVED, IncidentState.CONTROLLED}:
        return False
    return incident.state != IncidentState.ON_HOLD or incident.priority in WATCHED_ON_HOLD


def refresh(incident: Incident, *, actor: Actor, at: datetime) -> None:
    """Arm or end rules 2 to 4 for a locked incident, as it stands now; base: `waiting_since`.

    Called again with another priority it re-arms from the same base with the new seconds. at: when the act happened.
    """
    watches = watches_of(incident, at=at)
    rules = {watch.rule for watch in watches}
    unwatch_many(
        [(rule, subject_of(incident.id)) for rule in RULE_OF.values() if rule not in rules], actor=actor, at=at
    )
    keep_seconds(incident, watch_many(watches, centre_id=incident.centre_id))


def keep_seconds(incident: Incident, armed: Mapping[tuple[int, str], list[int]]) -> None:
    """Keep with a locked incident the seconds that its rules were armed with: its clocks on screens show these.

    A new version of the policy must not move the clocks of what runs, nor of what is over.
    """
    rule, before = RULE_OF.get(incident.priority), (incident.wait_seconds, incident.arrival_seconds)
    if incident.waiting_until is None:
        incident.wait_seconds = armed.get((rule, subject_of(incident.id)), []) if rule else []
    incident.arrival_seconds = armed.get((ARRIVAL_RULE, subject_of(incident.id)), incident.arrival_seconds)
    now = (incident.wait_seconds, incident.arrival_seconds)
    if now != before:
        sql.update(incident, "wait_seconds", "arrival_seconds")


def judge_again(incident: Incident) -> None:
    """Measure a wait that is over by an incident's new priority; the caller saves it. One that runs: `refresh`."""
    if incident.waiting_until is not None:
        rule = RULE_OF.get(incident.priority)
        incident.wait_seconds = current_seconds(incident.centre_id, rule, incident.priority) if rule else []


def watches_of(incident: Incident, *, at: datetime) -> list[Watch]:
    """What is to be watched of an incident that waits for help: one rule by its priority, none for P4 and P5."""
    rule = RULE_OF.get(incident.priority) if incident.waiting_until is None else None
    if rule is None:
        return []
    return [Watch(rule, subject_of(incident.id), incident.waiting_since, incident.priority, at)]


def lock(subjects: Sequence[str]) -> set[str]:
    """Lock the incidents that nobody holds, by id; returns their subjects."""
    ids = [UUID(subject.partition(":")[2]) for subject in subjects]
    rows = (
        Incident.objects.filter(pk__in=ids)
        .order_by("pk")
        .select_for_update(skip_locked=True, of=("self",), no_key=True)
    )
    return {subject_of(row) for row in rows.values_list("pk", flat=True)}


def incident_params(incident: Incident) -> dict[str, Any]:
    """What an alarm on an incident names; its type is loaded."""
    return {
        "incident": str(incident.id),
        "number": str(incident.number),
        "type": incident.type.group if incident.restricted else incident.type_id,
        "priority": incident.priority,
        "kecamatan": incident.kecamatan,
    }


def _standing(rule: int, subjects: Collection[str]) -> dict[str, Standing]:
    ids = [UUID(subject.partition(":")[2]) for subject in subjects]
    rows = Incident.objects.filter(pk__in=ids, waiting_until=None).select_related("type")
    found = [row for row in rows if RULE_OF.get(row.priority) == rule and wants_help(row)]
    missing = missing_by_incident(found) if found else {}
    return {
        subject_of(incident.id): Standing(
            centre=incident.centre_id,
            priority=incident.priority,
            params=incident_params(incident) | {"missing": missing_entries(missing[incident.id])},
        )
        for incident in found
    }


def _rule(number: int) -> Rule:
    return Rule(number, lock=lock, standing=lambda subjects: _standing(number, subjects))


RULES: tuple[Rule, ...] = tuple(_rule(number) for number in RULE_OF.values())
