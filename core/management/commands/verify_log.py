"""The `verify_log` command: walks the event log's hash chain."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand

from core import event_log


def anchor(words: str) -> tuple[int, bytes]:
    """A seq and hash noted earlier, from SEQ:HASH."""
    seq, _, digest = words.partition(":")
    try:
        found = int(seq), bytes.fromhex(digest)
    except ValueError:
        found = 0, b""
    if found[0] < 1 or len(found[1]) != 32:
        raise ArgumentTypeError("give SEQ:HASH, the hash as 64 hex digits")
    return found


def seq(words: str) -> int:
    """A seq, 1 or more."""
    if not words.isdecimal() or int(words) < 1:
        raise ArgumentTypeError("give a SEQ of 1 or more")
    return int(words)


class Command(BaseCommand):
    """Verify that the log is as it was written."""

    help = "Walk the event log's hash chain; exit 1 and the first bad seq if anything was changed or removed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take where to begin and what must be contained."""
        parser.add_argument("--from", dest="start", type=seq, metavar="SEQ", help="begin here, believe what is before")
        parser.add_argument("--anchor", type=anchor, metavar="SEQ:HASH", help="noted earlier: the log must contain it")

    def handle(self, *_: Any, **options: Any) -> None:
        """Walk, say what was found, exit 1 if it is bad."""
        verdict = event_log.verify(start=options["start"], anchor=options["anchor"])
        if verdict.bad is not None:
            found = f"event log broken at seq {verdict.bad}: {verdict.reason} ({verdict.checked} before it good)"
            self.stderr.write(found)
            sys.exit(1)
        head = f"{verdict.last}:{verdict.last_hash.hex()}" if verdict.last else "the log is empty"
        self.stdout.write(f"event log good: {verdict.checked} events, head {head}")
