"""The directory: who can help beside the agencies' units."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Contact(models.Model):
    """Somebody who can help (the directory): whom to call, in which order, when, in which language, for which area."""

    class Kind(models.TextChoices):
        AGENCY = "agency", _("agency")
        DUTY_OFFICER = "duty_officer", _("duty officer")
        VILLAGE_HEAD = "village_head", _("village head")
        HARBOUR_MASTER = "harbour_master", _("harbour master")
        HOSPITAL = "hospital", _("hospital or puskesmas")
        UTILITY = "utility", _("power, water, telephone")
        BOAT_OWNER = "boat_owner", _("boat owner")
        INTERPRETER = "interpreter", _("interpreter")
        NEIGHBOUR = "neighbour", _("neighbouring centre")
        OTHER = "other", _("other")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    centre = models.ForeignKey("accounts.Centre", models.PROTECT)
    code = models.TextField(help_text="what the command line dials: @PLN")
    name = models.TextField()
    role = models.TextField(default="", help_text="what they are: head of the village, duty engineer ...")
    agency = models.ForeignKey("accounts.Agency", models.PROTECT, null=True)
    kind = models.TextField(choices=Kind.choices, default=Kind.OTHER)
    numbers = ArrayField(models.TextField(), default=list, help_text="E.164 or a short number, first one first")
    hours = models.TextField(default="", help_text="when they answer")
    languages = ArrayField(models.TextField(), default=list)
    area = models.TextField(default="", help_text="where they help: a kecamatan, an island, a stretch of road")
    note = models.TextField(default="")
    active = models.BooleanField(default=True)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("directory")
        constraints = (models.UniqueConstraint(fields=["centre", "code"], name="directory_contact_code"),)

    def __str__(self) -> str:
        return self.name
