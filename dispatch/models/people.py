"""People and things that have a part in an incident, and who has seen what warns of its place."""

from __future__ import annotations

import uuid

from django.db import models

from dispatch.models.incidents import Incident


class PeopleAtRisk(models.Model):
    """People somewhere in an incident who need to be reached: how many, how they are, last contact, rescued or not."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="people_at_risk")
    place = models.TextField()
    count = models.PositiveIntegerField(default=1)
    condition = models.TextField(default="")
    number = models.ForeignKey("calls.Number", models.PROTECT, null=True)
    advice = models.TextField(default="")
    last_contact_at = models.DateTimeField(null=True)
    rescued_at = models.DateTimeField(null=True)
    created_by = models.TextField()

    def __str__(self) -> str:
        return str(self.id)


class Person(models.Model):
    """A person who has a part in an incident."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="persons")
    part = models.TextField(help_text="caller, patient, victim, suspect, witness, missing")
    name = models.TextField(default="")
    description = models.TextField(default="")
    created_at = models.DateTimeField()
    created_by = models.TextField()

    def __str__(self) -> str:
        return str(self.id)


class Vehicle(models.Model):
    """A vehicle that has a part in an incident."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="vehicles")
    plate = models.TextField(default="")
    description = models.TextField(default="")
    created_at = models.DateTimeField()
    created_by = models.TextField()

    def __str__(self) -> str:
        return str(self.id)


class Vessel(models.Model):
    """A vessel that has a part in an incident."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="vessels")
    name = models.TextField(default="")
    registration = models.TextField(default="")
    persons_on_board = models.PositiveIntegerField(null=True)
    description = models.TextField(default="")
    created_at = models.DateTimeField()
    created_by = models.TextField()

    def __str__(self) -> str:
        return str(self.id)


class WarningSeen(models.Model):
    """Somebody has seen a warning of an incident's place, for a unit that goes there or (unit null) for themselves."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    incident = models.ForeignKey(Incident, models.CASCADE, related_name="warnings_seen")
    warning = models.ForeignKey("places.PlaceWarning", models.CASCADE, related_name="seen")
    unit = models.ForeignKey("units.Unit", models.PROTECT, null=True)
    at = models.DateTimeField()
    seen_by = models.TextField()
    seen_name = models.TextField()

    def __str__(self) -> str:
        return f"{self.warning_id} by {self.seen_by}"
