"""What is undone within five seconds: an opening, a link. And what is too late."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import timedelta

import pytest

from accounts.actors import Actor
from calls.actions.call_control import answer_call
from calls.actions.calls import open_call
from calls.actions.disposition import dispose_call
from calls.models import Call, Strike
from calls.states import CallState
from core.errors import Conflict, Refused
from core.models import Event, Timer
from dispatch.actions.assignments import assign_unit
from dispatch.actions.calls import link_call, unlink_call
from dispatch.actions.incident_state import change_state
from dispatch.actions.incidents import open_incident
from dispatch.actions.merging import merge_incident
from dispatch.actions.notes import add_note
from dispatch.actions.reopening import reopen_incident
from dispatch.actions.tasks import accept_task, withdraw_task
from dispatch.actions.undo_open import undo_opening
from dispatch.domain.location import Location
from dispatch.models import Incident, IncidentCall, Task
from dispatch.queries.calls import call_form_of
from tests.calls.exchange import ringing
from tests.conftest import Clock

pytestmark = pytest.mark.django_db
PLACE = Location("Pasar Anom", -7.0085, 113.862)


def opened(actor: Actor, call: Call | None = None, **more: object) -> Incident:
    words = {"type": "F01", **more}
    return open_incident(actor=actor, location=PLACE, call=call and call.id, **words)[0]


def taken(actor: Actor) -> Call:
    call = ringing()
    return answer_call(actor=actor, call=call.id)


def undo(actor: Actor, incident: Incident) -> Incident:
    return undo_opening(actor=actor, incident=incident.id)


def too_late(actor: Actor, incident: Incident) -> bool:
    with pytest.raises(Conflict) as refused:
        undo(actor, incident)
    assert Incident.objects.get(id=incident.id).state != "cancelled"
    return refused.value.code == "too_late"


def test_an_opening_taken_back_leaves_the_call_as_before_and_nothing_that_rings(call_taker: Actor) -> None:
    call = taken(call_taker)
    before = call_form_of(call)
    row = opened(call_taker, call)
    assert call_form_of(Call.objects.get(id=call.id))["disposition"] == "E1"
    assert undo(call_taker, row).state == "cancelled"
    assert call_form_of(Call.objects.get(id=call.id)) == before
    assert set(Task.objects.filter(incident=row).values_list("state", flat=True)) == {"withdrawn"}
    assert not Timer.objects.filter(state="armed", kind__startswith="rule.").exclude(kind="rule.1").exists()
    assert undo(call_taker, row).state == "cancelled"  # twice is once
    again = opened(call_taker, Call.objects.get(id=call.id))
    assert IncidentCall.objects.get(call=call).incident_id == again.id


def test_only_whoever_opened_it_takes_it_back(call_taker: Actor, supervisor: Actor) -> None:
    with pytest.raises(Refused):
        undo(supervisor, opened(call_taker))


def test_after_the_seconds_it_is_too_late(call_taker: Actor, clock: Clock) -> None:
    row = opened(call_taker)
    clock.set(6)
    late = opened(call_taker)
    clock.set(8)
    assert too_late(call_taker, row)
    assert undo(call_taker, late).state == "cancelled"


def test_a_unit_an_answer_or_anybody_elses_hand_makes_it_too_late(
    call_taker: Actor, dispatcher: Actor, agency_desk: Actor
) -> None:
    sent, accepted, noted, own = (opened(call_taker) for _ in range(4))
    assign_unit(actor=dispatcher, incident=sent.id, unit="DMK1")
    accept_task(actor=agency_desk, task=Task.objects.get(incident=accepted, agency__code="DAMKAR").id)
    add_note(actor=dispatcher, incident=noted.id, text="on it")
    add_note(actor=call_taker, incident=own.id, text="my own line")
    assert all(too_late(call_taker, row) for row in (sent, accepted, noted))
    assert undo(call_taker, own).state == "cancelled"


def test_a_dispatchers_own_unit_makes_it_too_late_too(dispatcher: Actor) -> None:
    row = opened(dispatcher)
    assign_unit(actor=dispatcher, incident=row.id, unit="DMK1")
    assert too_late(dispatcher, row)


def test_a_second_call_makes_it_too_late(call_taker: Actor) -> None:
    row = opened(call_taker, taken(call_taker))
    link_call(actor=call_taker, call=ringing().id, incident=row.id)
    assert too_late(call_taker, row)


def test_over_http_the_refusal_contains_the_fix(api, call_taker: Actor, clock: Clock) -> None:
    row, client = opened(call_taker), api(call_taker)
    assert client.post(f"incidents/{row.id}/undo").json()["state"] == "cancelled"
    old = opened(call_taker)
    clock.set(8)
    refused = client.post(f"incidents/{old.id}/undo")
    assert (refused.status_code, refused.json()["code"]) == (409, "too_late")
    assert refused.json()["detail"]


def test_a_link_taken_back_files_the_call_as_it_was(call_taker: Actor, dispatcher: Actor) -> None:
    row, call = opened(dispatcher), taken(call_taker)
    before = call_form_of(call)
    link_call(actor=call_taker, call=call.id, incident=row.id)
    unlink_call(actor=call_taker, call=call.id)
    assert call_form_of(Call.objects.get(id=call.id)) == before
    assert not IncidentCall.objects.filter(call=call).exists()
    fact = Event.objects.filter(kind="call.unlinked").get()
    assert {f"incident:{row.id}", f"call:{call.id}"} <= set(fact.subjects)
    unlink_call(actor=call_taker, call=call.id)
    assert Event.objects.filter(kind="call.unlinked").count() == 1


def test_a_prank_that_was_linked_by_mistake_is_a_prank_again_with_its_strike(
    call_taker: Actor, dispatcher: Actor
) -> None:
    row, call = opened(dispatcher), taken(call_taker)
    dispose_call(actor=call_taker, call=call.id, disposition="J1")
    link_call(actor=call_taker, call=call.id, incident=row.id)
    assert not Strike.objects.filter(call=call).exists()
    assert unlink_call(actor=call_taker, call=call.id).disposition == "J1"
    assert Strike.objects.filter(call=call).exists()


def test_a_call_taker_has_seconds_for_an_own_link_a_dispatcher_all_day_for_any(
    call_taker: Actor, dispatcher: Actor, clock: Clock
) -> None:
    row, call, other = opened(dispatcher), taken(call_taker), ringing()
    link_call(actor=call_taker, call=call.id, incident=row.id)
    link_call(actor=dispatcher, call=other.id, incident=row.id)
    with pytest.raises(Refused):
        unlink_call(actor=call_taker, call=other.id)
    clock.set(8)
    with pytest.raises(Conflict) as refused:
        unlink_call(actor=call_taker, call=call.id)
    assert refused.value.code == "too_late"
    assert unlink_call(actor=dispatcher, call=call.id).disposition is None


def test_the_call_that_an_incident_was_opened_from_stays_with_it(dispatcher: Actor) -> None:
    call, _ = open_call(actor=dispatcher, number="081230987732")
    opened(dispatcher, call)
    with pytest.raises(Conflict) as refused:
        unlink_call(actor=dispatcher, call=call.id)
    assert refused.value.code == "call_opened_it"


def test_the_first_ring_leaves_with_its_call(dispatcher: Actor, clock: Clock) -> None:
    first = ringing()
    clock.set(5)
    row = opened(dispatcher)
    link_call(actor=dispatcher, call=first.id, incident=row.id)
    assert Incident.objects.get(id=row.id).first_ring_at == first.started_at
    unlink_call(actor=dispatcher, call=first.id)
    left = Incident.objects.get(id=row.id)
    assert (left.first_ring_at, left.waiting_since - row.waiting_since) == (None, timedelta(0))
    assert Call.objects.get(id=first.id).state == CallState.RINGING


def refuses(code: str, act: Callable[[], object]) -> bool:
    with pytest.raises(Conflict) as refused:
        act()
    return refused.value.code == code


def test_a_link_that_somebody_has_moved_on_is_not_taken_back(dispatcher: Actor, supervisor: Actor) -> None:
    first, second, third, call = opened(dispatcher), opened(dispatcher), opened(dispatcher), ringing()
    words = {"call": call.id}
    link_call(actor=dispatcher, **words, incident=first.id)
    link_call(actor=supervisor, **words, incident=second.id)
    assert refuses("moved_on", lambda: unlink_call(actor=dispatcher, **words, incident=first.id))
    assert refuses("moved_on", lambda: link_call(actor=dispatcher, **words, incident=third.id, instead_of=first.id))
    assert IncidentCall.objects.get(call=call).incident_id == second.id
    unlink_call(actor=dispatcher, **words, incident=second.id)
    assert not IncidentCall.objects.filter(call=call).exists()
    assert refuses("moved_on", lambda: link_call(actor=dispatcher, **words, incident=third.id, instead_of=second.id))


def test_a_state_that_somebody_has_gone_on_from_is_not_taken_back(dispatcher: Actor, supervisor: Actor) -> None:
    row, other = opened(dispatcher), opened(dispatcher)
    words = {"incident": row.id}
    change_state(actor=dispatcher, **words, state="resolved")
    change_state(actor=supervisor, **words, state="closed", disposition="handled", force=True)
    assert refuses("moved_on", lambda: reopen_incident(actor=dispatcher, **words, expected="resolved"))
    assert refuses("moved_on", lambda: change_state(actor=dispatcher, **words, state="reopened", expected="resolved"))
    assert reopen_incident(actor=supervisor, **words, expected="closed").state == "reopened"
    assert reopen_incident(actor=supervisor, **words, expected="closed").state == "reopened"  # sent again
    change_state(actor=dispatcher, **words, state="on_hold")
    change_state(actor=supervisor, **words, state="triaged")
    change_state(actor=supervisor, **words, state="cancelled")
    assert refuses("moved_on", lambda: change_state(actor=dispatcher, **words, state="triaged", expected="on_hold"))
    merge_incident(actor=dispatcher, incident=other.id, into=opened(dispatcher).id)
    reopen_incident(actor=supervisor, incident=other.id)
    change_state(actor=supervisor, incident=other.id, state="resolved")
    merged = {"incident": other.id, "expected": "merged"}
    assert refuses("moved_on", lambda: reopen_incident(actor=dispatcher, **merged))


def test_an_offer_that_its_agency_has_accepted_is_not_taken_back(dispatcher: Actor, agency_desk: Actor) -> None:
    tasks = Task.objects.filter(incident=opened(dispatcher))
    accepted, offered = tasks.get(agency__code="DAMKAR"), tasks.exclude(agency__code="DAMKAR")[0]
    accept_task(actor=agency_desk, task=accepted.id)
    words = {"actor": dispatcher, "expected": "offered"}
    assert refuses("moved_on", lambda: withdraw_task(**words, task=accepted.id))
    assert [withdraw_task(**words, task=offered.id).state for _ in range(2)] == ["withdrawn"] * 2


def test_a_unit_that_was_diverted_once_more_is_not_sent_back(dispatcher: Actor, supervisor: Actor) -> None:
    first, second, third = (opened(dispatcher) for _ in range(3))
    send = functools.partial(assign_unit, unit="DMK1")
    send(actor=dispatcher, incident=first.id)
    made, _ = send(actor=dispatcher, incident=second.id, divert=True)
    last, _ = send(actor=supervisor, incident=third.id, divert=True)
    back = functools.partial(send, actor=dispatcher, incident=first.id, divert=True)
    assert refuses("moved_on", lambda: back(instead_of=made.id))
    assert back(instead_of=last.id)[0].incident_id == first.id
