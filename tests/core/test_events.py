"""The event log's functions: what `transaction` and `append` promise."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from core import clock as time
from core import event_log, events
from core.models import Event, Source
from tests.sample_events import SampleEvent
from tests.statements import record_statements

pytestmark = pytest.mark.django_db


def say(kind=SampleEvent.TEST_SAID, **words):
    return events.append(kind, actor="system:test", subjects=words.pop("subjects", ["centre:1"]), **words)


def test_a_fact_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="outside"):
        say()


def test_events_get_their_seq_in_the_order_in_which_they_were_appended():
    before = event_log.last_seq()
    with events.transaction():
        first, second = say(), say()
        assert first.seq is None
    assert (first.seq, second.seq) == (before + 1, before + 2)


def test_the_append_is_one_statement_and_the_last_one():
    with record_statements() as statements, events.transaction():
        say()
        Source.objects.create(kind="telephony", name="pbx")
        with events.transaction():
            say()
    assert statements.appends == 1
    assert statements.after_append == []


def test_what_follows_an_append_is_seen_by_the_recorder():
    with record_statements() as statements:
        with events.transaction():
            say()
        Source.objects.count()
    assert len(statements.after_append) == 1


def fail_inside():
    with events.transaction():
        Source.objects.create(kind="telephony", name="pbx")
        say()
        with events.transaction():
            say()
            raise ZeroDivisionError


def test_a_nested_transaction_joins_and_its_failure_spoils_the_whole():
    with pytest.raises(ZeroDivisionError):
        fail_inside()
    assert not Source.objects.filter(name="pbx").exists()
    assert not Event.objects.filter(kind="test.said").exists()
    assert not events.is_open()


def test_data_keeps_ids_codes_integers_and_times_and_refuses_floats():
    thing, moment = uuid.uuid4(), datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)
    with events.transaction():
        fact = say(data={"id": thing, "n": 2**70, "at": moment, "codes": ("B", "A"), "none": None, "yes": True})
    data = Event.objects.get(seq=fact.seq).data
    assert data["id"] == str(thing)
    assert data["n"] == 2**70
    assert data["at"] == "2026-01-02T03:04:05.000006Z"
    assert data["codes"] == ["B", "A"]
    with pytest.raises(TypeError, match="floats"), events.transaction():
        say(data={"lat": 1.5})


def test_subjects_are_named_once_and_in_order():
    with events.transaction():
        fact = say(subjects=["unit:2", "incident:1", "unit:2"])
    assert Event.objects.get(seq=fact.seq).subjects == ["incident:1", "unit:2"]
    assert [event.seq for event in event_log.about("unit:2")] == [fact.seq]


def test_a_late_entry_is_marked_as_late():
    with events.transaction():
        fresh = say(at=time.now() - timedelta(seconds=30))
        late = say(at=time.now() - timedelta(seconds=90))
    assert "late" not in Event.objects.get(seq=fresh.seq).data
    assert Event.objects.get(seq=late.seq).data["late"] is True


def test_recorded_at_never_falls_even_when_the_clock_is_set_back(clock):
    clock.set(3600)
    with events.transaction():
        ahead = say()
    clock.set(0)
    with events.transaction():
        behind = say()
    rows = Event.objects.in_bulk([ahead.seq, behind.seq])
    assert rows[behind.seq].recorded_at >= rows[ahead.seq].recorded_at


@pytest.mark.parametrize("year", [2, 999, 1970, 9998])
def test_times_of_every_year_verify(year):
    with events.transaction():
        fact = say(at=datetime(year, 1, 1, tzinfo=UTC))
    assert event_log.verify(start=fact.seq).bad is None


ODD = ['q"uo\\te', "Ω ünï 𝄞", "tab\tnew\nline", "{}", "\x7f\u2028", "NULL", "null", "'; DROP"]


@pytest.mark.parametrize("text", ODD)
def test_odd_signs_verify(text):
    with events.transaction():
        fact = say(desk=text, subjects=[text, "centre:1"], data={text: [text, {}]})
    assert event_log.verify(start=fact.seq) == event_log.Verdict(
        1, fact.seq, bytes(Event.objects.get(seq=fact.seq).hash)
    )
