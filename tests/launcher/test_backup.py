"""Backup and restore: a whole copy while people write, nothing that only looks whole, and damage that is found."""

import errno
import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest
from django.db import connection as django_connection

from core import events
from launcher import checks, sandbox, servers
from launcher.backup import folder, making, restoring
from launcher.console_output import LauncherError
from launcher.locks import Lock
from tests.core.backups import environ_of, owner_url, quiet, wait_for
from tests.sample_events import SampleEvent

ROOT = Path(__file__).parents[2]


@pytest.fixture
def environ(fresh_database) -> dict[str, str]:
    """The environment of a migrated database of the test's own, in the role that makes backups."""
    return environ_of(fresh_database.name)


@pytest.fixture
def whole(environ, tmp_path) -> Path:
    """A whole backup."""
    making.make(environ, tmp_path / "whole", say=quiet)
    return tmp_path / "whole"


def write_events(count: int) -> None:
    """Append facts to the log, as actions do in the end."""
    for _ in range(count):
        with events.transaction():
            events.append(SampleEvent.TEST_WRITTEN, actor="system:test", subjects=["centre:1"])
    django_connection.close()


def test_a_backup_holds_data_and_manifest_and_keeps_secrets_apart(environ, whole):
    manifest = json.loads((whole / "manifest.json").read_text())
    assert manifest["counts"]["accounts_user"] > 0
    assert manifest["place"] == "training"
    assert manifest["versions"]["postgresql"]
    assert {path.name for path in whole.iterdir()} == {"database.dump", "manifest.json", "SHA256SUMS", "private"}
    assert {path.stat().st_mode & 0o777 for path in whole.rglob("*") if path.is_file()} == {0o600}
    assert {path.stat().st_mode & 0o777 for path in (whole, whole / "private")} == {0o700}
    kept = (whole / "private" / "secrets.env").read_text()
    assert environ["SECRET_KEY"] in kept
    for name in ("database.dump", "manifest.json"):
        assert environ["SECRET_KEY"].encode() not in (whole / name).read_bytes()
    shutil.rmtree(whole / "private")
    found = folder.check(whole)
    assert (found.faults, found.private) == ([], False)


def test_the_ordinary_tool_for_checksums_reads_them(whole):
    done = subprocess.run(("sha256sum", "--check", "--quiet", "SHA256SUMS"), cwd=whole, check=False)
    assert done.returncode == 0


