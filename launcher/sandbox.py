"""A whole running place of its own, for benches and for the tests that kill its parts: temporary, on a free port."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from launcher import connection, instance, servers
from launcher.console_output import LauncherError
from launcher.processes import bound_to_this_process

START_SECONDS = 120
STOP_SECONDS = 15
# What describes another place must not leak into this one.
FOREIGN = {
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "SIGAP_TEST",
    "SIGAP_TEST_CLOCK",
    "SIGAP_DB_ROLE",
    "HOST",
    "SIGAP_PLACE",
    "SIGAP_TLS_CERT",
    "SIGAP_TLS_KEY",
    "DEBUG",
    "DJANGO_SETTINGS_MODULE",
}


@dataclass(frozen=True)
class Sandbox:
    """A running place: its address, state folder, environment, and the `up` process."""

    url: str
    state: Path
    environ: Mapping[str, str]
    process: subprocess.Popen[str]

    def pids(self) -> dict[str, int]:
        """Return the process ids at this moment: web-1, web-2, worker, beat, postgres, valkey."""
        at_work = instance.running(self.state)
        return {**(at_work.children if at_work else {}), **servers.running(self.state)}

    def kill(self, name: str) -> int:
        """Kill one part with SIGKILL, and return the process id it had; raises KeyError when it doesn't run."""
        pid = self.pids()[name]
        os.kill(pid, signal.SIGKILL)
        return pid

    def manage(self, *words: str) -> str:
        """Run a management command in this place and return its output; raises CalledProcessError."""
        done = subprocess.run(
            (sys.executable, str(connection.BASE_DIR / "manage.py"), *words),
            check=True,
            text=True,
            stdout=subprocess.PIPE,
            env=dict(self.environ),
            stdin=subprocess.DEVNULL,
        )
        return done.stdout


@contextmanager
def running_place(*, before: Callable[[Mapping[str, str]], None] | None = None, **variables: str) -> Iterator[Sandbox]:
    """Run a training place without the demo for the length of the block; `variables` are added to its environment.

    `before` is called with the environment of the place before it starts in its empty state folder.

    Raises LauncherError with the last lines it printed when it doesn't come up.
    """
    with tempfile.TemporaryDirectory(prefix="sigap-trial-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # where PostgreSQL runs under another account it must come through
        environ = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        environ |= {"SIGAP_HOME": folder, "PORT": "0", "SIGAP_DEMO": "0", "SIGAP_PLACE": "training", **variables}
        if before is not None:
            before(environ)
        output_file = Path(folder) / "up.log"
        with output_file.open("wb") as output:
            process = subprocess.Popen(
                (sys.executable, str(connection.BASE_DIR / "manage.py"), "up"),
                text=True,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=environ,
                start_new_session=True,
                preexec_fn=bound_to_this_process(signal.SIGTERM),  # noqa: PLW1509 - as launcher.processes
            )
        try:
            yield Sandbox(_address(process, Path(folder), output_file), Path(folder), environ, process)
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _address(process: subprocess.Popen[str], state: Path, output_file: Path) -> str:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        at_work = instance.running(state)
        if at_work is not None and at_work.ready:
            return at_work.url
        time.sleep(0.05)
    raise LauncherError("\n".join(output_file.read_text(encoding="utf-8", errors="replace").splitlines()[-20:]))
