"""The facts that alarms can state."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_noop as _

from alarms.models import Alarm, Policy
from alarms.rules import EscalationRule
from core import events
from core.event_kinds import EventKind, Fields

_ABOUT: Fields = {"rule": EscalationRule, "level": int, "callsign": str, "agency": str}
_RISEN: Fields = {**_ABOUT, "base_at": datetime}
_PUT_OFF: Fields = {**_ABOUT, "until": datetime}


class AlarmEvent(EventKind):
    """What happens to alarms and to the rules that raise them."""

    ALARM_OPENED = (
        "alarm.opened",
        _("Alarm, level %(level)s: %(rule)s%(about)s."),
        _RISEN,
        {"late": _("Entered late.")},
    )
    ALARM_RAISED = "alarm.raised", _("Alarm rose to level %(level)s: %(rule)s%(about)s."), _RISEN
    ALARM_RETURNED = "alarm.returned", _("Alarm is back, level %(level)s: %(rule)s%(about)s."), _RISEN
    ALARM_REARMED = "alarm.rearmed", _("Alarm counts anew: %(rule)s%(about)s."), {**_ABOUT, "next_at": datetime}
    ALARM_ACKNOWLEDGED = "alarm.acknowledged", _("Alarm acknowledged: %(rule)s%(about)s."), _PUT_OFF
    ALARM_SNOOZED = "alarm.snoozed", _("Alarm put off: %(rule)s%(about)s."), _PUT_OFF
    ALARM_CLOSED = "alarm.closed", _("Alarm over: %(rule)s%(about)s."), _ABOUT
    ALARM_MISSED = (
        "alarm.missed",
        _("Steps past at a late entry, nobody notified (level %(levels)s): %(rule)s."),
        {"rule": EscalationRule, "levels": list, "reason": str},
    )
    POLICY_REVISED = (
        "policy.revised",
        _("Escalation rule revised: version %(version)s."),
        {"rule": EscalationRule, "version": int, "fields": list},
    )


CLOCK = "system:clock"


def subjects_of(alarm: Alarm) -> list[str]:
    """The alarm, what it is about, the agencies that see it, and what else it belongs to, such as an incident."""
    return [f"alarm:{alarm.id}", alarm.subject, *(f"agency:{agency}" for agency in alarm.agencies), *alarm.also]


def _about(alarm: Alarm) -> dict[str, object]:
    """The rule, the level, and which unit or agency it is about, by its code: for the sentence of a timeline."""
    about = {name: alarm.params[name] for name in ("callsign", "agency") if alarm.params.get(name)}
    return {"rule": alarm.rule, "level": alarm.level, **about}


def risen(kind: AlarmEvent, alarm: Alarm, *, at: datetime) -> None:
    """An alarm opened, was raised a level, or came back after an acknowledgement."""
    events.append(
        kind,
        actor=CLOCK,
        subjects=subjects_of(alarm),
        at=at,
        data=_about(alarm) | {"base_at": alarm.base_at} | ({"late": True} if alarm.late else {}),
    )


def rearmed(alarm: Alarm) -> None:
    """The priority or the base changed: the open steps count anew."""
    events.append(
        AlarmEvent.ALARM_REARMED,
        actor=CLOCK,
        subjects=subjects_of(alarm),
        data=_about(alarm) | {"next_at": alarm.next_at},
    )


def acknowledged(alarm: Alarm, *, actor: str, desk: str | None, at: datetime) -> None:
    """Somebody took it on themselves."""
    events.append(
        AlarmEvent.ALARM_ACKNOWLEDGED,
        actor=actor,
        desk=desk,
        subjects=subjects_of(alarm),
        at=at,
        data=_about(alarm) | {"until": alarm.next_at},
    )


def snoozed(alarm: Alarm, *, actor: str, desk: str | None, at: datetime) -> None:
    """Somebody put it off until a given moment."""
    events.append(
        AlarmEvent.ALARM_SNOOZED,
        actor=actor,
        desk=desk,
        subjects=subjects_of(alarm),
        at=at,
        data=_about(alarm) | {"until": alarm.next_at},
    )


def closed(alarm: Alarm, *, actor: str, at: datetime) -> None:
    """Its condition ended."""
    events.append(
        AlarmEvent.ALARM_CLOSED,
        actor=actor,
        subjects=subjects_of(alarm),
        at=at,
        data=_about(alarm),
    )


def missed(rule: int, subject: str, levels: list[int]) -> None:
    """Steps that raise nothing: the entry came more than an hour late, or its condition had ended meanwhile."""
    events.append(
        AlarmEvent.ALARM_MISSED,
        actor=CLOCK,
        subjects=[subject],
        data={"rule": rule, "levels": levels, "reason": "late_entry"},
    )


def revised(policy: Policy, *, actor: str, desk: str | None, fields: list[str]) -> None:
    """A rule has a new version."""
    events.append(
        AlarmEvent.POLICY_REVISED,
        actor=actor,
        desk=desk,
        subjects=[f"rule:{policy.rule}", f"centre:{policy.centre_id}"],
        data={"rule": policy.rule, "version": policy.version, "fields": fields},
    )
