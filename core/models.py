"""Rows that every app leans on: the event log, its checkpoints, timers, notifications, sources."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Event(models.Model):
    """One fact, never changed. Written by `core.events.append` alone; `hash` chains it to the one before.

    The table is partitioned by seq and guarded by rights and triggers (migration 0002).
    """

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.TextField()
    desk = models.TextField(null=True)
    kind = models.TextField()
    subjects = ArrayField(models.TextField())
    data = models.JSONField()
    body = models.TextField()
    hash = models.BinaryField()

    class Meta:
        managed = False
        db_table = "core_event"
        indexes = (GinIndex(fields=["subjects"], name="core_event_subjects"),)

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"


class Checkpoint(models.Model):
    """Where the chain starts after retention has dropped what came before: the last dropped seq and hash."""

    seq = models.BigIntegerField(primary_key=True)
    hash = models.BinaryField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.seq)


class Timer(models.Model):
    """A deadline. At most one armed per (kind, subject); fired, cancelled or failed ones stay for a while."""

    class State(models.TextChoices):
        ARMED = "armed"
        FIRED = "fired"
        CANCELLED = "cancelled"
        FAILED = "failed"

    id = models.BigAutoField(primary_key=True)
    kind = models.TextField()
    subject = models.TextField()
    due_at = models.DateTimeField()
    data = models.JSONField(default=dict)
    state = models.TextField(choices=State.choices, default=State.ARMED)
    attempts = models.PositiveSmallIntegerField(default=0)
    fired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=models.Q(state="armed"), name="core_timer_one_armed"
            ),
        )
        indexes = (
            models.Index(fields=["kind", "due_at"], condition=models.Q(state="armed"), name="core_timer_kind_due"),
            models.Index(fields=["due_at"], condition=models.Q(state="armed"), name="core_timer_due"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class DoneAct(models.Model):
    """An act that makes no row of its own, by its sender's id: sent again, it is not done again."""

    id = models.UUIDField(primary_key=True)
    actor = models.TextField()
    done_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.id)


class Notification(models.Model):
    """A message to the outside, queued in the transaction that decided it; recipients are resolved when sent."""

    class State(models.TextChoices):
        QUEUED = "queued"
        RESOLVED = "resolved"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    cause = models.TextField(help_text="what it is about, unique with target and channel: 'alarm:<uuid>:2'")
    target = models.TextField(help_text="role:<name>, agency:<uuid>, user:<uuid>, unit:<uuid> or url:<address>")
    channel = models.TextField(help_text="log, email, webhook")
    kind = models.TextField(help_text="which text: a notification kind of the registry")
    params = models.JSONField(default=dict, help_text="ids and codes; words are made when it is sent")
    priority = models.PositiveSmallIntegerField(default=3)
    state = models.TextField(choices=State.choices, default=State.QUEUED)
    queued_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["cause", "target", "channel"], name="core_notification_once"),)
        indexes = (
            models.Index(
                fields=["priority", "queued_at"], condition=models.Q(state="queued"), name="core_notification_queued"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} to {self.target} by {self.channel}"


class Delivery(models.Model):
    """One message to one address: claimed with a lease, sent at least once, every attempt kept."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        GAVE_UP = "gave_up"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    notification = models.ForeignKey(Notification, models.CASCADE, related_name="deliveries")
    address = models.TextField()
    language = models.TextField(default="id")
    state = models.TextField(choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.JSONField(default=list, help_text="[{at, outcome}] of each try")
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["notification", "address"], name="core_delivery_once"),)
        indexes = (models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="core_delivery_waiting"),)

    def __str__(self) -> str:
        return f"{self.notification_id} to {self.address}"


class KeptMail(models.Model):
    """A mail that a training site kept instead of sending it."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    recipients = ArrayField(models.TextField())
    subject = models.TextField()
    text = models.TextField()

    def __str__(self) -> str:
        return f"{self.at} {self.subject}"


class Source(models.Model):
    """A machine that speaks to us (a PBX, a tracker, a worker): when it last gave a sign, how far off its clock is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.TextField(help_text="telephony, positions, worker, beat")
    name = models.TextField()
    last_seen_at = models.DateTimeField(null=True)
    watched = models.BooleanField(default=False, help_text="has sent a heartbeat, so silence means trouble")
    skew_seconds = models.FloatField(default=0.0)
    figures = models.JSONField(default=dict, help_text="what it says of itself: a worker's lateness")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kind", "name"], name="core_source_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
