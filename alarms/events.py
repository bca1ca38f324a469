"""The facts that alarms can state."""

from __future__ import annotations

from datetime import datetime

from alarms.models import Alarm, Policy
from core import events

KINDS = (
    "alarm.opened",
    "alarm.raised",
    "alarm.returned",
    "alarm.rearmed",
    "alarm.acknowledged",
    "alarm.snoozed",
    "alarm.closed",
    "alarm.missed",
    "policy.revised",
)
CLOCK = "system:clock"


def subjects_of(alarm: Alarm) -> list[str]:
    """The alarm, what it is about, the agencies that see it, and what else it belongs to, such as an incident."""
    return [f"alarm:{alarm.id}", alarm.subject, *(f"agency:{agency}" for agency in alarm.agencies), *alarm.also]


def _about(alarm: Alarm) -> dict[str, object]:
    """The rule, the level, and which unit or agency it is about, by its code: for the sentence of a timeline."""
    about = {name: alarm.params[name] for name in ("callsign", "agency") if alarm.params.get(name)}
    return {"rule": alarm.rule, "level": alarm.level, **about}


def risen(kind: str, alarm: Alarm, *, at: datetime) -> None:
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
        "alarm.rearmed",
        actor=CLOCK,
        subjects=subjects_of(alarm),
        data=_about(alarm) | {"next_at": alarm.next_at},
    )


def acknowledged(alarm: Alarm, *, actor: str, desk: str | None, at: datetime) -> None:
    """Somebody took it on themselves."""
    events.append(
        "alarm.acknowledged",
        actor=actor,
        desk=desk,
        subjects=subjects_of(alarm),
        at=at,
        data=_about(alarm) | {"until": alarm.next_at},
    )


def snoozed(alarm: Alarm, *, actor: str, desk: str | None, at: datetime) -> None:
    """Somebody put it off until a given moment."""
    events.append(
        "alarm.snoozed",
        actor=actor,
        desk=desk,
        subjects=subjects_of(alarm),
        at=at,
        data=_about(alarm) | {"until": alarm.next_at},
    )


def closed(alarm: Alarm, *, actor: str, at: datetime) -> None:
    """Its condition ended."""
    events.append(
        "alarm.closed",
        actor=actor,
        subjects=subjects_of(alarm),
        at=at,
        data=_about(alarm),
    )


def missed(rule: int, subject: str, levels: list[int]) -> None:
    """Steps that raise nothing: the entry came more than an hour late, or its condition had ended meanwhile."""
    events.append(
        "alarm.missed",
        actor=CLOCK,
        subjects=[subject],
        data={"rule": rule, "levels": levels, "reason": "late_entry"},
    )


def revised(policy: Policy, *, actor: str, desk: str | None, fields: list[str]) -> None:
    """A rule has a new version."""
    events.append(
        "policy.revised",
        actor=actor,
        desk=desk,
        subjects=[f"rule:{policy.rule}", f"centre:{policy.centre_id}"],
        data={"rule": policy.rule, "version": policy.version, "fields": fields},
    )
