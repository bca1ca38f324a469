"""Incident numbers that were reserved for paper cards, for a time when the system is down."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models


class NumberBlock(models.Model):
    """Numbers taken out of the sequence for blank cards: nobody else gets them; a late entry may use each once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    centre = models.ForeignKey("accounts.Centre", models.PROTECT)
    numbers = ArrayField(models.BigIntegerField())
    made_at = models.DateTimeField()
    created_by = models.TextField()
    author_name = models.TextField()

    def __str__(self) -> str:
        return f"{self.numbers[0]}-{self.numbers[-1]}"
