"""Two at the same moment: one wins, the other gets an error; nobody deadlocks and nothing is doubled."""

from __future__ import annotations

import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from calls.actions.calls import open_call
from config.registry import registry
from core import events
from core.clock import now
from core.errors import Conflict, DomainError
from core.firing.rounds import fire_due
from core.models import Event
from dispatch.actions.assignments import assign_unit, cancel_assignment
from dispatch.actions.calls import link_call
from dispatch.actions.edits import edit_incident
from dispatch.actions.incident_state import change_state
from dispatch.actions.incidents import open_incident
from dispatch.actions.merging import merge_incident
from dispatch.actions.notes import add_note
from dispatch.actions.reopening import reopen_incident
from dispatch.actions.tasks import accept_task, offer_task, withdraw_task
from dispatch.actions.warnings import approve_warning
from dispatch.domain.location import Location
from dispatch.models import Incident, Note, Task
from dispatch.states import ACTIVE
from places.actions import propose_warning
from tests.dispatch.caller_texts import KOTA, form, opened, states, task_of
from tests.dispatch.fleet import one_fact, reports


def together(*acts):
    """Do these at once, each on a connection of its own; the answers, refusals among them."""
    start = threading.Barrier(len(acts))

    def one(act):
        with closing(connection):
            start.wait()
            try:
                return act()
            except DomainError as refused:
                return refused

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def refusals(answers):
    return [answer for answer in answers if isinstance(answer, DomainError)]


