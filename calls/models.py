"""Calls, the numbers behind them, what happened to each, and who works them."""

from __future__ import annotations

import uuid

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models.functions import Reverse

from calls.states import CallState, Channel, ContactSafety, Disposition, OperatorStatus


class Number(models.Model):
    """A telephone number that has called (E.164, or the digits of what is none). Its id is how the log names it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    centre = models.ForeignKey("accounts.Centre", models.PROTECT)
    e164 = models.TextField()
    contact_safety = models.TextField(choices=ContactSafety.choices, default=ContactSafety.UNKNOWN)
    safety_cause = models.TextField(null=True, help_text="the call or incident that made it unsafe; null: a person did")
    safety_before = models.TextField(null=True, help_text="what it was before that")
    unsafe_at = models.DateTimeField(null=True)
    unsafe_by = models.TextField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["centre", "e164"], name="calls_number_once"),)
        # Found by its last digits, however the rest was written.
        indexes = (models.Index(OpClass(Reverse("e164"), "text_pattern_ops"), name="calls_number_ending"),)

    def __str__(self) -> str:
        return str(self.id)

    @property
    def safe_to_call_back(self) -> bool:
        """Whether a call-back is not ruled out."""
        return self.contact_safety != ContactSafety.UNSAFE


class Call(models.Model):
    """One call. Its state is computed from its steps, ordered by when they happened."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    centre = models.ForeignKey("accounts.Centre", models.PROTECT)
    number = models.ForeignKey(Number, models.PROTECT, null=True, related_name="calls")
    channel = models.TextField(choices=Channel.choices, default=Channel.VOICE)
    state = models.TextField(choices=CallState.choices)
    started_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    operator = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="calls")
    claimed_by = models.TextField(null=True, help_text="who has it, as the log names them: a person or a key")
    claimed_name = models.TextField(null=True)
    desk = models.TextField(null=True)
    disposition = models.TextField(choices=Disposition.choices, null=True)
    disposed_at = models.DateTimeField(null=True)
    disposed_by = models.TextField(null=True)
    source = models.TextField(null=True)
    call_ref = models.TextField(null=True)
    ref_use = models.PositiveIntegerField(default=0, help_text="how often its exchange used the call_ref before")
    called = models.TextField(null=True)
    trunk = models.TextField(null=True)
    caller_name = models.TextField(null=True)
    callback_number = models.TextField(null=True)
    language = models.TextField(null=True)
    offered_to = models.JSONField(null=True, help_text="whom it rings while it waits: calls.domain.offering")
    calls_before = models.PositiveIntegerField(default=0)
    strikes_24h = models.PositiveIntegerField(default=0, help_text="of its number, when it came or at the last strike")
    wait_seconds = models.FloatField(null=True, help_text="ring to answer or hang-up, by the KPI rule of stamps")
    recorded_at = models.DateTimeField()
    created_by = models.TextField()
    version = models.PositiveIntegerField(default=1)
    field_versions = models.JSONField(default=dict)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["centre", "source", "call_ref", "ref_use"],
                condition=models.Q(source__isnull=False),
                name="calls_call_once_per_use",
            ),
        )
        indexes = (
            models.Index(fields=["number", "-started_at"], name="calls_call_history"),
            models.Index(fields=["-started_at", "id"], name="calls_call_started"),
            models.Index(
                fields=["started_at"],
                condition=~models.Q(state__in=[CallState.CLOSED, CallState.BLOCKED_IVR]),
                name="calls_call_open",
            ),
        )

    def __str__(self) -> str:
        return str(self.id)


