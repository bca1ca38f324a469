"""Dispatchers and agencies of the demo: units sent, tasks accepted and done, incidents closed."""

from __future__ import annotations

from collections import Counter
from functools import partial
from uuid import UUID

from dispatch.actions.assignments import assign_unit
from dispatch.actions.incident_state import change_state
from dispatch.actions.incidents import open_incident
from dispatch.actions.notes import add_note
from dispatch.actions.tasks import accept_task, finish_task, withdraw_task
from dispatch.domain.location import Location
from dispatch.domain.locking import hold
from dispatch.models import Assignment, Incident, Task
from dispatch.queries.incidents import locked_incidents
from dispatch.states import ACTIVE, NOT_OPEN, IncidentState, TaskState
from places.areas import point_of
from plans.models import PlanNeed
from simulation.demo.crews import Crews
from simulation.demo.fleet import Fleet
from simulation.demo.human_activity import desk_is_signed_in, touched
from simulation.demo.locking import incident_in_hand
from simulation.demo.random_events import Emergency, note_for
from simulation.demo.scheduler import Stage

# A signed-in desk has its tasks to itself for so long, in seconds of the wall clock.
LEFT_TO_DESKS_SECONDS = 60.0
LOOK_AGAIN_SECONDS = 40.0
# After so many looks nobody is coming: the neighbours have helped themselves.
MOST_LOOKS = 40
ENDED_BY_ITSELF = "Warga dan perangkat desa sudah menangani, bantuan tidak diperlukan lagi."
HANDLED = "handled"
DISPOSITIONS = {"F": "23", "M": "25", "L": "24"}
CANCELLED_BEFORE_ARRIVAL = "32"


