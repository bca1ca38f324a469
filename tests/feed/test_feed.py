"""The live feed over real sockets: what a client gets, from which seq, and when it is sent away."""

from __future__ import annotations

import json
import threading
import uuid
from contextlib import ExitStack

import pytest
from django.db import connection

from core import clock, event_log, events
from core.event_kinds import CoreEvent
from core.models import Source
from feed.audiences import CENTRE, View
from feed.board import snapshot
from tests.feed.application import change, make, registry
from tests.feed.client import Client
from tests.sample_events import SampleEvent
from tests.servers import live_web

PLACE = "tests.feed.application:application"


def board(view=CENTRE):
    return json.loads(snapshot(registry, view))


def things(view=CENTRE):
    return {f"unit:{thing['id']}": thing for thing in board(view)["units"]}


def say(kind, *subjects, **data):
    with events.transaction():
        fact = events.append(kind, actor="demo", subjects=subjects, data=data)
    return fact.seq


@pytest.fixture(scope="module")
def place(module_database):
    with live_web(module_database, 1, PLACE) as web:
        yield web


@pytest.fixture
def damkar():
    return str(uuid.uuid4())


@pytest.fixture
def pln():
    return str(uuid.uuid4())


def test_without_a_seq_a_client_is_asked_to_fetch_the_board(place):
    with Client(place.live) as client:
        assert client.take() == {"type": "reset"}
        assert client.take_close() == 1000


def test_a_fact_comes_with_the_form_of_what_it_touches(place):
    with Client(place.live, board=board()) as client:
        unit = make("DMK1")
        frame = client.take_until("batch")
        assert frame["events"][0]["kind"] == "unit.made"
        assert frame["events"][0] == json.loads(event_log.since(frame["seq"] - 1)[0].body)
        assert frame["now"] == {f"unit:{unit.id}": {"id": str(unit.id), "name": unit.name, "kind": ""}}
        change(unit, "DMK1", open_=False)
        assert client.take_until("batch")["now"] == {f"unit:{unit.id}": None}


def test_who_comes_back_gets_what_it_missed_and_nothing_twice(place):
    unit = make("DMK1")
    start = board()
    with Client(place.live, board=start) as client:
        seq = change(unit, "DMK2")
        client.take_until(seq=seq)
        known = dict(client.things)
    missed = [change(unit, f"DMK{number}") for number in range(3, 9)]
    with Client(place.live, since=client.seq) as again:
        again.things = known
        again.take_until(seq=missed[-1])
        assert again.seqs == missed
        assert again.things == things()


def test_a_process_that_has_just_started_serves_what_came_before_it(place, module_database):
    start = board()
    made = [make(f"DMK{number}") for number in range(20)]
    with live_web(module_database, 1, PLACE) as other, Client(other.live, board=start) as client:
        client.take_until(seq=event_log.last_seq())
        assert len(client.seqs) == len(made)
        assert client.things == things()


def test_a_seq_that_is_too_old_is_reset(place):
    make("DMK1")
    since = event_log.last_seq()
    with events.transaction():
        for number in range(10_001):
            events.append(SampleEvent.TEST_SAID, actor="demo", subjects=["centre:x"], data={"number": number})
    with Client(place.live, since=since) as client:
        client.take_until("reset")
    with Client(place.live, since=since + 1) as client:
        client.take_until(seq=since + 10_001)
        assert len(client.seqs) == 10_000


@pytest.mark.parametrize("since", ["x", "-1", "1.5", "9" * 30, ""])
def test_a_seq_that_is_none_is_reset(place, since):
    with Client(place.live, since=since) as client:
        assert client.take()["type"] == "reset"


def test_a_seq_beyond_the_head_is_waited_for_then_reset(place):
    seq = event_log.last_seq()
    with Client(place.live, since=seq + 1) as early, Client(place.live, since=seq + 100) as wrong:
        make("DMK1")
        make("DMK2")
        assert early.take_until("batch")["seq"] == seq + 2
        assert early.seqs == [seq + 2]
        assert wrong.take()["type"] == "reset"


def test_silence_is_filled_with_beats_that_carry_the_head(place):
    with Client(place.live, board=board()) as client:
        assert client.take()["type"] == "beat"
        seq = make("DMK1") and event_log.last_seq()
        client.take_until("batch")
        frame = client.take_until("beat", timeout=3)
        assert (frame["head"], frame["at"][-1]) == (seq, "Z")


