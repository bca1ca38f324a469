"""Restores a backup into an empty SIGAP_HOME, and compares what came back with the manifest."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from launcher import connection, dotenv, instance, servers
from launcher.backup import folder, making, tools
from launcher.checks import restore_mark as mark
from launcher.console_output import LauncherError, Say, words
from launcher.locks import is_held

# What the programs make by themselves in a folder of state, and nobody misses.
MADE_AGAIN = frozenset({"beat", "log", "run", "secrets", "static", "uploads", "valkey"})
# What a file system has at its root.
NO_DATA = MADE_AGAIN | {"lost+found"}
# Servers that a killed restore used end within seconds.
SERVERS_END_SECONDS = 30.0


def restore(environ: Mapping[str, str], source: Path, *, say: Say) -> dict[str, Any]:
    """Restore the backup in `source` and return its manifest when the restored data equal it.

    Raises LauncherError, one line for each reason, and leaves the folder of state without data then. A database that
    is not embedded keeps what was loaded: `up` refuses it, and its owner empties it.
    """
    checked = folder.check(source)
    if checked.faults:
        raise LauncherError("\n".join(checked.faults))
    manifest = checked.manifest
    environ = _for_place(environ, manifest["place"])
    state = connection.home(environ)
    _refuse_newer(manifest)
    with instance.only_one(state):
        _refuse_data(state)
        if "postgres" not in connection.embedded(environ):
            _refuse_tables(environ)
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        mark(state).touch(mode=0o600)
        try:
            _restore_secrets(environ, source, private=checked.private, say=say)
            with servers.using(environ, say=say, wait=True):
                _load(environ, source, say=say)
                compare(environ, manifest, say=say)
        except BaseException:
            _clear(environ, state)
            raise
        mark(state).unlink()
    if checked.private:
        private = source / folder.PRIVATE / "settings.env"
        say(words(f"the old settings are in {private}: compare", f"pengaturan lama ada di {private}: bandingkan"))
    return manifest


def compare(environ: Mapping[str, str], manifest: Mapping[str, Any], *, say: Say) -> None:
    """Walk the event log up to the manifest's head and count the rows of each table. Raises LauncherError."""
    say(words("checking the event log", "memeriksa log peristiwa"))
    head = manifest["event_log"]
    command = [sys.executable, str(connection.BASE_DIR / "manage.py"), "verify_log"]
    if head["seq"]:
        command += ["--anchor", f"{head['seq']}:{head['hash']}"]
    walked = subprocess.run(
        command,
        env={**environ, "SIGAP_DB_ROLE": "owner"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = (walked.stdout + walked.stderr).strip().splitlines() or [f"exit code {walked.returncode}"]
    if walked.returncode != 0:
        raise LauncherError(lines[-1])
    say(lines[-1])
    with tools.session(environ) as owner:
        found = making.counts(owner)
    differing = sorted(
        name for name in {*found, *manifest["counts"]} if found.get(name) != manifest["counts"].get(name)
    )
    if differing:
        raise LauncherError(
            "\n".join(
                words(
                    f"table {name}: {found.get(name)} rows, the manifest has {manifest['counts'].get(name)}.",
                    f"tabel {name}: {found.get(name)} baris, di manifes {manifest['counts'].get(name)}.",
                )
                for name in differing
            )
        )
    rows = sum(found.values())
    say(
        words(
            f"all {len(found)} tables have the rows of the manifest ({rows} in all)",
            f"semua {len(found)} tabel sesuai manifes ({rows} baris)",
        )
    )


def _for_place(environ: Mapping[str, str], place: str) -> dict[str, str]:
    """Take the backup's kind of place; refuse when the environment asks for the other."""
    given = environ.get("SIGAP_PLACE")
    if given and given != place:
        raise LauncherError(
            words(
                f"the backup is of a {place} place and SIGAP_PLACE is {given}: unset it.",
                f"cadangan ini dari tempat {place}, SIGAP_PLACE berisi {given}: hapus.",
            )
        )
    return {**environ, "SIGAP_PLACE": place, "SIGAP_DB_ROLE": "owner"}


def _refuse_newer(manifest: Mapping[str, Any]) -> None:
    """A schema that this version does not know can't be served by it."""
    for app, name in manifest["migrations"].items():
        known = connection.BASE_DIR / app / "migrations"
        if known.is_dir() and not (known / f"{name}.py").exists():
            made_by = manifest["versions"]["commit"] or manifest["versions"]["sigap"]
            raise LauncherError(
                words(
                    f"the backup was made by a newer Sigap ({made_by}; {app}.{name}): update this one first.",
                    f"cadangan dibuat oleh Sigap yang lebih baru ({made_by}; {app}.{name}): perbarui dulu.",
                )
            )


def _refuse_data(state: Path) -> None:
    if mark(state).exists():  # an interrupted restore: what it left is no data
        _remove_cluster(state)
    held = sorted(path.name for path in state.iterdir() if path.name not in NO_DATA) if state.exists() else []
    if held:
        raise LauncherError(
            words(
                f"{state} holds data ({', '.join(held[:3])}): set SIGAP_HOME to an empty folder.",
                f"{state} berisi data ({', '.join(held[:3])}): isi SIGAP_HOME dengan folder kosong.",
            )
        )


def _refuse_tables(environ: Mapping[str, str]) -> None:
    with tools.session(environ) as owner:
        if tables := making.counts(owner):
            raise LauncherError(
                words(
                    f"the database is not empty ({len(tables)} tables): name an empty one.",
                    f"basis data tidak kosong ({len(tables)} tabel): sebut yang kosong.",
                )
            )


def _restore_secrets(environ: Mapping[str, str], source: Path, *, private: bool, say: Say) -> None:
    """Put the old secrets in place of new ones, unless the environment gives them."""
    if not private:
        say(
            words(
                "settings and secrets are not in the backup: new secrets are made, everybody signs in again",
                "pengaturan dan rahasia tidak ada di cadangan: rahasia baru dibuat, semua orang masuk lagi",
            )
        )
        return
    given: dict[str, str] = {}
    dotenv.load(source / folder.PRIVATE / "secrets.env", given)
    kept = connection.home(environ) / "secrets"
    kept.mkdir(mode=0o700, exist_ok=True)
    for name, file in making.SECRETS.items():
        if name in given and connection.value(environ, name) is None:
            folder.write_private(kept / file, given[name])


def _load(environ: Mapping[str, str], source: Path, *, say: Say) -> None:
    say(words("restoring the database", "memulihkan basis data"))
    command: list[str | Path] = [tools.program("pg_restore"), "--exit-on-error", "--no-owner", "--no-password"]
    command += [f"--jobs={min(os.cpu_count() or 1, 4)}", f"--dbname={tools.conninfo(environ)}", source / folder.DUMP]
    tools.run(environ, command)
    with tools.session(environ) as owner:
        owner.execute("ANALYZE")


def _clear(environ: Mapping[str, str], state: Path) -> None:
    """Leave no half-restored data that a start would take for whole ones."""
    if "postgres" in connection.embedded(environ):
        with suppress(LauncherError):  # the mark stays then
            _remove_cluster(state)
            mark(state).unlink(missing_ok=True)


def _remove_cluster(state: Path) -> None:
    """Remove the embedded cluster once its server has ended. Raises LauncherError where anything of it stays."""
    deadline = time.monotonic() + SERVERS_END_SECONDS
    while is_held(state / "run" / "guard.lock"):
        if time.monotonic() > deadline:
            raise LauncherError(
                words(
                    f"a program still uses the database in {state}: end it, then restore again.",
                    f"sebuah program masih memakai basis data di {state}: akhiri, lalu pulihkan lagi.",
                )
            )
        time.sleep(servers.LOOK_SECONDS)
    cluster = state / "postgres"
    shutil.rmtree(cluster, ignore_errors=True)
    if cluster.exists():
        raise LauncherError(
            words(
                f"can't remove {cluster}: remove it, then restore again.",
                f"{cluster} tidak dapat dihapus: hapus, lalu pulihkan lagi.",
            )
        )
