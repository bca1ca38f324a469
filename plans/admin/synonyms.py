"""The synonyms of types."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.admin import LinesField, SettingsForm, TableAdmin, WordField, column
from plans.actions.synonyms import revise_synonyms
from plans.models import TypeSynonyms

ONE_A_LINE = _("What callers say, one a line. Typing errors and endings are found without being listed.")
SPEAKER = _("Name of the speaker who has read them. Empty: they are used, and marked as unreviewed.")
LONGEST_CELL = 12_000


def _lines(label: Any, help_text: Any = ONE_A_LINE, rows: int = 4) -> LinesField:
    field = LinesField(label, most=LONGEST_CELL, help_text=help_text)
    field.widget.attrs["rows"] = rows
    return field


class SynonymsForm(SettingsForm):
    """The synonyms of a type."""

    code = WordField(_("Code"), most=3, help_text=_("Of the type."))
    indonesian = _lines(_("Indonesian"), rows=12)
    english = _lines(_("English"), rows=12)
    madurese = _lines(_("Madurese"), _("Empty until a speaker fills it, one a line."))
    madurese_checked_by = WordField(_("Madurese read by"), needed=False, help_text=SPEAKER)
    bajo = _lines(_("Bajo"), _("Empty until a speaker fills it, one a line."))
    bajo_checked_by = WordField(_("Bajo read by"), needed=False, help_text=SPEAKER)
    kangean = _lines(_("Kangean"), _("Empty until a speaker fills it, one a line."))
    kangean_checked_by = WordField(_("Kangean read by"), needed=False, help_text=SPEAKER)
    question_id = WordField(
        _("Question in Indonesian"),
        needed=False,
        help_text=_("Asked when words fit several types: yes means this one."),
    )
    question_en = WordField(_("Question in English"), needed=False, help_text=_("As above."))


def counted(field: str, label: Any) -> Any:
    """A column with the number of synonyms in a language."""

    def shown(row: TypeSynonyms) -> str:
        return str(len(getattr(row, field)))

    shown.__name__ = f"{field}_count"
    shown.short_description = label  # type: ignore[attr-defined]
    return shown


def unreviewed(row: TypeSynonyms) -> str:
    """The number of synonyms that no speaker has signed."""
    return str(len(row.unreviewed()))


unreviewed.short_description = _("Unreviewed")  # type: ignore[attr-defined]


class SynonymsAdmin(TableAdmin):
    """The synonyms, a row for each type. A type is made on the page of types."""

    form = SynonymsForm
    subject = "type"
    key_column = "type"
    centred = False
    list_display = (
        column("code", _("Code"), order="type"), column("type.name_id", _("Name in Indonesian")),
        column("type.name_en", _("Name in English")), counted("indonesian", _("Indonesian")),
        counted("english", _("English")), counted("madurese", _("Madurese")), unreviewed,
    )  # fmt: skip
    list_select_related = ("type",)
    search_fields = ("type__code", "type__name_id", "type__name_en", "indonesian", "english", "madurese")
    ordering = ("type",)

    def rows_of(self, actor: Actor) -> QuerySet[Any]:
        """With their types."""
        return super().rows_of(actor).select_related("type")

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Nobody: each type has one row."""
        return False

    def save_with_action(
        self, actor: Actor, row: TypeSynonyms | None, cleaned: dict[str, Any], changed: Collection[str]
    ) -> TypeSynonyms:
        """Change the synonyms of a type."""
        if row is None:
            raise ValidationError({"code": gettext("There is no such type: make it on the page of types first.")})
        changes = {name: cleaned[name] for name in changed if name != "code"}
        return revise_synonyms(actor=actor, code=row.code, changes=changes)
