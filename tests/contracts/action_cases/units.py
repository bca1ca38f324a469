"""Cases for what units do by themselves."""

from __future__ import annotations

from collections.abc import Callable

from dispatch.actions.assignments import assign_unit
from dispatch.actions.incidents import open_incident
from dispatch.actions.unit_status import report_status
from dispatch.domain.location import Location
from dispatch.queries.assignments import worked_incident
from staff.actions.crew_signon import leave_unit, ride_unit
from tests.contracts.world import World
from units.actions.capabilities import put_capability
from units.actions.flags import (
    end_emergency,
    end_talk_request,
    raise_emergency,
    request_talk,
    withdraw_emergency,
)
from units.actions.positions import record_positions
from units.actions.registration import edit_unit, register_unit
from units.actions.stations import register_station
from units.fixes import Fix


def _ride(world: World) -> None:
    ride_unit(actor=world.crew, unit="DMK2")


def _leave(world: World) -> None:
    leave_unit(actor=world.crew)


def _talk(world: World) -> None:
    request_talk(actor=world.crew, unit="DMK1")


def _talked(world: World) -> None:
    _talk(world)
    end_talk_request(actor=world.dispatcher.at_desk("D1"), unit="DMK1")


def _emergency(world: World) -> None:
    raise_emergency(actor=world.crew, unit="DMK1")


def _safe(world: World) -> None:
    _emergency(world)
    end_emergency(actor=world.supervisor.at_desk("S1"), unit="DMK1", spoken_with=world.words())


def _taken_back(world: World) -> None:
    """On an incident, and pressed once more: every desk is alarmed again."""
    incident, _ = open_incident(
        actor=world.dispatcher.at_desk("D1"),
        type="F01",
        location=Location(text=world.words(), lat=-7.0085, lng=113.862),
    )
    assign_unit(actor=world.dispatcher.at_desk("D1"), incident=incident.id, unit="DMK1")
    report_status(actor=world.crew, unit="DMK1", status="0")
    withdraw_emergency(actor=world.crew, unit="DMK1", also=worked_incident(world.unit("DMK1").id))
    report_status(actor=world.crew, unit="DMK1", status="0")


def _positions(world: World) -> None:
    record_positions(actor=world.crew, fixes=[Fix("DMK1", -7.01, 113.88)])
    _talk(world)


def _registered(world: World) -> None:
    register_unit(
        actor=world.admin,
        callsign="DMK90",
        agency="DAMKAR",
        kind="fire_engine",
        capabilities=["fire_engine"],
        status="available_station",
    )


def _described_anew(world: World) -> None:
    _registered(world)
    register_unit(
        actor=world.admin,
        callsign="DMK90",
        agency="DAMKAR",
        kind="tanker",
        capabilities=["tanker"],
        station="DMK-KOTA",
        status="out_of_service",
    )


def _edited(world: World) -> None:
    edit_unit(actor=world.admin, unit="DMK1", version=1, changes={"crew": 6})


def _retired(world: World) -> None:
    edit_unit(actor=world.admin, unit="DMK1", version=1, changes={"active": False})


def _station(world: World) -> None:
    for lat in (-7.0, -7.01):
        register_station(actor=world.admin, code="DMK-BARU", agency="DAMKAR", name=world.words(), lat=lat, lng=113.9)


def _capability(world: World) -> None:
    for active in (True, False):
        put_capability(actor=world.admin, code="drone", name_id=world.words(), name_en=world.words(), active=active)


CASES: dict[str, Callable[[World], None]] = {
    "staff.ride_unit": _ride,
    "staff.leave_unit": _leave,
    "units.request_talk": _talk,
    "units.end_talk_request": _talked,
    "units.raise_emergency": _emergency,
    "units.end_emergency": _safe,
    "units.withdraw_emergency": _taken_back,
    "units.record_positions": _positions,
    "units.register_unit": _registered,
    "units.register_unit:again": _described_anew,
    "units.edit_unit": _edited,
    "units.edit_unit:retired": _retired,
    "units.register_station": _station,
    "units.put_capability": _capability,
}
