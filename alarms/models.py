"""Escalation policies as data, and the alarms they raise."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Policy(models.Model):
    """One immutable version of an escalation rule. Editing makes the next; what runs keeps its own.

    The rules: docs/rules/escalation.md.

    definition: {"levels": [{"level": 1, "after_seconds": {"1": 60, ..}, "roles": [..]}], "again_seconds": {"1": 120}}.
    A key of after_seconds is a priority, "any", or a table of its own that the subject picks ("2.town", "untimed").
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    centre = models.ForeignKey("accounts.Centre", models.PROTECT)
    rule = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField(default=1)
    current = models.BooleanField(default=True)
    name_id = models.TextField()
    name_en = models.TextField()
    definition = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.TextField()

    class Meta:
        verbose_name = _("escalation rule")
        verbose_name_plural = _("escalation rules")
        constraints = (
            models.UniqueConstraint(fields=["centre", "rule", "version"], name="alarms_policy_version"),
            models.UniqueConstraint(
                fields=["centre", "rule"], condition=models.Q(current=True), name="alarms_policy_one_current"
            ),
        )

    def __str__(self) -> str:
        return f"rule {self.rule} v{self.version}"


class Alarm(models.Model):
    """Somebody should have acted and did not. One per (rule, subject) where not closed; it rises in levels."""

    class State(models.TextChoices):
        OPEN = "open"
        ACKNOWLEDGED = "acknowledged"
        CLOSED = "closed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    centre = models.ForeignKey("accounts.Centre", models.PROTECT)
    policy = models.ForeignKey(Policy, models.PROTECT)
    rule = models.PositiveSmallIntegerField()
    subject = models.TextField()
    priority = models.PositiveSmallIntegerField(null=True)
    level = models.PositiveSmallIntegerField()
    state = models.TextField(choices=State.choices, default=State.OPEN)
    base_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    level_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.TextField(null=True)
    acknowledged_name = models.TextField(null=True)
    acknowledged_reason = models.TextField(null=True)
    silenced = models.JSONField(
        default=list, help_text="rule 9: desks where its sound was stopped: [{'user': UUID, 'desk': code or null}]"
    )
    closed_at = models.DateTimeField(null=True)
    variant = models.TextField(default="", help_text="which of the rule's tables of seconds counts")
    late = models.BooleanField(default=False, help_text="raised by a late entry, at the highest level due then")
    params = models.JSONField(default=dict, help_text="ids and codes for the words: unit, agency, incident ...")
    agencies = ArrayField(models.UUIDField(), default=list, help_text="agencies that see it: rules 9 and 11")
    also = ArrayField(models.TextField(), default=list, help_text="further subjects of its events: its incident")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["rule", "subject"], condition=~models.Q(state="closed"), name="alarms_alarm_one_open"
            ),
        )
        indexes = (
            models.Index(fields=["opened_at"], condition=~models.Q(state="closed"), name="alarms_alarm_open"),
            models.Index(fields=["subject"], name="alarms_alarm_subject"),
        )

    def __str__(self) -> str:
        return f"rule {self.rule} {self.subject}"


class Duty(models.Model):
    """Who is on duty in which role. A role nobody keeps a roster for counts as on duty."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    centre = models.ForeignKey("accounts.Centre", models.PROTECT)
    role = models.TextField()
    user = models.ForeignKey("accounts.User", models.CASCADE)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["role", "starts_at"], name="alarms_duty_role"),)

    def __str__(self) -> str:
        return f"{self.role} {self.user_id}"
