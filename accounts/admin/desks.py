"""Desks: where an act is done, beside who does it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.actions import put_desk
from accounts.actors import Actor
from accounts.admin.columns import AgencyFilter, InUseFilter, column, flag
from accounts.admin.fields import RowField, WordField, in_use_field
from accounts.admin.forms import SettingsForm
from accounts.admin.tables import TableAdmin
from accounts.models import Agency, Desk


class DeskForm(SettingsForm):
    """A desk."""

    code = WordField(_("Code"), most=16, help_text=_("At most 16 letters A-Z, digits and hyphens."))
    name = WordField(_("Name"))
    agency = RowField(
        _("Agency"), lambda: Agency.objects.order_by("code"), needed=False, help_text=_("None: the centre's own desk.")
    )
    active = in_use_field()


class DeskAdmin(TableAdmin):
    """The desks."""

    form = DeskForm
    subject = "desk"
    fixed = ("code", "agency")
    list_display = (
        column("code", _("Code")), column("name", _("Name")), column("agency.code", _("Agency")),
        flag("active", _("In use")),
    )  # fmt: skip
    list_filter = (InUseFilter, AgencyFilter)
    list_select_related = ("agency",)
    search_fields = ("code", "name")
    ordering = ("code",)

    def save_with_action(
        self,
        actor: Actor,
        row: Desk | None,
        cleaned: dict[str, Any],
        changed: Collection[str],  # noqa: ARG002
    ) -> Desk:
        """Make, rename, close or reopen a desk."""
        kept, _made = put_desk(
            actor=actor,
            code=row.code if row else cleaned["code"],
            name=cleaned["name"],
            agency=row.agency if row else cleaned["agency"],
            active=cleaned["active"],
        )
        return kept
