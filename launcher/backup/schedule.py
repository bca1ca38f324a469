"""Backups by the hour: when the next is due, which are kept, and how the last went."""

import json
import os
import re
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from launcher import connection, variables
from launcher.backup import folder, making
from launcher.console_output import LauncherError, Say, words
from launcher.server_supervisor import write

RETRY_SECONDS = 600.0
# The first one of a start waits until the place serves.
AFTER_START_SECONDS = 30.0
NICENESS = 10


@dataclass
class Status:
    """How the schedule goes, in seconds since 1970: since when it stands, the last begin, success and failure."""

    since: float
    begun_at: float | None = None
    done_at: float | None = None
    failed_at: float | None = None
    reason: str = ""
    bytes: int = 0
    seconds: float = 0.0


def wanted(environ: Mapping[str, str]) -> Path | None:
    """Return where backups are kept, BACKUP_DIR; None where none are made by the hour."""
    given = variables.get(environ, "BACKUP_DIR")
    return Path(given) if given else None


def status(state: Path) -> Status | None:
    """Return how the schedule of a folder of state goes; None where it never began."""
    try:
        return Status(**json.loads(_path(state).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def begin(environ: Mapping[str, str]) -> None:
    """Note since when backups are made by the hour, so that the first is not missed before it is due."""
    state = connection.home(environ)
    if status(state) is None:
        _keep(state, Status(since=time.time()))


def seconds_until_due(environ: Mapping[str, str]) -> float:
    """Return how long the next scheduled backup waits: BACKUP_EVERY after the last, ten minutes after one that failed.

    One that was begun and noted neither success nor failure was killed, and counts as failed.
    """
    found, now = status(connection.home(environ)), time.time()
    due_at = now
    if found is not None and found.done_at is not None:
        due_at = min(found.done_at, now) + variables.get(environ, "BACKUP_EVERY") * 3600
    if found is not None and (tried_at := max(found.begun_at or 0.0, found.failed_at or 0.0)):
        due_at = max(due_at, min(tried_at, now) + RETRY_SECONDS)
    return max(AFTER_START_SECONDS, due_at - now)


def run(environ: Mapping[str, str], *, say: Say) -> Path:
    """Make a scheduled backup in BACKUP_DIR, then remove the oldest past BACKUP_KEEP; return the new one.

    Raises LauncherError, after it has been noted for /healthz.
    """
    os.nice(NICENESS)
    state, kept = connection.home(environ), wanted(environ)
    if kept is None:
        raise LauncherError(words("BACKUP_DIR is not set: set it.", "BACKUP_DIR belum diisi: isi."))
    before = status(state) or Status(since=time.time())
    before.begun_at = time.time()
    try:
        _keep(state, before)
        _refuse_missing(kept)
        remove_abandoned(kept, connection.place(environ))
        target = kept / _name(connection.place(environ))
        manifest = making.make(environ, target, say=say)
    except LauncherError as error:
        before.failed_at, before.reason = time.time(), str(error)
        _keep(state, before)
        raise
    size, seconds = int(manifest["bytes"]), float(manifest["seconds"])
    _keep(state, Status(before.since, before.begun_at, time.time(), bytes=size, seconds=seconds))
    try:
        prune(kept, connection.place(environ), variables.get(environ, "BACKUP_KEEP"))
    except OSError as error:  # the new one is whole all the same
        say(words(f"an old backup stays: {error}", f"cadangan lama tetap ada: {error}"))
    return target


def prune(kept: Path, place: str, keep: int) -> None:
    """Remove all but the newest `keep` scheduled backups of a place."""
    pattern = re.compile(rf"sigap-{place}-\d{{8}}T\d{{6}}Z")
    whole = sorted(path for path in kept.iterdir() if pattern.fullmatch(path.name) and (path / folder.SUMS).exists())
    for path in whole[: max(0, len(whole) - keep)]:
        folder.remove(path)


def remove_abandoned(kept: Path, place: str) -> None:
    """Remove what killed backups and removals left, before the next one needs the room."""
    for half in kept.glob(f".sigap-{place}-*{folder.PARTIAL}"):
        with suppress(LauncherError, OSError):  # another writes it, or it is not ours to remove
            folder.remove_abandoned(half)


def _refuse_missing(kept: Path) -> None:
    """The folder is never made here: where a disk is not mounted, its mount point would be filled."""
    if not kept.is_dir():
        raise LauncherError(
            words(
                f"BACKUP_DIR {kept} is not there: mount the disk or make the folder.",
                f"BACKUP_DIR {kept} tidak ada: pasang disk atau buat foldernya.",
            )
        )


def _name(place: str) -> str:
    return f"sigap-{place}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"


def _path(state: Path) -> Path:
    return state / "run" / "backup.json"


def _keep(state: Path, found: Status) -> None:
    _path(state).parent.mkdir(parents=True, exist_ok=True)
    write(_path(state), asdict(found))
