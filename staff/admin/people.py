"""People: who may sign in, as what, with a password that is good for one sign-in."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.core.exceptions import PermissionDenied
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import give_password
from accounts.actors import Actor
from accounts.admin import (
    AgencyFilter,
    PickField,
    RowField,
    SettingsForm,
    SeveralField,
    TableAdmin,
    WordField,
    column,
    flag,
)
from accounts.admin.columns import InUseFilter
from accounts.admin.fields import in_use_field
from accounts.admin.settings import actor_of, shown_once
from accounts.models import User
from accounts.roles import Role
from staff.actions.people import change_person, engage_person
from units.admin import agencies
from units.models import Unit

ROLES = {
    Role.CALL_TAKER: gettext_lazy("call-taker"),
    Role.DISPATCHER: gettext_lazy("dispatcher"),
    Role.SUPERVISOR: gettext_lazy("supervisor"),
    Role.AGENCY_DESK: gettext_lazy("agency desk"),
    Role.CREW: gettext_lazy("crew"),
    Role.ADMIN: gettext_lazy("admin"),
    Role.AUDITOR: gettext_lazy("auditor"),
}


def role_choices() -> Iterator[tuple[str, Any]]:
    """Every role."""
    for role, name in ROLES.items():
        yield role.value, name


class PersonForm(SettingsForm):
    """A person."""

    username = WordField(
        gettext_lazy("User name"), most=60, help_text=gettext_lazy("Letters, digits and . _ + - @, without blanks.")
    )
    name = WordField(gettext_lazy("Name"))
    roles = SeveralField(gettext_lazy("Roles"), role_choices)
    agency = RowField(
        gettext_lazy("Agency"),
        agencies,
        needed=False,
        help_text=gettext_lazy("Needed for an agency's desk and a crew."),
    )
    unit = RowField(
        gettext_lazy("Unit"),
        lambda: Unit.objects.filter(active=True).order_by("callsign"),
        by="callsign",
        needed=False,
        help_text=gettext_lazy("What a crew member is signed on to."),
    )
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False, max_length=200)
    language = PickField(gettext_lazy("Language"), lambda: settings.LANGUAGES, initial="id")
    pbx_agent = WordField(
        gettext_lazy("Agent of the exchange"),
        most=60,
        needed=False,
        help_text=gettext_lazy("As the exchange names them."),
    )
    is_active = in_use_field()

    @classmethod
    def initial_from(cls, row: Model) -> dict[str, Any]:
        """A person in its fields."""
        values = super().initial_from(row)
        unit = getattr(row, "unit_id", None)
        # Of a whole table it comes with the rows.
        values["unit"] = unit and (
            getattr(row, "unit_callsign", None)
            or Unit.objects.filter(pk=unit).values_list("callsign", flat=True).first()
        )
        return values


class RoleFilter(SimpleListFilter):
    """People with a role."""

    title = gettext_lazy("Role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, Any]]:  # noqa: ARG002
        """Every role."""
        return list(role_choices())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002
        """Those with the one chosen."""
        return queryset.filter(roles__contains=[self.value()]) if self.value() else queryset


class OpenFilter(InUseFilter):
    """Open accounts or closed ones."""

    field = "is_active"


class PersonAdmin(TableAdmin):
    """The people."""

    form = PersonForm
    subject = "user"
    most_changes = 200
    key = "username"
    fixed = ("username",)
    change_form_template = "admin/person_form.html"
    list_display = (
        column("username", gettext_lazy("User name")), column("name", gettext_lazy("Name")),
        column("roles", gettext_lazy("Roles")), column("agency.code", gettext_lazy("Agency")),
        column("pbx_agent", gettext_lazy("Agent of the exchange")),
        column("last_login", gettext_lazy("Last signed in")),
        flag("is_active", gettext_lazy("In use")),
    )  # fmt: skip
    list_filter = (OpenFilter, RoleFilter, AgencyFilter)
    list_select_related = ("agency",)
    search_fields = ("username", "name")
    ordering = ("username",)

    def get_urls(self) -> list[URLPattern]:
        """The way to another password, beside the others."""
        view = self.admin_site.admin_view(self.password_view)
        return [path("<uuid:user>/password/", view, name="accounts_user_password"), *super().get_urls()]

    def rows_of(self, actor: Actor) -> QuerySet[Any]:
        """With their agencies and what they are signed on to."""
        callsign = Unit.objects.filter(pk=OuterRef("unit_id")).values("callsign")
        found: QuerySet[Any] = super().rows_of(actor).select_related("agency")
        named: QuerySet[Any] = found.annotate(unit_callsign=Subquery(callsign))
        return named

    def unit(self, row: User) -> str:
        """A crew member's unit for who only reads."""
        return str(PersonForm.initial_from(row)["unit"] or "")

    def save_with_action(
        self, actor: Actor, row: User | None, cleaned: dict[str, Any], changed: Collection[str]
    ) -> User:
        """Make a person with a password for one sign-in, or change, close or reopen them."""
        values: dict[str, Any] = {
            "name": cleaned["name"],
            "roles": [Role(role) for role in cleaned["roles"]],
            "agency": cleaned["agency"],
            "unit": cleaned["unit"].id if cleaned["unit"] else None,
            "language": cleaned["language"],
            "email": cleaned["email"],
            "pbx_agent": cleaned["pbx_agent"] or None,
        }
        if row is None:
            user, password = engage_person(actor=actor, username=cleaned["username"], **values)
            if not cleaned["is_active"]:
                user = change_person(actor=actor, user=user.id, changes={"active": False})
            user.secrets = [(user.username, password)]  # type: ignore[attr-defined]
            return user
        changes = {name: values[name] for name in values if name in changed}
        if "agency" in changed:  # the unit was chosen with the agency: together they are judged
            changes["unit"] = values["unit"]
        if "is_active" in changed:
            changes["active"] = cleaned["is_active"]
        return change_person(actor=actor, user=row.id, changes=changes)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:  # noqa: ARG002
        """Show the password on this answer, and nowhere again."""
        return shown_once(self, request, obj.secrets)

    def password_view(self, request: HttpRequest, user: UUID) -> HttpResponse:
        """Ask once, then give another password that is good for one sign-in; whoever is signed in as them is out."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        row = self.get_object(request, str(user))
        if row is None:
            return redirect(reverse("admin:accounts_user_changelist"))
        if request.method != "POST":
            title = _("A new password for %s?") % row
            context = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, "row": row}
            return TemplateResponse(request, "admin/password.html", context)
        actor = actor_of(request)
        return shown_once(self, request, [(row.username, give_password(actor=actor, user=row.id))])
