"""The embedded servers: shared by whoever uses them, restarted when killed, ended with the last user."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import kombu
import psycopg
import pytest
import redis

from launcher import connection, servers, valkey
from launcher.console_output import LauncherError
from launcher.locks import is_held

ROOT = Path(__file__).parents[2]


def wait_for(condition, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def environ(tmp_path_factory) -> dict[str, str]:
    """An environment whose state folder no other test uses; its name has a blank, as people's folders do."""
    home = tmp_path_factory.mktemp("a home")
    for folder in (home, *home.parents):
        if folder.stat().st_uid == os.geteuid() and folder.is_relative_to("/tmp") and folder != Path("/tmp"):
            folder.chmod(folder.stat().st_mode | 0o011)  # where PostgreSQL runs under another account
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    return {**kept, "SIGAP_HOME": str(home)}


@pytest.fixture
def lease(environ):
    with servers.using(environ, say=lambda _: None, wait=True) as lease:
        yield lease


def connect(environ, role: connection.Role) -> psycopg.Connection:
    found = connection.database(environ, role)
    return psycopg.connect(
        host=found["HOST"],
        port=found["PORT"],
        user=found["USER"],
        password=found["PASSWORD"],
        dbname=found["NAME"],
        autocommit=True,
    )


def answers(environ) -> bool:
    try:
        with connect(environ, "app") as database:
            database.execute("SELECT 1")
    except psycopg.OperationalError:
        return False
    return valkey.is_ready(Path(environ["SIGAP_HOME"]))


def test_the_application_role_has_its_time_limits_and_no_more_rights(environ, lease):
    with connect(environ, "app") as database:
        limits = database.execute(
            "SELECT current_setting('lock_timeout'), current_setting('statement_timeout'), "
            "current_setting('idle_in_transaction_session_timeout')"
        ).fetchone()
        assert limits == ("3s", "15s", "5s")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            database.execute("CREATE TABLE mine ()")
        assert database.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        ).fetchone() == (False, False, False)


def test_what_the_owner_makes_the_application_may_use(environ, lease):
    with connect(environ, "owner") as owner, connect(environ, "app") as app:
        owner.execute("CREATE TABLE IF NOT EXISTS shared (id bigint GENERATED ALWAYS AS IDENTITY, word text)")
        app.execute("INSERT INTO shared (word) VALUES ('x')")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("DROP TABLE shared")


def test_the_cluster_has_checksums_the_builtin_order_and_real_syncing(environ, lease):
    with connect(environ, "app") as database:
        for name, value in (("data_checksums", "on"), ("fsync", "on"), ("listen_addresses", "")):
            assert database.execute("SELECT current_setting(%s)", [name]).fetchone() == (value,)
        ordered = database.execute("SELECT string_agg(w, ' ' ORDER BY w) FROM unnest(ARRAY['b', 'Z', 'a']) w")
        assert ordered.fetchone() == ("Z a b",)


def test_nobody_signs_in_without_a_password(environ, lease):
    found = connection.database(environ, "app")
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(host=found["HOST"], user="postgres", dbname="postgres", password="")


def test_passwords_are_readable_by_their_owner_alone(environ, lease):
    folder = Path(environ["SIGAP_HOME"]) / "secrets"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_killed_servers_come_back_with_what_was_committed(environ, lease):
    with connect(environ, "owner") as database:
        database.execute("CREATE TABLE IF NOT EXISTS kept (word text)")
        database.execute("INSERT INTO kept VALUES ('acknowledged')")
    before = servers.running(Path(environ["SIGAP_HOME"]))
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)
    wait_for(lambda: answers(environ))
    with connect(environ, "owner") as database:
        assert database.execute("SELECT word FROM kept").fetchone() == ("acknowledged",)
    assert not set(before.values()) & set(servers.running(Path(environ["SIGAP_HOME"])).values())


def test_a_killed_guard_leaves_no_server_behind_and_the_next_join_starts_anew(environ, lease):
    home = Path(environ["SIGAP_HOME"])
    guard, pids = servers.guard_pid(home), servers.running(home)
    assert guard
    os.kill(guard, signal.SIGKILL)
    wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids.values()))
    lease.join()
    assert answers(environ)
    assert servers.guard_pid(home) != guard


