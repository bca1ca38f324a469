"""`snapshot`: open incidents, units and telephone numbers in one HTML file, for a time when the system is down."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts.queries import default_centre
from core import clock
from core.errors import Unknown
from dispatch.queries.snapshot import snapshot_of
from launcher.console_output import words

FOLDER = "snapshots"
READABLE_BY_OWNER = 0o600


class Command(BaseCommand):
    """Writes the file. Needs PostgreSQL only: no web process, worker or Valkey."""

    help = "Write open incidents, units and telephone numbers to one HTML file that any browser opens."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, and in which language."""
        parser.add_argument("file", nargs="?", metavar="FILE", help=f"default: SIGAP_HOME/{FOLDER}/sigap-TIME.html")
        languages = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("--language", choices=languages, default=settings.LANGUAGE_CODE)

    def handle(self, *_: Any, file: str | None, language: str, **__: Any) -> None:
        """Write it whole or not at all, readable by its owner only. Raises CommandError with the fix."""
        try:
            centre = default_centre()
        except Unknown:
            raise CommandError(
                words(
                    "There is no centre yet: run ./sigap load_defaults first.",
                    "Belum ada pusat: jalankan ./sigap load_defaults dulu.",
                )
            ) from None
        now, zone = clock.now(), ZoneInfo(centre.time_zone)
        path = Path(file) if file else settings.SIGAP_HOME / FOLDER / f"sigap-{now.astimezone(zone):%Y%m%d-%H%M%S}.html"
        with translation.override(language), timezone.override(zone):
            context = snapshot_of(centre.id, language)
            training = settings.SIGAP_PLACE == "training"
            more = {"centre": centre, "at": now, "training": training, "language": language}
            text = render_to_string("snapshot.html", context | more)
        try:
            _write(path, text)
        except OSError as error:
            raise CommandError(
                words(
                    f"{path} can't be written ({error.strerror}): give another file.",
                    f"{path} tidak bisa ditulis ({error.strerror}): beri berkas lain.",
                )
            ) from None
        self.stdout.write(str(path))


def _write(path: Path, text: str) -> None:
    """Write a file in one step: who reads it sees the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".snapshot-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(draft).chmod(READABLE_BY_OWNER)
        Path(draft).replace(path)
    except OSError:
        Path(draft).unlink(missing_ok=True)
        raise
