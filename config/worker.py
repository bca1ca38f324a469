"""The Celery application: a worker that carries the clock and the sender, and a beat that is the net below both."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery, bootsteps
from celery.signals import setup_logging

from config.tasks import tasks
from core.firing import Clock
from core.registry import Registry
from launcher.connection import broker_url
from notifications.sender import Sender

BROKER_SECONDS = 5

SETTINGS: dict[str, Any] = {
    "broker_connection_retry": True,
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,  # for ever: the clock goes on meanwhile
    "broker_transport_options": {
        "global_keyprefix": "sigap:",
        "socket_connect_timeout": BROKER_SECONDS,
        "socket_timeout": BROKER_SECONDS,
        "visibility_timeout": 300,  # nothing is scheduled in the broker, so nothing comes twice by it
    },
    # Every task looks up what there is to do, so a second run does no harm and a lost one is made good by the next.
    "task_acks_late": True,
    "task_ignore_result": True,
    "task_store_errors_even_if_ignored": False,
    "task_default_queue": "sigap",
    "worker_prefetch_multiplier": 1,
    "worker_cancel_long_running_tasks_on_connection_loss": False,
    "worker_redirect_stdouts": False,
    "worker_enable_remote_control": False,
    "accept_content": ["json"],
    "task_serializer": "json",
    "worker_send_task_events": False,
    "timezone": "UTC",
    "beat_schedule": {
        "tick": {"task": "core.tick", "schedule": 1.0, "options": {"expires": 1}},
        "send_notifications": {"task": "core.send_notifications", "schedule": 10.0, "options": {"expires": 10}},
        "make_partitions": {"task": "core.make_partitions", "schedule": 3600.0, "options": {"expires": 600}},
        "note_log_head": {"task": "core.note_log_head", "schedule": 3600.0, "options": {"expires": 600}},
        "clean": {"task": "core.clean", "schedule": 3600.0, "options": {"expires": 600}},
    },
}


class Application(Celery):
    """A Celery application that knows whose timers its workers fire and whose messages they send."""

    def __init__(self, registry: Registry) -> None:
        super().__init__("sigap", broker=broker_url(os.environ))
        self.conf.update(SETTINGS)
        self.registry = registry
        for name, work in tasks(registry).items():
            self.task(name=name)(work)
        self.steps["worker"].add(ClockStep)


class ClockStep(bootsteps.StartStopStep):
    """Starts the clock and the sender with the worker itself, before its consumer: they need no broker."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        registry: Registry = worker.app.registry
        self._sender = Sender(registry)
        self._clock = Clock(registry, name=worker.hostname, wake_sender=self._sender.wake)

    def start(self, worker: Any) -> None:  # noqa: ARG002 - Celery calls it so
        """Start both threads."""
        self._sender.start()
        self._clock.start()

    def stop(self, worker: Any) -> None:  # noqa: ARG002 - Celery calls it so
        """End both after what they have in hand."""
        self._clock.stop()
        self._sender.stop()

    def terminate(self, worker: Any) -> None:
        """End both, as `stop` does."""
        self.stop(worker)


def keep_logging(**_: Any) -> None:
    """Leave logging as Django has set it up: Celery sets up its own only where nobody answers this signal."""


setup_logging.connect(keep_logging)
