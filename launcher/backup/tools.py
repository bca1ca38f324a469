"""PostgreSQL's own programs (pg_dump, pg_restore), and a session as the owner of the tables."""

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from launcher import connection, postgres
from launcher.console_output import LauncherError, words
from launcher.processes import bound_to_this_process


def program(name: str) -> Path:
    """Return the path of one of PostgreSQL's programs; raises LauncherError where this machine has none."""
    for folder in postgres.program_folders(name):
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
    return make_conninfo(**connection.parameters(environ, "owner"))


@contextmanager
def session(environ: Mapping[str, str]) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """Open a session of the owner without time limits for the length of the block.

    Raises LauncherError when the database can't be reached, ends the session or refuses a statement.
    """
    password = connection.database(environ, "owner")["PASSWORD"] or None
    try:
        opened = psycopg.connect(conninfo(environ), password=password, autocommit=True, application_name="sigap backup")
    except psycopg.Error as error:
        raise LauncherError(connection.unreachable(error)) from error
    try:
        with opened:
            for limit in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
                opened.execute(f"SET {limit} = 0")
            yield opened
    except psycopg.Error as error:
        reason = error.diag.message_primary or next(iter(str(error).splitlines()), type(error).__name__)
        raise LauncherError(words(f"the database failed: {reason}", f"basis data gagal: {reason}")) from error


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
        errors="replace",
        check=False,
        preexec_fn=bound_to_this_process(signal.SIGKILL),
    )
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        errors = [line for line in lines if "error:" in line] or lines or [f"exit code {done.returncode}"]
        raise LauncherError(errors[0].strip())