@pytest.mark.parametrize(
    "name", ["database.dump", "manifest.json", "SHA256SUMS", "private/secrets.env", "private/SHA256SUMS"]
)
def test_a_damaged_file_is_found_and_named(whole, name):
    content = bytearray((whole / name).read_bytes())
    content[len(content) // 2] ^= 0x01
    (whole / name).write_bytes(content)
    faults = folder.check(whole).faults
    assert faults
    assert name.partition("/")[0] in " ".join(faults) or "SUMS" in name


@pytest.mark.parametrize("name", ["database.dump", "manifest.json", "SHA256SUMS", "private/settings.env"])
def test_a_missing_file_is_found(whole, name):
    (whole / name).unlink()
    assert folder.check(whole).faults


def test_a_folder_that_is_no_backup_is_one_line(tmp_path):
    for path in (tmp_path, tmp_path / "none", Path("/dev/null"), tmp_path / ("x" * 300)):
        assert len(folder.check(path).faults) == 1


def test_a_killed_backup_leaves_nothing_that_counts_as_whole_and_the_next_one_clears_it(environ, tmp_path):
    target = tmp_path / "kept" / "one"
    code = (
        "import os, sys, time; from pathlib import Path; from launcher.backup import folder, making\n"
        "folder.write_sums = lambda _: (print('almost', flush=True), time.sleep(600))\n"
        f"making.make(os.environ, Path({str(target)!r}), say=lambda _: None)"
    )
    with subprocess.Popen(
        (sys.executable, "-c", code), cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout.readline() == "almost\n"
        with pytest.raises(LauncherError, match="another backup"):
            making.make(environ, tmp_path / "other", say=quiet)
        with pytest.raises(LauncherError, match="another backup"):
            folder.remove_abandoned(folder.partial_path(target))
        run.kill()
    assert not target.exists()
    assert folder.check(folder.partial_path(target)).faults
    making.make(environ, target, say=quiet)
    assert folder.check(target).faults == []
    assert [path.name for path in target.parent.iterdir()] == ["one"]


def test_an_error_leaves_nothing_and_each_is_one_clear_line(environ, tmp_path, monkeypatch):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    (tmp_path / "file").touch()
    for target, line in (
        (tmp_path / "full", "not empty"),
        (tmp_path / "file", "no folder"),
        (tmp_path / "file" / "inside", "can't write"),
        (Path("/proc/sigap/one"), "can't write"),
    ):
        with pytest.raises(LauncherError, match=line) as caught:
            making.make(environ, target, say=quiet)
        assert len(str(caught.value).splitlines()) == 1
    with pytest.raises(LauncherError, match="can't be reached") as caught:
        making.make({**environ, "DATABASE_URL": "postgresql://a:hush@127.0.0.1:1/x"}, tmp_path / "one", say=quiet)
    assert "hush" not in str(caught.value)
    with pytest.raises(LauncherError, match="place holds no data: set SIGAP_PLACE"):
        making.make({**environ, "DATABASE_URL": owner_url("postgres")}, tmp_path / "one", say=quiet)
    with pytest.raises(LauncherError, match="the database failed: division by zero"), tools_session(environ) as owner:
        owner.execute("SELECT 1 / 0")
    monkeypatch.setattr(folder, "free_bytes", lambda _: 1000)
    with pytest.raises(LauncherError, match="no room"):
        making.make(environ, tmp_path / "one", say=quiet)
    assert sorted(path.name for path in tmp_path.iterdir() if "partial" in path.name or path.name == "one") == []


def test_a_disk_that_fills_up_while_it_is_written_is_one_clear_line(environ, tmp_path, monkeypatch):
    full = tmp_path / "pg_dump"
    full.write_text(
        "#!/bin/sh\necho 'pg_dump: error: could not write to output file: No space left on device' >&2; exit 1\n"
    )
    full.chmod(0o755)

    def fill(path: Path, _: str) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    for name, module, instead in (("program", making.tools, lambda _: full), ("write_private", folder, fill)):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, instead)
            with pytest.raises(LauncherError, match="no room for the backup"):
                making.make(environ, tmp_path / "one", say=quiet)
    assert list(tmp_path.iterdir()) == [full]


def test_a_file_that_does_not_reach_the_disk_is_an_error_and_leaves_nothing(tmp_path, monkeypatch):
    def fail(_: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(LauncherError, match="can't write"), folder.being_written(tmp_path / "one") as half:
        (half / "file").touch()
    assert list(tmp_path.iterdir()) == []


def test_a_migration_that_rewrites_a_table_meanwhile_waits_until_the_backup_is_made(environ, tmp_path, monkeypatch):
    run = making.tools.run

    def run_after_a_migration(*given) -> None:
        with tools_session(environ) as owner:
            owner.execute("SET lock_timeout = '50ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                owner.execute("ALTER TABLE accounts_user ALTER COLUMN is_active TYPE text")
        run(*given)

    monkeypatch.setattr(making.tools, "run", run_after_a_migration)
    assert making.make(environ, tmp_path / "one", say=quiet)["counts"]["accounts_user"] > 0


def test_what_is_written_meanwhile_is_in_it_whole_or_not_at_all(environ, tmp_path):
    write_events(20)
    ended = threading.Event()

    def write() -> None:
        while not ended.is_set():
            write_events(20)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        first = making.make(environ, tmp_path / "one", say=quiet)
        seq = first["event_log"]["seq"]
        with tools_session(environ) as owner:
            wait_for(lambda: owner.execute("SELECT max(seq) FROM core_event").fetchone()[0] > seq)
        second = making.make(environ, tmp_path / "two", say=quiet)
    finally:
        ended.set()
        writer.join()
    assert second["event_log"]["seq"] > first["event_log"]["seq"] >= 20
    for manifest in (first, second):
        assert manifest["counts"]["core_event"] == manifest["event_log"]["seq"]


def tools_session(environ) -> psycopg.Connection:
    return restoring.tools.session(environ)


def test_a_restore_brings_everything_back_and_refuses_a_folder_with_data(environ, tmp_path):
    write_events(50)
    making.make(environ, tmp_path / "one", say=quiet)
    home = tmp_path / "home"
    (home / "lost+found").mkdir(parents=True)  # the root of a file system is as good as an empty folder
    for path in (home, *home.parents):
        if path.stat().st_uid == os.geteuid() and path.is_relative_to("/tmp") and path != Path("/tmp"):
            path.chmod(path.stat().st_mode | 0o011)  # where PostgreSQL runs under another account
    there = {name: text for name, text in os.environ.items() if name not in {*sandbox.FOREIGN, "SECRET_KEY"}}
    there |= {"SIGAP_HOME": str(home)}
    command = (sys.executable, "manage.py", "restore", str(tmp_path / "one"))
    done = subprocess.run(command, cwd=ROOT, env=there, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    head = json.loads((tmp_path / "one" / "manifest.json").read_text())["event_log"]
    assert f"head {head['seq']}:{head['hash']}" in done.stderr
    assert "tables have the rows of the manifest" in done.stderr
    assert (home / "secrets" / "secret_key").read_text() == environ["SECRET_KEY"]
    assert not checks.restore_mark(home).exists()
    with servers.using({**there, "SIGAP_PLACE": "training"}, say=quiet, wait=True):
        with tools_session({**there, "SIGAP_PLACE": "training"}) as owner, pytest.raises(psycopg.Error):
            owner.execute("DELETE FROM core_event")  # append-only, as before
        with pytest.raises(LauncherError, match="holds data"):
            restoring.restore({**there}, tmp_path / "one", say=quiet)
    with pytest.raises(LauncherError, match="is of a training place"):
        restoring.restore({**there, "SIGAP_PLACE": "live"}, tmp_path / "one", say=quiet)


def test_a_restore_refuses_what_is_damaged_or_newer_and_makes_nothing(whole, tmp_path):
    there = {name: text for name, text in os.environ.items() if name not in sandbox.FOREIGN}
    there |= {"SIGAP_HOME": str(tmp_path / "home")}
    manifest = json.loads((whole / "manifest.json").read_text())
    manifest["migrations"]["core"] = "9999_of_next_year"
    (whole / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(LauncherError, match="damaged"):
        restoring.restore(there, whole, say=quiet)
    folder.write_sums(whole)
    with pytest.raises(LauncherError, match="newer Sigap"):
        restoring.restore(there, whole, say=quiet)
    assert not (tmp_path / "home" / "postgres").exists()


def test_a_database_in_use_and_the_secrets_of_its_place_stay_as_they_are(environ, whole, tmp_path):
    secret = tmp_path / "home" / "secrets" / "secret_key"
    secret.parent.mkdir(parents=True)
    secret.write_text("of the place")
    with pytest.raises(LauncherError, match="the database is not empty"):
        restoring.restore({**environ, "SIGAP_HOME": str(tmp_path / "home")}, whole, say=quiet)
    assert secret.read_text() == "of the place"
    assert not checks.restore_mark(tmp_path / "home").exists()


def test_a_restore_after_one_that_was_killed_waits_for_the_end_of_its_servers(whole, tmp_path, monkeypatch):
    there = {name: text for name, text in os.environ.items() if name not in sandbox.FOREIGN}
    there |= {"SIGAP_HOME": str(tmp_path / "home")}
    guard = Lock(tmp_path / "home" / "run" / "guard.lock")
    guard.take()
    checks.restore_mark(tmp_path / "home").touch()
    (tmp_path / "home" / "postgres").mkdir()
    monkeypatch.setattr(restoring, "SERVERS_END_SECONDS", 0)
    with pytest.raises(LauncherError, match="a program still uses the database"):
        restoring.restore(there, whole, say=quiet)
    assert (tmp_path / "home" / "postgres").exists()
    assert checks.restore_mark(tmp_path / "home").exists()
    guard.close()


def test_a_cluster_that_cannot_be_removed_keeps_the_mark_of_the_restore(whole, tmp_path, monkeypatch):
    there = {name: text for name, text in os.environ.items() if name not in sandbox.FOREIGN}
    there |= {"SIGAP_HOME": str(tmp_path / "home")}
    (tmp_path / "home" / "run").mkdir(parents=True)
    (tmp_path / "home" / "postgres").mkdir()
    checks.restore_mark(tmp_path / "home").touch()
    monkeypatch.setattr(restoring.shutil, "rmtree", lambda *_arguments, **_named: None)
    restoring._clear(there, tmp_path / "home")
    assert checks.restore_mark(tmp_path / "home").exists()
    with pytest.raises(LauncherError, match="remove it, then restore again"):
        restoring.restore(there, whole, say=quiet)


@pytest.mark.long
def test_a_difference_from_the_manifest_is_named(environ, whole):
    manifest = json.loads((whole / "manifest.json").read_text())
    manifest["counts"]["accounts_user"] += 1
    with pytest.raises(LauncherError, match="table accounts_user: "):
        restoring.compare(environ, manifest, say=quiet)
    manifest["event_log"] = {"seq": 10**9, "hash": "00" * 32}
    with pytest.raises(LauncherError, match="event log broken"):
        restoring.compare(environ, manifest, say=quiet)


def test_a_place_that_was_restored_by_half_does_not_start(tmp_path):
    checks.restore_mark(tmp_path).parent.mkdir()
    checks.restore_mark(tmp_path).touch()
    (line,) = checks.problems_at_start({"SIGAP_HOME": str(tmp_path), "PORT": "0"})
    assert "restore again" in line


# By the hour