def test_an_agency_receives_what_it_has_a_part_in_and_loses_it_with_null(place, damkar, pln):
    view = View("agency", damkar)
    with Client(place.live, since=event_log.last_seq(), view=f"agency {damkar}") as client:
        make("PLN1", kind=f"agency:{pln}")
        unit = make("DMK1", kind=f"agency:{damkar}")
        frame = client.take_until("batch")
        assert list(frame["now"]) == [f"unit:{unit.id}"]
        seq = change(unit, "DMK1", kind=f"agency:{pln}")
        client.take_until(seq=seq)
        assert client.things == {} == things(view)
        assert client.seqs == [seq - 1, seq]
        change(unit, "DMK2")
        assert client.take_until("beat")["head"] == seq + 1
    with Client(place.live, since=seq - 3, view=f"agency {damkar}") as again:
        assert again.take_until("batch")["now"] == {f"unit:{unit.id}": None}


def test_many_forms_changed_at_once_reset_everybody(place):
    unit = make("DMK1")
    before = event_log.last_seq()
    with Client(place.live, board=board()) as client:
        say(CoreEvent.FEED_RESET, "centre:x")
        client.take_until("reset")
        assert client.take_close() == 1000
    change(unit, "DMK2")
    with Client(place.live, since=before) as late:
        assert late.take()["type"] == "reset"
    with Client(place.live, board=board()) as fresh:
        change(unit, "DMK3")
        assert fresh.take_until("batch")


def test_whoever_isn_t_let_in_hears_why(place):
    own = place.url
    with Client(place.live, since=0, view=None) as client:
        assert client.take_close() == 4401
    with Client(place.live, since=0, view="nobody") as client:
        assert client.take_close() == 4403
    with Client(place.live, since=0, Origin="https://elsewhere.example") as client:
        assert client.take_close() == 4403
    with Client(place.live, since=0, Origin="null") as client:
        assert client.take_close() == 4403
    with Client(place.live, since=event_log.last_seq(), Origin=own) as client:
        assert client.take()["type"] == "beat"


@pytest.mark.parametrize(
    ("kind", "subject", "data"),
    [
        (SampleEvent.SESSION_ENDED, "session:5", {}),
        (SampleEvent.KEY_REVOKED, "key:5", {}),
        (SampleEvent.USER_CHANGED, "user:5", {"fields": ["roles"]}),
    ],
)
def test_the_end_of_a_session_closes_its_sockets_at_once(place, kind, subject, data):
    seq = event_log.last_seq()
    with Client(place.live, since=seq, watch=subject) as client, Client(place.live, since=seq, watch="user:6") as other:
        client.take_until("beat")
        other.take_until("beat")
        say(SampleEvent.USER_CHANGED, subject, fields=["language"])
        client.take_until("batch")
        say(kind, subject, **data)
        assert client.take_close() == 4401
        assert other.take_until("batch")
        make("DMK1")
        assert other.take_until("batch")


def test_the_feed_goes_on_when_its_connections_are_cut(place):
    with Client(place.live, board=board()) as client:
        client.take_until("beat")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        connection.close_pool()  # the test's own idle ones were cut as well
        seqs = [make(f"DMK{number}") and event_log.last_seq() for number in range(5)]
        client.take_until(seq=seqs[-1])
        assert client.seqs == seqs
        seq = make("DMK9") and event_log.last_seq()
        client.take_until(seq=seq)


def test_positions_and_figures_have_frames_of_their_own(place, damkar, pln):
    with Client(place.live, board=board()) as client, Client(place.live, board=board(), view=f"agency {pln}") as other:
        unit = make("DMK1", kind=f"agency:{damkar}")
        now = clock.now()
        Source.objects.filter(pk=unit.pk).update(last_seen_at=now)
        frame = client.take_until("positions")
        assert frame["units"] == [[unit.name, -7.0, 113.8, None, None, events.utc_text(now)]]
        assert client.take_until("kpis", timeout=8)["waiting"] == len(things())
        other.take_until("beat")
        assert {frame["type"] for frame in other.frames} <= {"beat", "batch"}


def test_eight_writers_and_two_processes_lose_nothing_and_keep_the_order(module_database):
    units = [make(f"DMK{number}") for number in range(8)]
    with ExitStack() as ends:
        place = ends.enter_context(live_web(module_database, 2, PLACE))
        start = board()
        clients = [ends.enter_context(Client(place.live, board=start)) for _ in range(6)]

        def write(number):
            for step in range(40):
                change(units[(number + step) % 8], f"DMK{number}.{step}", open_=step % 7 != 3)
            connection.close()

        writers = [threading.Thread(target=write, args=(number,)) for number in range(8)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        last = event_log.last_seq()
        expected = things()
        for client in clients:
            client.take_until(seq=last)
            assert client.seqs == list(range(start["seq"] + 1, last + 1))
            assert client.things == expected
