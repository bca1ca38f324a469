"""A state folder with a migrated and seeded database: made once for a run, copied by its processes and its sites."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from launcher import build_stamp, sandbox, servers
from launcher.connection import BASE_DIR
from launcher.console_output import say
from launcher.locks import is_held

# What a site writes when it is prepared, by path in its state folder.
DATABASE = ("postgres", "secrets")
SITE = (*DATABASE, "static", "run/static")

STOP_SECONDS = 60.0

# The prepared folder of this run; None where a single process runs a few tests, which prepare for themselves.
folder: Path | None = None


def prepare(state: Path) -> None:
    """Prepare a training site in an empty folder as `up` does, and stop its servers again."""
    environ = {name: value for name, value in os.environ.items() if name not in sandbox.FOREIGN}
    environ |= {"SIGAP_HOME": str(state), "SIGAP_PLACE": "training", "SIGAP_DEMO": "0"}
    command = (sys.executable, str(BASE_DIR / "manage.py"), "up", "--prepare-only")
    with servers.using(environ, say=say, wait=True):
        subprocess.run(command, check=True, env={**environ, "SIGAP_DB_ROLE": "owner"}, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + STOP_SECONDS
    while is_held(state / "run" / "guard.lock"):  # a cluster that is in use can't be copied
        if time.monotonic() > deadline:
            raise RuntimeError("the servers of the prepared site didn't stop")
        time.sleep(0.05)


def copy(state: Path, names: tuple[str, ...]) -> None:
    """Copy these parts of the prepared folder, with owners and rights, where there is one."""
    if folder is None:
        return
    for name in names:
        (state / name).parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(("cp", "-pPR", str(folder / name), str(state / name)), check=True)


@contextmanager
def running_site(**variables: str) -> Iterator[sandbox.Sandbox]:
    """Run a training site of its own that starts from the prepared folder; `variables` as in `running_place`."""

    def before(environ: Mapping[str, str]) -> None:
        if folder is not None:
            copy(Path(environ["SIGAP_HOME"]), SITE)
            build_stamp.remember(environ)

    with sandbox.running_place(before=before, **variables) as site:
        yield site
