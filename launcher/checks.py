"""What keeps a place from starting: all reasons at once, one clear line each."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import psycopg

from launcher import connection, instance, variables
from launcher.console_output import LauncherError, words
from launcher.locks import is_held


def refuse(problems: Sequence[str]) -> None:
    """Raise LauncherError with all lines when there are any."""
    if problems:
        raise LauncherError("\n".join(problems))


def problems(environ: Mapping[str, str]) -> list[str]:
    """Return what can't be used of the environment and of the folder of state, for any program of the place."""
    found = variables.problems(environ)
    if not _names(found, "SIGAP_HOME") and (line := unwritable(connection.home(environ))):
        found.append(line)
    return found


def problems_at_start(environ: Mapping[str, str]) -> list[str]:
    """Return the same and what `up` needs beside: the address and, where it is not embedded, the database."""
    found = problems(environ)
    if restore_mark(connection.home(environ)).exists():
        found.append(
            words(
                f"a restore into {connection.home(environ)} was interrupted: restore again.",
                f"pemulihan ke {connection.home(environ)} terputus: pulihkan lagi.",
            )
        )
    if not _names(found, "HOST", "PORT", "SIGAP_PLACE", "SIGAP_HOME") and (line := _address_taken(environ)):
        found.append(line)
    if not _names(found, "DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_PASSWORD", "DATABASE_OWNER_PASSWORD"):
        found += _unreachable(environ)
    return found


def restore_mark(state: Path) -> Path:
    """Return the file that stands in a folder of state while data are restored into it."""
    return state / "run" / "restoring"


def unwritable(folder: Path) -> str | None:
    """Return why nothing can be written in the folder, in one line; the folder is made where it is missing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return None
    except OSError as error:
        return words(
            f"can't write in {folder}: {error.strerror}; set SIGAP_HOME.",
            f"{folder} tak dapat ditulisi: {error.strerror}; isi SIGAP_HOME.",
        )


def _names(lines: Sequence[str], *names: str) -> bool:
    return any(line.startswith((f"{name} ", f"{name}_FILE")) for line in lines for name in names)


def _address_taken(environ: Mapping[str, str]) -> str | None:
    """Try the address, unless this place runs already: `only_one` gives a better error."""
    if is_held(connection.home(environ) / "run" / "up.lock"):
        return None
    try:
        instance.listen(*instance.address(environ)).close()
    except LauncherError as error:
        return str(error)
    return None


def _unreachable(environ: Mapping[str, str]) -> list[str]:
    """Sign in to a database that is not embedded, in each role that has an address."""
    found = []
    addresses: tuple[tuple[connection.Role, str], ...] = (("app", "DATABASE_URL"), ("owner", "DATABASE_OWNER_URL"))
    for role, name in addresses:
        if connection.value(environ, name) is None or (
            role == "owner" and connection.value(environ, "DATABASE_URL") is None
        ):
            continue
        try:
            password = connection.database(environ, role)["PASSWORD"] or None
            psycopg.connect(**connection.parameters(environ, role), password=password).close()
        except psycopg.Error as error:
            found.append(f"{name}: {connection.unreachable(error)}")
    return found
