"""The settings of the centre as a whole: one row, edited and never added."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.actions import revise_centre
from accounts.actions.centres import RANGES, ZONES
from accounts.actors import Actor
from accounts.admin.columns import column
from accounts.admin.fields import PickField, WordField
from accounts.admin.forms import SettingsForm
from accounts.admin.settings import SettingsAdmin
from accounts.models import Centre

INDONESIAN = {
    "Asia/Jakarta": "Asia/Jakarta (WIB)",
    "Asia/Makassar": "Asia/Makassar (WITA)",
    "Asia/Jayapura": "Asia/Jayapura (WIT)",
}


def _number(name: str, label: Any, help_text: Any) -> forms.IntegerField:
    least, most = RANGES[name]
    return forms.IntegerField(label=label, min_value=least, max_value=most, help_text=help_text)


def zones() -> Iterator[tuple[str, str]]:
    """The time zones, those of Indonesia first."""
    yield from INDONESIAN.items()
    yield from ((name, name) for name in sorted(ZONES - INDONESIAN.keys()))


class CentreForm(SettingsForm):
    """The centre."""

    code = WordField(_("Code"), most=16)
    name = WordField(_("Name"))
    time_zone = PickField(
        _("Time zone"),
        zones,
        help_text=_("Of all times that are shown, typed or counted by. Pages that are open have it when loaded again."),
    )
    ring_all_below = _number(
        "ring_all_below",
        _("Ring all below"),
        _(
            "With fewer call-takers on duty a call rings at all of them, else at the one who is ready longest. "
            "0: never."
        ),
    )
    offer_seconds = _number("offer_seconds", _("Seconds at one call-taker"), _("Then the call rings at the next."))
    waiting_long_factor = _number(
        "waiting_long_factor",
        _("Waiting long after"),
        _(
            "Times its target. An incident of P3 to P5 that waits longer, is acknowledged and has no fitting free unit "
            'stands in the board\'s line "Waiting long".'
        ),
    )


class CentreAdmin(SettingsAdmin):
    """The centre that the reader works for."""

    form = CentreForm
    subject = "centre"
    list_display = (
        column("code", _("Code")), column("name", _("Name")),
        column("time_zone", _("Time zone")), column("ring_all_below", _("Ring all below")),
        column("waiting_long_factor", _("Waiting long after")),
    )  # fmt: skip
    ordering = ("code",)
    centred = False

    def rows_of(self, actor: Actor) -> QuerySet[Centre]:
        """The actor's own centre."""
        return Centre.objects.filter(pk=actor.centre)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Nobody: a centre is made with the installation."""
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The list, without a way in for tables: there is one row."""
        return super().changelist_view(request, {"may_import": False} | (extra_context or {}))

    def save_with_action(
        self,
        actor: Actor,
        row: Centre | None,  # noqa: ARG002
        cleaned: dict[str, Any],
        changed: Collection[str],
    ) -> Centre:
        """Change what was changed."""
        return revise_centre(actor=actor, changes={name: cleaned[name] for name in changed if name in cleaned})
