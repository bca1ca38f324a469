"""Incidents, their tasks and people: opened, changed, ended, merged, read."""

from __future__ import annotations

from datetime import timedelta

from accounts.actors import Actor
from calls.actions.calls import open_call
from core import clock
from dispatch.actions.assignments import assign_unit
from dispatch.actions.edits import edit_incident
from dispatch.actions.field_initiated import report_incident
from dispatch.actions.incident_state import change_state
from dispatch.actions.incidents import open_incident
from dispatch.actions.merging import merge_incident
from dispatch.actions.numbers import reserve_numbers
from dispatch.actions.people import report_people, update_people
from dispatch.actions.read_audit import read_details, read_words
from dispatch.actions.reopening import reopen_incident
from dispatch.actions.shortfall import accept_shortfall
from dispatch.actions.splitting import split_incident
from dispatch.actions.tasks import accept_task, finish_task, offer_task, refuse_task, withdraw_task
from dispatch.actions.undo_open import undo_opening
from dispatch.actions.unit_status import report_status
from dispatch.domain.location import Location
from dispatch.models import Incident, Task
from tests.contracts.world import World

KOTA = (-7.0056, 113.8594)


def opened(world: World, actor: Actor | None = None, **words: object) -> Incident:
    location = Location(world.words(), *KOTA)
    words.setdefault("narrative", world.words())
    actor = actor or world.call_taker
    return open_incident(actor=actor.at_desk("CT1"), location=location, priority_reason=world.words(), **words)[0]


def task_of(incident: Incident, agency: str) -> Task:
    return Task.objects.get(incident=incident, agency__code=agency)


def sent(world: World, incident: Incident, unit: str) -> None:
    assign_unit(actor=world.dispatcher.at_desk("D1"), incident=incident.id, unit=unit)


def reported(world: World, unit: str, status: str) -> None:
    report_status(actor=world.dispatcher.at_desk("D1"), unit=unit, status=status)


def accept_a_shortfall(world: World) -> None:
    """A fire gets one engine of two, and no ambulance."""
    fire = opened(world, type="F01")
    sent(world, fire, "DMK1")
    accept_shortfall(actor=world.dispatcher.at_desk("D1"), incident=fire.id, reason=world.words())
    reported(world, "DMK1", "available_station")


def open_fire(world: World) -> None:
    opened(world, type="F01")


def open_and_take_back(world: World) -> None:
    call, _ = open_call(actor=world.call_taker.at_desk("CT1"), number=world.number())
    row = opened(world, type="F01", call=call.id)
    undo_opening(actor=world.call_taker.at_desk("CT1"), incident=row.id)


def open_and_take_back_by_agency(world: World) -> None:
    row = opened(world, world.agency_desk, type="F03")
    undo_opening(actor=world.agency_desk, incident=row.id)


def open_late(world: World) -> None:
    opened(world, type="F01", at=clock.now() - timedelta(minutes=5))


def open_restricted(world: World) -> None:
    opened(world, type="S08")


def open_by_agency(world: World) -> None:
    opened(world, world.agency_desk, type="F03")


def report_from_the_field(world: World) -> None:
    reported(world, "DMK1", "available_mobile")
    location = Location(world.words(), *KOTA)
    report_incident(actor=world.crew, location=location, type="K02", narrative=world.words())


def edit(world: World) -> None:
    row = opened(world)
    changes = {"type": "F01", "priority": 2, "location": {"text": world.words()}, "priority_reason": world.words()}
    row = edit_incident(actor=world.dispatcher.at_desk("D1"), incident=row.id, version=1, changes=changes)
    edit_incident(
        actor=world.call_taker.at_desk("CT1"),
        incident=row.id,
        version=row.version,
        changes={"type": "S08"},
        narrative=world.words(),
    )


def edit_while_units_run(world: World) -> None:
    row = opened(world, type="F01")
    sent(world, row, "DMK1")
    edit_incident(actor=world.dispatcher.at_desk("D1"), incident=row.id, version=1, changes={"type": "F07"})


def hold_and_resolve_and_close(world: World) -> None:
    row = opened(world, type="M12")
    words = {"actor": world.dispatcher.at_desk("D1"), "incident": row.id}
    change_state(**words, state="on_hold", reason=world.words())
    change_state(**words, state="triaged")
    change_state(**words, state="resolved")
    withdraw_task(actor=world.dispatcher.at_desk("D1"), task=task_of(row, "PSC119").id)
    change_state(**words, state="closed", disposition="handled", reason=world.words())


def close_by_force(world: World) -> None:
    row = opened(world, type="F01")
    sent(world, row, "DMK1")
    reported(world, "DMK1", "on_scene")
    change_state(
        actor=world.supervisor.at_desk("S1"), incident=row.id, state="closed", disposition="handled", force=True
    )


