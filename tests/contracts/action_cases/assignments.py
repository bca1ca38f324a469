"""Cases for units on their way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from core import clock
from dispatch.actions.assignments import assign_unit, cancel_assignment, give_reason, send_stacked
from dispatch.actions.incidents import open_incident
from dispatch.actions.status_undo import undo_status
from dispatch.actions.unit_status import report_status
from dispatch.domain.location import Location
from dispatch.models import Assignment, Incident
from tests.contracts.world import World


def _incident(world: World, type: str = "F01") -> Incident:  # noqa: A002 - the wire's word
    where = Location(world.words(), -7.0099, 113.8769)
    return open_incident(actor=world.dispatcher.at_desk("D1"), type=type, location=where)[0]


def _assigned(world: World, callsign: str = "DMK1", **words: bool) -> Assignment:
    incident = _incident(world)
    return assign_unit(
        actor=world.dispatcher.at_desk("D1"), incident=incident.id, unit=callsign, reason=world.words(), **words
    )[0]


def _assign(world: World) -> None:
    _assigned(world)


def _assign_by_its_agency(world: World) -> None:
    assign_unit(actor=world.agency_desk, incident=_incident(world).id, unit="DMK1")


def _assign_across_agencies(world: World) -> None:
    """An agency's unit where the agency has no task: it sees the incident by its unit alone, and loses it with it."""
    sick = _incident(world, "M01")
    assignment, _ = assign_unit(actor=world.dispatcher.at_desk("D1"), incident=sick.id, unit="DMK1")
    cancel_assignment(actor=world.dispatcher.at_desk("D1"), assignment=assignment.id)


def _divert(world: World) -> None:
    _assigned(world)
    report_status(actor=world.crew, unit="DMK1", status="en_route")
    _assigned(world, divert=True)


def _stack(world: World) -> None:
    _assigned(world)
    _assigned(world, stacked=True)


def _assign_from_the_stack(world: World) -> None:
    stacked = _assigned(world, stacked=True)
    assign_unit(actor=world.dispatcher.at_desk("D1"), incident=stacked.incident_id, unit="DMK1")


def _send(world: World) -> None:
    stacked = _assigned(world, stacked=True)
    send_stacked(actor=world.dispatcher.at_desk("D1"), assignment=stacked.id)


def _give_reason(world: World) -> None:
    assignment = _assigned(world)
    give_reason(actor=world.dispatcher.at_desk("D1"), assignment=assignment.id, reason=world.words())
    cancel_assignment(actor=world.dispatcher.at_desk("D1"), assignment=assignment.id)
    give_reason(actor=world.agency_desk, assignment=assignment.id, reason=world.words())


def _cancel(world: World) -> None:
    cancel_assignment(actor=world.dispatcher.at_desk("D1"), assignment=_assigned(world).id)


def _cancel_stacked(world: World) -> None:
    cancel_assignment(actor=world.dispatcher.at_desk("D1"), assignment=_assigned(world, stacked=True).id)


def _undo_status(world: World) -> None:
    assignment = _assigned(world)
    report_status(actor=world.dispatcher.at_desk("D1"), assignment=assignment.id, status="3")
    undo_status(actor=world.dispatcher.at_desk("D1"), assignment=assignment.id, status="en_route")


def _whole_way(world: World) -> None:
    _assigned(world)
    for status in ("acknowledged", "en_route", "staging", "on_scene", "transporting", "at_destination", "returning"):
        report_status(actor=world.crew, unit="DMK1", status=status)
    report_status(actor=world.crew, unit="DMK1", status="2")


def _refused(world: World) -> None:
    _assigned(world)
    report_status(actor=world.crew, unit="DMK1", status="available_station", reason=world.words())


def _forced(world: World) -> None:
    _assigned(world)
    report_status(
        actor=world.supervisor.at_desk("S1"), unit="DMK1", status="off_duty", force=True, reason=world.words()
    )


def _out_of_service(world: World) -> None:
    report_status(actor=world.dispatcher.at_desk("D1"), unit="DMK2", status="6", reason=world.words())


def _in_the_field(world: World) -> None:
    report_status(actor=world.crew, unit="DMK1", status="1")
    report_status(actor=world.crew, unit="DMK1", status="4")


def _late(world: World) -> None:
    ago = {seconds: clock.now() - timedelta(seconds=seconds) for seconds in (600, 500, 400, 300)}
    assign_unit(actor=world.dispatcher.at_desk("D1"), incident=_incident(world).id, unit="DMK1", at=ago[600])
    report_status(actor=world.dispatcher.at_desk("D1"), unit="DMK1", status="on_scene", at=ago[400])
    report_status(actor=world.dispatcher.at_desk("D1"), unit="DMK1", status="en_route", at=ago[500])
    report_status(actor=world.dispatcher.at_desk("D1"), unit="DMK1", status="available_mobile", at=ago[300])
    report_status(actor=world.dispatcher.at_desk("D1"), unit="DMK1", status="available_station")
    report_status(actor=world.dispatcher.at_desk("D1"), unit="DMK1", status="out_of_service", at=ago[300])


CASES: dict[str, Callable[[World], None]] = {
    "dispatch.assign_unit": _assign,
    "dispatch.assign_unit:by_its_agency": _assign_by_its_agency,
    "dispatch.assign_unit:across_agencies": _assign_across_agencies,
    "dispatch.assign_unit:divert": _divert,
    "dispatch.assign_unit:stacked": _stack,
    "dispatch.assign_unit:from_the_stack": _assign_from_the_stack,
    "dispatch.send_stacked": _send,
    "dispatch.give_reason": _give_reason,
    "dispatch.cancel_assignment": _cancel,
    "dispatch.cancel_assignment:stacked": _cancel_stacked,
    "dispatch.undo_status": _undo_status,
    "dispatch.report_status": _whole_way,
    "dispatch.report_status:refused": _refused,
    "dispatch.report_status:forced": _forced,
    "dispatch.report_status:out_of_service": _out_of_service,
    "dispatch.report_status:in_the_field": _in_the_field,
    "dispatch.report_status:late": _late,
}
