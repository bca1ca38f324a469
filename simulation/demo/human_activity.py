"""Whether anybody else has had a hand in something: then the demo leaves it for good."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.actors import DEMO
from accounts.models import Session
from accounts.roles import Role
from calls.models import Operator
from calls.states import OperatorStatus
from core import clock
from core.event_log import last_seq, seq_at
from core.models import Event

# A unit that somebody has moved by hand is left to them for a shift.
TAKEN_FOR = timedelta(hours=12)


def touched(*subjects: str, since: datetime | None = None) -> bool:
    """Whether a person or a key has acted on one of these; the demo itself and the system don't count.

    Ask it with the rows locked: what others do to them is then either in the log already, or waits for us.
    """
    return _others(subjects, since).exists()


def touched_of(subjects: Iterable[str], since: datetime) -> set[str]:
    """Which of these somebody else has acted on since then: one query."""
    wanted = set(subjects)
    found = _others(wanted, since).values_list("subjects", flat=True)
    return {subject for named in found for subject in named} & wanted


class Others:
    """Which units others have moved or changed in their shift: read once, then kept up with the log."""

    def __init__(self) -> None:
        self._seen: int | None = None
        self._at: dict[UUID, datetime] = {}

    def units(self, now: datetime) -> set[UUID]:
        """Those units, and those whose crew is signed in."""
        after = seq_at(now - TAKEN_FOR) if self._seen is None else self._seen
        last = last_seq()
        new = Event.objects.filter(seq__gt=after, seq__lte=last)
        moves = Q(kind__startswith="unit.") | Q(kind__startswith="assignment.")
        for kind, data, subjects, at in _by_others(new.filter(moves)).values_list(
            "kind", "data", "subjects", "recorded_at"
        ):
            for unit in _units_of(kind, data, subjects):
                self._at[unit] = at
        self._seen = last
        crews = Session.objects.filter(
            expire_date__gt=now, user__unit_id__isnull=False, user__roles__contains=[Role.CREW]
        ).values_list("user__unit_id", flat=True)
        return {unit for unit, at in self._at.items() if now - at < TAKEN_FOR} | {unit for unit in crews if unit}


def _units_of(kind: str, data: dict[str, Any], subjects: Iterable[str]) -> set[UUID]:
    """The units that a fact is about: an assignment's names those who have a part in the incident beside."""
    if kind.startswith("assignment."):
        return {UUID(str(data["unit"]))} if data.get("unit") else set()
    return {UUID(subject.removeprefix("unit:")) for subject in subjects if subject.startswith("unit:")}


def somebody_is_ready() -> bool:
    """Whether a person waits for a call."""
    return Operator.objects.filter(state=OperatorStatus.READY).exists()


def desk_is_signed_in(agency: UUID) -> bool:
    """Whether somebody of an agency's desk is signed in."""
    people = Session.objects.filter(expire_date__gt=clock.now(), user__agency_id=agency)
    return people.filter(user__roles__contains=[Role.AGENCY_DESK]).exists()


def _others(subjects: Iterable[str], since: datetime | None) -> QuerySet[Event]:
    found = _by_others(Event.objects.filter(subjects__overlap=sorted(subjects)))
    return found.filter(recorded_at__gte=since) if since else found


def _by_others(facts: QuerySet[Event]) -> QuerySet[Event]:
    return facts.exclude(actor=DEMO).exclude(actor__startswith="system:")
