"""No personal text and no secret in any log, whatever fails; logs are their owner's alone, and bounded."""

import contextlib
import json
import os
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from core import crashes
from core.errors import Conflict
from core.firing.server_clocks import ServerClock
from launcher import connection, modes, processes, sandbox
from tests.prepared_site import running_site

ROOT = Path(__file__).parents[2]
MARK = "Zxqv"
NAME, NARRATIVE, PLACE, NOTE = f"{MARK}nama", f"{MARK}narasi", f"{MARK}tempat", f"{MARK}catatan"
SESSION, KEY, PASSWORD = f"{MARK}sesi", f"{MARK}kunci.{MARK}rahasia", f"{MARK}sandi"
DIGITS = "08127770001"


@pytest.fixture(scope="module")
def place():
    with running_site(LANG="C") as running:
        yield running


def wait_for(condition, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def written(state: Path) -> dict[str, str]:
    """Every file of the folder of state that is no database, no secret and no static file, by its path."""
    kept_apart = {"postgres", "secrets", "static"}
    files = [path for path in state.rglob("*") if path.is_file() and path.relative_to(state).parts[0] not in kept_apart]
    files += [path for path in (state / "postgres").glob("*") if path.is_file()]
    cluster = state / "postgres" / "data"
    files += [path for pattern in ("log/*", "*.log", "pg_log/*") for path in cluster.glob(pattern)]
    return {str(path.relative_to(state)): path.read_text(encoding="utf-8", errors="replace") for path in files}


def sessions(place: sandbox.Sandbox, role: connection.Role, count: int) -> list[psycopg.Connection]:
    found = connection.database(place.environ, role)
    return [
        psycopg.connect(
            host=found["HOST"], port=found["PORT"], user=found["USER"], password=found["PASSWORD"], dbname=found["NAME"]
        )
        for _ in range(count)
    ]


def knock(place: sandbox.Sandbox) -> None:
    """Send marked texts through every way in, most of them refused."""
    headers = {"Authorization": f"Bearer {KEY}", "Cookie": f"sessionid={SESSION}"}
    call = {"number": DIGITS, "name": NAME, "narrative": NARRATIVE, "location": {"text": PLACE}, "text": NOTE}
    with httpx.Client(base_url=place.url, timeout=20) as client:
        for path in ("incidents", "calls", "telephony/events", "positions", "units/DMK1/status", "aml", "notes"):
            client.post(f"api/v1/{path}", json=call, headers=headers)
            client.post(f"api/v1/{path}?q={NARRATIVE}&number={DIGITS}", content=f'{{"text": "{NOTE}', headers=headers)
            client.post(f"api/v1/{path}", content=b"\xff\xfe" + NARRATIVE.encode(), headers=headers)
            client.get(f"api/v1/{path}/{NAME}/{DIGITS}", headers=headers)
        client.get(f"/{PLACE}/{DIGITS}?q={NARRATIVE}")
        client.get("/healthz", headers={"Host": f"{NAME}.example"})
        client.get(
            "/", headers={"Host": f"{NAME}_..example", "Referer": f"http://{PLACE}/", "Origin": f"http://{NAME}"}
        )
        client.request(f"{MARK.upper()}", "/")
        page = client.get("sign-in/")
        token = page.text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
        for username in ("dispatcher", NAME):
            words = {"login": username, "password": PASSWORD, "csrfmiddlewaretoken": token}
            client.post("sign-in/", data=words, headers={"Referer": str(page.url)})
        client.post("sign-in/", data={"login": NAME, "password": PASSWORD})
        signed = {"login": "calltaker", "password": "sigap-demo", "csrfmiddlewaretoken": token}
        client.post("sign-in/", data=signed)
        ours = {"X-CSRFToken": client.cookies.get("csrftoken", ""), "Referer": place.url}
        at = {"text": PLACE, "lat": -7.0085, "lng": 113.862}
        opened = {"type": "F01", "location": at, "narrative": NARRATIVE, "callback_number": DIGITS, "caller_name": NAME}
        assert client.post("api/v1/incidents", json=opened, headers=ours).status_code == 201
        assert client.post("api/v1/calls", json={"number": DIGITS}, headers=ours).status_code == 201
        for path in ("incidents", "calls"):
            client.post(f"api/v1/{path}", json={**call, "type": f"{MARK}\x00", "location": {"lat": NAME}}, headers=ours)
            client.post(f"api/v1/{path}", content=f'{{"narrative": "{NARRATIVE}', headers=ours)
        client.get(f"api/v1/places?q={PLACE}%00", headers=ours)


def fail_in_the_database(place: sandbox.Sandbox) -> None:
    """Break a constraint, a type, a deadlock and a statement's time, with marked values."""
    one, other, third = sessions(place, "app", 3)
    for statement in (
        f"INSERT INTO accounts_user SELECT * FROM accounts_user WHERE '{NAME}' <> ''",
        f"SELECT '{NARRATIVE}'::int",
        f"SELECT '{NOTE}'::jsonb",
        f"SELECT '{PLACE}' FROM {NAME}",
        f"SELECT pg_terminate_backend(0), '{NOTE}' WHERE 1 / 0 = 1",
        f"SET statement_timeout = '50ms'; SELECT pg_sleep(5), '{NARRATIVE}'",
        f"DO $$ BEGIN RAISE EXCEPTION '{NARRATIVE} {DIGITS}'; END $$",
        f"DO $$ BEGIN RAISE WARNING '{NARRATIVE} {DIGITS}'; END $$",
    ):
        with contextlib.suppress(psycopg.Error):
            third.execute(statement)
        third.rollback()
    lock = f"UPDATE units_unit SET callsign = callsign WHERE callsign = %s AND '{NAME}' <> '{DIGITS}'"
    first, second = (row[0] for row in one.execute("SELECT callsign FROM units_unit ORDER BY callsign LIMIT 2"))
    one.rollback()
    one.execute(lock, [first])
    other.execute(lock, [second])
    third.execute("SET lock_timeout = '50ms'")
    _ignore(third, lock, first)
    waits = threading.Thread(target=lambda: _ignore(other, lock, first))
    waits.start()
    _ignore(one, lock, second)
    waits.join()
    for session in (one, other, third):
        session.close()


def _ignore(session: psycopg.Connection, statement: str, value: str) -> None:
    try:
        session.execute(statement, [value])
    except psycopg.Error:
        with contextlib.suppress(psycopg.Error):
            session.rollback()


def test_marked_texts_are_in_no_file_whatever_fails(place):
    knock(place)
    fail_in_the_database(place)
    killed = sessions(place, "app", 1)[0]
    pid = killed.info.backend_pid
    busy = threading.Thread(target=_ignore, args=(killed, f"SELECT pg_sleep(60), '{NARRATIVE}', %s", DIGITS))
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
    found = written(place.state)
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


def test_the_clock_of_a_server_that_reaches_no_database_logs_nothing_of_its_text(caplog, monkeypatch):
    clock = ServerClock("web@test")

    def fail() -> None:
        clock.stop()
        raise psycopg.OperationalError(f'password authentication failed for user "{NAME}"')

    monkeypatch.setattr(clock, "look", fail)
    clock.start()
    wait_for(lambda: any(record.getMessage() == "server_clock_without_database" for record in caplog.records))
    assert [record.error for record in caplog.records if hasattr(record, "error")] == ["OperationalError"]
    assert MARK not in str([vars(record) for record in caplog.records])


def test_what_was_open_before_is_closed_at_the_start(tmp_path, monkeypatch):
    for name in ("log", "run", "snapshots"):
        (tmp_path / name).mkdir(mode=0o777)
        (tmp_path / name / "file").touch(mode=0o666)
        (tmp_path / name / "file").chmod(0o666)
        (tmp_path / name).chmod(0o777)
    (tmp_path / "link").symlink_to("/etc/passwd")
    before = Path("/etc/passwd").stat().st_mode
    tmp_path.chmod(0o755)
    (tmp_path / "lost+found").mkdir(mode=0o700)
    entries = Path.iterdir

    def entries_of_ours(path: Path) -> Iterator[Path]:
        if path.name == "lost+found":  # root's, at the root of a file system
            raise PermissionError
        return entries(path)

    monkeypatch.setattr(Path, "iterdir", entries_of_ours)
    modes.tighten(tmp_path)
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path, *tmp_path.iterdir()) if path.is_dir()} == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("*/file")} == {0o600}
    assert Path("/etc/passwd").stat().st_mode == before


