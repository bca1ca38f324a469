"""Crews of the demo: they set out, drive along the line, work, bring patients to a hospital, and come home."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from core import clock
from dispatch.actions.unit_status import report_status
from dispatch.models import Assignment, Incident
from dispatch.states import IncidentState
from places.areas import point_of
from places.geodesy import Point
from simulation.demo.fleet import ELSE_SECONDS, Fleet
from simulation.demo.locking import Crew, crew_in_hand, unit_in_hand
from simulation.demo.random_events import minutes_of
from simulation.demo.scheduler import Stage
from units.models import Unit
from units.states import UnitStatus as U

_TRANSPORTS = frozenset({"ambulance", "ambulance_als"})
# Of the ambulances that reach a patient.
TAKEN_TO_HOSPITAL = 0.7
# Of the length of an incident in the public record, what is work on the scene.
SCENE_PART = 0.45
SHORTEST_WORK_SECONDS = 420.0
LONGEST_WORK_SECONDS = 5400.0


class Crews:
    """What units do after they are sent. when_over: called with an incident that its last unit has left."""

    def __init__(self, stage: Stage, fleet: Fleet) -> None:
        self._stage, self._fleet = stage, fleet
        self.when_over: Callable[[object, UUID], None] = lambda _key, _incident: None

    def sent(self, key: object, assignment: Assignment, unit: Unit) -> None:
        """A crew has been notified: it answers after a moment."""
        self._then(self._between(5, 24, "ack", key, unit), self._acknowledge, key, assignment.id, unit.callsign)

    def resume(self, assignment: Assignment) -> None:
        """Take up an own assignment that an earlier run of the demo has left."""
        unit = assignment.unit
        key = f"left-{assignment.incident_id}"
        step = {
            U.DISPATCHED: self._acknowledge,
            U.ACKNOWLEDGED: self._set_out,
            U.ON_SCENE: self._leave_scene,
            U.AT_DESTINATION: self._turn_home,
        }.get(U(assignment.status))
        if step:
            self._then(self._between(5, 90, "resume", key, unit), step, key, assignment.id, unit.callsign)
        elif assignment.status == U.EN_ROUTE:
            self._drive(key, assignment, unit, self._scene(assignment), self._arrive)
        else:
            self._drive(key, assignment, unit, self._fleet.hospital(self._scene(assignment)), self._at_hospital)

    def _acknowledge(self, key: object, assignment: UUID, callsign: str) -> None:
        if self._report(assignment, U.ACKNOWLEDGED):
            self._stage.report("acknowledged", key, callsign)
            wait = self._stage.dice.between(15, 70, "out", key, callsign)
            self._then(wait, self._set_out, key, assignment, callsign)

    def _set_out(self, key: object, assignment: UUID, callsign: str) -> None:
        crew = self._report(assignment, U.EN_ROUTE)
        if crew:
            self._stage.report("en_route", key, callsign)
            self._drive(key, crew.assignment, crew.held.unit, self._scene(crew.assignment), self._arrive)

    def _arrive(self, key: object, assignment: UUID, callsign: str) -> None:
        crew = self._report(assignment, U.ON_SCENE)
        if crew:
            self._fleet.arrive(crew.held.unit.id)
            self._stage.report("on_scene", key, callsign)
            typical = minutes_of(crew.incident.type_id) * 60 * SCENE_PART
            work = typical * self._stage.dice.between(0.6, 1.3, "work", key, callsign)
            work = max(SHORTEST_WORK_SECONDS, min(LONGEST_WORK_SECONDS, work))
            self._then(work, self._leave_scene, key, assignment, callsign)

    def _leave_scene(self, key: object, assignment: UUID, callsign: str) -> None:
        unit = Assignment.objects.select_related("unit").get(id=assignment).unit
        luck = self._stage.dice.stream("hospital", key, callsign).random()
        if _TRANSPORTS & set(unit.capabilities) and luck < TAKEN_TO_HOSPITAL:
            scene = self._fleet.place_of(unit) or Point(0, 0)
            to = self._fleet.hospital(scene)
            if self._fleet.seconds(unit, to) is not None:
                crew = self._report(assignment, U.TRANSPORTING)
                if crew:
                    self._stage.report("transporting", key, callsign)
                    self._drive(key, crew.assignment, crew.held.unit, to, self._at_hospital)
                return
        self._turn_home(key, assignment, callsign)

    def _at_hospital(self, key: object, assignment: UUID, callsign: str) -> None:
        crew = self._report(assignment, U.AT_DESTINATION)
        if crew:
            self._fleet.arrive(crew.held.unit.id)
            self._stage.report("at_destination", key, callsign)
            wait = self._stage.dice.between(300, 900, "handover", key, callsign)
            self._then(wait, self._turn_home, key, assignment, callsign)

    def _turn_home(self, key: object, assignment: UUID, callsign: str) -> None:
        """The unit is free again and drives to its post; the last one's leaving resolves the incident."""
        crew = self._report(assignment, U.RETURNING)
        if crew is None:
            return
        stage, unit = self._stage, crew.held.unit
        stage.report("returning", key, callsign)
        post = self._fleet.home(unit)
        seconds = (self._fleet.seconds(unit, post) if post else None) or 60.0
        if post:
            self._fleet.send(unit, post, seconds, None)
        stage.after(seconds, partial(self._come_home, key, unit.id, callsign, clock.now()))
        if Incident.objects.get(id=crew.incident.id).state == IncidentState.RESOLVED:
            self.when_over(key, crew.incident.id)

    def come_home_later(self, unit: Unit) -> None:
        """Bring home a unit that an earlier run of the demo has left on its way."""
        post = self._fleet.home(unit)
        seconds = (self._fleet.seconds(unit, post) if post else None) or 60.0
        if post:
            self._fleet.send(unit, post, seconds, None)
        self._stage.after(seconds, partial(self._come_home, "left", unit.id, unit.callsign, clock.now()))

    def _come_home(self, key: object, unit: UUID, callsign: str, since: datetime) -> None:
        with unit_in_hand(unit, since=since) as held:
            if held is None or held.unit.status != U.RETURNING or held.unit.status_at > since:
                return
            report_status(actor=self._stage.actor, unit=unit, status=U.AVAILABLE_STATION, at=self._stage.at())
        self._fleet.arrive(unit)
        self._stage.report("home", key, callsign)

    def _report(self, assignment: UUID, status: U) -> Crew | None:
        """Report a status if the crew is still the demo's; None where it isn't."""
        with crew_in_hand(assignment) as crew:
            if crew is None:
                self._let_go(assignment)
                return None
            report_status(actor=self._stage.actor, assignment=assignment, status=status, at=self._stage.at())
            return crew

    def _let_go(self, assignment: UUID) -> None:
        unit = Assignment.objects.filter(id=assignment).values_list("unit_id", flat=True).first()
        if unit:
            self._fleet.leave(unit)

    def _drive(
        self,
        key: object,
        assignment: Assignment,
        unit: Unit,
        to: Point,
        then: Callable[[object, UUID, str], None],
    ) -> None:
        seconds = self._fleet.seconds(unit, to)
        way = (ELSE_SECONDS if seconds is None else seconds) * self._between(0.85, 1.2, "way", key, unit, to.lat)
        way = max(30.0, way)
        self._fleet.send(unit, to, way, assignment.incident_id)
        self._then(way, then, key, assignment.id, unit.callsign)

    def _scene(self, assignment: Assignment) -> Point:
        row = Incident.objects.get(id=assignment.incident_id)
        return point_of(row.lat, row.lng) or self._fleet.place_of(assignment.unit) or Point(0, 0)

    def _between(self, low: float, high: float, *names: object) -> float:
        return self._stage.dice.between(
            low, high, *(name.callsign if isinstance(name, Unit) else name for name in names)
        )

    def _then(
        self, seconds: float, step: Callable[[object, UUID, str], None], key: object, assignment: UUID, callsign: str
    ) -> None:
        self._stage.after(seconds, partial(step, key, assignment, callsign))
