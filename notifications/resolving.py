"""From a queued message to one delivery row for each person: recipients are those on duty when it is sent."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from uuid import UUID

from django.db import Error, connection

from core import clock, events
from core.json_codec import dumps
from core.models import Notification
from core.registry import Registry

logger = logging.getLogger(__name__)

PAGE = 100
_QUEUED = """
SELECT id, cause, target, channel, kind FROM core_notification
 WHERE state = 'queued' ORDER BY priority, queued_at LIMIT %s FOR UPDATE SKIP LOCKED
"""
# Without waiting for the disk: what a crash of PostgreSQL loses of it is done again, at least once is the promise.
_RESOLVE = """
WITH made AS (
  INSERT INTO core_delivery (id, notification_id, address, language, state, due_at, attempts)
  SELECT gen_random_uuid(), made.notification, made.address, made.language, 'waiting', %s, '[]'
    FROM jsonb_to_recordset(%s) AS made (notification uuid, address text, language text)
  ON CONFLICT DO NOTHING
)
UPDATE core_notification AS queued SET state = found.state
  FROM jsonb_to_recordset(%s) AS found (id uuid, state text)
 WHERE queued.id = found.id AND set_config('synchronous_commit', 'off', true) = 'off'
"""


@dataclass(frozen=True, slots=True)
class _Queued:
    id: UUID
    cause: str
    target: str
    channel: str
    kind: str


def resolve_queued(registry: Registry) -> int:
    """Make the deliveries of up to 100 queued messages, most urgent first; returns how many were looked at.

    Each message is a line in the structured log: codes and ids, since params may hold a telephone number. One that
    nobody stands behind becomes `failed`, with a line of its own. Two statements for any number of messages.
    """
    with events.transaction(), connection.cursor() as cursor:
        cursor.execute(_QUEUED, [PAGE])
        queued = [_Queued(*row) for row in cursor.fetchall()]
        if not queued:
            return 0
        recipients = _recipients(registry, {message.target for message in queued if message.channel != "log"})
        deliveries, states = [], []
        for message in queued:
            logger.info("notification", extra={"to": message.target, "about": message.cause, "kind": message.kind})
            pairs = dict(recipients[message.target]) if message.channel != "log" else {}
            deliveries += [
                {"notification": message.id, "address": address, "language": language}
                for address, language in pairs.items()
            ]
            reached = bool(pairs) or message.channel == "log"
            if not reached:
                logger.warning("nobody_to_tell", extra={"target": message.target, "kind": message.kind})
            state = Notification.State.RESOLVED if reached else Notification.State.FAILED
            states.append({"id": message.id, "state": state})
        cursor.execute(_RESOLVE, [clock.now(), dumps(deliveries).decode(), dumps(states).decode()])
    return len(queued)


def _recipients(registry: Registry, targets: set[str]) -> dict[str, list[tuple[str, str]]]:
    found = {target: [(target.removeprefix("url:"), "en")] for target in targets if target.startswith("url:")}
    asked = targets - found.keys()
    found |= {target: [] for target in asked}
    try:
        return found | dict(registry.recipients(asked))
    except Error:
        raise
    except Exception:  # a target that makes no sense must not hold back the others
        if len(asked) == 1:
            logger.exception("recipients_failed", extra={"targets": sorted(asked)})
            return found
    for target in asked:
        found |= _recipients(registry, {target})
    return found
