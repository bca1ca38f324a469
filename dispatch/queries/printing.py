"""An incident as a document: facts, clocks against their targets, units with their stamps, timeline, calls.

A redacted copy shows number, priority, type group, kecamatan and times only. A restricted incident is always redacted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.actors import Actor
from calls.queries.calls import is_unsafe
from calls.states import CallState
from core.models import Event
from dispatch.models import Assignment, Incident, IncidentCall, Task
from dispatch.queries.details import incident_details
from dispatch.queries.incidents import (
    may_read_details,
    may_see_numbers,
    may_see_unsafe_numbers,
    visible_incidents,
)
from dispatch.queries.timeline import OLDEST_FIRST, timeline_entries, timeline_of
from places.models import Area
from plans.models import IncidentDisposition
from plans.queries.response_targets import clock_seconds

ANSWER_SECONDS = 10  # docs/rules/kpis.md#kpi-2


@dataclass(frozen=True, slots=True)
class PrintedClock:
    """A clock of an incident: between which moments it ran, for how long (seconds), and its target."""

    name: str
    measures: str
    seconds: int | None
    target: int | None

    @property
    def missed_by(self) -> int:
        """Seconds past the target; 0 where it was met or there is none."""
        return max(0, self.seconds - self.target) if self.seconds is not None and self.target else 0


def printable_incident(actor: Actor, number: int) -> Incident | None:
    """The incident of a number, if the actor may see it."""
    return visible_incidents(actor).select_related("type", "centre", "owner").filter(number=number).first()


def incident_document(actor: Actor, incident: Incident, *, redacted: bool) -> dict[str, Any]:
    """Everything that the printed incident contains. redacted: a copy to hand out; forced where it is restricted."""
    redacted = redacted or incident.restricted or not may_read_details(actor, incident)
    kecamatan = Area.objects.filter(kind="kecamatan", code=incident.kecamatan).values_list("name", flat=True).first()
    events = list(timeline_of(actor, incident).order_by(*OLDEST_FIRST))
    language = actor.language if actor.language in {"id", "en"} else "id"
    document: dict[str, Any] = {
        "incident": incident,
        "redacted": redacted,
        "kecamatan": kecamatan,
        "clocks": list(_clocks(incident, named=not redacted)),
        "rows": len(events),
        "log": _log_range(events),
    }
    if redacted:
        return document | {"type_name": _("type group %(group)s") % {"group": incident.type.group}}
    return document | {
        "type_name": getattr(incident.type, f"name_{language}"),
        "details": incident_details(actor, incident),
        "disposition": _disposition(incident, language),
        "tasks": Task.objects.filter(incident=incident).select_related("agency").order_by("offered_at", "order", "id"),
        "assignments": [_stamps(each) for each in _assignments(incident)],
        "timeline": timeline_entries(actor, incident, events),
        "calls": _calls(incident, numbers=may_see_numbers(actor, incident), unsafe=may_see_unsafe_numbers(actor)),
    }


def _assignments(incident: Incident) -> list[Assignment]:
    found = Assignment.objects.filter(incident=incident).select_related("unit__agency")
    return list(found.order_by("made_at", "id"))


def _stamps(each: Assignment) -> dict[str, Any]:
    """A unit's stamps in the order of the columns; one that was left out stays empty."""
    return {
        "unit": each.unit,
        "stamps": [
            each.dispatched_at or each.made_at,
            each.acknowledged_at,
            each.en_route_at,
            each.on_scene_at,
            each.at_destination_at,
            each.cleared_at,
        ],
    }


def _disposition(incident: Incident, language: str) -> str:
    column = f"name_{language}"
    found = IncidentDisposition.objects.filter(code=incident.disposition).values_list(column, flat=True).first()
    return found or ""


def _calls(incident: Incident, *, numbers: bool, unsafe: bool) -> list[dict[str, Any]]:
    """The calls of the printed incident. numbers: with each number; unsafe: also those that are unsafe to contact."""
    links = IncidentCall.objects.filter(incident=incident).select_related("call__number").order_by("call__started_at")
    return [
        {
            "at": link.call.started_at,
            "number": link.call.number.e164
            if link.call.number and numbers and (unsafe or not is_unsafe(link.call.number))
            else None,
            "unsafe": is_unsafe(link.call.number),
            "withheld": link.call.number is None,
            "seconds": _between(link.call.answered_at, link.call.ended_at),
            "by": link.call.claimed_name,
            "disposition": link.call.disposition,
            "state": CallState(link.call.state).label,
        }
        for link in links
    ]


def _clocks(incident: Incident, *, named: bool) -> Iterator[PrintedClock]:
    targets = clock_seconds(incident.centre_id)

    def target(rule: int) -> int | None:
        found = targets.get(f"rule.{rule}.{incident.priority}")
        return int(found) if found else None

    first = IncidentCall.objects.filter(incident=incident).select_related("call").order_by("call__started_at").first()
    rang_at, answered_at = incident.first_ring_at, first.call.answered_at if first else None
    if rang_at:
        ring = _("ring to answer")
        yield PrintedClock(_("Answered"), ring, _between(rang_at, answered_at), ANSWER_SECONDS)
    wait = incident.wait_seconds[0] if incident.wait_seconds else None
    opened = _("opened to assigned")
    yield PrintedClock(_("Unit assigned"), opened, _between(incident.created_at, incident.first_assigned_at), wait)
    if named:
        for each in _assignments(incident):
            unit = {"unit": each.unit.callsign}
            if each.acknowledged_at:
                seconds = _between(each.dispatched_at, each.acknowledged_at)
                measures = _("assigned to acknowledged")
                yield PrintedClock(_("Acknowledged, %(unit)s") % unit, measures, seconds, target(5))
            if each.en_route_at:
                seconds = _between(each.acknowledged_at or each.dispatched_at, each.en_route_at)
                measures = _("acknowledged to en route")
                yield PrintedClock(_("Set out, %(unit)s") % unit, measures, seconds, target(6))
    afloat = incident.type.sea or incident.island or incident.late
    arrived = _between(rang_at or incident.created_at, incident.first_on_scene_at)
    measures = _("report to on scene")
    yield PrintedClock(_("First on scene"), measures, arrived, None if afloat else target(7))


def _between(start: datetime | None, end: datetime | None) -> int | None:
    """Whole seconds from one moment to another; None where one is unknown or they are out of order."""
    if start is None or end is None or end < start:
        return None
    return round((end - start).total_seconds())


def _log_range(events: list[Event]) -> dict[str, Any] | None:
    """The first and last seq of these events and the hash of the last, by which a copy is checked against the log."""
    if not events:
        return None
    seqs = sorted(event.seq for event in events)
    hashed = Event.objects.only("hash").get(seq=seqs[-1]).hash
    return {"first": seqs[0], "last": seqs[-1], "hash": bytes(hashed).hex()[:16]}
