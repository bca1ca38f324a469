"""Alarms as people and the clock move them, on a rule-2 alarm of a real incident."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from alarms.actions import (
    Watch,
    acknowledge_alarm,
    revise_policy,
    snooze_alarm,
    unwatch,
    unwatch_many,
    watch,
    watch_many,
)
from alarms.models import Alarm, Policy
from config.registry import registry
from core import clock, events
from core.firing.rounds import fire_due
from dispatch.actions.assignments import assign_unit
from dispatch.actions.incident_alarms import acknowledge_incident_alarms
from dispatch.actions.incidents import open_incident
from dispatch.domain.location import Location
from dispatch.models import Assignment, Incident, Task
from tests.contracts.world import World
from units.actions.flags import raise_emergency


def _unsent(world: World) -> Incident:
    """A P1 incident whose clock began 65 s ago, so that its first level is due."""
    incident, _ = open_incident(
        actor=world.dispatcher.at_desk("D1"),
        type="F01",
        location=Location(text=world.words(), lat=-7.0085, lng=113.862),
        at=clock.now(),
    )
    with events.transaction():
        base_at = clock.now() - timedelta(seconds=65)
        watch(2, f"incident:{incident.id}", centre_id=incident.centre_id, base_at=base_at, priority=1)
    return incident


def _silent_unit(world: World) -> Alarm:
    """Rule 5: a unit that has not acknowledged."""
    assign_unit(actor=world.dispatcher.at_desk("D1"), incident=_unsent(world).id, unit="DMK1")
    assignment = Assignment.objects.get()
    with events.transaction():
        base_at = clock.now() - timedelta(seconds=35)
        watch(5, f"assignment:{assignment.id}", centre_id=assignment.incident.centre_id, base_at=base_at, priority=1)
    fire_due(registry)
    return Alarm.objects.get(rule=5)


def _alarm(world: World) -> Alarm:
    incident = _unsent(world)
    fire_due(registry)
    return Alarm.objects.get(rule=2, subject=f"incident:{incident.id}")


def _acknowledge(world: World) -> None:
    acknowledge_alarm(actor=world.dispatcher.at_desk("D1"), alarm=_alarm(world).id, reason=world.words())


def _acknowledge_an_emergency(world: World) -> None:
    """A crew's: by its agency's desk; a supervisor's, while that holds, changes nothing."""
    raise_emergency(actor=world.crew, unit="DMK1")
    alarm = Alarm.objects.get(rule=9)
    acknowledge_alarm(actor=world.agency_desk, alarm=alarm.id, reason=world.words())
    acknowledge_alarm(actor=world.supervisor.at_desk("S1"), alarm=alarm.id, reason=world.words())


def _acknowledge_a_group(world: World) -> None:
    """The alarms of an incident: the tasks' are covered, the P1 without a unit is not."""
    incident = _unsent(world)
    with events.transaction():
        tasks = Task.objects.filter(incident=incident)
        base_at = clock.now() - timedelta(seconds=65)
        watches = [Watch(11, f"task:{task.id}", base_at, priority=1) for task in tasks]
        watch_many(watches, centre_id=incident.centre_id)
    fire_due(registry)
    seen = set(Alarm.objects.values_list("id", flat=True))
    acknowledge_incident_alarms(
        actor=world.dispatcher.at_desk("D1"), incident=incident.id, reason=world.words(), seen=seen
    )


def _snooze(world: World) -> None:
    until = clock.now() + timedelta(minutes=10)
    snooze_alarm(actor=world.supervisor.at_desk("S1"), alarm=_silent_unit(world).id, until=until, reason=world.words())


def _watch(world: World) -> None:
    alarm = _alarm(world)
    with events.transaction():
        watch(2, alarm.subject, centre_id=alarm.centre_id, base_at=clock.now(), priority=1)


def _watch_many(world: World) -> None:
    incident = _unsent(world)
    base_at = clock.now() - timedelta(hours=1)
    with events.transaction():
        each = Watch(2, f"incident:{incident.id}", base_at, priority=1, at=base_at)
        watch_many([each], centre_id=incident.centre_id)


def _unwatch(world: World) -> None:
    alarm = _alarm(world)
    with events.transaction():
        unwatch(2, alarm.subject, actor=world.dispatcher)


def _unwatch_many(world: World) -> None:
    alarm = _alarm(world)
    with events.transaction():
        unwatch_many([(2, alarm.subject), (3, alarm.subject)])


def _revise(world: World) -> None:
    """An incident waits by the version that it started with: its clock stands still, the next one's is the new."""
    incident = _unsent(world)
    old = Policy.objects.get(rule=2, current=True)
    new = revise_policy(
        actor=world.admin,
        policy=old.id,
        name_id=world.words(),
        name_en=world.words(),
        after_seconds={"1": [30, 60]},
        roles={1: ["dispatcher"], 2: ["supervisor"]},
        again_seconds={"1": 60, "any": 300},
    )
    assert (new.version, new.current) == (old.version + 1, True)
    fire_due(registry)
    assert Alarm.objects.get(rule=2, subject=f"incident:{incident.id}").policy == old


CASES: dict[str, Callable[[World], None]] = {
    "alarms.acknowledge_alarm": _acknowledge,
    "alarms.acknowledge_alarm:emergency": _acknowledge_an_emergency,
    "dispatch.acknowledge_incident_alarms": _acknowledge_a_group,
    "alarms.snooze_alarm": _snooze,
    "alarms.revise_policy": _revise,
    "alarms.watch": _watch,
    "alarms.watch_many": _watch_many,
    "alarms.unwatch": _unwatch,
    "alarms.unwatch_many": _unwatch_many,
}
