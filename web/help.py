"""The help that `?` opens: the keys grouped by what one is doing, the commands, and what the signs mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from web.keys import Key

# Keys that work anywhere on a page, by what one is doing; all others of them are of the whole page.
_GROUPS = {
    "call": (
        *("next_call", "new_call", "noise", "silent", "phone_place", "cpr", "link", "caller", "end", "hold", "send"),
        *("place", "words", "theirs", "card", "read_back"),
    ),
    "move": ("incidents", "calls", "filter", "command", "leave"),
    "alarms": ("alarms", "warnings", "sound"),
}
_GROUP_OF = {action: group for group, actions in _GROUPS.items() for action in actions}


def group_of(key: Key) -> str:
    """The group of a key in the help: the list that it needs the focus in, else what one is doing."""
    return key.focus or _GROUP_OF.get(key.action, "page")


def help_words() -> dict[str, str]:
    """The words of the help."""
    return {
        "help": _("Keys and help"),
        "help_keys": _("Keys"),
        "help_commands": _("Command line"),
        "help_signs": _("Signs"),
        "help_group_page": _("Everywhere on this page"),
        "help_group_move": _("Moving about"),
        "help_group_call": _("During a call"),
        "help_group_alarms": _("Alarms and sound"),
        "help_group_incidents": _("An incident, with the list focused"),
        "help_group_units": _("A unit, with the list focused"),
        "help_group_tasks": _("A task, with the list focused"),
        "help_target_fine": _("within its target"),
        "help_target_soon": _("three quarters of its target used"),
        "help_target_late": _("past its target"),
        "help_callsign": "DMK1",
        "help_chip": _("unit, with the digit of its status"),
        "help_tasks": _("task of an agency"),
        "help_live": _("the data is fresh; its age stands beside it"),
        "help_stale": _("the data is old: do not trust it"),
        "help_unofficial": _("place from an unofficial list"),
        "hours": _("{count} hour|{count} hours"),
        "minutes": _("{count} minute|{count} minutes"),
        "seconds": _("{count} second|{count} seconds"),
        "days_long": _("{count} day|{count} days"),
    }
