"""The bench command: what it finds, what it keeps, and that it really measures."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench.management.commands.bench import commit, cpu, names, needs_of
from bench.results import Load, Measure, Result, percentile, result_of
from launcher.connection import BASE_DIR

RESULT = Result(
    "sample",
    [
        Measure("throughput", "1/s", 70.0, 100.0, ">= 0.5 of the limit", True),
        Measure("late", "ms", 12.5, None, "<= 10", False),
        Measure("rows", "", 1000),
    ],
)


def test_what_is_kept_has_the_promised_form():
    kept = RESULT.as_json(commit="abc", cpu="two")
    assert {"name", "commit", "cpu", "limit", "ours", "ratio", "aim", "met"} <= kept.keys()
    assert (kept["limit"], kept["ours"], kept["ratio"]) == (100.0, 70.0, 0.7)
    assert kept["met"] is False, "one aim is missed"
    assert [measure["ratio"] for measure in kept["measures"]] == [0.7, None, None]
    assert result_of(json.loads(json.dumps(kept))) == RESULT


def test_the_table_shows_what_was_missed():
    lines = RESULT.table().splitlines()
    assert len(lines) == 4
    assert lines[1].split()[-1] == "yes"
    assert lines[2].split()[-1] == "NO"
    assert "1,000" in lines[3]


def test_figures_of_a_machine_that_others_use_are_marked():
    assert Load(0.1, 1.9, 2).line() == "load 0.10 before, 1.90 after, on 2 cores"
    busy = Load(1.5, 2.5, 2)
    assert not busy.quiet
    assert busy.line().endswith("NOT QUIET: read the ratios")


def test_percentiles_are_by_nearest_rank():
    values = list(range(100, 0, -1))
    assert percentile(values, 0.5) == 51
    assert percentile(values, 0.99) == 100
    assert percentile([7], 0.99) == 7


def test_every_bench_states_what_it_needs():
    assert "timers" in names()
    assert needs_of("timers") == "database"
    assert {needs_of(name) for name in names()} <= {"place", "database"}
    assert commit() is None or commit()
    assert cpu()


def environment_of(process: Path) -> bytes:
    try:
        return (process / "environ").read_bytes()
    except OSError:
        return b""


def processes_with(mark: Path) -> list[str]:
    """The command lines of all processes whose environment has the mark."""
    own = [path for path in Path("/proc").glob("[0-9]*") if str(mark).encode() in environment_of(path)]
    lines = [(path / "cmdline").read_bytes().replace(b"\0", b" ").decode() if path.exists() else "" for path in own]
    return [line for line in lines if line]


def wait_for(condition):
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.2)


def test_what_a_killed_program_started_is_ended_and_its_folder_removed(tmp_path):
    state = tmp_path / "state"
    (state / "run").mkdir(parents=True)
    program = f"""
import subprocess, sys
from pathlib import Path
from launcher.leftovers import ended_with_this_process
child = subprocess.Popen(["/bin/sh", "-c", "sleep 600 & sleep 600"], start_new_session=True)
with ended_with_this_process(Path({str(state)!r})) as end_with_us:
    end_with_us(child.pid)
    print("started", flush=True)
    sys.stdin.read()
"""
    environ = {**os.environ, "BENCH_MARK": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=BASE_DIR, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as started:
        assert started.stdout.readline()
        started.kill()
    wait_for(lambda: not processes_with(tmp_path))
    assert not state.exists()


@pytest.mark.long
@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("name", "ended_by"), [("storm", signal.SIGKILL), ("browser", signal.SIGTERM), ("timers", signal.SIGINT)]
)
def test_a_killed_bench_leaves_no_process_and_no_folder_behind(tmp_path, name, ended_by):
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SIGAP_")}
    environ |= {"SIGAP_HOME": str(tmp_path / "home"), "TMPDIR": str(tmp_path / "t"), "BENCH_MARK": str(tmp_path)}
    (tmp_path / "t").mkdir()
    tmp_path.chmod(0o755)
    bench = subprocess.Popen(
        [sys.executable, "manage.py", "bench", name, "--size", "5"], cwd=BASE_DIR, env=environ, start_new_session=True
    )
    try:
        wait_for(lambda: bench.poll() is not None or any("-m bench " in line for line in processes_with(tmp_path)))
        assert bench.poll() is None
        bench.send_signal(ended_by)
        bench.wait(60)
        wait_for(lambda: not processes_with(tmp_path))
        assert [path for path in (tmp_path / "t").iterdir() if path.name.startswith("sigap-")] == []
    finally:
        for process in Path("/proc").glob("[0-9]*"):
            if str(tmp_path).encode() in environment_of(process):
                os.kill(int(process.name), signal.SIGKILL)


@pytest.mark.long
@pytest.mark.timeout(700)
@pytest.mark.parametrize(
    ("name", "size", "what"),
    [
        pytest.param("timers", 300, "fired twice or never", id="every timer fires once"),
        pytest.param("intake", 20, "lost, doubled or refused", id="no call is lost or doubled"),
    ],
)
def test_a_bench_runs_and_nothing_is_lost_or_done_twice(tmp_path, name, size, what):
    out = tmp_path / f"{name}.json"
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SIGAP_")}
    environ["SIGAP_HOME"] = str(tmp_path / "home")
    words = ["bench", name, "--size", str(size), "--seconds", "2", "--json", str(out)]
    subprocess.run([sys.executable, "manage.py", *words], cwd=BASE_DIR, env=environ, check=True, timeout=600)
    kept = json.loads(out.read_text(encoding="utf-8"))
    wrong = [measure["ours"] for measure in kept["measures"] if what in measure["name"]]
    assert wrong
    assert not any(wrong)
