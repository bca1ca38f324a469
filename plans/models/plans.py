"""Incident types, how incidents end, and what each type needs."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

# In a plan or type: every agency with a desk on duty.
ALL = "ALL"


class IncidentType(models.Model):
    """An incident type. `lead`, `support`: agency codes, first one first; ALL = those with a desk on duty."""

    code = models.TextField(primary_key=True)
    group = models.TextField()
    name_id = models.TextField()
    name_en = models.TextField()
    priority = models.PositiveSmallIntegerField()
    lead = ArrayField(models.TextField(), default=list)
    support = ArrayField(models.TextField(), default=list)
    apco = ArrayField(models.TextField(), default=list)
    restricted = models.BooleanField(default=False)
    now = models.BooleanField(default=False, help_text="sorts above other P1: arrest, drowning ...")
    sea = models.BooleanField(default=False, help_text="own clock: no arrival target")
    on_scene_update_seconds = models.PositiveIntegerField(default=1200)
    active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("incident type")
        verbose_name_plural = _("incident types")

    def __str__(self) -> str:
        return self.code


class IncidentDisposition(models.Model):
    """How an incident ended: `handled` and some of APCO's codes are shipped, the site adds more."""

    code = models.TextField(primary_key=True)
    name_id = models.TextField()
    name_en = models.TextField()
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.code


class ResponsePlan(models.Model):
    """One immutable version of what a type needs and whom it tasks. What runs keeps the one it started with."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    centre = models.ForeignKey("accounts.Centre", models.PROTECT)
    type = models.ForeignKey(IncidentType, models.PROTECT)
    version = models.PositiveIntegerField(default=1)
    current = models.BooleanField(default=True)
    tasks = ArrayField(models.TextField(), default=list, help_text="agency codes that get a task, in order; or ALL")
    made_at = models.DateTimeField()
    made_by = models.TextField()

    class Meta:
        verbose_name = _("response plan")
        verbose_name_plural = _("response plans")
        constraints = (
            models.UniqueConstraint(fields=["centre", "type", "version"], name="plans_plan_version"),
            models.UniqueConstraint(
                fields=["centre", "type"], condition=models.Q(current=True), name="plans_plan_one_current"
            ),
        )

    def __str__(self) -> str:
        return f"{self.type_id} v{self.version}"


class PlanNeed(models.Model):
    """A line of a plan: how many units of a capability, of which agency (null: any)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    plan = models.ForeignKey(ResponsePlan, models.CASCADE, related_name="needs")
    agency = models.TextField(null=True)
    capability = models.TextField()
    count = models.PositiveSmallIntegerField(default=1)
    required = models.BooleanField(default=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("order",)

    def __str__(self) -> str:
        return f"{self.count} {self.capability}"
