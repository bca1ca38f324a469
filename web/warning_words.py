"""Words of place warnings: proposing one from an incident, and what a supervisor does with those that wait."""

from __future__ import annotations

from django.utils.translation import gettext as _


def warning_words() -> dict[str, str]:
    """What the pages say that propose warnings or approve them; blanks in braces are filled in by the browser."""
    return {
        "warn": _("Propose a warning"),
        "warn_title": _("Warn crews of this place: {place}"),
        "warn_hint": _("A supervisor approves it; from then on every crew sees it before it sets out."),
        "warn_text": _("What must a crew know?"),
        "warn_kind": _("Kind"),
        "warn_kind.danger": _("danger to crews"),
        "warn_kind.dangerous_goods": _("dangerous goods"),
        "warn_kind.access": _("access"),
        "warn_kind.keyholder": _("keyholder"),
        "warn_radius": _("Reaches, in metres"),
        "warn_review": _("To be looked at again on"),
        "warn_ends": _("Ends by itself (blank: when somebody ends it)"),
        "warn_send": _("Propose"),
        "warn_sent": _("Warning proposed. A supervisor has to approve it."),
        "warn_no_point": _("This incident has no point on the map yet: a warning needs one."),
        "warnings_top": _("Warnings to look at: {count}"),
        "warnings_title": _("Place warnings to look at"),
        "warnings_none": _("No place warning waits for you."),
        "warn_approve": _("Approve"),
        "warn_keep": _("Still true: again in 90 days"),
        "warn_refuse": _("Not approved"),
        "warn_end": _("No longer true: end it"),
        "warning_by": _("proposed by {author}"),
        "warning_due": _("due since {day}; by {author}, approved by {approver}"),
        "warning_reach": _("{metres} m around"),
        "warning_approve": _("Approve “{text}”"),
        "warning_keep": _("Keep “{text}”"),
        "warning_end": _("End “{text}”"),
        "goes_out": _("{what}: goes out in {seconds} s"),
    }
