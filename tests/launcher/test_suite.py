"""How `./sigap test` spreads the suite over processes."""

from __future__ import annotations

import os

import pytest

from launcher import suite
from launcher.bytecode import keep_bytecode


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})


@pytest.mark.parametrize(
    "options", [[], ["-x"], ["--long"], ["-k", "alarm"], ["tests/dispatch"], ["-q", "--durations=5"]]
)
def test_the_whole_suite_and_folders_go_to_one_process_more_than_cores(options):
    assert suite.spread(options, {})[:2] == ["-n", "3"]


@pytest.mark.parametrize(
    "options",
    [
        ["-n", "0"],
        ["-n3"],
        ["-p", "no:xdist"],
        ["--pdb"],
        ["-s"],
        ["tests/conftest.py"],
        ["tests/conftest.py::x", "-x"],
    ],
)
def test_a_file_and_whoever_decides_it_get_what_they_ask_for(options):
    assert suite.spread(options, {}) == []


def test_compiled_modules_are_kept_in_a_folder_where_none_are_to_stand_beside_the_sources(tmp_path):
    environ = {"PYTHONDONTWRITEBYTECODE": "1"}
    keep_bytecode(environ, tmp_path)
    assert environ == {"PYTHONPYCACHEPREFIX": str(tmp_path / "bytecode")}
    usual = {"PATH": "/bin"}
    keep_bytecode(usual, tmp_path)
    assert usual == {"PATH": "/bin"}


def test_servers_that_are_given_serve_one_process():
    assert suite.spread([], {"DATABASE_URL": "postgresql://somewhere"}) == []
