"""Areas and what is known about a place."""

from __future__ import annotations

import uuid

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.utils.translation import gettext_lazy as _


class Area(models.Model):
    """A kecamatan, a desa in its kecamatan, or an island: code and name. Polygons live in data files."""

    code = models.TextField(primary_key=True)
    kind = models.TextField(choices=[("kecamatan", "kecamatan"), ("desa", "desa"), ("island", "island")])
    name = models.TextField()
    parent = models.ForeignKey("self", models.PROTECT, null=True)
    lat = models.FloatField()
    lng = models.FloatField()

    def __str__(self) -> str:
        return self.name


class Place(models.Model):
    """A name in the gazetteer and where it is. What is not official is as somebody entered it, for the site to check.

    key: the name as it is looked up (places.names); words: the key with other names and the areas it lies in.
    """

    class Kind(models.TextChoices):
        KECAMATAN = "kecamatan"
        DESA = "desa"
        ISLAND = "island"
        HOSPITAL = "hospital"
        PUSKESMAS = "puskesmas"
        HARBOUR = "harbour"
        LANDMARK = "landmark"
        ROAD = "road"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    centre = models.ForeignKey("accounts.Centre", models.PROTECT)
    code = models.TextField(help_text="an area's code, or the row's in the file it came from")
    kind = models.TextField(choices=Kind.choices)
    name = models.TextField()
    other_names = models.TextField(default="", blank=True)
    key = models.TextField(editable=False)
    words = models.TextField(editable=False)
    lat = models.FloatField()
    lng = models.FloatField()
    kecamatan = models.TextField(null=True, editable=False)
    desa = models.TextField(null=True, editable=False)
    island = models.TextField(null=True, editable=False)
    outside = models.BooleanField(default=False, editable=False)
    label = models.TextField(help_text="the name with the areas it lies in", editable=False)
    official = models.BooleanField(default=False)
    source = models.TextField(default="")
    landing_only = models.BooleanField(
        default=False, db_default=False, help_text="of a harbour: boats land there, none waits"
    )

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        constraints = (models.UniqueConstraint(fields=["centre", "code"], name="places_place_code"),)
        indexes = (
            GinIndex(OpClass("words", name="gin_trgm_ops"), name="places_place_words"),
            # Areas are few and always looked at, however many places are named after one.
            GinIndex(
                OpClass("words", name="gin_trgm_ops"), condition=models.Q(official=True), name="places_place_areas"
            ),
            models.Index(OpClass("key", name="text_pattern_ops"), name="places_place_key"),
            models.Index(fields=["kind"], name="places_place_kind"),
        )

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
    author_name = models.TextField(default="", help_text="as it was then; a program's too")
    approver = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="warnings_approved")
    created_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)
    review_on = models.DateField()
    ends_at = models.DateTimeField(null=True, help_text="when it ends by itself")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(null=True)

    class Meta:
        verbose_name = _("place warning")
        verbose_name_plural = _("place warnings")
        indexes = (models.Index(fields=["lat", "lng"], name="places_warning_point"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
