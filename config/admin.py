"""The admin site: Django's own, opened by our roles, in our frame. The one place where its pages are registered."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.contrib.admin import AdminSite
from django.db.models import Model
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin.centres import CentreAdmin
from accounts.admin.desks import DeskAdmin
from accounts.admin.keys import KeyAdmin
from accounts.admin.settings import actor_of
from accounts.models import Agency, ApiKey, Centre, Desk, User
from accounts.pages import page_for
from accounts.roles import Right
from alarms.admin import PolicyAdmin
from alarms.models import Policy
from config.uses import Use, uses_of
from core.models import Event
from directory.admin import ContactAdmin
from directory.models import Contact
from dispatch.admin import WarningAdmin
from dispatch.event_messages import event_sentence
from dispatch.queries.timeline import names_of
from places.admin import PlaceAdmin
from places.models import Place, PlaceWarning
from plans.admin import PlanAdmin, SynonymsAdmin, TypeAdmin
from plans.models import IncidentType, ResponsePlan, TypeSynonyms
from staff.admin import AgencyAdmin, PersonAdmin
from units.admin import CapabilityAdmin, StationAdmin, UnitAdmin
from units.models import Capability, Station, Unit
from web.common_words import common_words
from web.tiles import tiles_address

# Addresses of Django's site that are none here: people sign in and out elsewhere.
LEFT_OUT = frozenset(
    {"login", "logout", "password_change", "password_change_done", "view_on_site", "autocomplete", "jsi18n"}
)

GROUPS: tuple[tuple[Any, tuple[type[Any], ...]], ...] = (
    (_("Agencies and units"), (Agency, Station, Unit, Capability)),
    (_("People and access"), (User, Desk, ApiKey, Centre)),
    (_("Incidents and rules"), (IncidentType, TypeSynonyms, ResponsePlan, Policy)),
    (_("Places and directory"), (Place, PlaceWarning, Contact)),
)


def map_words() -> dict[str, str]:
    """The texts of the map of a form, and of its buttons."""
    return common_words() | {
        "pick_on_map": gettext("Pick on the map"),
        "pick_help": gettext(
            "Click the place; by keyboard move the map with the arrows and press Enter for its middle."
        ),
        "add_line": gettext("Add one ..."),
    }


def map_names() -> dict[str, dict[str, str]]:
    """What the map of a form looks up."""
    return {"map": {"tiles": tiles_address()}}


class SigapAdminSite(AdminSite):
    """The settings of a centre. Calls, incidents and events are not here: they are made by work and by nothing else."""

    site_header = site_title = "Sigap"
    index_title = _("Settings")
    enable_nav_sidebar = False
    final_catch_all_view = False
    empty_value_display = "–"

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether somebody may open the site at all."""
        return actor_of(request).may(Right.SETTINGS_READ)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002
        """Check rights before Django: to sign-in without a session, refused with a message without the right."""
        return page_for(lambda actor: actor.may(Right.SETTINGS_READ))(super().admin_view(view, cacheable))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Django's addresses without those that are ours elsewhere."""
        return [url for url in super().get_urls() if getattr(url, "name", None) not in LEFT_OUT]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The pages in the order of GROUPS, those that the reader may see."""
        known = {model["model"]: model for app in super().get_app_list(request, app_label) for model in app["models"]}
        return [
            {
                "name": name,
                "app_label": f"group-{number}",
                "app_url": "",
                "has_module_perms": True,
                "models": [
                    known[model] | {"name": capfirst(known[model]["name"])} for model in models if model in known
                ],
            }
            for number, (name, models) in enumerate(GROUPS, start=1)
            if any(model in known for model in models)
        ]

    def app_index(self, request: HttpRequest, app_label: str, extra_context: Any = None) -> Any:  # noqa: ARG002
        """Apps are how the code is divided, not the settings: all of them stand on one page."""
        return redirect("admin:index")

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """With the texts of the map of a form."""
        return {**super().each_context(request), "map_words": map_words, "map_names": map_names}

    def uses(self, row: Model) -> list[Use]:
        """What uses a row, with links to their pages."""
        return uses_of(row)

    def history(self, events: Iterable[Event], language: str) -> list[dict[str, Any]]:
        """Facts as the history of a row shows them: when, who, at which desk, what, in the reader's language."""
        rows = list(events)
        names = self.names({event.actor for event in rows})
        return [
            {
                "at": event.at,
                "by": names.get(event.actor, event.actor),
                "desk": event.desk,
                "what": event_sentence(event, language),
            }
            for event in rows
        ]

    @staticmethod
    def names(refs: Collection[str]) -> dict[str, str]:
        """The names behind actors as the log names them."""
        return names_of(refs)


site = SigapAdminSite(name="admin")
site.register(Agency, AgencyAdmin)
site.register(Station, StationAdmin)
site.register(Unit, UnitAdmin)
site.register(Capability, CapabilityAdmin)
site.register(User, PersonAdmin)
site.register(Centre, CentreAdmin)
site.register(Desk, DeskAdmin)
site.register(ApiKey, KeyAdmin)
site.register(IncidentType, TypeAdmin)
site.register(TypeSynonyms, SynonymsAdmin)
site.register(ResponsePlan, PlanAdmin)
site.register(Policy, PolicyAdmin)
site.register(Contact, ContactAdmin)
site.register(Place, PlaceAdmin)
site.register(PlaceWarning, WarningAdmin)
