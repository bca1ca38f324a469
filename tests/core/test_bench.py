"""The bench command: what it finds, what it keeps, and that it really measures."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from bench.results import Measure, Result, percentile, result_of
from core.launcher.connection import BASE_DIR
from core.management.commands.bench import commit, cpu, names, needs_of

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


def test_percentiles_are_by_nearest_rank():
    values = list(range(100, 0, -1))
    assert percentile(values, 0.5) == 51
    assert percentile(values, 0.99) == 100
    assert percentile([7], 0.99) == 7


def test_every_bench_says_what_it_needs():
    assert "timers" in names()
    assert needs_of("timers") == "database"
    assert {needs_of(name) for name in names()} <= {"place", "database"}
    assert commit() is None or commit()
    assert cpu()


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
