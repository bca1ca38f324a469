"""A whole place under `up`: it comes up, stays up when its parts are killed, refuses a twin, and ends at once."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from launcher import instance, sandbox, servers
from launcher.locks import is_held

ROOT = Path(__file__).parents[2]


def wait_for(condition, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def answers(place: sandbox.Sandbox) -> bool:
    """Whether a web process answers; what the parts' health is, is another test's."""
    try:
        with urllib.request.urlopen(f"{place.url}healthz", timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def up(environ, **variables: str) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "manage.py", "up")
    return subprocess.run(command, cwd=ROOT, env={**environ, **variables}, text=True, capture_output=True, check=False)


@pytest.fixture(scope="module")
def place() -> Iterator[sandbox.Sandbox]:
    with sandbox.running_place(LANG="C") as running:
        yield running


def test_every_part_runs_and_the_place_answers(place):
    wait_for(lambda: set(place.pids()) == {"web-1", "web-2", "worker", "beat", "postgres", "valkey"})
    assert answers(place)


def test_an_address_that_a_client_only_claims_does_not_evade_the_sign_in_limit(place):
    with httpx.Client(base_url=place.url, timeout=20) as browser:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.get("/sign-in/").text)
        words = {"login": "auditor", "password": "guess", "csrfmiddlewaretoken": token[1]}
        tries = [
            browser.post("/sign-in/", data=words, headers={"X-Forwarded-For": f"9.9.9.{number}"}).status_code
            for number in range(6)
        ]
    assert tries == [400] * 5 + [429]


def test_a_second_up_on_the_same_folder_names_the_first_and_fails(place):
    done = up(place.environ)
    assert done.returncode != 0
    assert place.url in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_port_that_is_taken_is_one_clear_line(place, tmp_path):
    port = place.url.rsplit(":", 1)[1].strip("/")
    done = up(place.environ, SIGAP_HOME=str(tmp_path), PORT=port)
    assert done.returncode != 0
    assert f"127.0.0.1:{port}" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("TIME_ZONE", "Mars/Olympus"),
        ("SIGAP_PLACE", "attic"),
        ("SIGAP_WEB_PROCESSES", "many"),
        ("REDIS_URL", "http://x"),
    ],
)
def test_a_bad_value_stops_the_start_with_one_clear_line(place, tmp_path, name, bad):
    tmp_path.chmod(0o755)
    done = up(place.environ, SIGAP_HOME=str(tmp_path), **{name: bad})
    assert done.returncode != 0
    assert name in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("parts", [("web-1", "web-2", "worker", "beat"), ("postgres", "valkey")], ids=" ".join)
def test_killed_parts_come_back_by_themselves(place, parts):
    killed = {part: place.kill(part) for part in parts}
    wait_for(lambda: not {(part, place.pids().get(part)) for part in parts} & set(killed.items()))
    wait_for(lambda: set(parts) <= set(place.pids()))
    wait_for(lambda: servers.is_ready(place.state, ("postgres", "valkey")))
    wait_for(lambda: answers(place))


def test_a_command_uses_the_running_servers_and_leaves_them_running(place):
    before = place.pids()
    place.manage("showmigrations", "--plan")
    after = place.pids()
    assert (after["postgres"], after["valkey"]) == (before["postgres"], before["valkey"])


def test_sigterm_ends_everything(place):
    pids = place.pids().values()
    place.process.send_signal(signal.SIGTERM)
    assert place.process.wait(20) == 0
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]
    assert instance.running(place.state) is None
    assert not is_held(place.state / "run" / "guard.lock")
    with socket.socket() as client:
        assert client.connect_ex(("127.0.0.1", int(place.url.rsplit(":", 1)[1].strip("/")))) != 0


def test_a_host_beyond_loopback_is_refused_while_the_shipped_password_still_works(place):
    done = up(place.environ, HOST="0.0.0.0")
    assert done.returncode != 0
    assert "shipped password" in done.stderr
    assert "dispatcher" in done.stderr
    assert instance.running(place.state) is None


def test_another_time_zone_than_the_centres_stops_the_start_and_names_the_page(place):
    done = up(place.environ, TIME_ZONE="America/New_York")
    assert done.returncode != 0
    assert instance.running(place.state) is None
    last = done.stderr.splitlines()[-1]
    assert "TIME_ZONE is America/New_York, but the centre's time zone is Asia/Jakarta" in last
    assert "/admin/accounts/centre/" in last


def test_killing_up_itself_leaves_nothing_behind(place):
    environ = {**os.environ, **place.environ}
    with subprocess.Popen(
        (sys.executable, "manage.py", "up"), cwd=ROOT, env=environ, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    ) as process:
        wait_for(lambda: (at_work := instance.running(place.state)) is not None and at_work.ready)
        pids = place.pids().values()
        process.kill()
    wait_for(lambda: not [pid for pid in pids if Path(f"/proc/{pid}").exists()])
    assert not is_held(place.state / "run" / "up.lock")
