"""The words of alarms and crew emergencies, and what the reader may do with them, for every live page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.roles import Reach, Right
from alarms.rules import EscalationRule, may_acknowledge


def alarm_words() -> dict[str, str]:
    """The words of the list of alarms, for every page that has alarms."""
    return {
        "alarms": _("Alarms"),
        "no_alarms": _("No alarm."),
        "alarms_top": _("{count} incident with alarms|{count} incidents with alarms"),
        "alarms_other": _("{count} without an incident"),
        "alarms_incidents": _("{count} incident|{count} incidents"),
        "alarms_count": _("{count} alarm|{count} alarms"),
        "alarms_below": _("{count} more below · {priorities} · highest level {level}"),
        "alarm_keys": _("Arrows select, a digit acknowledges, Enter opens the incident."),
        "alarm_known": _("This is acknowledged already."),
        "alarm_not_yours": _("Your role does not acknowledge this alarm."),
        "group_acknowledged": _(
            "{title}: {count} alarm acknowledged, {reason}.|{title}: {count} alarms acknowledged, {reason}."
        ),
        "group_left": _("Still open: {left}."),
        "group_label": _(
            "{title}: {alarm}, level {level}, {count} alarm|{title}: {alarm}, level {level}, {count} alarms"
        ),
        "level_n": _("level {level}"),
        "next_level": _("level {level} at {at}"),
        "nobody_on_duty": _("nobody on duty: call the centre's fixed telephone"),
        "telephone_agency": _("telephone {contact} {telephone}"),
        "others_capable": _("or ask {agencies} in addition"),
        "ask_further": _("ask {agencies} in addition to {first}"),
        "ask_further_which": _("{number}: ask which agency in addition to {first}?"),
        "asked_further": _("{agency} asked for {number} in addition. {first} keeps its task."),
        "no_agency_fits": _("No agency fits these words."),
        "alarm_late": _("entered late"),
        "clock_off": _("{seconds} s"),
        "source.telephony": _("exchange {name}"),
        "source.positions": _("tracker {name}"),
        "source.workstation": _("workstation {name}"),
        "source.web": _("server {name}"),
        "source.worker": _("server {name}"),
        "source.no_desk": _("workstation without a desk"),
    }


def emergency_words() -> dict[str, str]:
    """The words of a crew's emergency, for every live page."""
    return {
        "emergencies": _("Crew emergencies"),
        "crew_emergency": _("Crew emergency"),
        "emergency_of": _("{callsign} crew emergency"),
        "emergency_chip": _("emergency"),
        "at_incident": _("at incident {number}"),
        "no_incident_now": _("on no incident"),
        "near_place": _("near {place}"),
        "at_point": _("at {lat}, {lng}"),
        "emergency_crew_count": _("crew of {count}"),
        "pressed": _("pressed"),
        "position_since": _("position {age} old"),
        "position_stale": _("position {age} old: stale"),
        "position_missing": _("position unknown"),
        "on_map": _("On the map"),
        "telephone": _("Telephone {callsign}"),
        "telephone_of": _("{callsign}: {number}"),
        "dial": _("call {number}"),
        "no_phone": _("No telephone number of {callsign} is known. Use the radio."),
        "acknowledge_here": _("Acknowledge, stop the sound"),
        "acknowledge_short": _("Stop the sound"),
        "emergency_taken": _("{title}: acknowledged, the sound stops at this desk. It stands until it is ended."),
        "emergency_unknown": _("not acknowledged"),
        "emergency_known": _("acknowledged at this desk"),
        "confirm_by_voice": _("confirm by voice"),
        "withdrawn_at": _("The crew took it back at {at}: confirm by voice, it may be under duress."),
        "emergency_crew": _("Crew"),
        "emergency_place": _("Place"),
        "emergency_pressed": _("Pressed at"),
        "emergency_answered": _("Acknowledged by"),
        "open_incident": _("Incident {number}"),
        "end_emergency": _("Spoken with the crew: end it"),
        "end_rule": _("It ends only after voice contact with the crew. Who spoke with it ends it and gives the name."),
        "end_by_centre": _("A dispatcher or a supervisor ends an emergency, after voice contact with the crew."),
        "spoken_with": _("{callsign}: with whom of the crew have you spoken?"),
        "spoken_with_hint": _("The name of the crew member who answered. The emergency ends then."),
        "emergency_ended": _("{callsign}: emergency ended."),
        "unit": _("Unit"),
    }


def alarm_rights(actor: Actor) -> dict[str, dict[str, str]]:
    """Which rules the reader may acknowledge, and whether they may end a crew's emergency."""
    return {
        "acknowledges": {str(int(rule)): str(int(rule)) for rule in EscalationRule if may_acknowledge(actor, rule)},
        "rights": {
            **({"end_emergency": "end_emergency"} if actor.may(Right.UNIT_EMERGENCY_END) else {}),
            **({"offer_task": "offer_task"} if actor.reach(Right.TASK_OFFER) is Reach.ANY else {}),
        },
    }
