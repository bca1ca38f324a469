"""Reading alarms: their forms, whose they are to see."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from typing_extensions import TypedDict

from accounts.actors import Actor
from accounts.roles import Reach, Right
from alarms.models import Alarm
from alarms.policies import current_policies, level_seconds
from alarms.rules import EscalationRule, may_acknowledge
from core import sql
from core.errors import Unknown
from core.registry import Form


class AcknowledgedBy(TypedDict):
    """Who has taken an alarm on themselves, why and when."""

    by: str | None
    reason: str | None
    at: datetime


class SilencedAt(TypedDict):
    """A desk where an alarm's sound was stopped, and who stopped it."""

    user: str
    desk: str | None


class AlarmForm(TypedDict):
    """An alarm; `params` are the ids, codes and numbers that its text needs, by its rule."""

    id: UUID
    rule: int
    subject: str
    level: int
    state: str
    incident: str | None
    base_at: datetime
    opened_at: datetime
    level_at: datetime
    next_at: datetime | None
    late: bool
    acknowledged: AcknowledgedBy | None
    silenced: list[SilencedAt]
    params: dict[str, Any]


def alarm_form_of(alarm: Alarm) -> AlarmForm:
    """An alarm as it travels."""
    acknowledged: AcknowledgedBy | None = None
    if alarm.acknowledged_at:
        acknowledged = {
            "by": alarm.acknowledged_name,
            "reason": alarm.acknowledged_reason,
            "at": alarm.acknowledged_at,
        }
    return {
        "id": alarm.id,
        "rule": alarm.rule,
        "subject": alarm.subject,
        "level": alarm.level,
        "state": alarm.state,
        "incident": incident_of(alarm),
        "base_at": alarm.base_at,
        "opened_at": alarm.opened_at,
        "level_at": alarm.level_at,
        "next_at": alarm.next_at,
        "late": alarm.late,
        "acknowledged": acknowledged if alarm.state == Alarm.State.ACKNOWLEDGED else None,
        "silenced": alarm.silenced,
        "params": alarm.params,
    }


def incident_of(alarm: Alarm) -> str | None:
    """The id of the incident that an alarm belongs to; None for one of a call, a centre, a source."""
    kind, _, key = alarm.subject.partition(":")
    return key if kind == "incident" else alarm.params.get("incident")


def alarms_of_incident(actor: Actor, incident: UUID) -> QuerySet[Alarm]:
    """The alarms of an incident that are not closed and that the actor may see, by id."""
    own = Q(subject=f"incident:{incident}") | Q(params__incident=str(incident))
    return visible_alarms(actor).exclude(state=Alarm.State.CLOSED).filter(own).order_by("id")


def alarm_forms(ids: Collection[UUID] | None) -> dict[UUID, Form[AlarmForm]]:
    """The forms of alarms that are not closed: of all, or of these."""
    clause, which = ("", []) if ids is None else ("AND t.id = ANY(%s::uuid[])", [list(ids)])
    found = sql.instances(Alarm, f"WHERE t.state <> '{Alarm.State.CLOSED}' {clause} ORDER BY t.opened_at, t.id", which)
    return {alarm.id: Form(alarm_form_of(alarm), agencies=frozenset(alarm.agencies)) for alarm in found}


def visible_alarms(actor: Actor) -> QuerySet[Alarm]:
    """The alarms an actor may see: all of the centre, or those of rules 9 and 11 of the own agency.

    Who sees no board but acknowledges a rule (the admin rule 16, on the health page) sees that rule's.
    """
    found = Alarm.objects.filter(centre_id=actor.centre)
    reach = actor.reach(Right.ALARM_SEE)
    if reach is Reach.ANY:
        return found
    if reach is Reach.OWN and actor.agency:
        return found.filter(agencies__contains=[actor.agency])
    return found.filter(rule__in=[rule for rule in EscalationRule if may_acknowledge(actor, rule)])


def alarm_for(actor: Actor, alarm: UUID, *, lock: bool = False, right: Right = Right.ALARM_SEE) -> Alarm:
    """One alarm that the actor may see; raises Unknown, and Refused to a key that may see none.

    right: what the actor wants to do with it; a key that lacks it is refused before anything is looked up.
    """
    actor.require_of_key(Right.ALARM_SEE, right)
    found = visible_alarms(actor).select_related("policy")
    if lock:
        found = found.select_for_update(of=("self",))
    row = found.filter(id=alarm).first()
    if row is None:
        raise Unknown
    return row


def open_alarms(actor: Actor) -> QuerySet[Alarm]:
    """Alarms that are not closed, in the order of the screen: level, then priority, then age."""
    return visible_alarms(actor).exclude(state=Alarm.State.CLOSED).order_by("-level", "priority", "opened_at", "id")


def current_seconds(centre: UUID, rule: int, priority: int | None) -> list[int]:
    """Seconds to each level of a rule for a priority, of the current policy of a centre; [] where there is none."""
    policy = current_policies(centre, [rule]).get(rule)
    return level_seconds(policy, priority) if policy else []


def policy_seconds(centre: UUID) -> dict[int, dict[int | None, list[int]]]:
    """Seconds to each level by rule and priority, of the current policies of a centre: for clocks on screens."""
    return {
        rule: {priority: level_seconds(policy, priority) for priority in (None, 1, 2, 3, 4, 5)}
        for rule, policy in current_policies(centre).items()
    }
