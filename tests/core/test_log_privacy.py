"""No personal text and no secret in any log, whatever fails; logs are bounded. A site's: tests/launcher/test_up.py."""

import json
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg

from core import crashes
from core.errors import Conflict
from core.firing.server_clocks import ServerClock
from launcher import modes, processes
from tests.core.marked_texts import DIGITS, MARK, NAME, NARRATIVE, NOTE, PLACE, wait_for

ROOT = Path(__file__).parents[2]


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
    # A part also has what was written while it was read.
    assert all(20_000 <= path.stat().st_size < 30_000 for path in log.parent.glob("*.log.?"))


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
