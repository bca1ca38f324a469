"""A backup's folder: written under another name and renamed when it is whole; checksums that `sha256sum -c` reads."""

import errno
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from launcher.console_output import LauncherError, words

FORMAT = 1
MANIFEST, DUMP, SUMS, PRIVATE = "manifest.json", "database.dump", "SHA256SUMS", "private"
PARTIAL = ".partial"
_BLOCK = 1_048_576
_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
# What a file system answers that can't sync a folder (some network ones); all other errors mean lost data.
_NO_SYNC = frozenset({errno.EINVAL, errno.EOPNOTSUPP})


def partial_path(target: Path) -> Path:
    """Return the name under which a backup is written until it is whole."""
    return target.with_name(f".{target.name}{PARTIAL}")


@contextmanager
def being_written(target: Path) -> Iterator[Path]:
    """Give a new folder to write in; at the end of the block it is synced to disk and becomes `target` in one step.

    On any error nothing is left. What a killed backup left is removed first. Raises LauncherError.
    """
    half = partial_path(target)
    descriptor = -1
    try:
        _refuse_occupied(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        remove_abandoned(half)
        half.mkdir(mode=0o700)
        descriptor = os.open(half, os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield half
        _sync_tree(half)
        half.rename(target)
        _sync(target.parent)
    except BaseException as error:
        if descriptor >= 0:
            shutil.rmtree(half, ignore_errors=True)
        if isinstance(error, OSError):
            raise LauncherError(reason(error, target)) from error
        raise
    finally:
        if descriptor >= 0:
            os.close(descriptor)


def reason(error: OSError, target: Path) -> str:
    """Return in one line why nothing could be written."""
    if error.errno in _ROOM:
        return no_room(target)
    if error.errno == errno.EBUSY:
        return words(
            f"{target} is where a disk is mounted: name a folder inside it.",
            f"{target} adalah titik kait disk: sebut folder di dalamnya.",
        )
    return words(
        f"can't write in {target.parent}: {error.strerror}; name another folder.",
        f"{target.parent} tidak dapat ditulisi: {error.strerror}; sebut folder lain.",
    )


def no_room(target: Path, wanted: int = 0) -> str:
    """Return the line about how much room there is, and how much is wanted where that is known."""
    free = free_bytes(target)
    english = f"no room for the backup where {target} is: {free // 1_000_000} MB free"
    indonesian = f"tidak ada ruang untuk cadangan di {target}: {free // 1_000_000} MB kosong"
    if wanted:
        english += f", about {wanted // 1_000_000} MB wanted"
        indonesian += f", perlu sekitar {wanted // 1_000_000} MB"
    return words(
        f"{english}; make room or name a folder on another disk.",
        f"{indonesian}; kosongkan ruang atau sebut folder di disk lain.",
    )


def free_bytes(path: Path) -> int:
    """Return the free space of the disk on which the path is, or will be."""
    there = next(one for one in (path, *path.parents) if one.exists())
    return shutil.disk_usage(there).free


def remove_abandoned(half: Path) -> None:
    """Remove a partial backup that nobody writes any more; raises LauncherError when somebody does."""
    try:
        descriptor = os.open(half, os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise LauncherError(
            words(f"another backup writes in {half}: wait for it.", f"cadangan lain sedang menulis di {half}: tunggu.")
        ) from None
    finally:
        os.close(descriptor)
    shutil.rmtree(half)


def remove(whole: Path) -> None:
    """Remove a whole backup: its name goes first, so that a kill leaves a partial one, which the next removal ends."""
    half = partial_path(whole)
    whole.rename(half)
    shutil.rmtree(half)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def write_sums(folder: Path) -> None:
    """Write the checksums of the files that lie directly in the folder, as `sha256sum` does."""
    names = sorted(path.name for path in folder.iterdir() if path.is_file() and path.name != SUMS)
    lines = [f"{digest(folder / name)}  {name}\n" for name in names]
    write_private(folder / SUMS, "".join(lines))


def digest(path: Path) -> str:
    """Return a file's SHA-256 in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True)
class Checked:
    """What a look at a backup found: its manifest, what is wrong with it, whether settings and secrets are there."""

    manifest: dict[str, Any]
    faults: list[str]
    private: bool


def check(folder: Path) -> Checked:
    """Look whether a backup is whole: every file there, as it was written. An unreadable one is a fault, no error."""
    try:
        there = (folder / MANIFEST).is_file() and (folder / SUMS).is_file()
    except OSError as error:
        unreadable = words(f"{folder} can't be read: {error.strerror}.", f"{folder} tidak terbaca: {error.strerror}.")
        return Checked({}, [unreadable], private=False)
    if not there:
        missing = words(
            f"{folder} is no whole backup: {MANIFEST} or {SUMS} is missing.",
            f"{folder} bukan cadangan utuh: {MANIFEST} atau {SUMS} tidak ada.",
        )
        return Checked({}, [missing], private=False)
    faults = list(_differences(folder))
    private = (folder / PRIVATE).is_dir()
    if private:
        faults += _differences(folder / PRIVATE)
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        known = isinstance(manifest, dict) and manifest.get("format") == FORMAT
    except (OSError, ValueError):
        manifest, known = {}, False
    if not known and not faults:
        faults.append(
            words(
                f"{MANIFEST} is of another format than {FORMAT}: use the version of Sigap that made it.",
                f"{MANIFEST} berformat lain dari {FORMAT}: pakai versi Sigap yang membuatnya.",
            )
        )
    return Checked(manifest if known else {}, faults, private)


def _differences(folder: Path) -> Iterator[str]:
    """Compare the files of a folder with its checksums, in both directions."""
    try:
        lines = (folder / SUMS).read_text(encoding="ascii").splitlines()
        noted = {name: wanted for wanted, name in (line.split("  ", 1) for line in lines)}
    except (OSError, ValueError) as error:
        yield words(f"{folder / SUMS} can't be read: {error}", f"{folder / SUMS} tidak terbaca: {error}")
        return
    for name in sorted({*noted, *(() if folder.name == PRIVATE else (MANIFEST, DUMP))}):
        path = folder / name
        if name not in noted:
            yield words(f"{path} has no checksum.", f"{path} tanpa checksum.")
            continue
        try:
            same = digest(path) == noted[name]
        except OSError as error:
            yield words(f"{path} can't be read: {error.strerror}.", f"{path} tidak terbaca: {error.strerror}.")
            continue
        if not same:
            yield words(f"{path} is damaged: it differs from its checksum.", f"{path} rusak: berbeda dari checksum.")


def _refuse_occupied(target: Path) -> None:
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise LauncherError(words(f"{target} is no folder: name another.", f"{target} bukan folder: sebut yang lain."))
    if target.is_dir() and any(target.iterdir()):
        raise LauncherError(
            words(
                f"{target} is not empty: name a new folder, backups are never written over.",
                f"{target} tidak kosong: sebut folder baru, cadangan tidak pernah ditimpa.",
            )
        )


def _sync_tree(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.chmod(0o700 if path.is_dir() else 0o600)
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise
    finally:
        os.close(descriptor)
