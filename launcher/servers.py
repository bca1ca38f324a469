"""What a program does that needs the embedded servers: join those that run, or have them started; leave in the end."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from launcher import connection, postgres, valkey
from launcher.console_output import LauncherError, Say, words
from launcher.locks import PATIENCE_SECONDS, Lock, held, is_held, is_shared
from launcher.server_supervisor import ERROR, PROGRESS, READY

END_SECONDS = 15.0
READY_SECONDS = 30.0
LOOK_SECONDS = 0.02

# Guards that this process started: they outlive it, so nobody waits for them, but a dead one is taken note of.
_started: list[subprocess.Popen[str]] = []


class Lease:
    """One program's use of the embedded servers of its state folder."""

    def __init__(self, environ: Mapping[str, str], *, say: Say, scratch: bool = False) -> None:
        self._environ, self._say, self._scratch = environ, say, scratch
        self._state = connection.home(environ)
        self._servers = connection.embedded(environ)
        self._users: Lock | None = None
        self._guard: subprocess.Popen[str] | None = None

    def join(self) -> None:
        """Have the servers running: start them, or join those that run. Raises LauncherError.

        Harmless when they run already, so a program whose guard was killed calls it again.
        """
        if not self._servers:
            return
        try:
            (self._state / "run").mkdir(parents=True, exist_ok=True)
            if self._users is None:
                users = Lock(self._state / "run" / "users.lock")
                users.take(shared=True)  # waits for servers that are just being ended
                self._users = users
        except OSError as error:
            raise LauncherError(
                words(
                    f"can't write in {self._state}: {error.strerror}; set SIGAP_HOME.",
                    f"{self._state} tak dapat ditulisi: {error.strerror}; isi SIGAP_HOME.",
                )
            ) from error
        with held(self._state / "run" / "start.lock"):
            if not is_held(self._state / "run" / "guard.lock"):
                self._start_guard()
        if missing := ", ".join(sorted(set(self._servers) - set(running(self._state)))):
            raise LauncherError(
                words(
                    f"the programs at work in {self._state} run it without {missing}: stop them first.",
                    f"program yang bekerja di {self._state} berjalan tanpa {missing}: hentikan dulu.",
                )
            )
        self._wait_until_ready()

    def leave(self, *, wait: bool) -> None:
        """Stop using the servers; with `wait` return when they have ended, unless another program uses them."""
        if self._users is None:
            return
        self._users.close()
        self._users = None
        deadline = time.monotonic() + (END_SECONDS if wait else 0.0)
        guard, users = self._state / "run" / "guard.lock", self._state / "run" / "users.lock"
        while time.monotonic() < deadline and is_held(guard):
            if is_shared(users, patience_seconds=PATIENCE_SECONDS):
                break  # another program uses the servers: they stay
            time.sleep(LOOK_SECONDS)
        if wait and self._guard is not None and not is_held(guard):
            self._guard.wait()  # it let go of its lock as its last act
        _take_note_of_dead()

    def guard_pid(self) -> int | None:
        """Return the process id of the guard at work, or None where no server is embedded."""
        return guard_pid(self._state) if self._servers else None

    def _wait_until_ready(self) -> None:
        """Give servers that were killed a moment ago the time to recover; raises LauncherError when they don't."""
        deadline = time.monotonic() + READY_SECONDS
        while not is_ready(self._state, self._servers):
            if time.monotonic() > deadline:
                logs = self._state / "log"
                raise LauncherError(
                    words(f"the servers don't recover: see {logs}.", f"server tidak pulih: lihat {logs}.")
                )
            time.sleep(LOOK_SECONDS)

    def _start_guard(self) -> None:
        log = self._state / "log" / "servers.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        postgres.ensure_secrets(self._state)
        command = [sys.executable, "-P", "-m", "launcher.server_supervisor", *self._servers]
        environ = {**self._environ, "SIGAP_HOME": str(self._state), "PYTHONPATH": str(connection.BASE_DIR)}
        _take_note_of_dead()
        with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as errors:
            self._guard = guard = subprocess.Popen(
                command + (["--scratch"] if self._scratch else []),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                start_new_session=True,
                env=environ,
                cwd=connection.BASE_DIR,
            )
        _started.append(guard)
        with cast("IO[str]", guard.stdout) as report:
            for line in report:
                if line.startswith(PROGRESS):
                    self._say(line.removeprefix(PROGRESS).strip())
                elif line.startswith(ERROR):
                    guard.wait()
                    raise LauncherError(line.removeprefix(ERROR).strip())
                elif line.strip() == READY:
                    return
        raise LauncherError(words(f"the servers' guard ended: see {log}.", f"penjaga server berhenti: lihat {log}."))


@contextmanager
def using(environ: Mapping[str, str], *, say: Say, scratch: bool = False, wait: bool = False) -> Iterator[Lease]:
    """Keep the embedded servers that this environment asks for running for the length of the block.

    `scratch`: a state folder of its own that is removed with the servers. `wait`: see Lease.leave.
    """
    lease = Lease(environ, say=say, scratch=scratch)
    try:
        lease.join()
        yield lease
    finally:
        lease.leave(wait=wait)


def _take_note_of_dead() -> None:
    _started[:] = [guard for guard in _started if guard.poll() is None]


def running(state: Path) -> dict[str, int]:
    """Return the process ids of the embedded servers at work, by name."""
    servers = _record(state).get("servers", {})
    return {str(name): int(pid) for name, pid in servers.items()} if isinstance(servers, dict) else {}


def is_ready(state: Path, wanted: Iterable[str]) -> bool:
    """Say whether these embedded servers answer."""
    pids = running(state)
    checks = {
        "postgres": lambda: postgres.is_ready(state, pids.get("postgres")),
        "valkey": lambda: valkey.is_ready(state),
    }
    return all(checks[server]() for server in wanted)


def guard_pid(state: Path) -> int | None:
    """Return the process id of the guard at work."""
    pid = _record(state).get("pid")
    return pid if isinstance(pid, int) else None


def _record(state: Path) -> dict[str, object]:
    try:
        content = json.loads((state / "run" / "servers.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
