"""Incidents with their calls, tasks, assignments and notes."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper

from dispatch.states import ACTIVE, NOT_OPEN, PRESENT, AssignmentStatus, IncidentState, TaskState
from plans.models import IncidentType, ResponsePlan


class Incident(models.Model):
    """Something that needs help. `number` comes from a sequence, never reset, gaps allowed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    number = models.BigIntegerField(unique=True)
    centre = models.ForeignKey("accounts.Centre", models.PROTECT)
    state = models.TextField(choices=IncidentState.choices, default=IncidentState.NEW)
    type = models.ForeignKey(IncidentType, models.PROTECT)
    plan = models.ForeignKey(ResponsePlan, models.PROTECT, null=True)
    priority = models.PositiveSmallIntegerField()
    priority_reason = models.TextField(null=True)
    now = models.BooleanField(default=False)
    restricted = models.BooleanField(default=False)
    created_at = models.DateTimeField(help_text="when it was opened, as told (`at`)")
    recorded_at = models.DateTimeField()
    late = models.BooleanField(default=False)
    first_ring_at = models.DateTimeField(null=True, help_text="first ring of its first call")
    waiting_since = models.DateTimeField(help_text="base of rules 2 to 4: created, or when it lost its last unit")
    waiting_until = models.DateTimeField(null=True, help_text="when that wait ended: help was sent, or none is wanted")
    wait_seconds = ArrayField(
        models.PositiveIntegerField(), default=list, help_text="to each level of the rule that watches it, as armed"
    )
    shortfall = models.JSONField(default=dict, help_text="missing units that a dispatcher accepted: {need: count}")
    shortfall_at = models.DateTimeField(null=True)
    shortfall_by = models.TextField(null=True)
    shortfall_name = models.TextField(null=True)
    arrival_until = models.DateTimeField(
        null=True, help_text="when rule 7 ended: a needed unit was on scene, or none is wanted"
    )
    arrival_seconds = ArrayField(
        models.PositiveIntegerField(), default=list, help_text="to each level of rule 7, as armed"
    )
    first_assigned_at = models.DateTimeField(null=True)
    first_on_scene_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    reopened_at = models.DateTimeField(null=True)
    disposition = models.TextField(null=True)
    owner = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="owned_incidents")
    desk = models.TextField(null=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    location_text = models.TextField()
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    kecamatan = models.TextField(null=True)
    desa = models.TextField(null=True)
    island = models.TextField(null=True)
    outside = models.BooleanField(default=False)
    verified = models.BooleanField(default=False, help_text="the place was read back")
    narrative = models.TextField(null=True)
    salt = models.TextField(default="")
    warnings = models.PositiveSmallIntegerField(default=0)
    created_by = models.TextField()
    version = models.PositiveIntegerField(default=1)
    field_versions = models.JSONField(default=dict)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(
                fields=["priority", "created_at"],
                condition=~models.Q(state__in=NOT_OPEN),
                name="dispatch_incident_open",
            ),
            models.Index(fields=["-created_at", "id"], name="dispatch_incident_created"),
            models.Index(fields=["lat", "lng"], name="dispatch_incident_point"),
            GinIndex(OpClass(Upper("location_text"), name="gin_trgm_ops"), name="dispatch_incident_place"),
        )

    def __str__(self) -> str:
        return str(self.number)


class Merge(models.Model):
    """What a merge moved from one incident to another, so that it can be undone: ids by kind of row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    source = models.ForeignKey(Incident, models.CASCADE, related_name="merges")
    into = models.ForeignKey(Incident, models.CASCADE, related_name="merges_in")
    moved = models.JSONField(default=dict, help_text="{'calls': [..], 'tasks': [..], 'assignments': [..], ...}")
    made_at = models.DateTimeField()
    made_by = models.TextField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["source"], condition=models.Q(undone_at__isnull=True), name="dispatch_merge_one"
            ),
        )

    def __str__(self) -> str:
        return f"{self.source_id} into {self.into_id}"


class IncidentCall(models.Model):
    """A call about an incident. A call belongs to one incident at a time."""

    call = models.OneToOneField("calls.Call", models.CASCADE, primary_key=True, related_name="incident_link")
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="call_links")
    linked_at = models.DateTimeField()
    linked_by = models.TextField()

    def __str__(self) -> str:
        return f"{self.call_id} in {self.incident_id}"


class Note(models.Model):
    """A line of an incident's narrative: only ever added; a wrong one is struck, never erased."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="notes")
    text = models.TextField()
    salt = models.TextField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    created_by = models.TextField()
    author_name = models.TextField()
    desk = models.TextField(null=True)
    struck_at = models.DateTimeField(null=True)
    struck_by = models.TextField(null=True)
    struck_name = models.TextField(null=True)
    struck_reason = models.TextField(null=True)

    class Meta:
        indexes = (models.Index(fields=["incident", "at"], name="dispatch_note_order"),)

    def __str__(self) -> str:
        return str(self.id)


class Task(models.Model):
    """An agency's part in an incident, with its own state and clock."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="tasks")
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, related_name="tasks")
    state = models.TextField(choices=TaskState.choices, default=TaskState.OFFERED)
    at = models.DateTimeField(help_text="when the present state began")
    offered_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.TextField(null=True)
    salt = models.TextField(default="")
    by_plan = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=0, help_text="its place among those offered at the same moment")
    created_by = models.TextField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["incident", "agency"],
                condition=~models.Q(state__in=[TaskState.DONE, TaskState.WITHDRAWN]),
                name="dispatch_task_one_open",
            ),
        )
        indexes = (models.Index(fields=["agency", "state"], name="dispatch_task_agency"),)

    def __str__(self) -> str:
        return f"{self.agency_id} in {self.incident_id}"


class Assignment(models.Model):
    """A unit's part in an incident: at most one active per unit, any number stacked. Skipped stamps stay empty."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="assignments")
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="assignments")
    status = models.TextField(choices=AssignmentStatus.choices)
    stacked = models.BooleanField(default=False)
    made_at = models.DateTimeField(help_text="when it was decided: as told (`at`)")
    at = models.DateTimeField(help_text="when the present status began")
    dispatched_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    en_route_at = models.DateTimeField(null=True)
    staging_at = models.DateTimeField(null=True)
    on_scene_at = models.DateTimeField(null=True)
    transporting_at = models.DateTimeField(null=True)
    at_destination_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)
    unit_status_before = models.TextField(help_text="what the unit did when it was sent: a cancelled one goes back")
    reason = models.TextField(null=True, help_text="why this unit")
    salt = models.TextField(default="")
    created_by = models.TextField()
    assigned_by_name = models.TextField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["unit"], condition=models.Q(status__in=ACTIVE), name="dispatch_assignment_one_active"
            ),
        )
        indexes = (
            models.Index(fields=["incident", "made_at"], name="dispatch_assignment_order"),
            models.Index(fields=["unit"], condition=models.Q(status__in=PRESENT), name="dispatch_assignment_present"),
            models.Index(fields=["unit", "made_at"], name="dispatch_assignment_unit"),
        )

    def __str__(self) -> str:
        return f"{self.unit_id} in {self.incident_id}"