def test_a_log_that_grows_is_parted_within_seconds_and_the_parts_are_few(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "LOG_BYTES", 20_000)
    monkeypatch.setattr(processes, "LOOK_SECONDS", 0.05)
    code = "import sys, time\nwhile True: print('x' * 999, flush=True); time.sleep(0.002)"
    log = tmp_path / "log" / "child.log"
    supervisor = processes.Supervisor(
        [processes.Program("child", (sys.executable, "-c", code), log, os.environ)],
        say=lambda _: None,
        changed=lambda _: None,
    )
    running = threading.Thread(target=lambda: (supervisor.start(), supervisor.run()))
    running.start()
    oldest = log.with_name(f"child.log.{processes.LOG_PARTS}")
    wait_for(oldest.exists)
    seen = oldest.stat().st_mtime_ns
    wait_for(lambda: oldest.exists() and oldest.stat().st_mtime_ns != seen)
    supervisor.stop()
    running.join()
    assert len(list(log.parent.iterdir())) == 1 + processes.LOG_PARTS
    assert {path.stat().st_size for path in log.parent.glob("*.log.?")} == {20_000}


def logged(tmp_path: Path, code: str) -> list[dict]:
    """What a process of the place writes: each line in the log's form."""
    environ = {**os.environ, "SIGAP_LOGGED": "1", "DJANGO_SETTINGS_MODULE": "config.settings", "LOG_LEVEL": "INFO"}
    environ.pop("SIGAP_TEST_CLOCK", None)
    command = (sys.executable, "-c", f"import django; django.setup(); import logging\n{code}")
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_what_ends_a_process_or_a_library_logs_is_in_the_logs_form_without_its_text(tmp_path):
    lines = logged(
        tmp_path,
        f"""
import threading, warnings, asyncio, gc
class Bad:
    def __del__(self): raise RuntimeError("{NOTE}")
thread = threading.Thread(target=lambda: int("{NARRATIVE}")); thread.start(); thread.join()
Bad(); gc.collect()
warnings.warn("{PLACE}")
logging.getLogger("uvicorn.error").error("Exception in ASGI application %s", "{NOTE}", exc_info=KeyError("{NAME}"))
logging.getLogger("asyncio").error("Task exception was never retrieved\\nfuture: <Task exception=ValueError('{NAME}')>")
given = {{"name": "core.tick", "exc": "{NAME}"}}
logging.getLogger("celery.app.trace").error("Task %(name)s raised: %(exc)s", given, extra={{"data": "{NOTE}"}})
logging.getLogger("psycopg.pool").warning("error connecting in %r: %s", "pool-1", OSError(2, "{NOTE}", "{PLACE}"))
logging.getLogger("core").warning("long", extra={{"text": "y" * 5000, "many": list(range(500))}})
logging.getLogger("core").error("%s %s", "one")
raise ValueError("{NARRATIVE}") from KeyError("{NAME}")
""",
    )
    text = json.dumps(lines)
    assert MARK not in text
    events = [line["event"] for line in lines]
    assert "thread_crashed" in events
    assert "unraisable" in events
    assert events[-1] == "crashed"
    assert lines[-1]["exception"].endswith("KeyError")
    assert "ValueError\ncaused by\n" in lines[-1]["exception"]
    assert any("FileNotFoundError: ENOENT" in event for event in events)
    long = next(line for line in lines if line["event"] == "long")
    assert len(long["text"]) < 600
    assert len(long["many"]) <= 50


def test_an_error_is_described_by_its_codes_alone():
    class Violated(psycopg.errors.UniqueViolation):
        pass

    assert crashes.described(ValueError(NAME)) == "ValueError"
    assert crashes.described(Violated(NAME)) == "Violated: 23505"
    assert crashes.described(PermissionError(13, NAME, PLACE)) == "PermissionError: EACCES"
    assert crashes.described(Conflict("number_wrong", number=DIGITS)) == "Conflict: number_wrong"
