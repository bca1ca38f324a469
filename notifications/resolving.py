"""From a queued message to one delivery row for each person: recipients are those on duty when it is sent."""

from __future__ import annotations

import logging

from django.db import Error

from core import clock, events
from core.models import Delivery, Notification
from core.registry import Registry

logger = logging.getLogger(__name__)

PAGE = 100


def resolve_queued(registry: Registry) -> int:
    """Make the deliveries of up to 100 queued messages, most urgent first; returns how many were looked at.

    A message that nobody stands behind becomes `failed`, with a line in the structured log.
    """
    with events.transaction():
        queued = list(
            Notification.objects.select_for_update(skip_locked=True)
            .filter(state=Notification.State.QUEUED)
            .order_by("priority", "queued_at")[:PAGE]
        )
        deliveries: list[Delivery] = []
        now = clock.now()
        for notification in queued:
            pairs = _recipients(registry, notification)
            deliveries += [
                Delivery(notification=notification, address=address, language=language, due_at=now)
                for address, language in dict(pairs).items()
            ]
            notification.state = Notification.State.RESOLVED if pairs else Notification.State.FAILED
        Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
        Notification.objects.bulk_update(queued, ["state"])
    return len(queued)


def _recipients(registry: Registry, notification: Notification) -> list[tuple[str, str]]:
    if notification.channel == "log":
        return [(notification.target, "en")]
    kind, _, rest = notification.target.partition(":")
    if kind == "url":
        return [(rest, "en")]
    try:
        pairs = registry.recipients(notification.target)
    except Error:
        raise
    except Exception:  # a target that makes no sense must not hold back the others
        logger.exception("recipients_failed", extra={"notification": str(notification.id)})
        return []
    if not pairs:
        logger.warning("nobody_to_tell", extra={"target": notification.target, "kind": notification.kind})
    return pairs