def cancel_by_force_and_reopen(world: World) -> None:
    row = opened(world, type="F01")
    sent(world, row, "DMK1")
    change_state(actor=world.supervisor.at_desk("S1"), incident=row.id, state="cancelled", force=True)
    reopen_incident(actor=world.dispatcher.at_desk("D1"), incident=row.id, reason=world.words())


def merge_with_units_and_undo(world: World) -> None:
    first, second = opened(world, type="F01"), opened(world, type="F01")
    accept_task(actor=world.agency_desk, task=task_of(second, "DAMKAR").id)
    sent(world, second, "DMK2")
    assign_unit(actor=world.dispatcher.at_desk("D1"), incident=first.id, unit="DMK2", stacked=True)
    offer_task(actor=world.dispatcher.at_desk("D1"), incident=second.id, agency="BPBD")
    report_people(actor=world.dispatcher.at_desk("D1"), incident=second.id, place=world.words(), count=3)
    merge_incident(actor=world.dispatcher.at_desk("D1"), incident=second.id, into=first.id, reason=world.words())
    reopen_incident(actor=world.dispatcher.at_desk("D1"), incident=second.id)


def split(world: World) -> None:
    row = opened(world, type="K01")
    split_incident(actor=world.dispatcher.at_desk("D1"), incident=row.id, type="F02", narrative=world.words())


def read(world: World) -> None:
    row = opened(world, type="S08")
    read_details(actor=world.supervisor.at_desk("S1"), incident=row.id)


def read_of_a_call(world: World) -> None:
    call, _ = open_call(actor=world.dispatcher.at_desk("D1"), channel="radio")
    opened(world, actor=world.dispatcher, type="S08", call=call.id)
    read_words(actor=world.supervisor.at_desk("S1"), call=call.id)


def task_to_its_end(world: World) -> None:
    row = opened(world, type="U01")
    task = task_of(row, "PLN")
    accept_task(actor=world.dispatcher.at_desk("D1"), task=task.id, reason=world.words())
    finish_task(actor=world.dispatcher.at_desk("D1"), task=task.id, reason=world.words())


def refuse_and_pass_on(world: World) -> None:
    row = opened(world, type="B08")
    refuse_task(actor=world.dispatcher.at_desk("D1"), task=task_of(row, "DLH").id, reason=world.words())
    offer_task(actor=world.dispatcher.at_desk("D1"), incident=row.id, agency="DLH")


def withdraw_what_was_accepted(world: World) -> None:
    row = opened(world, type="F01")
    task = task_of(row, "DAMKAR")
    accept_task(actor=world.agency_desk, task=task.id)
    withdraw_task(actor=world.dispatcher.at_desk("D1"), task=task.id, reason=world.words())


def people(world: World) -> None:
    row = opened(world, type="B01")
    people, _ = report_people(
        actor=world.call_taker.at_desk("CT1"),
        incident=row.id,
        place=world.words(),
        count=4,
        condition=world.words(),
        advice=world.words(),
    )
    update_people(actor=world.dispatcher.at_desk("D1"), people=people.id, contact=True)
    update_people(actor=world.dispatcher.at_desk("D1"), people=people.id, rescued=True)


def reserve(world: World) -> None:
    reserve_numbers(actor=world.supervisor.at_desk("S1"), count=2)


CASES = {
    "dispatch.open_incident": open_fire,
    "dispatch.open_incident:late": open_late,
    "dispatch.open_incident:restricted": open_restricted,
    "dispatch.open_incident:by_agency": open_by_agency,
    "dispatch.accept_shortfall": accept_a_shortfall,
    "dispatch.undo_opening": open_and_take_back,
    "dispatch.undo_opening:by_agency": open_and_take_back_by_agency,
    "dispatch.report_incident": report_from_the_field,
    "dispatch.edit_incident": edit,
    "dispatch.edit_incident:while_units_run": edit_while_units_run,
    "dispatch.change_state": hold_and_resolve_and_close,
    "dispatch.change_state:closed_by_force": close_by_force,
    "dispatch.reopen_incident": cancel_by_force_and_reopen,
    "dispatch.merge_incident": merge_with_units_and_undo,
    "dispatch.split_incident": split,
    "dispatch.read_details": read,
    "dispatch.reserve_numbers": reserve,
    "dispatch.read_words": read_of_a_call,
    "dispatch.accept_task": task_to_its_end,
    "dispatch.finish_task": task_to_its_end,
    "dispatch.refuse_task": refuse_and_pass_on,
    "dispatch.offer_task": refuse_and_pass_on,
    "dispatch.withdraw_task": withdraw_what_was_accepted,
    "dispatch.report_people": people,
    "dispatch.update_people": people,
}
