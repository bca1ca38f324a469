"""The map: open incidents and units where they are, with a list beside it that shows the same as text."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from web.common_words import screen_context


def map_page(request: HttpRequest) -> HttpResponse:
    """The page of the map, for whoever has a board; each sees what their board has."""
    return render(request, "map.html", screen_context(request, "map", map_words()))


def map_words() -> dict[str, str]:
    """The texts of the map page, without those that all pages share."""
    return {
        "incidents_list": _("Incidents"),
        "units_list": _("Units"),
        "unit": _("Unit"),
        "units": _("Units"),
        "agency": _("Agency"),
        "state": _("State"),
        "number": _("No."),
        "what": _("What"),
        "priority_head": _("Priority"),
        "loading": _("Loading"),
        "incidents_count": _("{count} shown"),
        "units_count": _("{count} shown"),
        "no_incidents": _("No open incident."),
        "no_incidents_shown": _("No open incident under this filter."),
        "no_units_shown": _("No unit under this filter."),
        "no_place": _("no point on the map"),
        "no_fix": _("no position yet"),
        "fix_age": _("position {age} old"),
        "fix_stale": _("position {age} old: stale"),
        "all_agencies": _("All agencies"),
        "all_statuses": _("Every status"),
        "on_duty": _("On duty"),
        "units_free": _("free"),
        "units_sent": _("sent"),
        "units_en-route": _("en route"),
        "units_on-scene": _("on scene"),
        "units_moving": _("transporting"),
        "units_off": _("off duty"),
    }
