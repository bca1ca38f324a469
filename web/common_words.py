"""Words and names that every live page needs, in the reader's language."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Agency, Centre
from accounts.sessions import PUBLIC_ID
from alarms.policies import current_policies
from calls.states import Channel, ContactSafety, Disposition, OperatorStatus, Reason
from dispatch.states import AssignmentStatus, IncidentState, TaskState
from places.models import Area
from plans.models import IncidentType
from plans.queries.response_targets import clock_seconds
from plans.queries.types import active_dispositions
from units.queries import capability_names
from units.states import UnitStatus
from web.alarm_words import alarm_rights, alarm_words, emergency_words
from web.dispatch_words import alarm_reasons, command_words, fms_names
from web.help import help_words
from web.keys import keys_of
from web.tiles import tiles_address


def screen_context(request: HttpRequest, screen: str, words: dict[str, str]) -> dict[str, Any]:
    """What the template of a live page is given.

    request: with `actor` (accounts.pages.decorators). screen: its name in the key table. words: its own, beside those
    that all pages share.
    """
    actor = request.actor  # type: ignore[attr-defined]  # set by accounts.pages.decorators
    session = str(request.session.get(PUBLIC_ID, ""))
    return {
        # Tabs of one sign-in share a socket by this name: nobody else's may have it.
        "feed": hashlib.sha256(session.encode()).hexdigest()[:16],
        "time_zone": Centre.objects.get(pk=actor.centre).time_zone,
        "screen": screen,
        "words": common_words() | words,
        "names": code_names(actor.centre) | alarm_rights(actor),
        "keys": keys_of(screen),
    }


def code_names(centre: UUID) -> dict[str, dict[str, str]]:
    """The names of the codes that forms carry, in the reader's language."""
    language = "en" if (get_language() or "").startswith("en") else "id"
    types = IncidentType.objects.order_by("code").values_list("code", "group", f"name_{language}")
    named = {code: name for code, _group, name in types}
    return {
        # A restricted incident travels with its group's letter only.
        "types": named | {group: _("Restricted") for group in {group for _code, group, _name in types}},
        "rules": {str(rule): getattr(policy, f"name_{language}") for rule, policy in current_policies(centre).items()},
        "agencies": dict(Agency.objects.filter(centre=centre).order_by("code").values_list("code", "name")),
        "alarm_reasons": alarm_reasons(),
        "fms": fms_names(),
        "capabilities": capability_names(language),
        "islands": dict(Area.objects.filter(kind="island").values_list("code", "name")),
        "map": {"tiles": tiles_address()},
        "kecamatan": dict(Area.objects.filter(kind="kecamatan").order_by("code").values_list("code", "name")),
        # What the clocks of units run against.
        "seconds": clock_seconds(centre),
        "statuses": _labels(AssignmentStatus) | _labels(UnitStatus),
        "incident_states": _labels(IncidentState),
        "incident_dispositions": dict(active_dispositions().values_list("code", f"name_{language}")),
        "tasks": _labels(TaskState),
        "channels": _labels(Channel),
        "dispositions": _labels(Disposition),
        "operator_states": _labels(OperatorStatus),
        "reasons": _labels(Reason),
        "contact_safety": _labels(ContactSafety),
    }


def _labels(choices: Any) -> dict[str, str]:
    return {str(value): str(label) for value, label in choices.choices}


def common_words() -> dict[str, str]:
    """What the shared parts say; blanks in braces are filled in by the browser."""
    return {
        "connecting": _("Connecting"),
        "live": _("Live"),
        "stale": _("Stale"),
        "refused": _("You are no longer signed in, or may not see this board. Sign in again."),
        "sign_in": _("Sign in"),
        "stale_since": _("No news for {age}: what you see is old. Trying to reconnect."),
        "print_sheet": _("Print"),
        "stale_read": _("No news: what you see is old. Trying to reconnect."),
        # The workstation's own clock.
        "clock_mark": _("clock {offset}"),
        "clock_ahead": _(
            "This workstation's clock is {length} ahead. Times on this page are right; set the workstation's clock."
        ),
        "clock_behind": _(
            "This workstation's clock is {length} behind. Times on this page are right; set the workstation's clock."
        ),
        "seconds_short": _("s"),
        "unknown": _("unknown"),
        "days": _("d"),
        "priority": _("Priority {priority}"),
        "now": _("NOW"),
        "restricted": _("restricted"),
        "outside": _("outside the regency"),
        "place_unknown": _("place unknown"),
        "no_unit": _("no unit yet"),
        "need": _("{count} {what}"),
        "units_left": _("units have left"),
        "no_unit_needed": _("no unit"),
        "calls_count": _("{count} call|{count} calls"),
        "calls_before": _("calls before: {count}"),
        "number_withheld": _("number withheld"),
        "strikes": _("{count} false in 24 h"),
        "contact_safety": _("contact safe?"),
        "incident_number": _("incident {number}"),
        "acknowledged_by": _("acknowledged by {by}"),
        "level": _("L"),
        "emergency": _("EMERGENCY"),
        "rule.2": _("to assign"),
        "rule.3": _("to assign"),
        "rule.4": _("to assign"),
        "rule.5": _("to acknowledge"),
        "rule.6": _("to set out"),
        "rule.7": _("on scene within"),
        "rule.11": _("agency to accept"),
        "on_scene": _("on scene within"),
        # Messages of the kit: something was sent, taken back, refused, kept for later.
        "undo": _("Undo"),
        "undone_what": _("Undone: {what}"),
        "undo_late": _("Too late to undo."),
        # Signing out while callers are on the line.
        "sign_out_on_call": _("You are on a call with {numbers}. Sign out all the same?"),
        "sign_out_unsent": _(
            "{count} form or act is not sent. Sign out?|{count} forms or acts are not sent. Sign out?"
        ),
        "sign_out_anyway": _("Sign out"),
        "stay_here": _("Stay"),
        "sign_out_sure": _("Sign out, leave the call"),
        "close": _("Close"),
        "cancel": _("Cancel"),
        "keys": _("Keys of this screen"),
        "sending": _("Sending"),
        "failed": _("That did not go through: {why}"),
        "no_line": _("No connection. It is kept here and goes out by itself."),
        "kept": _("{count} waiting to be sent"),
        "try_again": _("The server is busy. Try again."),
        # The five sounds, and what is shown with them.
        "sound_on": _("Sound on"),
        "sound_off": _("Only ring and emergency"),
        "sound_asleep": _("Sound waits for a key"),
        "signal_p1": _("New P1: {number}"),
        "signal_alarm": _("Alarm at level {level}"),
        # The map part.
        "map": _("Map"),
        "map_label": _("Map: incidents {incidents}, units {units}. The lists on this page say the same."),
        "map_loading": _("The map is loading."),
        "map_no_webgl": _("This browser shows no map (WebGL is off). The lists say the same in words."),
        "map_failed": _("The map could not be loaded: {why}"),
        "map_again": _("Load the map again"),
        "map_slow": _("No graphics card: the map is of {at}. The lists are live."),
        "map_view": _("View of the map"),
        "map_in": _("Closer"),
        "map_out": _("Farther"),
        "map_near": _("Near"),
        "map_all": _("Whole area"),
        **alarm_words(),
        **emergency_words(),
        **command_words(),
        **help_words(),
    }
