"""The admin page of the gazetteer."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from accounts.admin import DegreeField, PickField, SettingsForm, TableAdmin, WordField, column, flag
from accounts.admin.confirm import ask_once
from accounts.admin.settings import actor_of
from places.actions import put_place, remove_place
from places.models import Place

KINDS = {
    Place.Kind.LANDMARK: gettext_lazy("landmark"),
    Place.Kind.ROAD: gettext_lazy("road"),
    Place.Kind.HARBOUR: gettext_lazy("harbour"),
    Place.Kind.HOSPITAL: gettext_lazy("hospital"),
    Place.Kind.PUSKESMAS: gettext_lazy("puskesmas"),
    Place.Kind.ISLAND: gettext_lazy("island"),
    Place.Kind.DESA: gettext_lazy("desa"),
    Place.Kind.KECAMATAN: gettext_lazy("kecamatan"),
}


def kinds() -> Iterator[tuple[str, Any]]:
    """What a place can be."""
    for kind, name in KINDS.items():
        yield kind.value, name


class PlaceForm(SettingsForm):
    """A place."""

    code = WordField(gettext_lazy("Code"), most=60, help_text=gettext_lazy("Any that no other place has."))
    kind = PickField(gettext_lazy("Kind"), kinds)
    name = WordField(gettext_lazy("Name"))
    other_names = WordField(
        gettext_lazy("Other names"),
        needed=False,
        most=1000,
        help_text=gettext_lazy("What callers say as well, divided by commas."),
    )
    lat = DegreeField(gettext_lazy("Latitude"), 90)
    lng = DegreeField(gettext_lazy("Longitude"), 180)
    landing_only = forms.BooleanField(
        label=gettext_lazy("Landing only"),
        required=False,
        help_text=gettext_lazy("Of a harbour: boats land there, but people find none to set out with."),
    )


class PlaceAdmin(TableAdmin):
    """The places. Official areas are only read."""

    form = PlaceForm
    subject = "place"
    change_form_template = "admin/place_form.html"
    list_display = (
        column("code", gettext_lazy("Code")), column("name", gettext_lazy("Name")),
        column("kind", gettext_lazy("Kind")), column("label", gettext_lazy("Lies in")),
        flag("official", gettext_lazy("Official")), flag("outside", gettext_lazy("Outside")),
    )  # fmt: skip
    search_fields = ("code", "name", "other_names")
    ordering = ("name",)

    def get_urls(self) -> list[URLPattern]:
        """The way to take one out, beside the others."""
        view = self.admin_site.admin_view(self.remove_view)
        return [path("<uuid:place>/remove/", view, name="places_place_remove"), *super().get_urls()]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As everywhere, but for what is decreed."""
        return super().has_change_permission(request, obj) and not (isinstance(obj, Place) and obj.official)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **named: Any
    ) -> HttpResponse:
        """Say whether the reader may take it out."""
        row = named.get("obj")
        context["may_remove"] = row is not None and not row.official and self.has_add_permission(request)
        return super().render_change_form(request, context, *args, **named)

    def save_with_action(
        self,
        actor: Actor,
        row: Place | None,
        cleaned: dict[str, Any],
        changed: Collection[str],  # noqa: ARG002
    ) -> Place:
        """Add a place, or change it."""
        values = {name: cleaned[name] for name in ("kind", "name", "other_names", "lat", "lng", "landing_only")}
        kept, _new = put_place(actor=actor, code=row.code if row else cleaned["code"], **values)
        return kept

    def remove_view(self, request: HttpRequest, place: UUID) -> HttpResponse:
        """Ask once, then take it out."""
        return ask_once(
            self,
            request,
            place,
            question=_("Take %s out?"),
            consequence=_("Nobody finds it any more. Incidents keep the place that they have."),
            verb=_("Take out"),
            done=_("%s is taken out."),
            act=lambda row: remove_place(actor=actor_of(request), place=row.pk),
        )
