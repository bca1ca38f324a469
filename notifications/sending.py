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

# Neither statement waits for the disk: what a crash of PostgreSQL loses of them is sent again.
_CLAIM = """
UPDATE core_delivery AS delivery SET leased_until = %s
  FROM (SELECT d.id, n.priority, n.cause, n.channel, n.kind, n.params, n.queued_at
          FROM core_delivery d JOIN core_notification n ON n.id = d.notification_id
         WHERE d.state = 'waiting' AND d.due_at <= %s AND (d.leased_until IS NULL OR d.leased_until <= %s)
         ORDER BY n.priority, d.due_at LIMIT %s FOR UPDATE OF d SKIP LOCKED) AS free
 WHERE delivery.id = free.id AND set_config('synchronous_commit', 'off', true) = 'off'
RETURNING delivery.id, address, language, due_at, jsonb_array_length(attempts), leased_until,
          priority, cause, channel, kind, params::text, queued_at
"""
_PARAMS = 10  # their place in a claimed row
# Only while the lease is ours: who comes back after it has ended finds another at work.
_RECORD = """
UPDATE core_delivery SET attempts = attempts || %s::jsonb, state = %s, due_at = %s, sent_at = %s, leased_until = NULL
 WHERE id = %s AND leased_until = %s AND set_config('synchronous_commit', 'off', true) = 'off'
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that is ours to make until `leased_until`, with its message. tries: how often it was tried."""

    id: UUID
    address: str
    language: str
    due_at: datetime
    tries: int
    leased_until: datetime
    priority: int
    cause: str
    channel: str
    kind: str
    params: Mapping[str, Any]
    queued_at: datetime


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
        rows: list[list[Any]] = [list(row) for row in cursor.fetchall()]
    for row in rows:
        row[_PARAMS] = json.loads(row[_PARAMS])
    claims = [Claim(*row) for row in rows]
    return sorted(claims, key=lambda claim: (claim.priority, claim.due_at))


def deliver(registry: Registry, claimed: Claim) -> bool:
    """Send one claimed delivery and write down how it went; True if it went out."""
    outcome, final = "sent", False
    try:
        outgoing = _outgoing(registry, claimed)
        if not connection.in_atomic_block:
            connection.close()  # what follows waits for the receiver; nobody should wait for our connection meanwhile
        CHANNELS[claimed.channel](outgoing)
    except Undeliverable as error:
        outcome, final = str(error), True
    except Exception as error:  # noqa: BLE001 - whatever the outside does, it is an outcome
        outcome = f"{type(error).__name__}: {error}"
    _record(claimed, outcome, sent=outcome == "sent", final=final)
    return outcome == "sent"


def _outgoing(registry: Registry, claimed: Claim) -> Outgoing:
    if claimed.channel not in CHANNELS:
        raise Undeliverable(f"no channel {claimed.channel}")
    write = registry.messages.get(claimed.kind)
    message = write(claimed.params, claimed.language) if write else _by_codes(claimed.kind, claimed.params)
    return Outgoing(
        id=claimed.id,
        cause=claimed.cause,
        kind=claimed.kind,
        params=claimed.params,
        address=claimed.address,
        message=message,
        queued_at=claimed.queued_at,
    )


def _by_codes(kind: str, params: Mapping[str, Any]) -> Message:
    return Message(f"Sigap: {kind}", "\n".join(f"{name}: {value}" for name, value in sorted(params.items())))


def _record(claimed: Claim, outcome: str, *, sent: bool, final: bool) -> None:
    now, tries = clock.now(), claimed.tries
    give_up = not sent and (final or tries >= len(PAUSES_SECONDS))
    state = Delivery.State.SENT if sent else Delivery.State.GAVE_UP if give_up else Delivery.State.WAITING
    due_at = claimed.due_at if sent or give_up else now + timedelta(seconds=PAUSES_SECONDS[tries])
    attempt = json.dumps([{"at": now.isoformat(), "outcome": _printable(outcome)}])
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, [attempt, state, due_at, now if sent else None, claimed.id, claimed.leased_until])
    if not sent:
        extra = {
            "delivery": str(claimed.id),
            "channel": claimed.channel,
            "outcome": outcome.partition(":")[0][:80],
        }
        logger.warning("delivery_given_up" if give_up else "delivery_failed", extra=extra)


def _printable(outcome: str) -> str:
    """The text of a receiver's error, short and without what PostgreSQL refuses."""
    return "".join(sign if sign.isprintable() else " " for sign in outcome[:300])