class Incidents:
    """Everything of an incident but its crews."""

    def __init__(self, stage: Stage, fleet: Fleet, crews: Crews) -> None:
        self._stage, self._fleet, self._crews = stage, fleet, crews
        crews.when_over = self.wind_up

    def open(self, key: object, drawn: Emergency, call: UUID) -> UUID:
        """Open an incident from a locked call."""
        stage = self._stage
        place = Location(drawn.text, drawn.spot.lat, drawn.spot.lng, verified=True)
        incident, _ = open_incident(
            actor=stage.actor,
            location=place,
            type=drawn.type,
            narrative=drawn.narrative,
            call=call,
            at=stage.at(),
        )
        stage.report("incident", key, drawn.type, drawn.spot.name)
        return incident.id

    def follow(self, key: object, incident: UUID, code: str) -> None:
        """Have units sent and tasks accepted."""
        stage = self._stage
        stage.after(stage.dice.between(8, 32, "dispatch", key), partial(self._send, key, incident, 0))
        for task in Task.objects.filter(incident=incident).select_related("agency").order_by("agency__code"):
            self._offer(key, task)
        if note_for(code, stage.dice.stream("note", key)):
            stage.after(stage.dice.between(500, 1500, "noted", key), partial(self._note, key, incident, code))

    def resume(self, incident: Incident) -> None:
        """Take up an own incident that an earlier run of the demo has left."""
        key = f"left-{incident.number}"
        if incident.state == IncidentState.RESOLVED:
            self.wind_up(key, incident.id)
        else:
            self._stage.after(4, partial(self._send, key, incident.id, 0))
        for task in Task.objects.filter(incident=incident, state=TaskState.OFFERED).select_related("agency"):
            self._offer(key, task)

    def is_ours_and_open(self, incident: UUID) -> bool:
        """Lock an incident, and say whether nobody else has touched it and it is open; inside a write on a call."""
        row = locked_incidents([incident])[incident]
        return row.state not in NOT_OPEN and not touched(f"incident:{incident}")

    def wind_up(self, key: object, incident: UUID) -> None:
        """All units are away: the paper work follows."""
        self._stage.after(self._stage.dice.between(30, 120, "closing", key), partial(self._close, key, incident))

    def _send(self, key: object, incident: UUID, looks: int) -> None:
        """Send what the plan needs and the demo may take; look again for the rest."""
        missing = self._missing(incident)
        if missing is None:
            return
        for capability in missing.elements():
            if not self._send_one(key, incident, capability):
                looks += 1
                break
        else:
            return
        if looks > MOST_LOOKS and not Assignment.objects.filter(incident=incident).exists():
            self._nobody_comes(key, incident)
        elif looks <= MOST_LOOKS:
            self._stage.after(LOOK_AGAIN_SECONDS, partial(self._send, key, incident, looks))

    def _missing(self, incident: UUID) -> Counter[str] | None:
        """The capabilities that are still needed; None where the incident is over or no longer the demo's."""
        row = Incident.objects.get(id=incident)
        if row.state in {*NOT_OPEN, IncidentState.RESOLVED} or touched(f"incident:{incident}"):
            return None
        missing: Counter[str] = Counter()
        for need in PlanNeed.objects.filter(plan=row.plan_id).order_by("order"):
            missing[need.capability] += need.count
        sent = Assignment.objects.filter(incident=incident).exclude(status="cancelled").select_related("unit")
        for unit in [assignment.unit for assignment in sent]:
            able = next((each for each in missing if missing[each] and each in unit.capabilities), None)
            if able:
                missing[able] -= 1
        return +missing

    def _send_one(self, key: object, incident: UUID, capability: str) -> bool:
        stage = self._stage
        row = Incident.objects.get(id=incident)
        to = point_of(row.lat, row.lng)
        there = set(Assignment.objects.filter(incident=incident).values_list("unit_id", flat=True))
        unit = self._fleet.choose(capability, to, besides=there)
        if unit is None:
            return False
        with incident_in_hand(incident) as ours:
            if ours is None or ours.state in NOT_OPEN:
                return True
            held = hold(unit.id, incidents=[incident])
            if held.active or not self._fleet.may_still_take(held.unit):
                return False
            assignment, _ = assign_unit(actor=stage.actor, incident=incident, unit=unit.id, at=stage.at())
        stage.report("sent", key, unit.callsign)
        self._crews.sent(key, assignment, unit)
        return True

    def _nobody_comes(self, key: object, incident: UUID) -> None:
        stage = self._stage
        with incident_in_hand(incident) as ours:
            if ours is None or ours.state in {*NOT_OPEN, IncidentState.RESOLVED}:
                return
            change_state(
                actor=stage.actor,
                incident=incident,
                state=IncidentState.CANCELLED,
                disposition=CANCELLED_BEFORE_ARRIVAL,
                reason=ENDED_BY_ITSELF,
                at=stage.at(),
            )
        stage.report("cancelled", key)

    def _offer(self, key: object, task: Task) -> None:
        stage = self._stage
        wait = stage.dice.between(6, 24, "accept", key, task.agency.code)
        if stage.now >= 0 and desk_is_signed_in(task.agency_id):
            wait += stage.real(LEFT_TO_DESKS_SECONDS)
        stage.after(wait, partial(self._accept, key, task.id, task.incident_id, task.agency.code))

    def _accept(self, key: object, task: UUID, incident: UUID, agency: str) -> None:
        stage = self._stage
        with incident_in_hand(incident) as ours:
            if ours is None or ours.state in NOT_OPEN or Task.objects.get(id=task).state != TaskState.OFFERED:
                return
            accept_task(actor=stage.actor, task=task, at=stage.at())
        stage.report("accepted", key, agency)

    def _note(self, key: object, incident: UUID, code: str) -> None:
        stage = self._stage
        words = note_for(code, stage.dice.stream("note", key))
        with incident_in_hand(incident) as ours:
            if ours is None or words is None or ours.state not in {IncidentState.ON_SCENE, IncidentState.CONTROLLED}:
                return
            add_note(actor=stage.actor, incident=incident, text=words, at=stage.at())
        stage.report("note", key)

    def _close(self, key: object, incident: UUID) -> None:
        """Finish the tasks, close the incident."""
        stage = self._stage
        with incident_in_hand(incident) as ours:
            if ours is None or ours.state != IncidentState.RESOLVED:
                return
            if Assignment.objects.filter(incident=incident, status__in=ACTIVE).exists():
                return
            for task in Task.objects.filter(incident=incident).order_by("id"):
                if task.state == TaskState.ACCEPTED:
                    finish_task(actor=stage.actor, task=task.id, at=stage.at())
                elif task.state == TaskState.OFFERED:
                    withdraw_task(actor=stage.actor, task=task.id, at=stage.at())
            change_state(
                actor=stage.actor,
                incident=incident,
                state=IncidentState.CLOSED,
                disposition=DISPOSITIONS.get(ours.type_id[0], HANDLED),
                at=stage.at(),
            )
        stage.report("closed", key)
