"""Alarms over HTTP: read, acknowledge, put off."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ninja import Router, Schema
from typing_extensions import TypedDict

from accounts.api import Request
from accounts.roles import Right
from alarms import actions
from alarms.queries import AlarmForm, alarm_form_of, open_alarms
from alarms.workstations import is_off, note_workstation_clock
from core.types import Moment, Word

router = Router(tags=["alarms"])


class WorkstationTime(Schema):
    """The time that a workstation shows."""

    at: Moment


class WorkstationClock(Schema):
    """How many seconds a workstation's clock is ahead (below 0: behind), and whether its screen shows a warning."""

    offset_seconds: float
    off: bool


class AlarmList(TypedDict):
    """The open alarms, the most pressing first."""

    items: list[AlarmForm]
    next: str | None


class Acknowledgement(Schema):
    """Why it is acknowledged; `name` where a key speaks for somebody."""

    reason: Word
    name: Word | None = None
    at: Moment | None = None


class Snooze(Schema):
    """Until when it is put off, and why."""

    until: Moment
    reason: Word
    name: Word | None = None


@router.get("alarms", response=AlarmList, summary="Open alarms, the most pressing first")
def list_alarms(request: Request) -> AlarmList:
    """All open alarms that the asker may see; there is one per rule and subject, so no page is needed."""
    request.actor.require(Right.ALARM_SEE)
    return {"items": [alarm_form_of(alarm) for alarm in open_alarms(request.actor)], "next": None}


@router.post("alarms/{uuid:alarm}/acknowledge", response=AlarmForm, summary="Take an alarm on oneself")
def acknowledge(request: Request, alarm: UUID, body: Acknowledgement) -> AlarmForm:
    """Stops its sound and its further levels for a while."""
    row = actions.acknowledge_alarm(actor=request.actor, alarm=alarm, reason=body.reason, name=body.name, at=body.at)
    return alarm_form_of(row)


@router.post("alarms/{uuid:alarm}/snooze", response=AlarmForm, summary="Put an alarm off until a moment")
def snooze(request: Request, alarm: UUID, body: Snooze) -> AlarmForm:
    """It comes back then if its condition still holds."""
    row = actions.snooze_alarm(actor=request.actor, alarm=alarm, until=body.until, reason=body.reason, name=body.name)
    return alarm_form_of(row)


@router.post("workstations/clock", response=WorkstationClock, summary="Report the time that a workstation shows")
def report_clock(request: Request, body: WorkstationTime) -> dict[str, Any]:
    """Judged against the database's clock: more than 2 s off is shown, more than 5 s off raises rule 19."""
    seconds = note_workstation_clock(actor=request.actor, at=body.at)
    return {"offset_seconds": round(seconds, 1), "off": is_off(seconds)}
