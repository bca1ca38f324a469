from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection

from core import event_log
from core.errors import DomainError
from dispatch.actions.assignments import assign_unit, cancel_assignment
from dispatch.actions.incident_state import change_state
from dispatch.models import Assignment, Incident
from dispatch.states import ACTIVE
from tests.dispatch.fleet import one_fact, opened, reports, sent, unit


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run each in a thread of its own, all let go at the same moment; their results or refusals."""
    gate = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(index: int, act: Callable[[], Any]) -> None:
        try:
            gate.wait()
            results[index] = act()
        except DomainError as refusal:
            results[index] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def refusals(results: Sequence[Any]) -> list[DomainError]:
    return [result for result in results if isinstance(result, DomainError)]


def test_of_many_who_send_the_same_unit_one_wins_and_the_others_get_the_name_of_the_winner(
    fresh_database, dispatcher, supervisor
):
    incidents = [opened(dispatcher) for _ in range(4)]
    people = [dispatcher, supervisor, dispatcher, supervisor]
    results = at_once(
        [
            lambda who=who, where=where: assign_unit(actor=who.at_desk("D1"), incident=where.id, unit="DMK1")
            for who, where in zip(people, incidents, strict=True)
        ]
    )
    lost = refusals(results)
    assert [refusal.code for refusal in lost] == ["unit_taken"] * 3
    winner = Assignment.objects.get(unit__callsign="DMK1", status__in=ACTIVE)
    assert {refusal.extra["by"] for refusal in lost} == {winner.assigned_by_name}
    assert {refusal.extra["incident"]["id"] for refusal in lost} == {winner.incident_id}
    one_fact("DMK1")


def test_two_units_that_change_places_do_not_lock_each_other_out(fresh_database, dispatcher, supervisor):
    first, second = opened(dispatcher), opened(dispatcher)
    sent(dispatcher, first, "DMK1")
    sent(dispatcher, second, "DMK2")
    for _ in range(5):
        here, there = (
            Assignment.objects.get(unit__callsign=callsign, status__in=ACTIVE).incident_id
            for callsign in ("DMK1", "DMK2")
        )
        results = at_once(
            [
                lambda to=there: assign_unit(actor=dispatcher.at_desk("D1"), incident=to, unit="DMK1", divert=True),
                lambda to=here: assign_unit(actor=supervisor.at_desk("S1"), incident=to, unit="DMK2", divert=True),
            ]
        )
        assert refusals(results) == []
        one_fact("DMK1")
        one_fact("DMK2")


def test_a_crew_and_a_dispatcher_report_at_once(fresh_database, dispatcher, crew):
    incident = opened(dispatcher)
    sent(dispatcher, incident, "DMK1")
    results = at_once(
        [
            lambda: reports(crew, "DMK1", "en_route"),
            lambda: reports(dispatcher, "DMK1", "acknowledged"),
            lambda: reports(dispatcher, "DMK1", "en_route"),
        ]
    )
    assert {refusal.code for refusal in refusals(results)} <= {"step_not_allowed"}
    assert unit("DMK1").status == "en_route"
    one_fact("DMK1")


def test_a_unit_is_diverted_while_its_crew_reports(fresh_database, dispatcher, crew):
    first, second = opened(dispatcher), opened(dispatcher)
    sent(dispatcher, first, "DMK1")
    results = at_once(
        [
            lambda: assign_unit(actor=dispatcher.at_desk("D1"), incident=second.id, unit="DMK1", divert=True),
            lambda: reports(crew, "DMK1", "acknowledged"),
        ]
    )
    assert refusals(results) == []
    active = Assignment.objects.get(unit__callsign="DMK1", status__in=ACTIVE)
    assert active.incident_id == second.id
    one_fact("DMK1")


def test_an_incident_is_cancelled_while_a_unit_is_sent_there(fresh_database, dispatcher, supervisor):
    incident = opened(dispatcher)
    at_once(
        [
            lambda: assign_unit(actor=dispatcher.at_desk("D1"), incident=incident.id, unit="DMK1"),
            lambda: change_state(
                actor=supervisor.at_desk("S1"),
                incident=incident.id,
                state="cancelled",
                reason="salah lapor",
                force=True,
            ),
        ]
    )
    incident = Incident.objects.get(id=incident.id)
    assert incident.state == "cancelled"
    assert not Assignment.objects.filter(incident=incident, status__in=ACTIVE).exists()
    one_fact("DMK1")


def test_calling_off_and_arriving_at_once_end_in_one_truth(fresh_database, dispatcher, crew):
    assignment = sent(dispatcher, opened(dispatcher), "DMK1")
    at_once(
        [
            lambda: cancel_assignment(actor=dispatcher.at_desk("D1"), assignment=assignment.id),
            lambda: reports(crew, "DMK1", "on_scene"),
        ]
    )
    one_fact("DMK1")
    assert event_log.verify().bad is None
