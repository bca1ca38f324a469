"""Makes a backup: counts, the event log's head and pg_dump in one snapshot, while the system goes on."""

import json
import platform
import subprocess
import time
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from launcher import connection, variables
from launcher.backup import folder, tools
from launcher.console_output import LauncherError, Say, words
from launcher.locks import Lock

# pg_dump's own gzip at its fastest: docs/performance.md has what the others take.
COMPRESSION = "gzip:1"
# A dump takes about a twelfth of the database with its indexes; with less room than a sixth it is not begun.
ROOM_SHARE = 6
SECRETS = {"SECRET_KEY": "secret_key", "WEBHOOK_SECRET": "webhook_secret"}

_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY c.relname
"""


def make(environ: Mapping[str, str], target: Path, *, say: Say) -> dict[str, Any]:
    """Write a backup of this place into `target`, a folder that is new or empty; return its manifest.

    Raises LauncherError, one clear line, and leaves nothing then.
    """
    lock = Lock(connection.home(environ) / "run" / "backup.lock")
    try:
        if not lock.try_take():
            raise LauncherError(
                words("another backup is being made: wait for it.", "cadangan lain sedang dibuat: tunggu.")
            )
        with folder.being_written(target) as half:
            return _write(environ, target, half, say=say)
    finally:
        lock.close()


def _write(environ: Mapping[str, str], target: Path, half: Path, *, say: Say) -> dict[str, Any]:
    begun = time.monotonic()
    dump = half / folder.DUMP
    with tools.session(environ) as owner:
        wanted = _scalar(owner, "SELECT pg_database_size(current_database())") // ROOM_SHARE
        if wanted > folder.free_bytes(target):
            raise LauncherError(folder.no_room(target, wanted))
        names = _tables(owner, connection.place(environ))
        owner.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        # Before the snapshot is taken: in it a table that a migration rewrites meanwhile would be empty.
        owner.execute(sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(sql.SQL(", ").join(names)))
        manifest = _facts(environ, owner)
        snapshot = _scalar(owner, "SELECT pg_export_snapshot()")
        say(words("writing the database", "menulis basis data"))
        command: list[str | Path] = [tools.program("pg_dump"), "--format=custom", f"--compress={COMPRESSION}"]
        command += ["--no-owner", "--no-comments", f"--snapshot={snapshot}", "--no-password", f"--file={dump}"]
        try:
            tools.run(environ, [*command, f"--dbname={tools.conninfo(environ)}"])
        except LauncherError as error:
            if "No space left on device" in str(error) or "File too large" in str(error):
                raise LauncherError(folder.no_room(target)) from error
            raise
        manifest["counts"] = counts(owner)
        owner.execute("COMMIT")
    manifest["bytes"] = dump.stat().st_size
    manifest["seconds"] = round(time.monotonic() - begun, 1)
    folder.write_private(half / folder.MANIFEST, json.dumps(manifest, indent=2) + "\n")
    _write_private_part(environ, half / folder.PRIVATE)
    folder.write_sums(half)
    return manifest


def _facts(environ: Mapping[str, str], owner: psycopg.Connection[tuple[Any, ...]]) -> dict[str, Any]:
    head = owner.execute("SELECT seq, hash FROM core_event ORDER BY seq DESC LIMIT 1").fetchone()
    if head is None:
        head = owner.execute("SELECT seq, hash FROM core_checkpoint ORDER BY seq DESC LIMIT 1").fetchone()
    migrations = owner.execute("SELECT app, max(name) FROM django_migrations GROUP BY app ORDER BY app").fetchall()
    return {
        "format": folder.FORMAT,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "place": connection.place(environ),
        "versions": {
            "sigap": version(),
            "commit": _commit(),
            "postgresql": _scalar(owner, "SHOW server_version"),
            "python": platform.python_version(),
        },
        "migrations": dict(migrations),
        "event_log": {"seq": head[0] if head else 0, "hash": bytes(head[1]).hex() if head else ""},
    }


def _tables(owner: psycopg.Connection[tuple[Any, ...]], place: str) -> list[sql.Identifier]:
    names = [sql.Identifier(str(row[0])) for row in owner.execute(_TABLES).fetchall()]
    if not names:
        raise LauncherError(
            words(
                f"the {place} place holds no data: set SIGAP_PLACE to the one that does.",
                f"tempat {place} tidak berisi data: isi SIGAP_PLACE dengan yang berisi.",
            )
        )
    return names


def counts(owner: psycopg.Connection[tuple[Any, ...]]) -> dict[str, int]:
    """Return how many rows each table has; a partitioned one counts as one table."""
    names = [str(row[0]) for row in owner.execute(_TABLES).fetchall()]
    return {
        name: int(_scalar(owner, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))) for name in names
    }


def version() -> str:
    """Return the version of this checkout."""
    with (connection.BASE_DIR / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def _commit() -> str | None:
    try:
        asked = subprocess.run(
            ["git", "rev-parse", "--short=12", "HEAD"],
            cwd=connection.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return None
    return asked.stdout.strip() or None if asked.returncode == 0 else None


def _write_private_part(environ: Mapping[str, str], private: Path) -> None:
    """Write the settings that were made here and the secrets, each in a file of its own."""
    private.mkdir(mode=0o700)
    settings: dict[str, str] = {}
    secrets: dict[str, str] = {}
    for variable in variables.TABLE:
        text = connection.value(environ, variable.name)
        if text is not None and not variable.own:
            (secrets if variable.secret else settings)[variable.name] = text
    for name, file in SECRETS.items():
        path = connection.home(environ) / "secrets" / file
        if name not in secrets and path.exists():
            secrets[name] = path.read_text(encoding="ascii").strip()
    for name, values in (("settings.env", settings), ("secrets.env", secrets)):
        folder.write_private(private / name, "".join(f"{key}='{value}'\n" for key, value in sorted(values.items())))
    folder.write_sums(private)


def _scalar(owner: psycopg.Connection[tuple[Any, ...]], query: str | sql.Composed) -> Any:
    row = owner.execute(query).fetchone()
    return row[0] if row else None
