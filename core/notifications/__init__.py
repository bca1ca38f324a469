"""Messages to the outside: queued with the decision, sent at least once by the worker, every attempt kept."""

from core.notifications.outbox import CHANNEL, Notice, queue, queue_many

__all__ = ["CHANNEL", "Notice", "queue", "queue_many"]
