"""Queueing a message inside the transaction that decides it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from core import clock, events
from core.models import Notification
from core.pg_channels import NOTIFICATIONS


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to be: once per (cause, target, channel), however often it is queued.

    cause: what it is about ("alarm:<uuid>:2"). target: "role:<name>", "agency:<uuid>", "user:<uuid>", "unit:<uuid>"
    or "url:<address>". channel: email, webhook, or log for a line in the structured log alone; each message has one.
    kind: which words. params: ids and codes for them. priority: 1 to 5, the most urgent is sent first.
    """

    cause: str
    target: str
    channel: str
    kind: str
    params: dict[str, Any] = field(default_factory=dict)
    priority: int = 3


def queue(
    cause: str, target: str, channel: str, kind: str, params: dict[str, Any] | None = None, priority: int = 3
) -> None:
    """Queue one message; see Notice. Raises RuntimeError outside `core.events.transaction()`."""
    queue_many([Notice(cause, target, channel, kind, params or {}, priority)])


def queue_many(notices: Iterable[Notice]) -> None:
    """Queue messages in one statement; those that are queued already are left as they are.

    NOTIFY is sent with the commit and wakes the workers, so that no broker is asked. Raises RuntimeError outside
    `core.events.transaction()`.
    """
    rows = [
        Notification(
            cause=notice.cause,
            target=notice.target,
            channel=notice.channel,
            kind=notice.kind,
            params=notice.params,
            priority=notice.priority,
            queued_at=clock.now(),
        )
        # In one order everywhere: two writers that queue the same few must not wait for each other in a ring.
        for notice in sorted(notices, key=lambda notice: (notice.cause, notice.target, notice.channel))
    ]
    if not rows:
        return
    if not events.is_open():
        raise RuntimeError("a message is queued outside core.events.transaction()")
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [NOTIFICATIONS])
