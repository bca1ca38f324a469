"""Words that the agency's desk and the crew's phone share: an incident's details, notes, people, dangers."""

from __future__ import annotations

from django.utils.translation import gettext as _


def field_words() -> dict[str, str]:
    """What both say; blanks in braces are filled in by the browser."""
    return {
        "loading": _("Loading ..."),
        "read_again": _("Try again"),
        "not_readable": _("Its words are kept from you until your part in it is open."),
        "read_failed": _("Can't be read now: {why}"),
        "struck": _("struck out: {reason}"),
        "said_first": _("first words"),
        "no_words": _("Nobody has written anything yet."),
        "note_sent": _("Note sent."),
        "agency_told": _("{agency} told"),
        "metres": _("{count} m"),
        "people_at_risk": _("{count} at risk: {place}"),
        "danger.danger": _("Danger"),
        "danger.dangerous_goods": _("Dangerous goods"),
        "danger.access": _("Access"),
        "danger.keyholder": _("Keyholder"),
        "straight": _("{distance} in a straight line · about {minutes} min"),
        "no_point": _("no point on the map"),
        "call_unsafe": _("Don't call back: unsafe"),
        "out_why": _("Why out of service?"),
        "goes_out": _("{what}: goes out in {seconds} s"),
        "note_send": _("Send"),
        "coming": _("Coming too"),
        "nobody_else": _("Nobody else is coming."),
        "kilometres": _("{count} km"),
    }
