"""The directory: who can help, and how to reach them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.admin import (
    AgencyFilter,
    InUseFilter,
    LinesField,
    PickField,
    RowField,
    SettingsForm,
    TableAdmin,
    WordField,
    column,
    flag,
    in_use_field,
)
from directory.actions import CONTACT_FIELDS, put_contact
from directory.models import Contact
from units.admin import CODE_HELP, agencies

LANGUAGES = {
    "id": _("Indonesian"),
    "mad": _("Madurese"),
    "bdl": _("Bajo"),
    "kkv": _("Kangean"),
    "jv": _("Javanese"),
    "en": _("English"),
}


def language_choices() -> Iterator[tuple[str, str]]:
    """The languages that interpreters are looked for in."""
    for code, name in LANGUAGES.items():
        yield code, f"{code} - {name}"


class ContactForm(SettingsForm):
    """A contact."""

    code = WordField(
        _("Code"), most=16, help_text=_("What the command line dials, such as PLN for @PLN.") + " " + CODE_HELP
    )
    name = WordField(_("Name"))
    role = WordField(_("Role"), needed=False, help_text=_("What they are: village head, duty engineer ..."))
    kind = PickField(_("Kind"), lambda: Contact.Kind.choices, initial=Contact.Kind.OTHER)
    agency = RowField(_("Agency"), agencies, needed=False)
    numbers = LinesField(_("Numbers"), help_text=_("One a line, the one to try first above: 0812 3456 789, 113."))
    hours = WordField(_("Hours"), needed=False, help_text=_("When they answer: day and night, Mon-Fri 08-16 ..."))
    languages = LinesField(_("Languages"), choices=language_choices, help_text=_("One code a line: id, mad, en."))
    area = WordField(
        _("Area"), needed=False, help_text=_("Where they help: a kecamatan, an island, a stretch of road.")
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )
    active = in_use_field()


class ContactAdmin(TableAdmin):
    """The directory."""

    form = ContactForm
    subject = "contact"
    list_display = (
        column("code", _("Code")), column("name", _("Name")), column("role", _("Role")),
        column("get_kind_display", _("Kind"), order="kind"), column("agency.code", _("Agency")),
        column("numbers", _("Numbers"), order=""), column("area", _("Area")), flag("active", _("In use")),
    )  # fmt: skip
    list_filter = (InUseFilter, AgencyFilter)
    list_select_related = ("agency",)
    search_fields = ("code", "name", "role", "area")
    ordering = ("name",)

    def rows_of(self, actor: Actor) -> QuerySet[Any]:
        """With their agencies."""
        return super().rows_of(actor).select_related("agency")

    def save_with_action(
        self, actor: Actor, row: Contact | None, cleaned: dict[str, Any], changed: Collection[str]
    ) -> Contact:
        """Write a contact down, or change, close or reopen it."""
        changes = {name: cleaned[name] for name in CONTACT_FIELDS if row is None or name in changed}
        kept, _made = put_contact(actor=actor, code=row.code if row else cleaned["code"], changes=changes)
        return kept
