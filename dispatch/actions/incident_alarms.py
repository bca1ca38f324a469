"""Acknowledging the alarms of an incident together, with one reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.actors import Actor
from accounts.roles import Right
from alarms.actions import acknowledge_alarm
from alarms.models import Alarm
from alarms.queries import alarms_of_incident
from alarms.rules import EscalationRule, may_acknowledge
from core import events
from core.errors import Invalid
from dispatch.queries.incidents import incident_for

__all__ = ["acknowledge_incident_alarms"]

# A crew's emergency and a P1 incident without a unit are acknowledged one by one, never as part of a group.
ONE_BY_ONE = frozenset({EscalationRule.P1_WITHOUT_UNITS, EscalationRule.CREW_EMERGENCY})


@dataclass(frozen=True, slots=True)
class Left:
    """An alarm of the group that is not acknowledged, and why.

    why: `one_by_one` (rules 2 and 9), `not_allowed` for the role, `not_seen` (not listed by the sender), `raised`
    (it has risen since it was seen).
    """

    alarm: Alarm
    why: str


def acknowledge_incident_alarms(
    *,
    actor: Actor,
    incident: UUID,
    reason: str,
    seen: Collection[UUID],
    levels: Mapping[UUID, int] | None = None,
    name: str | None = None,
    at: datetime | None = None,
) -> tuple[list[Alarm], list[Left]]:
    """Acknowledge those alarms of an incident that were seen and that the role may: (acknowledged, left open).

    seen: the alarms that were shown when the key was pressed; ids of others, or of alarms that are over, are ignored.
    levels: the level at which each was shown; one that has risen since is left. What is acknowledged already stays so.
    Raises Unknown for an incident that the actor may not see, Refused, Invalid (`name_required`).
    """
    with events.transaction():
        if actor.is_key:
            actor.require(Right.ALARM_ACKNOWLEDGE)
        row = incident_for(actor, incident)
        actor.require(Right.ALARM_ACKNOWLEDGE)
        if not actor.is_person and not name:
            raise Invalid.field("name", "name_required")
        done: list[Alarm] = []
        left: list[Left] = []
        for alarm in alarms_of_incident(actor, row.id).select_for_update(of=("self",)):
            if alarm.state != Alarm.State.OPEN:
                continue
            why = _why_left(actor, alarm, seen, levels or {})
            if why:
                left.append(Left(alarm, why))
                continue
            done.append(acknowledge_alarm(actor=actor, alarm=alarm.id, reason=reason, name=name, at=at))
        return done, left


def _why_left(actor: Actor, alarm: Alarm, seen: Collection[UUID], levels: Mapping[UUID, int]) -> str | None:
    if alarm.id not in seen:
        return "not_seen"
    if alarm.rule in ONE_BY_ONE:
        return "one_by_one"
    if not may_acknowledge(actor, alarm.rule):
        return "not_allowed"
    if alarm.level > levels.get(alarm.id, alarm.level):
        return "raised"
    return None
