"""Backups by the hour, and the room on the disk."""

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from launcher import programs
from launcher.backup import folder, making, schedule
from launcher.console_output import LauncherError
from monitoring.health import machine
from tests.core.backups import environ_of, quiet, wait_for
from tests.prepared_site import running_site


@pytest.fixture
def environ(fresh_database) -> dict[str, str]:
    """The environment of a migrated database of the test's own, in the role that makes backups."""
    return environ_of(fresh_database.name)


@pytest.fixture
def whole(environ, tmp_path) -> Path:
    """A whole backup."""
    making.make(environ, tmp_path / "whole", say=quiet)
    return tmp_path / "whole"


@pytest.fixture
def scheduled(environ, tmp_path, settings, monkeypatch) -> dict[str, str]:
    """A place that makes backups by the hour, in a folder of state of its own."""
    monkeypatch.setattr(os, "nice", lambda _: 0)  # the test's own process keeps its rank
    (tmp_path / "kept").mkdir()
    settings.SIGAP_HOME, settings.BACKUP_DIR, settings.BACKUP_EVERY = tmp_path / "home", str(tmp_path / "kept"), 1
    return {
        **environ,
        "SIGAP_HOME": str(tmp_path / "home"),
        "BACKUP_DIR": str(tmp_path / "kept"),
        "BACKUP_EVERY": "1",
        "BACKUP_KEEP": "2",
    }


def test_scheduled_backups_are_due_by_the_hour_and_the_oldest_go(scheduled, tmp_path):
    schedule.begin(scheduled)
    assert schedule.seconds_until_due(scheduled) == schedule.AFTER_START_SECONDS
    for day in ("01", "02"):
        shutil.copytree(schedule.run(scheduled, say=quiet), tmp_path / "kept" / f"sigap-training-202001{day}T000000Z")
        shutil.rmtree(max((tmp_path / "kept").iterdir()))
    (tmp_path / "kept" / "of somebody else").mkdir()
    (tmp_path / "kept" / ".sigap-training-20200101T000000Z.partial").mkdir()
    newest = schedule.run(scheduled, say=quiet)
    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == [
        "of somebody else", "sigap-training-20200102T000000Z", newest.name
    ]  # fmt: skip
    assert schedule.seconds_until_due(scheduled) > 3500
    part = machine.backup()
    assert part.ok
    assert part.figures["last_success_seconds"] < 600


def test_a_schedule_that_fails_is_tried_again_and_health_is_degraded_after_two_intervals(
    scheduled, tmp_path, monkeypatch
):
    schedule.begin(scheduled)
    (tmp_path / "kept").rmdir()
    with pytest.raises(LauncherError, match="mount the disk"):
        schedule.run(scheduled, say=quiet)
    assert not (tmp_path / "kept").exists()
    assert 0 < schedule.seconds_until_due(scheduled) <= schedule.RETRY_SECONDS
    assert machine.backup().ok
    now = time.time()
    monkeypatch.setattr(machine.time, "time", lambda: now + 2 * 3600 + 60)
    assert not machine.backup().ok
    assert "none has been made" in machine.backup().figures["message"]


def test_a_scheduled_backup_that_was_killed_is_tried_again_after_ten_minutes(scheduled, monkeypatch):
    def kill(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(making, "make", kill)
    with pytest.raises(KeyboardInterrupt):
        schedule.run(scheduled, say=quiet)
    assert schedule.RETRY_SECONDS - 60 < schedule.seconds_until_due(scheduled) <= schedule.RETRY_SECONDS


def test_a_removal_that_was_killed_leaves_a_partial_one_that_goes_before_the_next_backup(
    scheduled, whole, tmp_path, monkeypatch
):
    old = tmp_path / "kept" / "sigap-training-20200101T000000Z"
    shutil.copytree(whole, old)

    def kill(_: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(folder.shutil, "rmtree", kill)
        with pytest.raises(KeyboardInterrupt):
            schedule.prune(tmp_path / "kept", "training", 0)
    assert list((tmp_path / "kept").iterdir()) == [folder.partial_path(old)]
    monkeypatch.setattr(folder, "free_bytes", lambda _: 1000)
    with pytest.raises(LauncherError, match="no room"):
        schedule.run(scheduled, say=quiet)
    assert list((tmp_path / "kept").iterdir()) == []


def test_without_a_folder_nothing_is_scheduled_and_health_is_well(settings):
    settings.BACKUP_DIR = ""
    assert machine.backup().ok
    assert schedule.wanted({}) is None


class _Ended(Exception):
    """The process of the test is over."""


def test_the_backup_process_of_a_container_makes_one_when_one_is_due(scheduled, tmp_path, monkeypatch):
    run = subprocess.run

    def once(*command, **named):
        assert run(*command, **named).returncode == 0
        raise _Ended

    monkeypatch.setattr(programs, "keep_private", lambda: None)
    monkeypatch.setattr(schedule, "AFTER_START_SECONDS", 0.0)
    monkeypatch.setattr(programs.subprocess, "run", once)
    with pytest.raises(_Ended):
        programs.main("backup", scheduled)
    (made,) = (tmp_path / "kept").iterdir()
    assert folder.check(made).faults == []
    assert machine.backup().figures["last_success_seconds"] is not None
    with pytest.raises(LauncherError, match="BACKUP_DIR is not set"):
        programs.main("backup", {**scheduled, "BACKUP_DIR": ""})


def test_the_containers_have_a_backup_process_with_the_programs_of_their_database():
    compose = (Path(programs.__file__).parents[1] / "docker-compose.yml").read_text(encoding="utf-8")
    image = (Path(programs.__file__).parents[1] / "Dockerfile").read_text(encoding="utf-8")
    service = compose.partition("\n  backup:\n")[2].partition("\n\n")[0]
    assert '"launcher.programs", "backup"' in service
    assert "DATABASE_OWNER_URL" in service
    assert re.findall(r"BACKUP_DIR: (/[\w/]+)", compose) == re.findall(r"backups}:(/[\w/]+)", service)
    assert re.findall(r"image: postgres:(\d+)", compose) == re.findall(r"postgresql-client-(\d+)", image)


@pytest.mark.long
def test_a_running_place_makes_backups_by_itself(tmp_path):
    with running_site(BACKUP_DIR=str(tmp_path), LANG="C") as place:
        wait_for(lambda: any(path.name.startswith("sigap-training-") for path in tmp_path.iterdir()), 120)
        (made,) = tmp_path.iterdir()
        assert folder.check(made).faults == []
        place.process.send_signal(signal.SIGTERM)
        assert place.process.wait(20) == 0


# Room


def test_little_free_space_degrades_health_with_a_clear_line(settings, tmp_path):
    settings.SIGAP_HOME = tmp_path
    settings.DISK_FREE_PERCENT, settings.DISK_FREE_MB = 0, 0
    assert machine.disk().ok
    settings.DISK_FREE_MB = 10**9
    part = machine.disk()
    assert not part.ok
    assert "make room" in part.figures["message"]
    settings.DISK_FREE_PERCENT, settings.DISK_FREE_MB = 100, 0
    assert not machine.disk().ok
