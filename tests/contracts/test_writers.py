"""The feed's equation under eight writers: every action at once, over HTTP's own processes and real sockets."""

from __future__ import annotations

import random
import threading

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import Error, connection

from core import event_log
from core.errors import Busy, DomainError
from tests.api_client import make_secret
from tests.conftest import Database
from tests.contracts.test_actions import cases
from tests.contracts.world import World
from tests.scenarios.centre import Follower, Program
from tests.servers import live_web

WRITERS = 8
CASES_EACH = 14
# They move the clock that all share, or wait for what no other may touch meanwhile.
ALONE = ("timers", "accounts.")


def write(number: int, faults: list[BaseException], done: list[str]) -> None:
    """Do one case after another; that another writer has the unit is expected, a database error isn't."""
    pick = random.Random(number)
    names = sorted(name for name in cases() if not any(word in name for word in ALONE))
    try:
        for name in pick.choices(names, k=CASES_EACH):
            try:
                cases()[name](World())
                done.append(name)
            except Busy as fault:
                faults.append(fault)
            except (DomainError, ObjectDoesNotExist, AssertionError, IndexError, StopIteration):
                continue
            except Error as fault:
                faults.append(fault)
    finally:
        connection.close()


@pytest.mark.timeout(180)
def test_eight_writers_of_every_action_leave_each_client_equal_to_its_board(fresh_database: Database) -> None:
    secrets = {"centre": make_secret(["board"]), "damkar": make_secret(["board", "units"], agency="DAMKAR")}
    faults: list[BaseException] = []
    done: list[str] = []
    with (
        live_web(fresh_database, processes=2) as web,
        Program(web.url, secrets["centre"]) as centre,
        Program(web.url, secrets["damkar"]) as damkar,
    ):
        followers = [Follower(web.live, centre, secrets["centre"]), Follower(web.live, damkar, secrets["damkar"])]
        for follower in followers:
            follower.open()
        writers = [threading.Thread(target=write, args=(number, faults, done)) for number in range(WRITERS)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        for follower in followers:
            follower.equals_its_board()
            follower.close()
    assert faults == []
    assert len(done) > WRITERS
    verdict = event_log.verify()
    assert verdict.bad is None, verdict
