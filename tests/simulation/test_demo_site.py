"""The demo of a place under `up`: it plays by itself, alone, lives through a dead database, and ends with the place."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from launcher.sandbox import Sandbox
from tests.conftest import ROOT
from tests.prepared_site import running_site

FIRST_MINUTE = 60.0


def wait_for(condition: Callable[[], bool], seconds: float = FIRST_MINUTE) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.3)


def is_alive(board: dict[str, Any]) -> bool:
    """Incidents at different stages, calls, units on their way."""
    stages = {incident["state"] for incident in board["incidents"]}
    return len(stages) > 1 and bool(board["calls"]) and any(position[4] for position in board["positions"])


def second_demo(place: Sandbox, **variables: str) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "manage.py", "demo")
    environ = {**place.environ, **variables}
    return subprocess.run(command, cwd=ROOT, env=environ, text=True, capture_output=True, check=False)


@contextmanager
def playing_place() -> Iterator[tuple[Sandbox, Callable[[], dict[str, Any]]]]:
    """A place with the demo, and a look at its board."""
    with running_site(SIGAP_DEMO="1", LANG="C") as place:
        key = place.manage("create_api_key", "watcher", "--scope", "board").splitlines()[-1]
        with httpx.Client(headers={"Authorization": f"Bearer {key}"}, timeout=20) as http:

            def board() -> dict[str, Any]:
                answer = http.get(f"{place.url}api/v1/board")
                return answer.json() if answer.is_success else {"incidents": [], "calls": [], "positions": [], "seq": 0}

            yield place, board


@pytest.mark.long
def test_a_training_place_plays_by_itself_alone_until_it_ends() -> None:
    with playing_place() as (place, board):
        wait_for(lambda: is_alive(board()))
        demo = place.pids()["demo"]
        refused = second_demo(place)
        assert (refused.returncode, refused.stderr.strip().count("\n")) == (2, 0)
        assert "plays here already" in refused.stderr
        place.process.terminate()
        assert place.process.wait(20) == 0
        assert not Path(f"/proc/{demo}").exists()


@pytest.mark.long
def test_the_demo_lives_through_a_dead_database() -> None:
    with playing_place() as (place, board):
        wait_for(lambda: is_alive(board()))
        demo = place.pids()["demo"]
        place.kill("postgres")
        wait_for(lambda: board()["seq"] > 0)
        seq = board()["seq"]
        wait_for(lambda: board()["seq"] > seq, 2 * FIRST_MINUTE)
        assert place.pids()["demo"] == demo
