"""Who may read the folder of state: its owner alone, also what was made before and what will be made."""

import os
from contextlib import suppress
from pathlib import Path

PRIVATE_MASK = 0o077


def keep_private() -> None:
    """Have this process and those it starts make folders with mode 0700 and files with 0600."""
    os.umask(PRIVATE_MASK)


def tighten(state: Path) -> None:
    """Take others' rights from what lies in the folder of state.

    PostgreSQL watches over its cluster itself. Where it runs under another account, that one passes through the two
    folders above, which it can't list.
    """
    if not state.is_dir():
        return
    cluster = state / "postgres" / "data"
    passed = cluster.exists() and cluster.stat().st_uid != os.geteuid()
    for folder in (state, state / "postgres"):
        _take(folder, 0o711 if passed else 0o700)
    for entry in state.iterdir():
        if entry.name != "postgres":
            _tighten_tree(entry)


def _tighten_tree(path: Path) -> None:
    if path.is_symlink():
        return
    _take(path, 0o700)
    if path.is_dir():
        for entry in _entries(path):
            _tighten_tree(entry)


def _entries(folder: Path) -> list[Path]:
    """Return what lies in a folder; nothing where it is another's, such as lost+found, or has gone."""
    try:
        return list(folder.iterdir())
    except (FileNotFoundError, PermissionError):
        return []


def _take(path: Path, most: int) -> None:
    """Leave of a file's or folder's rights those in `most`; a program or another's file stays as it is."""
    with suppress(FileNotFoundError, PermissionError):
        status = path.lstat()
        mode = status.st_mode & 0o777
        if status.st_uid == os.geteuid() and mode & ~most:
            path.chmod(mode & most)
