"""Backups by the hour: when the next is due, which are kept, and how the last went."""

import json
import os
import re
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.backup import folder, making
from core.launcher import connection, variables
from core.launcher.guard import write
from core.launcher.words import LauncherError, Say, words

RETRY_SECONDS = 600.0
# The first one of a start waits until the place serves.
AFTER_START_SECONDS = 30.0
NICENESS = 10


@dataclass
class Status:
    """How the schedule goes, in seconds since 1970: since when it stands, the last success, the last failure."""

    since: float
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
    """Return how long the next scheduled backup waits: BACKUP_EVERY after the last, ten minutes after a failure."""
    found, now = status(connection.home(environ)), time.time()
    if found is None or found.done_at is None:
        due_at = now if found is None or found.failed_at is None else found.failed_at + RETRY_SECONDS
    else:
        due_at = min(found.done_at, now) + variables.get(environ, "BACKUP_EVERY") * 3600
        if found.failed_at is not None and found.failed_at > found.done_at:
            due_at = max(due_at, found.failed_at + RETRY_SECONDS)
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
    try:
        _refuse_missing(kept)
        target = kept / _name(connection.place(environ))
        manifest = making.make(environ, target, say=say)
    except LauncherError as error:
        before.failed_at, before.reason = time.time(), str(error)
        _keep(state, before)
        raise
    done = Status(before.since, time.time(), None, "", int(manifest["bytes"]), float(manifest["seconds"]))
    _keep(state, done)
    prune(kept, connection.place(environ), variables.get(environ, "BACKUP_KEEP"))
    return target


def prune(kept: Path, place: str, keep: int) -> list[Path]:
    """Remove all but the newest `keep` scheduled backups of a place, and what killed ones left; return the removed."""
    pattern = re.compile(rf"sigap-{place}-\d{{8}}T\d{{6}}Z")
    whole = sorted(path for path in kept.iterdir() if pattern.fullmatch(path.name) and (path / folder.SUMS).exists())
    removed = whole[: max(0, len(whole) - keep)]
    for path in removed:
        shutil.rmtree(path)
    for half in kept.glob(f".sigap-{place}-*{folder.PARTIAL}"):
        with suppress(LauncherError):
            folder.remove_abandoned(half)
    return removed


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
