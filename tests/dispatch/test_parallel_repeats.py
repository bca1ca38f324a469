"""The same creating act sent twice with one id, the second before the first has committed: made once, never refused."""

from __future__ import annotations

import threading
import time
import uuid
from contextlib import closing
from datetime import date

import pytest
from django.db import DatabaseError, connection

from calls.actions.caller_details import add_line
from calls.actions.calls import open_call
from core import events
from core.errors import DomainError
from core.models import Event
from dispatch.actions.assignments import assign_unit
from dispatch.actions.incidents import open_incident
from dispatch.actions.notes import add_note
from dispatch.actions.people import report_people
from dispatch.actions.splitting import split_incident
from dispatch.actions.tasks import offer_task
from dispatch.actions.unit_status import report_status
from places.actions import propose_warning
from tests.conftest import person
from tests.dispatch.caller_texts import KOTA, opened, task_of
from units.actions.flags import raise_emergency, request_talk, withdraw_emergency

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def call(actor):
    return open_call(actor=actor.at_desk("CT1"), number="0812 3456 7890")[0]


def prepared_open_incident(actor, agency, crew):
    ringing = call(actor)
    return lambda key: open_incident(actor=actor.at_desk("CT1"), id=key, location=KOTA, call=ringing.id)


def prepared_assign(actor, agency, crew):
    incident = opened(actor)
    return lambda key: assign_unit(actor=actor.at_desk("D1"), id=key, incident=incident.id, unit="PSC1")


def prepared_stack(actor, agency, crew):
    incident, other = opened(actor), opened(actor)
    assign_unit(actor=actor.at_desk("D1"), incident=other.id, unit="PSC2")
    return lambda key: assign_unit(actor=actor.at_desk("D1"), id=key, incident=incident.id, unit="PSC2", stacked=True)


def prepared_assign_by_agency(actor, agency, crew):
    incident = opened(actor, type="F01")
    assert task_of(incident, "DAMKAR").state == "offered"
    return lambda key: assign_unit(actor=agency.at_desk("D1"), id=key, incident=incident.id, unit="DMK2")


def prepared_task(actor, agency, crew):
    incident = opened(actor, type="F01")
    return lambda key: offer_task(actor=actor.at_desk("D1"), id=key, incident=incident.id, agency="DISHUB")


def prepared_split(actor, agency, crew):
    incident = opened(actor)
    return lambda key: split_incident(actor=actor.at_desk("D1"), id=key, incident=incident.id, location=KOTA)


def prepared_note(actor, agency, crew):
    incident = opened(actor)
    return lambda key: add_note(actor=actor.at_desk("D1"), id=key, incident=incident.id, text="gate locked")


def prepared_people(actor, agency, crew):
    incident = opened(actor)
    return lambda key: report_people(actor=actor.at_desk("D1"), id=key, incident=incident.id, place="lantai 2", count=3)


def prepared_warning(actor, agency, crew):
    return lambda key: propose_warning(
        actor=actor.at_desk("D1"), id=key, kind="danger", lat=-7.0, lng=113.8, text="dog", review_on=date(2040, 1, 1)
    )


def prepared_call(actor, agency, crew):
    return lambda key: open_call(actor=actor.at_desk("CT1"), id=key, number="0812 1111 2222")


def prepared_line(actor, agency, crew):
    ringing = call(actor)
    return lambda key: add_line(actor=actor.at_desk("CT1"), id=key, call=ringing.id, text="two people inside")


def prepared_status(actor, agency, crew):
    return lambda key: report_status(actor=actor.at_desk("D1"), id=key, unit="POL1", status="available_mobile")


def prepared_emergency(actor, agency, crew):
    return lambda key: raise_emergency(actor=actor.at_desk("D1"), id=key, unit="POL2")


def prepared_withdrawal(actor, agency, crew):
    raise_emergency(actor=actor.at_desk("D1"), unit=crew.unit)
    return lambda key: withdraw_emergency(actor=crew.at_desk("D1"), id=key, unit=crew.unit)


def prepared_talk(actor, agency, crew):
    return lambda key: request_talk(actor=actor.at_desk("D1"), id=key, unit="POL3")


ACTS = [value for name, value in list(globals().items()) if name.startswith("prepared_")]


def until(true, what):
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.01)


def lock_waits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction keeps what it read first
        cursor.execute(WAITING)
        return cursor.fetchone()[0]


@pytest.mark.parametrize("prepare", ACTS, ids=lambda act: act.__name__.removeprefix("prepared_"))
def test_a_second_one_that_waits_for_the_first_gets_its_answer(module_database, prepare):
    act, key, answers = prepare(*map(person, ("dispatcher", "damkar", "crew"))), uuid.uuid4(), []

    def again():
        with closing(connection):
            try:
                answers.append(act(key))
            except (DomainError, DatabaseError) as refusal:
                answers.append(refusal)

    second = threading.Thread(target=again)
    with events.transaction():
        first = act(key)
        second.start()
        until(lambda: lock_waits() or answers, "the second neither waits nor ends")
    facts = Event.objects.count()
    second.join()
    if isinstance(first, tuple):
        assert first[1] is True
        assert answers == [(first[0], False)]
    else:
        assert answers == [first]
    assert Event.objects.count() == facts
