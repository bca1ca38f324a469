"""The worker's tasks. None carries anything that matters: each looks into the database for what there is to do."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from core import firing, housekeeping
from core.firing.heartbeat import give_sign
from core.registry import Registry
from notifications.sending import deliver_due

logger = logging.getLogger(__name__)


def tasks(registry: Registry) -> Mapping[str, Callable[[], Any]]:
    """The tasks by name, over the registry of the composition root."""

    def tick() -> None:
        """Beat's word that it lives, and the net below the clock threads."""
        give_sign("beat", "beat")
        firing.fire_due(registry)

    def send_notifications() -> None:
        """The net below the senders."""
        deliver_due(registry)

    def make_partitions() -> None:
        housekeeping.make_partitions()

    def note_log_head() -> None:
        housekeeping.note_log_head()

    def clean() -> None:
        housekeeping.clean_timers()
        housekeeping.clean_acts()
        housekeeping.forget_workers()
        housekeeping.clean_sessions()
        for cleaner in registry.cleaners:
            cleaner()

    return {
        "core.tick": tick,
        "core.send_notifications": send_notifications,
        "core.make_partitions": make_partitions,
        "core.note_log_head": note_log_head,
        "core.clean": clean,
    }
