"""The keys of programs: made once, shown once, revoked for ever."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import make_key, revoke_key
from accounts.actors import Actor
from accounts.admin.columns import column
from accounts.admin.confirm import ask_once
from accounts.admin.fields import RowField, SeveralField, WordField
from accounts.admin.forms import SettingsForm
from accounts.admin.settings import SettingsAdmin, actor_of, shown_once
from accounts.models import Agency, ApiKey
from accounts.roles import Scope
from core import clock

SCOPES = {
    Scope.TELEPHONY: gettext_lazy("the exchange's events"),
    Scope.LOCATION: gettext_lazy("caller location (AML, eCall)"),
    Scope.CALLS: gettext_lazy("calls, as a call-taker"),
    Scope.INCIDENTS: gettext_lazy("incidents, as a dispatcher"),
    Scope.UNITS: gettext_lazy("unit status and positions"),
    Scope.BOARD: gettext_lazy("the centre's board and alarms"),
    Scope.REPORTS: gettext_lazy("reports"),
    Scope.EXCHANGE: gettext_lazy("exchange with other centres"),
    Scope.ADMIN: gettext_lazy("settings"),
    Scope.SUPERVISE: gettext_lazy("force and take over"),
    Scope.RESTRICTED: gettext_lazy("details of restricted incidents"),
}


class KeyForm(SettingsForm):
    """A key to be made."""

    name = WordField(gettext_lazy("Name"), help_text=gettext_lazy("Which program it is for."))
    scopes = SeveralField(
        gettext_lazy("Scopes"),
        lambda: [(scope.value, f"{scope.value}: {SCOPES[scope]}") for scope in Scope],
        needed=True,
    )
    agency = RowField(
        gettext_lazy("Agency"),
        lambda: Agency.objects.filter(active=True).order_by("code"),
        needed=False,
        help_text=gettext_lazy("Binds the key to this agency's rows."),
    )
    expires_at = forms.DateTimeField(
        label=gettext_lazy("Expires"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("Blank: never."),
    )

    def clean_expires_at(self) -> datetime | None:
        """A key that has expired already is of no use."""
        moment: datetime | None = self.cleaned_data["expires_at"]
        if moment is not None and moment <= clock.now():
            raise ValidationError(_("Give a time that lies ahead."))
        return moment


class ValidFilter(SimpleListFilter):
    """Valid keys or revoked ones."""

    title = gettext_lazy("State")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, Any]]:  # noqa: ARG002
        """The choices."""
        return [("valid", _("valid")), ("revoked", _("revoked"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002
        """Those chosen."""
        return queryset.filter(revoked_at__isnull=self.value() == "valid") if self.value() else queryset


class KeyAdmin(SettingsAdmin):
    """The keys. A key is never changed: one with other scopes is another key."""

    form = KeyForm
    key = "id"
    fixed = ()
    subject = "key"
    change_form_template = "admin/key_form.html"
    list_display = (
        column("name", gettext_lazy("Name")),
        column("prefix", gettext_lazy("Begins with")),
        column("scopes", gettext_lazy("Scopes")),
        column("agency.code", gettext_lazy("Agency")),
        column("created_at", gettext_lazy("Made")),
        column("expires_at", gettext_lazy("Expires")),
        column("revoked_at", gettext_lazy("Revoked")),
    )
    list_filter = (ValidFilter,)
    list_select_related = ("agency",)
    search_fields = ("name", "prefix")
    ordering = ("-created_at",)

    def get_urls(self) -> list[URLPattern]:
        """The way to revoke, beside the others."""
        view = self.admin_site.admin_view(self.revoke_view)
        return [path("<uuid:key>/revoke/", view, name="accounts_apikey_revoke"), *super().get_urls()]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Nobody changes a key: it is revoked, and another one made."""
        return False

    def save_with_action(
        self,
        actor: Actor,
        row: ApiKey | None,  # noqa: ARG002
        cleaned: dict[str, Any],
        changed: Collection[str],  # noqa: ARG002
    ) -> ApiKey:
        """Make a key; its secret goes with the row to the one page that shows it."""
        key, secret = make_key(
            actor=actor,
            name=cleaned["name"],
            scopes=[Scope(scope) for scope in cleaned["scopes"]],
            agency=cleaned["agency"],
            expires_at=cleaned["expires_at"],
        )
        key.secrets = [(key.name, secret)]  # type: ignore[attr-defined]
        return key

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:  # noqa: ARG002
        """Show the secret on this answer, and nowhere again: neither in a message nor in a session."""
        return shown_once(self, request, obj.secrets)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **named: Any
    ) -> HttpResponse:
        """Say whether the reader may revoke it."""
        row = named.get("obj")
        context["may_revoke"] = row is not None and row.revoked_at is None and self.has_add_permission(request)
        return super().render_change_form(request, context, *args, **named)

    def revoke_view(self, request: HttpRequest, key: Any) -> HttpResponse:
        """Ask once, then revoke."""
        return ask_once(
            self,
            request,
            key,
            question=_("Revoke %s?"),
            consequence=_("Its next request is refused and its sockets close at once. A revoked key stays revoked."),
            verb=_("Revoke"),
            done=_("%s is revoked: its next request is refused."),
            act=lambda row: revoke_key(actor=actor_of(request), key=row.pk),
        )
