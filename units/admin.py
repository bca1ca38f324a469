"""The admin pages of stations, units and capabilities."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.admin import (
    AgencyFilter,
    DegreeField,
    InUseFilter,
    RowField,
    SettingsForm,
    SeveralField,
    TableAdmin,
    WordField,
    column,
    flag,
    in_use_field,
)
from accounts.admin.fields import labelled
from accounts.admin.settings import actor_of
from accounts.models import Agency
from accounts.roles import Reach, Right
from units.actions.capabilities import put_capability
from units.actions.registration import edit_unit, register_unit
from units.actions.stations import register_station
from units.models import Capability, Station, Unit
from units.queries import capability_names, own_units

CODE_HELP = _("At most 16 letters A-Z, digits and hyphens.")


def capability_choices() -> Iterator[tuple[str, str]]:
    """Every capability with its name in the reader's language."""
    language = "en" if (get_language() or "").startswith("en") else "id"
    for code, name in sorted(capability_names(language).items()):
        yield code, f"{code} - {name}"


def kind_choices() -> Iterator[tuple[str, str]]:
    """The kinds that units have, and the capabilities that are none yet."""
    named = dict(capability_choices())
    used = Unit.objects.order_by("kind").values_list("kind", flat=True).distinct()
    for code in sorted({*used, *named}):
        yield code, named.get(code, code)


def agency_choices() -> Iterator[tuple[str, str]]:
    """Every agency in use with its name."""
    for row in agencies().filter(active=True):
        yield row.code, labelled(row, row.code)


def agencies() -> QuerySet[Agency]:
    """The agencies to choose from."""
    return Agency.objects.order_by("code")


class StationForm(SettingsForm):
    """A station."""

    code = WordField(_("Code"), most=40)
    name = WordField(_("Name"))
    agency = RowField(_("Agency"), agencies)
    lat = DegreeField(_("Latitude"), 90)
    lng = DegreeField(_("Longitude"), 180)
    active = in_use_field()


class StationAdmin(TableAdmin):
    """The stations."""

    form = StationForm
    subject = "station"
    fixed = ("code", "agency")
    list_display = (
        column("code", _("Code")), column("name", _("Name")), column("agency.code", _("Agency")),
        column("lat", _("Latitude")), column("lng", _("Longitude")), flag("active", _("In use")),
    )  # fmt: skip
    list_filter = (InUseFilter, AgencyFilter)
    list_select_related = ("agency",)
    search_fields = ("code", "name")
    ordering = ("code",)

    def rows_of(self, actor: Actor) -> QuerySet[Any]:
        """With their agencies."""
        return super().rows_of(actor).select_related("agency")

    def save_with_action(
        self,
        actor: Actor,
        row: Station | None,
        cleaned: dict[str, Any],
        changed: Collection[str],  # noqa: ARG002
    ) -> Station:
        """Make a station, or change it."""
        kept, _made = register_station(
            actor=actor,
            code=row.code if row else cleaned["code"],
            agency=row.agency.code if row else cleaned["agency"].code,
            name=cleaned["name"],
            lat=cleaned["lat"],
            lng=cleaned["lng"],
            active=cleaned["active"],
        )
        return kept


class UnitForm(SettingsForm):
    """A unit. Its status is set by dispatchers and the crew."""

    callsign = WordField(_("Callsign"), most=16, help_text=CODE_HELP)
    agency = RowField(_("Agency"), agencies)
    kind = WordField(
        _("Kind"),
        most=40,
        choices=kind_choices,
        help_text=_("What it is in one word: fire_engine, ambulance, boat ..."),
    )
    capabilities = SeveralField(_("Capabilities"), capability_choices)
    station = RowField(_("Station"), lambda: Station.objects.filter(active=True).order_by("code"), needed=False)
    crew = forms.IntegerField(label=_("Crew"), min_value=0, max_value=99, required=False)
    phone = WordField(
        _("Telephone of the crew"),
        most=30,
        needed=False,
        help_text=_("Such as 0812 3456 7890."),
    )
    active = in_use_field()


class UnitAdmin(TableAdmin):
    """The units. An agency's desk reads its own here."""

    form = UnitForm
    subject = "unit"
    key = "callsign"
    most_changes = 100
    fixed = ("callsign", "agency")
    list_display = (
        column("callsign", _("Callsign")), column("agency.code", _("Agency")), column("kind", _("Kind")),
        column("capabilities", _("Capabilities")), column("station.code", _("Station")), column("crew", _("Crew")),
        column("get_status_display", _("Status"), order="status"), flag("active", _("In use")),
    )  # fmt: skip
    list_filter = (InUseFilter, AgencyFilter)
    list_select_related = ("agency", "station")
    search_fields = ("callsign", "kind", "station__code", "station__name")
    ordering = ("callsign",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Whoever reads settings, be they only their own units."""
        return actor_of(request).may(Right.SETTINGS_READ)

    def rows_of(self, actor: Actor) -> QuerySet[Any]:
        """The centre's, or an agency's own."""
        found = super().rows_of(actor).select_related("agency", "station")
        return found if actor.reach(Right.SETTINGS_READ) is Reach.ANY else found.filter(own_units(actor))

    def save_with_action(
        self, actor: Actor, row: Unit | None, cleaned: dict[str, Any], changed: Collection[str]
    ) -> Unit:
        """Register a unit, or change the fields that were changed here: what others changed meanwhile stands."""
        cleaned = cleaned | {"station": cleaned["station"].code if cleaned["station"] else None}
        if row is None:
            made, _new = register_unit(
                actor=actor,
                callsign=cleaned["callsign"],
                agency=cleaned["agency"].code,
                kind=cleaned["kind"],
                capabilities=cleaned["capabilities"],
                station=cleaned["station"],
                crew=cleaned["crew"],
            )
            more = ({"phone": cleaned["phone"]} if cleaned["phone"] else {}) | (
                {} if cleaned["active"] else {"active": False}
            )
            return self._edited(actor, made, more) if more else made
        return self._edited(actor, row, {name: cleaned[name] for name in changed if name not in self.fixed})

    def lock(self, names: Collection[str]) -> None:
        """By id, as whoever sends several units does."""
        rows = Unit.objects.filter(callsign__in=names).order_by("id")
        list(rows.select_for_update(of=("self",), no_key=True).values_list("id"))

    def _edited(self, actor: Actor, row: Unit, changes: dict[str, Any]) -> Unit:
        return edit_unit(actor=actor, unit=row.id, version=row.version, changes=changes)


class CapabilityForm(SettingsForm):
    """A capability."""

    code = WordField(_("Code"), most=40, help_text=_("Small letters, digits and _, such as fire_engine."))
    name_id = WordField(_("Name in Indonesian"))
    name_en = WordField(_("Name in English"))
    active = in_use_field()


class CapabilityAdmin(TableAdmin):
    """The capabilities."""

    form = CapabilityForm
    subject = "capability"
    centred = False
    list_display = (
        column("code", _("Code")), column("name_id", _("Name in Indonesian")),
        column("name_en", _("Name in English")), flag("active", _("In use")),
    )  # fmt: skip
    list_filter = (InUseFilter,)
    search_fields = ("code", "name_id", "name_en")
    ordering = ("code",)

    def save_with_action(
        self,
        actor: Actor,
        row: Capability | None,
        cleaned: dict[str, Any],
        changed: Collection[str],  # noqa: ARG002
    ) -> Capability:
        """Make a capability, or rename, close or reopen it."""
        values = {name: cleaned[name] for name in ("name_id", "name_en", "active")}
        kept, _made = put_capability(actor=actor, code=row.code if row else cleaned["code"], **values)
        return kept
