"""What the launcher says on a terminal, in the language of the terminal: English or Indonesian."""

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
    """Print one progress line at once, also into a pipe."""
    with suppress(BrokenPipeError):  # the reader of our progress has gone: the work goes on
        print(f"sigap: {text}", file=sys.stderr, flush=True)


class LauncherError(Exception):
    """What stops a start; its text is one clear line naming the mend."""