@pytest.mark.usefixtures("fresh_database")
class TestAtTheSameMoment:
    def test_two_edits_of_one_field_one_wins_the_other_learns_of_it(self, call_taker, dispatcher):
        row = opened(call_taker, type="F01")
        acts = [
            lambda actor=actor, priority=priority: edit_incident(
                actor=actor, incident=row.id, version=1, changes={"priority": priority}
            )
            for actor, priority in ((call_taker, 2), (dispatcher, 3))
        ]
        answers = together(*acts)
        [refused] = refusals(answers)
        assert refused.code == "version_conflict"
        [conflict] = refused.extra["conflicts"]
        assert {conflict["yours"], conflict["theirs"]} == {2, 3}
        assert Incident.objects.get(pk=row.pk).priority == conflict["theirs"]

    def test_two_edits_of_different_fields_both_stand(self, call_taker, dispatcher):
        row = opened(call_taker, type="F01")
        words = {"incident": row.id, "version": 1}
        answers = together(
            lambda: edit_incident(actor=call_taker, **words, changes={"location": {"text": "Jl. Trunojoyo"}}),
            lambda: edit_incident(actor=dispatcher, **words, changes={"priority": 2}),
        )
        assert refusals(answers) == []
        after = Incident.objects.get(pk=row.pk)
        assert (after.location_text, after.priority, after.version) == ("Jl. Trunojoyo", 2, 3)

    def test_an_acceptance_and_a_withdrawal_end_in_one_truth(self, call_taker, dispatcher, agency_desk):
        for _ in range(5):
            row = opened(call_taker, type="F01")
            task = task_of(row, "DAMKAR")
            answers = together(
                lambda task=task: accept_task(actor=agency_desk, task=task.id),
                lambda task=task: withdraw_task(actor=dispatcher.at_desk("D1"), task=task.id),
            )
            assert states(row)["DAMKAR"] == "withdrawn"
            assert all(refused.code == "step_not_allowed" for refused in refusals(answers))
            assert form(row)["state"] in {"new", "triaged"}

    def test_one_id_sent_many_times_at_once_makes_one_incident(self, call_taker):
        key = uuid.uuid4()

        def send():
            return open_incident(actor=call_taker.at_desk("CT1"), id=key, type="F01", location=KOTA)

        answers = together(*[send] * 6)
        assert refusals(answers) == []
        assert sorted(made for _, made in answers) == [False] * 5 + [True]
        assert Incident.objects.filter(pk=key).count() == 1
        assert Task.objects.filter(incident=key).count() == 5

    def test_one_agency_is_offered_one_task(self, call_taker, dispatcher, supervisor):
        row = opened(call_taker)
        acts = [
            lambda actor=actor: offer_task(actor=actor, incident=row.id, agency="PLN")
            for actor in (dispatcher, supervisor)
        ]
        [refused] = refusals(together(*acts))
        assert refused.code == "task_exists"
        assert Task.objects.filter(incident=row).count() == 1

    def test_two_merges_into_each_other_leave_one_open(self, call_taker, dispatcher, supervisor):
        first, second = opened(call_taker, type="F01"), opened(call_taker, type="F01")
        answers = together(
            lambda: merge_incident(actor=dispatcher.at_desk("D1"), incident=first.id, into=second.id),
            lambda: merge_incident(actor=supervisor.at_desk("S1"), incident=second.id, into=first.id),
        )
        [refused] = refusals(answers)
        assert refused.code == "merged"
        assert sorted(Incident.objects.values_list("state", flat=True)) == ["merged", "new"]

    def test_a_unit_that_reports_while_its_incident_is_merged_is_found_where_it_went(
        self, call_taker, dispatcher, supervisor
    ):
        first, second = opened(call_taker, type="F01"), opened(call_taker, type="F01")
        assign_unit(actor=dispatcher.at_desk("D1"), incident=second.id, unit="DMK1")
        answers = together(
            lambda: merge_incident(actor=supervisor.at_desk("S1"), incident=second.id, into=first.id),
            lambda: reports(dispatcher, "DMK1", "en_route"),
        )
        assert refusals(answers) == []
        one_fact("DMK1")
        assert form(first)["state"] == "en_route"
        reopen_incident(actor=supervisor.at_desk("S1"), incident=second.id)
        assert form(second)["state"] == "en_route"

    def test_a_unit_sent_while_the_incident_is_cancelled_never_stays_on_a_cancelled_one(self, call_taker, dispatcher):
        for _ in range(4):
            row = opened(call_taker, type="F01")
            answers = together(
                lambda row=row: assign_unit(actor=dispatcher.at_desk("D1"), incident=row.id, unit="DMK2"),
                lambda row=row: change_state(actor=dispatcher.at_desk("D2"), incident=row.id, state="cancelled"),
            )
            assert [refused.code for refused in refusals(answers)] in ([], ["incident_not_open"])
            after = Incident.objects.get(pk=row.pk)
            assert after.state == "cancelled"
            assert not after.assignments.filter(status__in=ACTIVE).exists()
            one_fact("DMK2")

    def test_many_notes_at_once_are_all_there(self, call_taker, dispatcher):
        row = opened(call_taker)
        acts = [
            lambda actor=actor, word=word: add_note(actor=actor, incident=row.id, text=f"baris {word}")
            for word in range(4)
            for actor in (call_taker, dispatcher)
        ]
        assert refusals(together(*acts)) == []
        assert Note.objects.filter(incident=row).count() == 8

    def test_the_same_id_from_two_people_goes_to_the_first(self, call_taker, dispatcher):
        key = uuid.uuid4()
        acts = [
            lambda actor=actor: open_incident(actor=actor, id=key, location=KOTA) for actor in (call_taker, dispatcher)
        ]
        [refused] = refusals(together(*acts))
        assert isinstance(refused, Conflict)
        assert refused.code == "id_taken"

    def test_a_stacked_unit_is_called_off_while_its_incident_is_being_merged(self, dispatcher):
        source, target = opened(dispatcher), opened(dispatcher)
        stacked, _ = assign_unit(actor=dispatcher, incident=source.id, unit="DMK1", stacked=True)
        _during_merge(dispatcher, source, target, lambda: cancel_assignment(actor=dispatcher, assignment=stacked.id))
        stacked.refresh_from_db()
        assert (stacked.status, stacked.incident_id) == ("cancelled", target.id)

    def test_a_call_linked_elsewhere_while_its_incident_is_being_merged_leaves_where_it_then_is(self, dispatcher):
        call, _ = open_call(actor=dispatcher, channel="radio")
        source, target, third = opened(dispatcher, call=call.id), opened(dispatcher), opened(dispatcher)
        _during_merge(
            dispatcher,
            source,
            target,
            lambda: link_call(actor=dispatcher, call=call.id, incident=third.id),
        )
        fact = Event.objects.filter(kind="call.linked").latest("seq")
        assert {f"incident:{target.id}", f"incident:{third.id}"} <= set(fact.subjects)

    def test_many_who_retype_and_open_at_once_never_deadlock(self, dispatcher):
        rows = [opened(dispatcher, type="F01") for _ in range(2)]

        def retype(row):
            for number in range(12):
                kind = ("F02", "F01")[number % 2]
                version = Incident.objects.get(pk=row.id).version
                edit_incident(actor=dispatcher, incident=row.id, version=version, changes={"type": kind})

        answers = together(
            *(lambda row=row: retype(row) for row in rows),
            *(lambda: [opened(dispatcher, type="F01") for _ in range(12)] for _ in range(2)),
        )
        assert refusals(answers) == []


