"""What the tests of backups share."""

import os
import time

from launcher import connection


def quiet(_: str) -> None:
    """Take the output of a program, and print nothing."""


def wait_for(condition, seconds: float = 60) -> None:
    """Wait until the condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def owner_url(name: str) -> str:
    """The address of a database, in the role of its owner."""
    pieces = connection.database(os.environ, "owner")
    return f"postgresql://{pieces['USER']}:{pieces['PASSWORD']}@/{name}?host={pieces['HOST']}"


def environ_of(name: str) -> dict[str, str]:
    """The environment of a database, in the role that makes backups."""
    return {**os.environ, "DATABASE_URL": owner_url(name), "SIGAP_DB_ROLE": "owner"}
