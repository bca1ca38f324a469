"""Areas and what is known about a place."""

from __future__ import annotations

import uuid

from django.db import models


class Area(models.Model):
    """A kecamatan (later desa and islands): code, name, and the land mass it lies on. Polygons live in data files."""

    code = models.TextField(primary_key=True)
    kind = models.TextField(choices=[("kecamatan", "kecamatan"), ("desa", "desa"), ("island", "island")])
    name = models.TextField()
    parent = models.ForeignKey("self", models.PROTECT, null=True)
    lat = models.FloatField()
    lng = models.FloatField()

    def __str__(self) -> str:
        return self.name


class PlaceWarning(models.Model):
    """Something a crew must know before it goes there: within `radius_metres` of a point, until it ends."""

    class Kind(models.TextChoices):
        DANGER = "danger"
        DANGEROUS_GOODS = "dangerous_goods"
        ACCESS = "access"
        KEYHOLDER = "keyholder"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    centre = models.ForeignKey("accounts.Centre", models.PROTECT)
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, null=True)
    kind = models.TextField(choices=Kind.choices)
    lat = models.FloatField()
    lng = models.FloatField()
    radius_metres = models.PositiveIntegerField(default=100)
    text = models.TextField()
    salt = models.TextField()
    created_by = models.TextField()
    author = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="warnings_written")
    approver = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="warnings_approved")
    created_at = models.DateTimeField()
    review_on = models.DateField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["lat", "lng"], name="places_warning_point"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
