"""What the launcher prints on a terminal, in the language of the terminal: English or Indonesian."""

import os
import sys
from collections.abc import Callable
from contextlib import suppress

Say = Callable[[str], None]


def words(english: str, indonesian: str) -> str:
    """Return the text in the terminal's language, by LC_ALL, LC_MESSAGES, LANG in POSIX order."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return indonesian if value.lower().startswith("id") else english
    return english


def say(text: str) -> None:
    """Print progress at once, also into a pipe; each line of the text is one line."""
    with suppress(BrokenPipeError):  # the reader of our progress has gone: the work goes on
        for line in text.splitlines():
            print(f"sigap: {line}", file=sys.stderr, flush=True)


class LauncherError(Exception):
    """What stops a start; its text is one clear line for each reason, naming the repair."""
