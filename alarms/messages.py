"""The words of an alarm's notification, made when it is sent, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _

from core.registry import Message

TITLES = {
    1: _("Call waiting"),
    2: _("P1 incident without its units"),
    3: _("P2 incident without its units"),
    4: _("P3 incident without its units"),
    5: _("Dispatched, not acknowledged"),
    6: _("Acknowledged, not en route"),
    7: _("Not on scene by the target"),
    9: _("Unit emergency"),
    11: _("Agency task not accepted"),
    12: _("No free operator"),
    16: _("Sigap itself is in trouble"),
    17: _("Unit en route, place warning not seen"),
    19: _("A clock is off"),
    20: _("Caller on hold"),
}
_OTHER = _("Alarm")
_PARTS = {
    "number": _("incident %s"),
    "callsign": _("unit %s"),
    "agency": _("agency %s"),
    "type": _("type %s"),
    "trouble": _("trouble %s"),
    "source": _("source %s"),
    "offset_seconds": _("%s s"),
    "telephone": _("telephone %s"),
}


def alarm_message(params: Mapping[str, Any], language: str) -> Message:
    """An alarm in words; params as its Standing gave them, with `rule` and `level`."""
    with override(language):
        title = gettext(TITLES.get(params["rule"], _OTHER))
        parts = [gettext(words) % params[name] for name, words in _PARTS.items() if params.get(name)]
        if params.get("source_kind") == "workstation" and not params.get("source"):
            parts.insert(0, gettext("a workstation without a desk"))
        level = gettext("Level %s") % params["level"]
        text = ", ".join([title, level, *parts]) + "."
        if params.get("nobody_on_duty"):
            text += " " + gettext("Nobody is on duty for this: call the centre's fixed telephone.")
        return Message(f"{title} ({level})", text)


MESSAGES = {"alarm": alarm_message}
