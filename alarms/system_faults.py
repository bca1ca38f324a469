"""Rule 16 for the machinery itself: deadlines that fire late, and a timer whose handler fails."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from accounts.queries import default_centre
from alarms import events as facts
from alarms.actions import unwatch, watch
from alarms.conditions import Rule, Standing
from alarms.events import AlarmEvent
from alarms.models import Alarm
from alarms.policies import NOBODY, advice_of, current_policies
from alarms.rules import EscalationRule
from alarms.sources import SILENT, silent_sources
from core.registry import SystemFault

RULE = EscalationRule.SYSTEM_FAULT
# These stand until their end is stated.
LASTING = frozenset({"clock.late", "disk.low", "backup.late"})


def raise_trouble(trouble: SystemFault) -> None:
    """Open rule 16 for a trouble of the machinery, or close it when it is over. Inside the transaction that states it.

    It opens at level 1 at once: whoever noticed has waited long enough already (core.firing.heartbeat).
    """
    if not trouble.standing:
        unwatch(RULE, trouble.subject, at=trouble.at)
        return
    centre = default_centre()
    policy = current_policies(centre.id, [RULE]).get(RULE)
    if policy is None or _open(trouble.subject):
        return
    alarm = Alarm.objects.create(
        id=uuid.uuid4(),
        centre=centre,
        policy=policy,
        rule=RULE,
        subject=trouble.subject,
        level=1,
        base_at=trouble.at,
        opened_at=trouble.at,
        level_at=trouble.at,
        params={"trouble": trouble.kind, **trouble.figures} | advice_of(policy, centre.id, None, trouble.at),
    )
    facts.risen(AlarmEvent.ALARM_OPENED, alarm, at=trouble.at)
    watch(RULE, trouble.subject, centre_id=centre.id, base_at=trouble.at)


def standing_trouble(kind: str) -> bool:
    """Whether rule 16 stands for a trouble of this kind."""
    return Alarm.objects.exclude(state=Alarm.State.CLOSED).filter(rule=RULE, params__trouble=kind).exists()


def _open(subject: str) -> Alarm | None:
    return Alarm.objects.exclude(state=Alarm.State.CLOSED).filter(rule=RULE, subject=subject).first()


def _lock(subjects: Sequence[str]) -> set[str]:
    """The alarm itself is all there is to lock, and the rule's own locker does that."""
    return set(subjects)


def _standing(subjects: Collection[str]) -> dict[str, Standing]:
    """Late deadlines stand until their end is reported; a failed timer is reported once: its first return closes it."""
    found = Alarm.objects.exclude(state=Alarm.State.CLOSED).filter(rule=RULE, subject__in=list(subjects))
    return silent_sources(subjects) | {
        alarm.subject: Standing(alarm.centre_id, alarm.priority, params=_own(alarm.params))
        for alarm in found
        if alarm.params.get("trouble") in LASTING
        or (alarm.params.get("trouble") != SILENT and alarm.state == Alarm.State.OPEN)
    }


def _own(params: Mapping[str, Any]) -> dict[str, Any]:
    """The params of an alarm's fault, without those that its next level computes again."""
    return {name: value for name, value in params.items() if name != NOBODY}


RULES = (Rule(RULE, lock=_lock, standing=_standing),)
