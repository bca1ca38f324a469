"""Rule 9: a crew in trouble, shown at once on all boards that concern it (docs/rules/escalation.md#rule-9)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from alarms.actions import unwatch
from alarms.conditions import Rule, Standing
from alarms.desks import reopen_alarm
from alarms.rules import EscalationRule
from alarms.timers import raise_at_once
from core import clock
from units.models import Unit

RULE = EscalationRule.CREW_EMERGENCY
PRIORITY = 1  # nothing is more pressing: it stands first of its level, and comes back after the seconds of a P1


def subject_of(unit: UUID) -> str:
    """How timers and facts name a unit."""
    return f"unit:{unit}"


def raise_alarm(unit: Unit, *, also: Iterable[str] = ()) -> None:
    """Open rule 9 for a locked unit whose emergency was just set, in the same transaction.

    One that a telephone without network kept counts from when it reached us: nobody could have acted on it before.
    also: further subjects of its events, such as the incident that the unit works on.
    """
    base_at = now = clock.now()
    if unit.emergency_at and now - unit.emergency_at <= clock.LATE_AFTER:
        base_at = unit.emergency_at
    raise_at_once(_RULE, subject_of(unit.id), centre=unit.centre_id, base_at=base_at, also=also)


def raise_alarm_again(unit: Unit, *, also: Iterable[str] = ()) -> None:
    """Let rule 9 of a locked unit sound at every desk again: the crew pressed once more after it had withdrawn."""
    if not reopen_alarm(RULE, subject_of(unit.id), also=also):
        raise_alarm(unit, also=also)


def end_alarm(unit: Unit, *, actor: str, at: datetime) -> None:
    """Close rule 9 for a locked unit: its emergency was ended."""
    unwatch(RULE, subject_of(unit.id), actor=actor, at=at)


def _lock(subjects: Sequence[str]) -> set[str]:
    ids = [UUID(subject.partition(":")[2]) for subject in subjects]
    rows = Unit.objects.filter(pk__in=ids).order_by("pk").select_for_update(skip_locked=True, no_key=True)
    return {subject_of(row) for row in rows.values_list("pk", flat=True)}


def _standing(subjects: Collection[str]) -> dict[str, Standing]:
    ids = [UUID(subject.partition(":")[2]) for subject in subjects]
    found = Unit.objects.filter(pk__in=ids, emergency_at__isnull=False).select_related("agency")
    return {
        subject_of(unit.id): Standing(
            centre=unit.centre_id,
            priority=PRIORITY,
            agencies=(unit.agency_id,),
            params={"unit": str(unit.id), "callsign": unit.callsign, "agency": unit.agency.code, "priority": PRIORITY},
        )
        for unit in found
    }


_RULE = Rule(RULE, lock=_lock, standing=_standing)
RULES: tuple[Rule, ...] = (_RULE,)
