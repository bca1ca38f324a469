"""What a program does that needs the embedded servers: join those that run, or have them started; leave in the end."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from core.launcher import connection, postgres
from core.launcher.guard import ERROR, PROGRESS, READY
from core.launcher.locks import Lock, held, is_held
from core.launcher.words import LauncherError, Say, words

END_SECONDS = 6.0
LOOK_SECONDS = 0.02


class Lease:
    """One program's use of the embedded servers of its state folder."""

    def __init__(self, environ: Mapping[str, str], *, say: Say, scratch: bool = False) -> None:
        self._environ, self._say, self._scratch = environ, say, scratch
        self._state = connection.home(environ)
        self._servers = connection.embedded(environ)
        self._guard: subprocess.Popen[str] | None = None
        self._users: Lock | None = None

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
            raise LauncherError(words(f"can't write in {self._state}: {error.strerror}; set SIGAP_HOME.",
                                      f"{self._state} tidak dapat ditulisi: {error.strerror}; isi SIGAP_HOME.")) from error
        with held(self._state / "run" / "start.lock"):
            if not is_held(self._state / "run" / "guard.lock"):
                self._start_guard()
        missing = set(self._servers) - set(running(self._state))
        if missing:
            raise LauncherError(words(
                f"{', '.join(sorted(missing))} of {self._state} is not run by the programs at work there: stop them first.",
                f"{', '.join(sorted(missing))} di {self._state} tidak dijalankan program yang sedang bekerja: hentikan dulu."))

    def leave(self, *, wait: bool) -> None:
        """Stop using the servers; with `wait` return when they have ended, unless another program uses them."""
        if self._users is None:
            return
        self._users.close()
        self._users = None
        deadline = time.monotonic() + (END_SECONDS if wait else 0.0)
        guard = self._state / "run" / "guard.lock"
        while wait and time.monotonic() < deadline and guard.exists() and is_held(guard) and not self._shared():
            time.sleep(LOOK_SECONDS)
        if self._guard is not None and wait:
            self._guard.poll()

    def guard_pid(self) -> int | None:
        """Return the process id of the guard at work, or None where no server is embedded."""
        return guard_pid(self._state) if self._servers else None

    def _shared(self) -> bool:
        """Say whether another program uses the servers, so that waiting for their end would be in vain."""
        time.sleep(LOOK_SECONDS)  # the guard needs a moment to take the lock that we let go
        path = self._state / "run" / "users.lock"
        return path.exists() and not is_held(path)

    def _start_guard(self) -> None:
        log = self._state / "log" / "servers.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        postgres.ensure_secrets(self._state)
        command = [sys.executable, "-P", "-m", "core.launcher.guard", *self._servers]
        environ = {**self._environ, "SIGAP_HOME": str(self._state), "PYTHONPATH": str(connection.BASE_DIR)}
        with log.open("ab") as errors:
            self._guard = subprocess.Popen(
                command + (["--scratch"] if self._scratch else []), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=errors, text=True, start_new_session=True, env=environ, cwd=connection.BASE_DIR)
        assert self._guard.stdout
        with self._guard.stdout as report:
            for line in report:
                if line.startswith(PROGRESS):
                    self._say(line.removeprefix(PROGRESS).strip())
                elif line.startswith(ERROR):
                    self._guard.wait()
                    raise LauncherError(line.removeprefix(ERROR).strip())
                elif line.strip() == READY:
                    return
        raise LauncherError(words(f"the guard of the servers ended: see {log}.", f"penjaga server berhenti: lihat {log}."))


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


def running(state: Path) -> dict[str, int]:
    """Return the process ids of the embedded servers at work, by name."""
    servers = _record(state).get("servers", {})
    return {str(name): int(pid) for name, pid in servers.items()} if isinstance(servers, dict) else {}


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
