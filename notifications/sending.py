"""Sending what waits: claimed with a lease, sent outside any transaction, tried again with growing pauses.

A sender that dies between sending and writing it down leaves a lease that ends; another sends again. So a message
goes out at least once, and carries its delivery's id for a receiver that minds.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from core import clock
from core.models import Delivery
from core.registry import Message, Registry
from notifications.channels import CHANNELS, Outgoing, Undeliverable
from notifications.resolving import resolve_queued

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)  # longer than any channel may take
PAUSES_SECONDS = (5, 15, 45, 120, 360, 1200, 3600)  # after the last one it is given up

_CLAIM = """
UPDATE core_delivery AS delivery SET leased_until = %s
  FROM (SELECT d.id FROM core_delivery d JOIN core_notification n ON n.id = d.notification_id
         WHERE d.state = 'waiting' AND d.due_at <= %s AND (d.leased_until IS NULL OR d.leased_until <= %s)
         ORDER BY n.priority, d.due_at LIMIT %s FOR UPDATE OF d SKIP LOCKED) AS free
 WHERE delivery.id = free.id RETURNING delivery.id
"""
# Only while the lease is ours: who comes back after it has ended finds another at work.
_RECORD = """
UPDATE core_delivery SET attempts = attempts || %s::jsonb, state = %s, due_at = %s, sent_at = %s, leased_until = NULL
 WHERE id = %s AND leased_until = %s
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that is ours to make until `leased_until`."""

    delivery: Delivery
    leased_until: datetime


def deliver_due(registry: Registry, *, most: int = 1000) -> int:
    """Resolve and send what is due now, one after another; returns how many went out."""
    while resolve_queued(registry):
        pass
    sent = 0
    for _ in range(most):
        claims = claim(1)
        if not claims:
            break
        sent += deliver(registry, claims[0])
    return sent


def claim(most: int) -> list[Claim]:
    """Take up to `most` due deliveries for a minute, the most urgent first."""
    now = clock.now()
    until = now + LEASE
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [until, now, now, most])
        ids: list[UUID] = [row[0] for row in cursor.fetchall()]
    rows = Delivery.objects.select_related("notification").filter(id__in=ids)
    return [Claim(row, until) for row in sorted(rows, key=lambda row: (row.notification.priority, row.due_at))]


def deliver(registry: Registry, claimed: Claim) -> bool:
    """Send one claimed delivery and write down how it went; True if it went out."""
    delivery = claimed.delivery
    outcome, final = "sent", False
    try:
        outgoing = _outgoing(registry, delivery)
        if not connection.in_atomic_block:
            connection.close()  # what follows waits for the receiver; nobody should wait for our connection meanwhile
        CHANNELS[delivery.notification.channel](outgoing)
    except Undeliverable as error:
        outcome, final = str(error), True
    except Exception as error:  # noqa: BLE001 - whatever the outside does, it is an outcome
        outcome = f"{type(error).__name__}: {error}"
    _record(claimed, outcome, sent=outcome == "sent", final=final)
    return outcome == "sent"


def _outgoing(registry: Registry, delivery: Delivery) -> Outgoing:
    notification = delivery.notification
    if notification.channel not in CHANNELS:
        raise Undeliverable(f"no channel {notification.channel}")
    write = registry.messages.get(notification.kind)
    params: Mapping[str, Any] = notification.params
    message = write(params, delivery.language) if write else _by_codes(notification.kind, params)
    return Outgoing(
        id=delivery.id,
        cause=notification.cause,
        kind=notification.kind,
        params=params,
        address=delivery.address,
        message=message,
        queued_at=notification.queued_at,
    )


def _by_codes(kind: str, params: Mapping[str, Any]) -> Message:
    return Message(f"Sigap: {kind}", "\n".join(f"{name}: {value}" for name, value in sorted(params.items())))


def _record(claimed: Claim, outcome: str, *, sent: bool, final: bool) -> None:
    delivery, now = claimed.delivery, clock.now()
    tries = len(delivery.attempts)
    give_up = not sent and (final or tries >= len(PAUSES_SECONDS))
    state = Delivery.State.SENT if sent else Delivery.State.GAVE_UP if give_up else Delivery.State.WAITING
    due_at = delivery.due_at if sent or give_up else now + timedelta(seconds=PAUSES_SECONDS[tries])
    attempt = json.dumps([{"at": now.isoformat(), "outcome": _printable(outcome)}])
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, [attempt, state, due_at, now if sent else None, delivery.id, claimed.leased_until])
    if not sent:
        extra = {
            "delivery": str(delivery.id),
            "channel": delivery.notification.channel,
            "outcome": outcome.partition(":")[0][:80],
        }
        logger.warning("delivery_given_up" if give_up else "delivery_failed", extra=extra)


def _printable(outcome: str) -> str:
    """The text of a receiver's error, short and without what PostgreSQL refuses."""
    return "".join(sign if sign.isprintable() else " " for sign in outcome[:300])
