"""The end that a place warning was given when it was written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from accounts.actors import system_actor
from core.models import Timer
from core.registry import TimerHandler
from dispatch.actions.warnings import END_TIMER, end
from dispatch.models import Incident
from dispatch.queries.incidents import locked_incidents
from dispatch.queries.warnings import concerned, try_hold_counts
from places.models import PlaceWarning


def lock(subjects: Sequence[str]) -> set[str]:
    """Lock the warnings that nobody holds, each after the open incidents that it reaches; returns their subjects."""
    got = set()
    for warning in PlaceWarning.objects.filter(pk__in=[_id(subject) for subject in subjects]).order_by("pk"):
        wanted = concerned(warning)
        held = (
            Incident.objects.filter(pk__in=wanted)
            .order_by("pk")
            .select_for_update(skip_locked=True, no_key=True, of=("self",))
        )
        if len(held) < len(wanted) or not try_hold_counts(warning.centre_id) or set(concerned(warning)) - set(wanted):
            continue
        rows = PlaceWarning.objects.filter(pk=warning.pk).select_for_update(skip_locked=True, no_key=True)
        if list(rows.values_list("pk")):
            got.add(f"warning:{warning.pk}")
    return got


def fire(due: Sequence[Timer], now: datetime) -> None:
    """End those that have come to their end; who drives there is judged anew."""
    for warning in PlaceWarning.objects.filter(pk__in=[_id(timer.subject) for timer in due], ended_at=None):
        actor = system_actor(warning.centre_id)
        end(warning, locked_incidents(concerned(warning)), actor=actor, at=now)


def _id(subject: str) -> UUID:
    return UUID(subject.partition(":")[2])


TIMERS: dict[str, TimerHandler] = {END_TIMER: TimerHandler(lock, fire)}
