"""The `restore` command: brings a backup into an empty SIGAP_HOME."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from launcher.backup import restoring
from launcher.console_output import LauncherError, say, words


class Command(BaseCommand):
    """Restores a backup and compares what came back with it."""

    help = "Restore a backup into an empty SIGAP_HOME, walk its event log and compare its rows with the manifest."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the backup's folder."""
        parser.add_argument("folder", type=Path, metavar="DIR", help="a backup made by `backup DIR`")

    def handle(self, *_: Any, **options: Any) -> None:
        """Restore; what can't be is one clear line each, exit code 1."""
        try:
            manifest = restoring.restore(os.environ, Path.cwd() / options["folder"], say=say)
        except LauncherError as error:
            say(str(error))
            sys.exit(1)
        live = " --live" if manifest["place"] == "live" else ""
        self.stdout.write(
            words(
                f"restored: {manifest['place']} of {manifest['made_at']}. Start it with ./sigap up{live}",
                f"dipulihkan: {manifest['place']} pada {manifest['made_at']}. Jalankan dengan ./sigap up{live}",
            )
        )
