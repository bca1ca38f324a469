"""Place warnings: proposed here, approved by a supervisor where they work, ended when they no longer hold."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.admin import ModelAdmin, SimpleListFilter, display
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from accounts.admin import DegreeField, PickField, SettingsAdmin, SettingsForm, column
from accounts.admin.confirm import ask_once
from accounts.admin.settings import actor_of
from dispatch.actions.warnings import end_warning
from places.actions import propose_warning
from places.models import PlaceWarning
from places.queries import LONGEST_RADIUS_METRES, state_of, warnings_in

KINDS = {
    PlaceWarning.Kind.DANGER: gettext_lazy("danger to crews"),
    PlaceWarning.Kind.DANGEROUS_GOODS: gettext_lazy("dangerous goods"),
    PlaceWarning.Kind.ACCESS: gettext_lazy("access"),
    PlaceWarning.Kind.KEYHOLDER: gettext_lazy("keyholder"),
}
STATES = {
    "proposed": gettext_lazy("proposed"),
    "holds": gettext_lazy("holds"),
    "ended": gettext_lazy("ended"),
}


def kinds() -> Iterator[tuple[str, Any]]:
    """What a warning can be about."""
    for kind, name in KINDS.items():
        yield kind.value, name


class WarningForm(SettingsForm):
    """A warning to be proposed."""

    kind = PickField(gettext_lazy("Kind"), kinds)
    text = forms.CharField(
        label=gettext_lazy("What crews must know"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField", "autocomplete": "off"}),
    )
    lat = DegreeField(gettext_lazy("Latitude"), 90)
    lng = DegreeField(gettext_lazy("Longitude"), 180)
    radius_metres = forms.IntegerField(
        label=gettext_lazy("Reaches, in metres"), min_value=1, max_value=LONGEST_RADIUS_METRES, initial=100
    )
    review_on = forms.DateField(
        label=gettext_lazy("To be looked at again on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    ends_at = forms.DateTimeField(
        label=gettext_lazy("Ends by itself"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("Blank: when somebody ends it."),
    )


class StateFilter(SimpleListFilter):
    """Warnings that are proposed, hold, or have ended."""

    title = gettext_lazy("State")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, Any]]:  # noqa: ARG002
        """The three states."""
        return list(STATES.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002
        """Those chosen."""
        wanted = self.value()
        return warnings_in(queryset, wanted) if wanted in STATES else queryset


@display(description=gettext_lazy("State"))
def state_shown(row: PlaceWarning) -> str:
    """A warning's state in words."""
    return str(STATES[state_of(row)])


@display(description=gettext_lazy("Kind"), ordering="kind")
def kind_shown(row: PlaceWarning) -> str:
    """A warning's kind in words."""
    return str(KINDS[PlaceWarning.Kind(row.kind)])


class WarningAdmin(SettingsAdmin):
    """The warnings. The text of a warning never changes: another text is another warning, and the old one is ended."""

    form = WarningForm
    key = "id"
    fixed = ()
    subject = "warning"
    change_form_template = "admin/warning_form.html"
    list_display = (
        column("text", gettext_lazy("What crews must know")), kind_shown, state_shown,
        column("author_name", gettext_lazy("Author")), column("approver.name", gettext_lazy("Approved by")),
        column("review_on", gettext_lazy("To be looked at again on")),
        column("ends_at", gettext_lazy("Ends by itself")),
    )  # fmt: skip
    list_filter = (StateFilter,)
    list_select_related = ("approver",)
    search_fields = ("text", "author_name")
    ordering = ("-created_at",)

    def get_urls(self) -> list[URLPattern]:
        """The way to end one, beside the others."""
        view = self.admin_site.admin_view(self.end_view)
        return [path("<uuid:warning>/end/", view, name="places_placewarning_end"), *super().get_urls()]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Nobody rewrites what somebody else has approved."""
        return False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **named: Any
    ) -> HttpResponse:
        """Say whether the reader may end it."""
        row = named.get("obj")
        context["may_end"] = row is not None and row.ended_at is None and self.has_add_permission(request)
        return super().render_change_form(request, context, *args, **named)

    def save_with_action(
        self,
        actor: Actor,
        row: PlaceWarning | None,  # noqa: ARG002 - there is never one: nothing is changed
        cleaned: dict[str, Any],
        changed: Collection[str],  # noqa: ARG002
    ) -> PlaceWarning:
        """Propose a warning."""
        review_on: date = cleaned["review_on"]
        ends_at: datetime | None = cleaned["ends_at"]
        words = {name: cleaned[name] for name in ("kind", "lat", "lng", "text", "radius_metres")}
        kept, _new = propose_warning(actor=actor, review_on=review_on, ends_at=ends_at, **words)
        return kept

    def end_view(self, request: HttpRequest, warning: UUID) -> HttpResponse:
        """Ask once, then end it."""
        return ask_once(
            self,
            request,
            warning,
            question=_("End %s?"),
            consequence=_("It is told to nobody any more. What happened under it keeps it."),
            verb=_("End"),
            done=_("%s has ended."),
            act=lambda row: end_warning(actor=actor_of(request), warning=row.pk),
        )
