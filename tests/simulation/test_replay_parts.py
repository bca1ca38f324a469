"""The parts of the replay: what is repaired, in which order acts go, and how patient its client is."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from simulation.replay import repairs
from simulation.replay.cad_log import Case, Part, Row, Stamp
from simulation.replay.http_client import ApiClient, Problem
from simulation.replay.ordering import Act, Order

START = datetime(2017, 1, 1, 8, tzinfo=UTC)


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


def part(sent: float, *stamps: tuple[str, float], unit: str = "E1") -> Part:
    return Part(Row(f"{unit}-{sent}"), unit, at(sent), [Stamp(status, at(minute)) for status, minute in stamps])


def repaired(*parts: Part) -> None:
    cases = [Case(str(n), START, START, "M11", 1, "", None, "", [], [each]) for n, each in enumerate(parts)]
    repairs.repair(cases)


def stamps_of(one: Part) -> list[tuple[str, float]]:
    return [(stamp.status, (stamp.at - START).total_seconds() / 60) for stamp in one.stamps]


def test_a_row_whose_stamps_rise_stays_as_it_is_however_many_are_missing() -> None:
    whole = part(
        0, ("en_route", 1), ("on_scene", 5), ("transporting", 9), ("at_destination", 20), ("available_mobile", 30)
    )
    bare = part(40, ("available_mobile", 41))
    repaired(whole, bare)
    assert whole.row.repairs == bare.row.repairs == set()
    assert len(whole.stamps) == 5


def test_a_stamp_out_of_order_is_left_out() -> None:
    one = part(0, ("transporting", 9), ("at_destination", 8), ("available_mobile", 30))
    one.stamps.insert(0, Stamp("on_scene", at(2)))
    repaired(one)
    assert one.row.repairs == {repairs.OUT_OF_ORDER}
    assert stamps_of(one) == [("on_scene", 2), ("transporting", 9), ("available_mobile", 30)]


def test_a_step_without_the_one_before_it_is_skipped() -> None:
    one = part(0, ("on_scene", 2), ("at_destination", 8), ("available_mobile", 30))
    repaired(one)
    assert one.row.repairs == {repairs.STEP_SKIPPED}
    assert stamps_of(one) == [("on_scene", 2), ("available_mobile", 30)]


def test_a_unit_sent_again_before_it_was_free_is_freed_then() -> None:
    first, second, last = part(0, ("on_scene", 5), ("available_mobile", 30)), part(10, ("en_route", 11)), part(20)
    repaired(first, second, last)
    assert stamps_of(first) == [("on_scene", 5), ("available_mobile", 10)]
    assert stamps_of(second) == [("en_route", 11), ("available_mobile", 20)]
    assert first.row.repairs == second.row.repairs == {repairs.FREED_AT_NEXT}
    assert last.row.repairs == {repairs.FREED_AT_LAST}
    assert [first.turn, second.turn, last.turn] == [0, 1, 2]


def test_acts_with_one_key_keep_their_order_on_many_connections() -> None:
    done: list[int] = []
    lock = threading.Lock()

    def do(number: int) -> None:
        with lock:
            done.append(number)

    acts = [Act(at(n), ("case", n % 3), lambda n=n: do(n)) for n in range(60)]  # type: ignore[misc]
    acts = [Act(act.at, (act.keys[1], n % 5 + 10), act.do) for n, act in enumerate(acts)]
    Order(acts).run(6, lambda _done: None)
    assert sorted(done) == list(range(60))
    for key in {key for act in acts for key in act.keys}:
        own = [n for n in done if key in acts[n].keys]
        assert own == sorted(own)


def test_the_first_failure_ends_the_play_and_is_reported() -> None:
    def fail() -> None:
        raise LookupError

    never: list[int] = []
    acts = [Act(at(0), ("a",), fail), Act(at(1), ("a",), lambda: never.append(1))]
    with pytest.raises(LookupError):
        Order(acts).run(2, lambda _done: None)
    assert never == []


class _Sulky(BaseHTTPRequestHandler):
    """Refuses twice as too much, then answers; whatever is called /no is a conflict."""

    asked = 0

    def do_GET(self) -> None:
        """Answer."""
        type(self).asked += 1
        status, body = (200, b"{}") if self.asked > 2 else (429, b'{"code":"too_many_requests"}')
        if self.path.endswith("/no"):
            status, body = 409, b'{"code":"unit_taken","detail":"by another"}'
        self.send_response(status)
        self.send_header("Retry-After", "0.05")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def sulky() -> Iterator[str]:
    _Sulky.asked = 0
    with ThreadingHTTPServer(("127.0.0.1", 0), _Sulky) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_the_client_waits_where_the_server_asks_for_it_and_passes_on_a_refusal(sulky: str) -> None:
    client = ApiClient(sulky, "secret")
    assert client.ask("GET", "yes") == {}
    assert (client.requests, client.waits) == (3, 2)
    with pytest.raises(Problem) as raised:
        client.ask("GET", "no")
    assert raised.value.code == "unit_taken"
    client.close()
