"""Whether a place must be prepared again: a digest of everything that preparing it depends on."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from launcher import connection, variables

SOURCES = (
    "*/migrations/*.py",
    "config/settings.py",
    "config/seeds/**/*",
    "core/assets.py",
    "core/data_files.py",
    "launcher/*.py",
    "launcher/management/commands/up.py",
    "data/**/*",
    "locale/**/*.po",
    "requirements.txt",
    "static/**/*",
    ".assets/**/*",
)


def unchanged(environ: Mapping[str, str]) -> bool:
    """Say whether the place was prepared with what is here now; never for a database that is not our own."""
    stamp = _stamp(environ)
    return stamp is not None and stamp.exists() and stamp.read_text(encoding="ascii") == _digest(environ)


def remember(environ: Mapping[str, str]) -> None:
    """Note that the place has just been prepared."""
    if (stamp := _stamp(environ)) is not None:
        stamp.write_text(_digest(environ), encoding="ascii")


def forget(state: Path) -> None:
    """Have every place of this state folder prepared at its next start."""
    for stamp in (state / "run").glob("prepared-*"):
        stamp.unlink()


def _stamp(environ: Mapping[str, str]) -> Path | None:
    if "postgres" not in connection.embedded(environ):
        return None
    return connection.home(environ) / "run" / f"prepared-{connection.place(environ)}"


def _digest(environ: Mapping[str, str]) -> str:
    digest = hashlib.sha256()
    for path in _files(connection.home(environ)):
        stat = path.stat()
        digest.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    for name in sorted({variable.name for variable in variables.TABLE if not variable.own} - {"HOST", "PORT"}):
        digest.update(f"{name}={environ.get(name)}\0{environ.get(f'{name}_FILE')}\n".encode())
    return digest.hexdigest()


def _files(state: Path) -> Iterator[Path]:
    for pattern in SOURCES:
        yield from sorted(path for path in connection.BASE_DIR.glob(pattern) if path.is_file())
    # Written once, when the cluster is made: another cluster has not been prepared.
    yield state / "postgres" / "data" / "PG_VERSION"
