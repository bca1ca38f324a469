"""Messages to the outside: queued with the decision, sent at least once by the worker, every attempt kept."""

from notifications.outbox import Notice, queue, queue_many

__all__ = ["Notice", "queue", "queue_many"]