def _during_merge(actor, source, target, act):
    """Do something that begins while a merge is done and not yet committed."""
    merged = threading.Event()

    def merge():
        with events.transaction():
            merge_incident(actor=actor, incident=source.id, into=target.id)
            merged.set()
            time.sleep(0.3)

    def other():
        assert merged.wait(10)
        return act()

    assert refusals(together(merge, other)) == []


def a_warning(actor, *, ends_at=None):
    """The id of a warning of the Kota that somebody proposed."""
    words = {"kind": "danger", "lat": KOTA.lat, "lng": KOTA.lng, "text": "Anjing galak", "ends_at": ends_at}
    return propose_warning(actor=actor, **words, review_on=(now() + timedelta(days=9)).date())[0].id


def closing_after(act, *words, **named):
    """Do something on a connection of this thread's own."""
    with closing(connection):
        return act(*words, **named)


def until_somebody_waits(doing):
    """Until what is being done elsewhere waits for a lock, or is done."""
    deadline = time.monotonic() + 30
    while not doing.done() and time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
                " WHERE NOT granted AND datname = current_database()"
            )
            if cursor.fetchone()[0]:
                return


@pytest.mark.usefixtures("fresh_database")
class TestWarningsMeanwhile:
    def test_a_warning_approved_while_an_incident_comes_to_its_place_is_in_its_count(
        self, call_taker, dispatcher, supervisor
    ):
        gone, moved = opened(call_taker), opened(call_taker, location=Location("Bluto", -7.1, 113.8))
        change_state(actor=dispatcher, incident=gone.id, state="cancelled")
        to_kota = {"location": {"text": KOTA.text, "lat": KOTA.lat, "lng": KOTA.lng}}
        comings = (
            lambda: opened(call_taker),
            lambda: edit_incident(actor=call_taker, incident=moved.id, version=1, changes=to_kota),
            lambda: reopen_incident(actor=dispatcher, incident=gone.id),
        )
        for number, come in enumerate(comings, 1):
            warning = a_warning(call_taker)
            with ThreadPoolExecutor(1) as pool:
                with events.transaction():
                    row = come()
                    approving = pool.submit(closing_after, approve_warning, actor=supervisor, warning=warning)
                    until_somebody_waits(approving)
                approving.result()
            assert Incident.objects.get(pk=row.pk).warnings == number

    def test_a_warning_that_ends_by_itself_waits_for_who_counts_it(self, call_taker, supervisor, clock):
        warning = a_warning(call_taker, ends_at=now() + timedelta(seconds=60))
        approve_warning(actor=supervisor, warning=warning)
        with ThreadPoolExecutor(1) as pool:
            with events.transaction():
                row = opened(call_taker)
                clock.advance(seconds=61)
                pool.submit(closing_after, fire_due, registry).result()
                assert row.warnings == 1
            pool.submit(closing_after, fire_due, registry).result()
        assert Incident.objects.get(pk=row.pk).warnings == 0


@pytest.mark.usefixtures("fresh_database")
def test_two_incidents_that_are_put_under_each_other_at_once_make_no_circle(dispatcher):
    for _ in range(3):
        pair = [opened(dispatcher) for _ in range(2)]
        acts = [
            partial(
                edit_incident,
                actor=dispatcher,
                incident=row.id,
                version=row.version,
                changes={"parent": other.id},
            )
            for row, other in (pair, reversed(pair))
        ]
        assert [refused.code for refused in refusals(together(*acts))] == ["not_a_parent"]
