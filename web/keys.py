"""The one key table: which key does what on which screen. Help, handlers and the tests read it.

None is a key that Chrome, Firefox or a desktop keeps for itself (tests/web/test_keys.py lists those); letters
alone act only in a focused list or bar (WCAG 2.1.4), where a lost focus files nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from web.help import group_of

EVERYWHERE = frozenset({"console", "board", "map", "units", "agency"})
CONSOLE = frozenset({"console"})
LISTS = frozenset({"console", "board"})
AGENCY = frozenset({"agency"})
COMMAND = EVERYWHERE - AGENCY


@dataclass(frozen=True, slots=True)
class Key:
    """A key: the action it is bound to, how it is pressed, where, and what it does in words.

    focus: None where it works anywhere on the page, else the list or bar that must have the focus.
    """

    action: str
    combo: str
    label: Promise
    screens: frozenset[str] = EVERYWHERE
    focus: str | None = None


KEYS = (
    Key("help", "?", _("the keys of this screen")),
    Key("command", "/", _("command line"), COMMAND),
    Key("command", "F4", _("command line, from inside a field"), COMMAND),
    Key("leave", "Escape", _("leave a layer; nothing is lost")),
    Key("undo", "Alt+Z", _("undo, for five seconds")),
    Key("alarms", "Alt+J", _("alarms: the most pressing group, reasons as digits")),
    Key("warnings", "Alt+R", _("place warnings to look at: approve, keep, end"), LISTS),
    Key("my_state", "F9", _("my state: ready, not ready ..."), CONSOLE | {"board"}),
    Key("next_call", "F2", _("take the next call; in wrap-up also park the form"), CONSOLE),
    Key("new_call", "Shift+F2", _("new call by hand"), CONSOLE),
    Key("noise", "F8", _("not an emergency: one letter files it"), CONSOLE),
    Key("silent", "Alt+Q", _("silent call: start the procedure"), CONSOLE),
    Key("phone_place", "Alt+P", _("accept the phone's place"), CONSOLE),
    Key("cpr", "Alt+C", _("CPR instructions"), CONSOLE),
    Key("link", "Alt+L", _("same event: link the call"), CONSOLE),
    Key("caller", "Alt+K", _("caller: name, number, language, safety"), CONSOLE),
    # Not Alt+H, the letter of Firefox's Help menu, and not Shift+F8, a slip away from filing noise.
    Key("hold", "Alt+,", _("put the caller on hold, or talk on"), CONSOLE),
    Key("read_back", "Alt+A", _("the place was read back to the caller"), CONSOLE),
    Key("end", "Alt+X", _("end the call that is shown"), CONSOLE),
    Key("send", "Ctrl+Enter", _("send to dispatch, or update"), CONSOLE),
    Key("place", "Alt+G", _("to the place field"), CONSOLE),
    Key("words", "Alt+W", _("to the words field"), CONSOLE),
    Key("theirs", "Alt+M", _("take in what another desk typed"), CONSOLE),
    Key("incidents", "Alt+I", _("to the incidents"), LISTS | {"map", "agency"}),
    Key("calls", "Alt+O", _("to the calls"), LISTS),
    Key("open", "Enter", _("open; again: send what is recommended"), LISTS, "incidents"),
    Key("note", "N", _("add a note"), CONSOLE, "incidents"),
    Key("other_unit", "U", _("send another unit"), CONSOLE, "incidents"),
    Key("task", "T", _("ask another agency"), CONSOLE, "incidents"),
    Key("warn", "W", _("propose a place warning"), CONSOLE, "incidents"),
    Key("merge", "M", _("merge into another incident"), CONSOLE, "incidents"),
    Key("state", "S", _("state: resolved, closed, cancelled ..."), CONSOLE, "incidents"),
    Key("own", "O", _("take it on myself"), LISTS, "incidents"),
    Key("late", "L", _("late status, with its time"), CONSOLE, "incidents"),
    Key("second_alarm", "E", _("second alarm: the plan once more"), CONSOLE, "incidents"),
    Key("divert", "D", _("divert a unit from another incident"), CONSOLE, "incidents"),
    Key("shortfall", "K", _("accept that units are missing, with a reason"), CONSOLE, "incidents"),
    Key("history", "H", _("timeline"), CONSOLE, "incidents"),
    Key("sort", "R", _("sort the list anew"), CONSOLE, "incidents"),
    Key(
        "status",
        "0-8",
        _("FMS status of the selected unit; none selected: 3 and 4 for all"),
        CONSOLE | {"units"},
        "units",
    ),
    Key("end_talk", "K", _("has been talked to: end its talk request"), frozenset({"units"}), "units"),
    Key("end_emergency", "X", _("spoken with the crew: end its emergency"), frozenset({"units"}), "units"),
    Key("accept", "A", _("accept the task"), AGENCY, "tasks"),
    Key("refuse", "R", _("refuse the task, with a reason"), AGENCY, "tasks"),
    Key("send_unit", "Enter", _("accept the task and send the ticked units"), AGENCY, "tasks"),
    Key("tick", "1-9", _("tick or untick one of our units"), AGENCY, "tasks"),
    Key("note", "N", _("add a note"), AGENCY, "tasks"),
    Key("done", "D", _("report back and close our part"), AGENCY, "tasks"),
    Key("task", "T", _("ask another agency"), AGENCY, "tasks"),
    Key("warn", "W", _("propose a place warning"), AGENCY, "tasks"),
    Key("new_incident", "Alt+N", _("open an incident of our own"), AGENCY),
    Key("crew", "C", _("who rides on the unit"), AGENCY, "units"),
    Key("acknowledge", "1-6", _("acknowledge the group, with that reason"), EVERYWHERE, "alarms"),
    Key("open_alarm", "Enter", _("open the incident of the alarm, or the unit in an emergency"), EVERYWHERE, "alarms"),
    Key("emergency_map", "M", _("crew emergency: show it on the map"), EVERYWHERE, "alarms"),
    Key(
        "emergency_telephone",
        "T",
        _("crew emergency: telephone the unit; task not accepted: ask another agency in addition"),
        EVERYWHERE,
        "alarms",
    ),
    Key("emergency_end", "X", _("crew emergency: spoken with the crew, end it"), EVERYWHERE, "alarms"),
    Key("sound", "Alt+Y", _("mute all but ring and crew emergency, or unmute")),
    Key("filter", "Alt+U", _("filter the list"), frozenset({"console", "board", "map", "units"})),
)


def keys_of(screen: str) -> list[dict[str, str | None]]:
    """The keys of one screen, in the order of the table, their words in the reader's language."""
    return [
        {"action": key.action, "combo": key.combo, "label": str(key.label), "focus": key.focus, "group": group_of(key)}
        for key in KEYS
        if screen in key.screens
    ]
