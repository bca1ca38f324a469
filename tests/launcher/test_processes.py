"""Children of a launcher: restarted when they die, ended on request, never left behind."""

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from launcher.processes import LOG_BYTES, Program, Supervisor, shorten, start


def program(tmp_path: Path, code: str, **more) -> Program:
    return Program(
        name="child", command=(sys.executable, "-c", code), log=tmp_path / "child.log", environ=os.environ, **more
    )


def wait_for(condition, supervisor: Supervisor | None = None, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        if supervisor:
            supervisor.turn(0.02)
        else:
            time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def supervise(tmp_path):
    made = []

    def make(code: str, **more) -> tuple[Supervisor, list[str]]:
        lines: list[str] = []
        supervisor = Supervisor([program(tmp_path, code, **more)], say=lines.append, changed=lambda _: None)
        made.append(supervisor)
        return supervisor, lines

    yield make
    for supervisor in made:
        supervisor.end()


def test_a_killed_child_is_started_again_and_its_death_is_reported(supervise):
    supervisor, lines = supervise("import time; time.sleep(600)")
    supervisor.start()
    first = supervisor.pids()["child"]
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: supervisor.pids().get("child") not in {None, first}, supervisor)
    assert "SIGKILL" in lines[0]


def test_a_child_that_keeps_dying_is_started_ever_later_and_called_failing(supervise):
    supervisor, lines = supervise("raise SystemExit(7)")
    supervisor.start()
    wait_for(lambda: supervisor.failing() is not None, supervisor)
    delays = [float(line.split(" in ")[1].split(" s")[0]) for line in lines]
    assert delays == sorted(delays)
    assert delays[-1] > delays[0]
    assert "exit code 7" in lines[0]


def test_a_child_deaf_to_its_signal_is_killed_in_the_end(supervise, tmp_path):
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
    supervisor, _ = supervise(deaf)
    supervisor.start()
    pid = supervisor.pids()["child"]
    wait_for(lambda: "deaf" in (tmp_path / "child.log").read_text())
    supervisor.end()
    assert not alive(pid)


def test_stop_from_another_thread_ends_the_run(supervise):
    supervisor, _ = supervise("import time; time.sleep(600)")
    supervisor.start()
    pid = supervisor.pids()["child"]
    threading.Timer(0.1, supervisor.stop).start()
    supervisor.run()
    assert not alive(pid)


def test_children_die_with_a_launcher_that_is_killed(tmp_path):
    code = (
        "import os, sys, time; from pathlib import Path; from launcher.processes import Program, start\n"
        "sleep = (sys.executable, '-c', 'import time; time.sleep(600)')\n"
        f"p = Program('grandchild', sleep, Path({str(tmp_path)!r}) / 'g.log', os.environ)\n"
        "print(start(p).pid, flush=True); time.sleep(600)"
    )
    command = (sys.executable, "-c", code)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as parent:
        assert parent.stdout
        grandchild = int(parent.stdout.readline())
        assert alive(grandchild)
        parent.kill()
    wait_for(lambda: not alive(grandchild))


def test_a_program_that_is_missing_is_reported_and_tried_later(supervise, tmp_path):
    lines: list[str] = []
    missing = Program(name="ghost", command=("/no/such/program",), log=tmp_path / "ghost.log", environ=os.environ)
    supervisor = Supervisor([missing], say=lines.append, changed=lambda _: None)
    supervisor.start()
    assert supervisor.pids() == {}
    assert lines[0].startswith("ghost:")
    supervisor.end()


def test_output_goes_to_the_log_and_a_long_log_is_shortened(tmp_path):
    process = start(program(tmp_path, "print('hello')"))
    process.wait()
    log = tmp_path / "child.log"
    assert log.read_text() == "hello\n"
    with log.open("wb") as file:
        file.truncate(LOG_BYTES + 1)
    shorten(log)
    assert log.stat().st_size == 0
    assert log.with_suffix(".log.1").stat().st_size == LOG_BYTES


def test_on_a_full_disk_a_program_starts_and_no_older_part_of_its_log_is_lost(tmp_path, monkeypatch):
    log, older = tmp_path / "child.log", tmp_path / "child.log.1"
    older.write_text("older")
    with log.open("wb") as file:
        file.truncate(LOG_BYTES + 1)

    def fill(path: Path, _: bytes) -> None:
        path.touch()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", fill)
    for _ in range(2):
        assert start(program(tmp_path, "pass")).wait() == 0
    assert older.read_text() == "older"
    assert sorted(tmp_path.iterdir()) == [log, older]
