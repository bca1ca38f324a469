"""What has to be done now and then: partitions ahead, the log's head noted outside the database, old rows cleared."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.db import connection

from core import clock, event_log
from core.models import DoneAct, Event, Source, Timer

logger = logging.getLogger(__name__)

KEPT = timedelta(days=7)
KEPT_FAILED = timedelta(days=90)
FORGOTTEN = timedelta(days=1)
STEP = 5000


def make_partitions() -> int:
    """Make the event log's next partitions; returns how many were missing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sigap_make_event_partitions()")
        return int(cursor.fetchone()[0])


def note_log_head() -> str:
    """Write the log's last seq and hash to the structured log, where no change of the database reaches it.

    Returns it as `verify_log --anchor` takes it: SEQ:HASH; "" for an empty log.
    """
    event = Event.objects.order_by("-seq").only("seq", "hash").first()
    if event is None:
        return ""
    anchor = f"{event.seq}:{bytes(event.hash).hex()}"
    logger.info("event_log_head", extra={"anchor": anchor, "first": event_log.first_seq()})
    return anchor


def clean_timers() -> int:
    """Delete timers that fired or were cancelled a week ago, failed ones after 90 days; returns how many."""
    now = clock.now()
    done = (Timer.State.FIRED, Timer.State.CANCELLED)
    return _clear(list(done), now - KEPT) + _clear([Timer.State.FAILED], now - KEPT_FAILED)


def clean_acts() -> int:
    """Delete the ids of acts that were done a week ago: nobody sends those again; returns how many."""
    deleted: int = DoneAct.objects.filter(done_at__lt=clock.now() - KEPT).delete()[0]
    return deleted


def forget_workers() -> int:
    """Delete the signs of workers, web servers and workstations unseen for a day: they were taken out of service."""
    gone = Source.objects.filter(
        kind__in=["worker", "beat", "web", "workstation"], last_seen_at__lt=clock.now() - FORGOTTEN
    )
    deleted: int = gone.delete()[0]
    return deleted


def clean_sessions() -> None:
    """Delete the sessions that have expired; each ended by itself at its time."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


def _clear(states: list[str], before: datetime) -> int:
    """In steps, so that no statement holds many rows for long."""
    cleared = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM core_timer WHERE id IN (SELECT id FROM core_timer WHERE state = ANY(%s) AND due_at < %s"
                " LIMIT %s)",
                [states, before, STEP],
            )
            deleted: int = cursor.rowcount
        cleared += deleted
        if deleted < STEP:
            return cleared
