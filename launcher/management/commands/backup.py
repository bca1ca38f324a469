"""The `backup` command: copies this place while it runs, or looks whether a copy is whole."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from launcher.backup import folder, making, schedule
from launcher.console_output import LauncherError, say, words


class Command(BaseCommand):
    """Makes or checks a backup."""

    help = "Copy the database, and apart from it settings and secrets, into a new folder; the system may run meanwhile."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder, or nothing for the scheduled kind."""
        parser.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="a folder that is new or empty")
        kind = parser.add_mutually_exclusive_group()
        kind.add_argument("--check", action="store_true", help="only look whether the backup in DIR is whole")
        kind.add_argument("--scheduled", action="store_true", help="into BACKUP_DIR, and remove the oldest there")

    def handle(self, *_: Any, **options: Any) -> None:
        """Make one and say what it holds, or check one; what can't be is one clear line."""
        given: Path | None = options["folder"]
        if (given is None) != options["scheduled"]:
            raise CommandError(words("give DIR, or --scheduled without it.", "sebut DIR, atau --scheduled tanpa DIR."))
        target = None if given is None else Path.cwd() / given
        try:
            if target is not None and options["check"]:
                self._check(target)
                return
            target = making_of(target)
        except LauncherError as error:
            for line in str(error).splitlines():
                say(line)
            sys.exit(1)
        found = folder.check(target)
        if found.faults:
            raise CommandError("\n".join(found.faults))
        self.stdout.write(summary(target, found))

    def _check(self, target: Path) -> None:
        found = folder.check(target)
        if found.faults:
            raise LauncherError("\n".join(found.faults))
        self.stdout.write(summary(target, found))


def making_of(target: Path | None) -> Path:
    """Make the backup that was asked for and return its folder. Raises LauncherError."""
    if target is None:
        return schedule.run(os.environ, say=say)
    making.make(os.environ, target, say=say)
    return target


def summary(target: Path, found: folder.Checked) -> str:
    """What a whole backup holds, in one line."""
    manifest = found.manifest
    rows, head = sum(manifest["counts"].values()), manifest["event_log"]
    apart = (
        words("with settings and secrets", "dengan pengaturan dan rahasia")
        if found.private
        else words("without settings and secrets", "tanpa pengaturan dan rahasia")
    )
    return words(
        f"backup whole: {target}, {manifest['place']} of {manifest['made_at']}, {manifest['bytes'] / 1e6:.1f} MB, "
        f"{rows} rows, {apart}, event log head {head['seq']}:{head['hash']}",
        f"cadangan utuh: {target}, {manifest['place']} pada {manifest['made_at']}, {manifest['bytes'] / 1e6:.1f} MB, "
        f"{rows} baris, {apart}, ujung log {head['seq']}:{head['hash']}",
    )
