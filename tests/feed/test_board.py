"""The board: one moment, one view, and few readings however many ask at once."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from core import clock, event_log, events
from core.models import Source
from core.registry import Kind
from feed.audiences import CENTRE, View
from feed.board import board_response, snapshot
from tests.feed.application import change, make, registry, source_forms


def counting(readings):
    def read(ids):
        readings.append(ids)
        return source_forms(ids)

    return replace(registry, kinds=(Kind("unit", "units", read),))


def ids(content):
    return {unit["id"] for unit in json.loads(content)["units"]}


@pytest.mark.django_db
def test_a_board_has_everything_open_that_the_view_sees_and_nothing_else():
    agency = uuid4()
    seen, other, closed = make("DMK1", kind=f"agency:{agency}"), make("PLN1"), make("DMK2")
    change(closed, "DMK2", open_=False)
    now = clock.now()
    Source.objects.filter(pk__in=[seen.pk, other.pk]).update(last_seen_at=now)
    board = json.loads(snapshot(registry, View("agency", agency)))
    assert [unit["id"] for unit in board["units"]] == [str(seen.id)]
    assert board["positions"] == [[seen.name, -7.0, 113.8, None, None, events.utc_text(now)]]
    assert board["kpis"] is None
    assert board["seq"] == event_log.last_seq()
    centre = json.loads(snapshot(registry, CENTRE))
    assert {str(seen.id), str(other.id)} <= {unit["id"] for unit in centre["units"]}
    assert str(closed.id) not in {unit["id"] for unit in centre["units"]}
    assert set(centre["kpis"]) == {"waiting"}


def test_a_board_is_one_moment_even_when_it_takes_long(module_database):
    unit = make("DMK1")

    def read(wanted):
        found = source_forms(wanted)
        writer = threading.Thread(target=lambda: (change(unit, "DMK2"), connection.close()))
        writer.start()
        writer.join()
        assert source_forms(wanted)[unit.id].body == found[unit.id].body
        return found

    seq = event_log.last_seq()
    board = json.loads(snapshot(replace(registry, kinds=(Kind("unit", "units", read),)), CENTRE))
    assert board["seq"] == seq == event_log.last_seq() - 1


def test_a_rush_costs_a_few_readings_and_each_answer_has_what_was_committed_before(module_database):
    readings, missing = [], []
    shared, together = counting(readings), threading.Barrier(60)

    def ask():
        unit = make("DMK1")
        connection.close()
        together.wait()
        if str(unit.id) not in ids(board_response(shared, CENTRE).content):
            missing.append(unit)
        connection.close()

    askers = [threading.Thread(target=ask) for _ in range(60)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert missing == []
    assert len(readings) <= 20


def test_a_board_that_nothing_has_changed_since_is_not_read_again(module_database):
    readings = []
    shared = counting(readings)
    make("DMK1")
    view = View("agency", UUID(int=5))
    assert board_response(shared, view).content == board_response(shared, view).content
    assert len(readings) == 1
    make("DMK2")
    board_response(shared, view)
    assert len(readings) == 2


def test_a_reading_that_fails_fails_for_who_asked_and_not_for_the_next(module_database):
    def refuse(_wanted):
        raise RuntimeError("broken")

    view = View("agency", UUID(int=6))
    with pytest.raises(RuntimeError):
        board_response(replace(registry, kinds=(Kind("unit", "units", refuse),)), view)
    assert json.loads(board_response(registry, view).content)["units"] == []


def test_inside_a_transaction_a_board_shows_what_only_that_one_sees(module_database):
    with transaction.atomic():
        unit = Source.objects.create(name=f"{uuid4()}", watched=True)
        assert str(unit.id) in ids(board_response(registry, CENTRE).content)
        transaction.set_rollback(True)
    assert str(unit.id) not in ids(board_response(registry, CENTRE).content)
