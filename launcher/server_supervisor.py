"""The process that keeps the embedded servers of one state folder for as long as anybody uses them.

Whoever uses them holds a shared lock on `run/users.lock`. The guard waits to hold it alone: when it does, the last
user has gone, however it went, and the servers are ended. Run as `python -m launcher.server_supervisor SERVER...`.
"""

import json
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from launcher import connection, postgres, valkey
from launcher.console_output import LauncherError, say, words
from launcher.locks import PATIENCE_SECONDS, Lock
from launcher.modes import keep_private
from launcher.processes import Program, Supervisor

START_SECONDS = 60
# The guard's first output line that begins so is for the program that started it.
READY, PROGRESS, ERROR = "ready", "progress ", "error "


def main(servers: list[str], *, scratch: bool) -> int:
    """Prepare, start and keep the servers; return the exit code. Reports to the pipe that is its standard output."""
    keep_private()
    state = connection.home(os.environ)
    guard, users = Lock(state / "run" / "guard.lock"), Lock(state / "run" / "users.lock")
    if not guard.try_take(patience_seconds=PATIENCE_SECONDS):
        _tell(ERROR + words("another guard is at work.", "penjaga lain sedang bekerja."))
        return 1
    record = state / "run" / "servers.json"
    try:
        supervisor = _start(state, servers, scratch=scratch)
    except (LauncherError, OSError) as error:
        _tell(f"{ERROR}{error}")
        return 1
    _tell(READY)
    _close_report()
    threading.Thread(target=_until_unused, args=(users, supervisor), daemon=True).start()
    supervisor.run()
    record.unlink(missing_ok=True)
    if scratch:
        for folder in (*(connection.socket_folder(state, server) for server in servers), state):
            shutil.rmtree(folder, ignore_errors=True)
    guard.close()  # before the users' lock, which the next user waits for
    return 0


def _start(state: Path, servers: list[str], *, scratch: bool) -> Supervisor:
    programs: list[Program] = []
    server: postgres.Server | None = None
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    if "postgres" in servers:
        postgres.ensure_secrets(state)
        server = postgres.prepare(state, say=_progress)
        programs.append(postgres.program(server, environ, scratch=scratch))
    if "valkey" in servers:
        programs.append(valkey.program(state, valkey.prepare(state), environ))

    def changed(pids: dict[str, int]) -> None:
        write(state / "run" / "servers.json", {"pid": os.getpid(), "servers": pids})

    supervisor = Supervisor(programs, say=say, changed=changed, own_logs=[state / "log" / "servers.log"])
    supervisor.listen_to_signals()
    supervisor.start()
    try:
        if "valkey" in servers:
            _wait(supervisor, lambda: valkey.is_ready(state), state / "log" / "valkey.log")
        if server is not None:
            _wait(
                supervisor,
                lambda: postgres.is_ready(state, supervisor.pids().get("postgres")),
                state / "log" / "postgres.log",
            )
            postgres.ensure_roles(server, scratch=scratch)
    except BaseException:
        supervisor.end()
        raise
    return supervisor


def _wait(supervisor: Supervisor, ready: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        if supervisor.stopping or time.monotonic() > deadline:
            raise LauncherError(words(f"a server does not start: see {log}.", f"server tidak mulai: lihat {log}."))
        supervisor.turn(0.02)


def write(path: Path, content: dict[str, object]) -> None:
    """Write a small JSON file in one step, so that no reader finds half of it."""
    half = path.with_suffix(f".{os.getpid()}")
    half.write_text(json.dumps(content), encoding="utf-8")
    half.rename(path)


def _until_unused(users: Lock, supervisor: Supervisor) -> None:
    users.take()
    supervisor.stop()


def _progress(text: str) -> None:
    _tell(PROGRESS + text)


def _tell(line: str) -> None:
    try:
        print(line, flush=True)
    except BrokenPipeError:  # who started us has gone: the users' lock will show it
        _close_report()


def _close_report() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


if __name__ == "__main__":
    sys.exit(main([word for word in sys.argv[1:] if not word.startswith("-")], scratch="--scratch" in sys.argv))
