"""The events of the site itself."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from core.event_kinds import EventKind


class SiteEvent(EventKind):
    """What happens to a site as a whole."""

    DEFAULTS_LOADED = (
        "defaults.loaded",
        _("Shipped defaults loaded: version %(version)s."),
        {"version": str, "with_people": bool, "added": dict},
    )