class CallStep(models.Model):
    """One thing that happened to a call: reported by a PBX (source, call_ref set), done by a person, or by the system.

    A call's state is the projection of its steps in the order they happened (calls.projection): duplicates and late
    ones change nothing wrongly. `at` is the PBX's own stamp, or the receipt where its clock runs ahead of ours.
    at_text is a stamp that could not be read, exactly as sent: `at` is then the receipt.
    """

    id = models.BigAutoField(primary_key=True)
    call = models.ForeignKey(Call, models.CASCADE, related_name="steps")
    step = models.TextField(help_text="a StepKind")
    at = models.DateTimeField()
    source_at = models.DateTimeField(null=True)  # the PBX's own stamp
    at_text = models.TextField(null=True)
    recorded_at = models.DateTimeField()
    actor = models.TextField()
    operator = models.ForeignKey("accounts.User", models.PROTECT, null=True)
    source = models.TextField(null=True)
    call_ref = models.TextField(null=True)
    skew_seconds = models.FloatField(default=0.0)
    detail = models.JSONField(default=dict, help_text="agent, number, disposition ...: what the step says beside")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["call", "source", "step", "source_at"],
                condition=models.Q(source__isnull=False),
                name="calls_step_once",
            ),
        )
        indexes = (models.Index(fields=["call", "at", "id"], name="calls_step_order"),)

    def __str__(self) -> str:
        return f"{self.step} {self.call_id}"


class CallLine(models.Model):
    """A line of words on a call: only ever added."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    call = models.ForeignKey(Call, models.CASCADE, related_name="lines")
    text = models.TextField()
    salt = models.TextField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    created_by = models.TextField()
    author_name = models.TextField()
    desk = models.TextField(null=True)

    class Meta:
        indexes = (models.Index(fields=["call", "at"], name="calls_line_order"),)

    def __str__(self) -> str:
        return str(self.id)


class CallCorrection(models.Model):
    """A change to a closed call: what was, what is, by whom. The call's row changes too; this is the trace."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    call = models.ForeignKey(Call, models.CASCADE, related_name="corrections")
    field = models.TextField()
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    made_at = models.DateTimeField()
    made_by = models.TextField()

    def __str__(self) -> str:
        return f"{self.field} {self.call_id}"


class Strike(models.Model):
    """A prank or false report marked by a named person (rule 15). Nothing else makes one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    number = models.ForeignKey(Number, models.CASCADE, related_name="strikes")
    call = models.OneToOneField(Call, models.CASCADE)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", models.PROTECT)

    class Meta:
        indexes = (models.Index(fields=["number", "-at"], name="calls_strike_recent"),)

    def __str__(self) -> str:
        return str(self.id)


class Operator(models.Model):
    """What a person at a desk is doing now; the operator's id on the wire is the person's."""

    user = models.OneToOneField("accounts.User", models.CASCADE, primary_key=True, related_name="operator")
    state = models.TextField(choices=OperatorStatus.choices, default=OperatorStatus.OFFLINE)
    reason = models.TextField(null=True)
    since = models.DateTimeField()
    desk = models.TextField(null=True)
    call = models.ForeignKey(Call, models.SET_NULL, null=True, related_name="+")
    misses = models.PositiveSmallIntegerField(default=0, help_text="rings not answered since the last answer")

    def __str__(self) -> str:
        return f"{self.user_id} {self.state}"


class Draft(models.Model):
    """A form that somebody is filling in, kept as it is typed: another desk goes on where a broken one stopped.

    Its id is the call's, or a new thing's that has no call. It is no fact: nothing of it is in the log.
    """

    id = models.UUIDField(primary_key=True)
    centre = models.ForeignKey("accounts.Centre", models.PROTECT)
    call = models.ForeignKey(Call, models.CASCADE, null=True, related_name="+")
    body = models.JSONField(null=True)
    version = models.PositiveIntegerField(default=0)
    created_by = models.TextField()
    changed_at = models.DateTimeField()
    changed_by = models.TextField()
    changed_name = models.TextField()
    desk = models.TextField(null=True)

    class Meta:
        indexes = (models.Index(fields=["changed_at"], name="calls_draft_age"),)

    def __str__(self) -> str:
        return str(self.id)
