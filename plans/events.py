"""The events of incident types and response plans."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from core.event_kinds import EventKind, Fields

_TYPE: Fields = {
    "code": str,
    "fields": list,
    "priority": int,
    "restricted": bool,
    "now": bool,
    "sea": bool,
    "active": bool,
}


class PlanEvent(EventKind):
    """What happens to incident types, their synonyms and their response plans."""

    INCIDENT_TYPE_MADE = "incident_type.made", _("Incident type %(code)s made."), _TYPE
    INCIDENT_TYPE_EDITED = "incident_type.edited", _("Incident type changed: %(fields)s."), _TYPE
    TYPE_SYNONYMS_EDITED = (
        "type_synonyms.edited",
        _("Synonyms of %(code)s changed: %(fields)s."),
        {"code": str, "fields": list, "synonyms": int},
    )
    PLAN_REVISED = (
        "plan.revised",
        _("Response plan of %(code)s: version %(version)s."),
        {"code": str, "version": int, "tasks": list},
    )
