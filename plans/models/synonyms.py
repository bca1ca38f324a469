"""What callers say for a type of incident."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from plans.models.plans import IncidentType

LANGUAGES = ("indonesian", "english", "madurese", "bajo", "kangean")
# Their synonyms count as unreviewed until a speaker has signed with a name.
REVIEWED = ("madurese", "bajo", "kangean")


class TypeSynonyms(models.Model):
    """The synonyms of a type by language, and the question that decides whether it is this type.

    `*_checked_by`: the speaker who signed the synonyms of that language; empty while they are unreviewed.
    """

    type = models.OneToOneField(IncidentType, models.CASCADE, primary_key=True, related_name="synonyms")
    indonesian = ArrayField(models.TextField(), default=list)
    english = ArrayField(models.TextField(), default=list)
    madurese = ArrayField(models.TextField(), default=list)
    bajo = ArrayField(models.TextField(), default=list)
    kangean = ArrayField(models.TextField(), default=list)
    madurese_checked_by = models.TextField(default="")
    bajo_checked_by = models.TextField(default="")
    kangean_checked_by = models.TextField(default="")
    question_id = models.TextField(default="")
    question_en = models.TextField(default="")

    class Meta:
        verbose_name = _("synonyms of a type")
        verbose_name_plural = _("synonyms of types")

    def __str__(self) -> str:
        return self.type_id

    @property
    def code(self) -> str:
        """The code of the type."""
        return self.type_id

    def unreviewed(self) -> list[str]:
        """The synonyms that no speaker has signed yet."""
        return [
            synonym
            for language in REVIEWED
            if not getattr(self, f"{language}_checked_by")
            for synonym in getattr(self, language)
        ]

    def all(self) -> list[str]:
        """The synonyms of every language."""
        return [synonym for language in LANGUAGES for synonym in getattr(self, language)]