def test_a_second_program_shares_the_servers_and_they_end_with_the_last(environ):
    home = Path(environ["SIGAP_HOME"])
    first = servers.Lease(environ, say=lambda _: None)
    second = servers.Lease(environ, say=lambda _: None)
    first.join()
    pids = servers.running(home)
    second.join()
    assert servers.running(home) == pids
    first.leave(wait=True)
    assert answers(environ)
    second.leave(wait=True)
    assert not is_held(home / "run" / "guard.lock")
    assert servers.running(home) == {}


def test_the_last_user_waits_for_servers_whose_guard_is_slow(environ):
    home = Path(environ["SIGAP_HOME"])
    lease = servers.Lease(environ, say=lambda _: None)
    lease.join()
    pids = servers.running(home).values()
    guard = servers.guard_pid(home)
    assert guard
    os.kill(guard, signal.SIGSTOP)
    leaving = threading.Thread(target=lease.leave, kwargs={"wait": True})
    leaving.start()
    try:
        leaving.join(1)
        assert leaving.is_alive()
    finally:
        os.kill(guard, signal.SIGCONT)
        leaving.join()
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]


def test_servers_end_when_their_only_user_is_killed(environ):
    home = Path(environ["SIGAP_HOME"])
    code = (
        "import os, time; from launcher import servers\n"
        "with servers.using(os.environ, say=print): print('ready', flush=True); time.sleep(600)"
    )
    command = (sys.executable, "-c", code)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environ) as user:
        assert user.stdout
        assert user.stdout.readline() == "ready\n"
        user.kill()
    wait_for(lambda: not is_held(home / "run" / "guard.lock"))
    assert servers.running(home) == {}


def test_programs_that_start_at_once_get_one_pair_of_servers(environ):
    code = (
        "import os, sys, time; from pathlib import Path; from launcher import servers\n"
        "with servers.using(os.environ, say=lambda _: None):\n"
        "    print(servers.running(Path(os.environ['SIGAP_HOME'])), flush=True); sys.stdin.read()"
    )
    users = [
        subprocess.Popen(
            (sys.executable, "-c", code),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=environ,
        )
        for _ in range(3)
    ]
    seen = {user.stdout.readline() for user in users if user.stdout}
    assert len(seen) == 1
    assert "postgres" in seen.pop()
    for user in users:
        user.communicate()
        assert user.returncode == 0


def test_the_addresses_given_to_programs_reach_valkey(environ, lease):
    with redis.Redis.from_url(connection.redis_url(environ)) as client:
        assert client.ping()
    with kombu.Connection(connection.broker_url(environ)) as broker, broker.SimpleQueue("a queue") as queue:
        queue.put("word")
        assert queue.get(timeout=5).payload == "word"


def test_given_urls_leave_nothing_to_embed(tmp_path):
    given = {"DATABASE_URL": "postgresql://a@b/c", "REDIS_URL": "redis://b", "SIGAP_HOME": str(tmp_path / "none")}
    with servers.using(given, say=lambda _: None) as lease:
        assert lease.guard_pid() is None
    assert not (tmp_path / "none").exists()


def test_a_state_folder_that_cannot_be_made_is_one_clear_line(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(LauncherError, match="SIGAP_HOME"), servers.using({"SIGAP_HOME": str(blocked / "x")}, say=print):
        pass


def test_a_cluster_of_another_version_is_refused_with_the_fix(environ):
    version = Path(environ["SIGAP_HOME"]) / "postgres" / "data" / "PG_VERSION"
    right = version.read_text()
    version.write_text("12\n")
    try:
        with pytest.raises(LauncherError, match="backup"), servers.using(environ, say=print):
            pass
    finally:
        version.write_text(right)


def test_a_scratch_folder_goes_with_its_servers(tmp_path_factory):
    home = tmp_path_factory.mktemp("scratch")
    environ = {**os.environ, "SIGAP_HOME": str(home)}
    with servers.using(environ, say=lambda _: None, scratch=True, wait=True), connect(environ, "owner") as owner:
        owner.execute("CREATE DATABASE another")
    assert not home.exists()
