"""Rules 16 and 19 over sources: one that has fallen silent after its heartbeats, and one whose clock is off."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.queries import default_centre
from alarms.actions import unwatch_many
from alarms.conditions import Rule, Standing
from alarms.models import Alarm
from alarms.rules import EscalationRule
from alarms.timers import raise_at_once
from core import clock, events
from core.models import Source

SILENCE_RULE, CLOCK_RULE = EscalationRule.SYSTEM_FAULT, EscalationRule.CLOCK_OFF
SILENT_AFTER = timedelta(seconds=10)
OFF_SECONDS = 5.0  # further off than this raises rule 19
RIGHT_SECONDS = 2.0  # less than this ends it
KNOWN_FOR = timedelta(hours=1)  # the clock of a source that has sent nothing for longer is unknown
SILENT = "source.silent"
PREFIX = "source:"


def watch_sources() -> None:
    """Open and end rules 16 and 19 by what the rows of sources say now; one worker calls it every two seconds."""
    open_now = _open_alarms()
    if not open_now and not _rows(()).exists():
        return
    with events.transaction():
        now, centre = clock.now(), default_centre().id
        rows = list(_rows(open_now).order_by("id").select_for_update(skip_locked=True, no_key=True))
        over = []
        for row in rows:
            subject = f"{PREFIX}{row.id}"
            if _is_silent(row, now):
                assert row.last_seen_at  # noqa: S101 - a silent source was heard before
                raise_at_once(SILENCE, subject, centre=centre, base_at=row.last_seen_at)
            elif _heartbeats(row):
                over.append((SILENCE_RULE, subject))
            if abs(row.skew_seconds) > OFF_SECONDS and _is_known(row, now):
                raise_at_once(CLOCK, subject, centre=centre, base_at=now)
            elif abs(row.skew_seconds) < RIGHT_SECONDS or not _is_known(row, now):
                over.append((CLOCK_RULE, subject))
        unwatch_many([pair for pair in over if pair in open_now])


def _rows(open_now: Iterable[tuple[int, str]]) -> QuerySet[Source]:
    ids = [UUID(subject.removeprefix(PREFIX)) for _, subject in open_now]
    off = Q(skew_seconds__gt=OFF_SECONDS) | Q(skew_seconds__lt=-OFF_SECONDS)
    recent = Q(last_seen_at__gte=clock.now() - KNOWN_FOR)
    silent = Q(kind="telephony", watched=True, last_seen_at__lt=clock.now() - SILENT_AFTER)
    return Source.objects.filter((off & recent) | silent | Q(id__in=ids))


def _open_alarms() -> set[tuple[int, str]]:
    found = Alarm.objects.exclude(state=Alarm.State.CLOSED).filter(subject__startswith=PREFIX)
    return set(found.filter(rule__in=[SILENCE_RULE, CLOCK_RULE]).values_list("rule", "subject"))


def source_name(row: Source) -> str | None:
    """What an alarm calls a source: a workstation by its desk; one without a desk has no name, only its kind."""
    return None if row.kind == "workstation" and row.name.startswith("user:") else row.name


def _heartbeats(row: Source) -> bool:
    return row.kind == "telephony" and row.watched


def _is_silent(row: Source, now: datetime) -> bool:
    return _heartbeats(row) and row.last_seen_at is not None and now - row.last_seen_at > SILENT_AFTER


def _is_known(row: Source, now: datetime) -> bool:
    return row.last_seen_at is not None and now - row.last_seen_at <= KNOWN_FOR


def lock(subjects: Sequence[str]) -> set[str]:
    """The alarm itself is all there is to lock, and the rule's own locker does that."""
    return set(subjects)


def _of(subjects: Collection[str]) -> dict[str, Source]:
    ids = [UUID(subject.removeprefix(PREFIX)) for subject in subjects if subject.startswith(PREFIX)]
    return {f"{PREFIX}{row.id}": row for row in Source.objects.filter(id__in=ids)}


def silent_sources(subjects: Collection[str]) -> dict[str, Standing]:
    """Which of these are sources that sent heartbeats and have stopped."""
    now = clock.now()
    return {
        subject: Standing(
            default_centre().id,
            None,
            params={"trouble": SILENT, "source": source_name(row), "source_kind": row.kind},
        )
        for subject, row in _of(subjects).items()
        if _is_silent(row, now)
    }


def _clocks_off(subjects: Collection[str]) -> dict[str, Standing]:
    now = clock.now()
    return {
        subject: Standing(
            default_centre().id,
            None,
            params={"source": source_name(row), "source_kind": row.kind, "offset_seconds": round(row.skew_seconds)},
        )
        for subject, row in _of(subjects).items()
        if abs(row.skew_seconds) >= RIGHT_SECONDS and _is_known(row, now)
    }


SILENCE = Rule(SILENCE_RULE, lock=lock, standing=silent_sources)
CLOCK = Rule(CLOCK_RULE, lock=lock, standing=_clocks_off)
RULES = (CLOCK,)
