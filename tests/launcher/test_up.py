"""A whole place under `up`: it comes up, stays up when its parts are killed, refuses a twin, and ends at once."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from launcher import instance, sandbox
from launcher.locks import is_held
from tests.core import marked_texts
from tests.core.marked_texts import DIGITS, MARK, NAME, NARRATIVE, PASSWORD, fail_in_the_database, knock, sessions
from tests.scenarios.kills import kill_under_writes

ROOT = Path(__file__).parents[2]
SCRIPTS = """() => performance.getEntriesByType("resource").map(one => one.name).filter(name => name.endsWith(".js"))"""


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


def is_well(place: sandbox.Sandbox) -> bool:
    """Whether the site reports that all of its parts are well."""
    try:
        return httpx.get(f"{place.url}healthz", timeout=5).status_code == 200
    except httpx.TransportError:
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


def test_a_page_of_a_site_is_a_few_files_and_shows_its_board(place, browser):
    page, errors = browser.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    wait_for(lambda: is_well(place))
    page.goto(f"{place.url}sign-in/")
    page.locator("button[name=person][value=supervisor]").click()
    page.wait_for_url("**/board/")
    page.locator("#live:not(.stale)").wait_for()
    page.locator("main [data-feed]:not([aria-busy])").wait_for()
    scripts = page.evaluate(SCRIPTS)
    page.close()
    assert 1 < len(scripts) < 30
    assert {name for name in scripts if "/static/js/" in name} == set()
    assert errors == []


@pytest.mark.long
def test_marked_texts_are_in_no_file_whatever_fails(place):
    knock(place)
    fail_in_the_database(place)
    killed = sessions(place, "app", 1)[0]
    pid = killed.info.backend_pid
    busy = threading.Thread(
        target=marked_texts.ignore, args=(killed, f"SELECT pg_sleep(60), '{NARRATIVE}', %s", DIGITS)
    )
    busy.start()
    at_work = "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND query LIKE '%%sleep%%'"
    with sessions(place, "app", 1)[0] as look:
        look.autocommit = True
        wait_for(lambda: look.execute(at_work, [pid]).fetchone())
    os.kill(pid, 9)  # PostgreSQL logs what a process that was killed had been running
    busy.join()
    killed.close()
    wait_for(lambda: "terminated by signal 9" in (place.state / "log" / "postgres.log").read_text())
    with httpx.Client(base_url=place.url, timeout=20) as client:
        client.post("sign-in/", data={"login": NAME, "password": PASSWORD})
    found = marked_texts.written(place.state)
    assert "log/postgres.log" in found
    assert "log/web-1.log" in found
    hits = [
        (path, line)
        for path, text in found.items()
        for line in text.splitlines()
        if MARK.lower() in line.lower() or DIGITS in line
    ]
    assert hits == []
    for secret in (place.state / "secrets").iterdir():
        text = secret.read_text().strip()
        assert [path for path, content in found.items() if text in content] == []
    wait_for(lambda: is_well(place))  # the database has started anew after the kill


def test_everything_below_the_folder_of_state_is_its_owners_alone(place):
    open_to_others = [
        path
        for path in place.state.rglob("*")
        if not path.is_symlink()
        and path.exists()
        and path.stat().st_mode & 0o077
        and path not in (place.state, place.state / "postgres")
        and not path.is_relative_to(place.state / "postgres" / "server-18")
        and path.name != "up.log"  # the terminal of this test
    ]
    assert open_to_others == []
    assert place.state.stat().st_mode & 0o066 == 0


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


@pytest.mark.timeout(600)
def test_killed_parts_come_back_by_themselves_and_nothing_acknowledged_is_lost(place):
    kill_under_writes(place, [("web-1", "web-2", "worker", "beat"), ("postgres", "valkey")])


@pytest.mark.long
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


@pytest.mark.long
def test_a_host_beyond_loopback_is_refused_while_the_shipped_password_still_works(place):
    done = up(place.environ, HOST="0.0.0.0")
    assert done.returncode != 0
    assert "shipped password" in done.stderr
    assert "dispatcher" in done.stderr
    assert instance.running(place.state) is None


@pytest.mark.long
def test_another_time_zone_than_the_centres_stops_the_start_and_names_the_page(place):
    done = up(place.environ, TIME_ZONE="America/New_York")
    assert done.returncode != 0
    assert instance.running(place.state) is None
    last = done.stderr.splitlines()[-1]
    assert "TIME_ZONE is America/New_York, but the centre's time zone is Asia/Jakarta" in last
    assert "/admin/accounts/centre/" in last


@pytest.mark.long
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
