"""Agencies; here and not in accounts, since what they can send is of units."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.actions import put_agency
from accounts.actors import Actor
from accounts.admin import InUseFilter, LinesField, SettingsForm, TableAdmin, WordField, column, flag, in_use_field
from accounts.models import Agency
from core.errors import Invalid
from units.admin import CODE_HELP, capability_choices
from units.queries import known_capabilities


class AgencyForm(SettingsForm):
    """An agency."""

    code = WordField(_("Code"), most=16, help_text=CODE_HELP)
    name = WordField(_("Name"))
    name_en = WordField(_("Name in English"), needed=False)
    capabilities = LinesField(
        _("Capabilities"),
        choices=capability_choices,
        help_text=_("What it can send: one code a line, the first one first."),
    )
    active = in_use_field()


class AgencyAdmin(TableAdmin):
    """The agencies."""

    form = AgencyForm
    subject = "agency"
    list_display = (
        column("code", _("Code")), column("name", _("Name")), column("name_en", _("Name in English")),
        column("capabilities", _("Capabilities")), flag("active", _("In use")),
    )  # fmt: skip
    list_filter = (InUseFilter,)
    search_fields = ("code", "name", "name_en")
    ordering = ("code",)

    def save_with_action(
        self,
        actor: Actor,
        row: Agency | None,
        cleaned: dict[str, Any],
        changed: Collection[str],  # noqa: ARG002
    ) -> Agency:
        """Make an agency, or describe, close or reopen it."""
        if set(cleaned["capabilities"]) - known_capabilities():
            raise Invalid.field("capabilities", "capability_unknown")
        kept, _made = put_agency(
            actor=actor,
            code=row.code if row else cleaned["code"],
            name=cleaned["name"],
            name_en=cleaned["name_en"],
            capabilities=cleaned["capabilities"],
            active=cleaned["active"],
        )
        return kept
