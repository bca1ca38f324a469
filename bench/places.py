"""Instances to measure: temporary, on free ports, with production settings and without the demo."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from launcher import sandbox, servers
from launcher.connection import BASE_DIR
from launcher.console_output import say


@contextmanager
def place() -> Iterator[tuple[Mapping[str, str], str]]:
    """A whole running place; gives its environment and address."""
    with sandbox.running_place() as running:
        yield running.environ, running.url


@contextmanager
def database() -> Iterator[tuple[Mapping[str, str], str]]:
    """Embedded servers with a migrated database and nothing else; gives the environment and no address."""
    with tempfile.TemporaryDirectory(prefix="sigap-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # where PostgreSQL runs under another account it must come through
        environ = {name: value for name, value in os.environ.items() if name not in sandbox.FOREIGN}
        environ |= {"SIGAP_HOME": folder, "SIGAP_DEMO": "0", "SIGAP_PLACE": "training"}
        with servers.using(environ, say=say, wait=True):
            migrate = [sys.executable, str(BASE_DIR / "manage.py"), "migrate", "--verbosity", "0"]
            subprocess.run(migrate, check=True, env=environ, stdin=subprocess.DEVNULL)
            yield environ, ""


PLACES = {"place": place, "database": database}
