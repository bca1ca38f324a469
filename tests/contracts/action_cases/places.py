"""Cases for what warns of a place, with units on their way there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from config.registry import registry
from core import clock
from core.firing.rounds import fire_due
from core.models import Timer
from dispatch.actions.assignments import assign_unit
from dispatch.actions.incidents import open_incident
from dispatch.actions.unit_status import report_status
from dispatch.actions.warnings import approve_warning, end_warning, see_warnings
from dispatch.domain.location import Location
from dispatch.models import Incident
from places.actions import keep_warning, propose_warning
from places.models import PlaceWarning
from tests.contracts.world import World

LAT, LNG = -7.0099, 113.8769


def _propose(world: World, *, seconds: float | None = None) -> PlaceWarning:
    now = clock.now()
    return propose_warning(
        actor=world.call_taker.at_desk("CT1"),
        kind=PlaceWarning.Kind.DANGER,
        lat=LAT,
        lng=LNG,
        text=world.words(),
        review_on=now.date() + timedelta(days=90),
        ends_at=now + timedelta(seconds=seconds) if seconds else None,
    )[0]


def _on_the_way(world: World) -> Incident:
    """An incident at the place with a unit en route, whose crew saw no warning there."""
    incident, _ = open_incident(
        actor=world.dispatcher.at_desk("D1"), type="F01", location=Location(world.words(), LAT, LNG)
    )
    assign_unit(actor=world.dispatcher.at_desk("D1"), incident=incident.id, unit="DMK1")
    report_status(actor=world.crew, unit="DMK1", status="en_route")
    return incident


def _approve(world: World, *, seconds: float | None = None) -> tuple[PlaceWarning, Incident]:
    incident, warning = _on_the_way(world), _propose(world, seconds=seconds)
    approve_warning(actor=world.supervisor.at_desk("S1"), warning=warning.id)
    fire_due(registry)  # rule 17 opens at once
    return warning, incident


def _keep(world: World) -> None:
    warning, _ = _approve(world)
    keep_warning(
        actor=world.supervisor.at_desk("S1"), warning=warning.id, review_on=clock.now().date() + timedelta(days=180)
    )


def _end(world: World) -> None:
    warning, _ = _approve(world)
    end_warning(actor=world.dispatcher.at_desk("D1"), warning=warning.id)


def _end_by_itself(world: World) -> None:
    warning, _ = _approve(world, seconds=60)
    Timer.objects.filter(subject=f"warning:{warning.id}").update(due_at=clock.now())
    fire_due(registry)


def _see(world: World) -> None:
    _, incident = _approve(world)
    see_warnings(actor=world.dispatcher.at_desk("D1"), incident=incident.id)
    see_warnings(actor=world.crew, incident=incident.id)


CASES: dict[str, Callable[[World], object]] = {
    "places.propose_warning": _propose,
    "dispatch.approve_warning": _approve,
    "places.keep_warning": _keep,
    "dispatch.end_warning": _end,
    "dispatch.end_warning:by_itself": _end_by_itself,
    "dispatch.see_warnings": _see,
}
