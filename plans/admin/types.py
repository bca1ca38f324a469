"""The kinds of trouble."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.admin import (
    InUseFilter,
    LinesField,
    PickField,
    SettingsForm,
    TableAdmin,
    WordField,
    column,
    flag,
    in_use_field,
)
from plans.actions.settings import TYPE_FIELDS, put_type
from plans.models import IncidentType
from units.admin import agency_choices


def priorities() -> Iterator[tuple[str, str]]:
    """P1 to P5."""
    for priority in range(1, 6):
        yield str(priority), f"P{priority}"


class TypeForm(SettingsForm):
    """A type."""

    code = WordField(_("Code"), most=3, help_text=_("Its group's letter and two digits: F01."))
    name_id = WordField(_("Name in Indonesian"))
    name_en = WordField(_("Name in English"))
    priority = PickField(_("Priority"), priorities)
    lead = LinesField(
        _("Lead agencies"),
        choices=agency_choices,
        help_text=_("Agency codes, one a line, the first one first; ALL: every one."),
    )
    support = LinesField(_("Supporting agencies"), choices=agency_choices, help_text=_("As above."))
    apco = LinesField(_("APCO codes"), help_text=_("What other centres call it."))
    restricted = forms.BooleanField(
        label=_("Restricted"), required=False, help_text=_("Words and persons are read only by whom they concern.")
    )
    now = forms.BooleanField(
        label=_("Now case"), required=False, help_text=_("Sorts above other P1: arrest, choking, drowning.")
    )
    sea = forms.BooleanField(label=_("At sea"), required=False, help_text=_("No arrival target."))
    on_scene_update_seconds = forms.IntegerField(
        label=_("Word from the scene every"), min_value=60, max_value=86_400, initial=1200, help_text=_("Seconds.")
    )
    active = in_use_field()

    def clean_priority(self) -> int:
        """The priority as a number."""
        return int(self.cleaned_data["priority"])


class TypeAdmin(TableAdmin):
    """The types."""

    form = TypeForm
    subject = "type"
    centred = False
    list_display = (
        column("code", _("Code")), column("name_id", _("Name in Indonesian")),
        column("name_en", _("Name in English")), column("priority", _("Priority")),
        column("lead", _("Lead agencies")), column("support", _("Supporting agencies")),
        flag("restricted", _("Restricted")), flag("active", _("In use")),
    )  # fmt: skip
    list_filter = (InUseFilter,)
    search_fields = ("code", "name_id", "name_en")
    ordering = ("code",)

    def save_with_action(
        self, actor: Actor, row: IncidentType | None, cleaned: dict[str, Any], changed: Collection[str]
    ) -> IncidentType:
        """Make a type, or change, close or reopen it."""
        changes = {name: cleaned[name] for name in TYPE_FIELDS if row is None or name in changed}
        kept, _made = put_type(actor=actor, code=row.code if row else cleaned["code"], changes=changes)
        return kept
