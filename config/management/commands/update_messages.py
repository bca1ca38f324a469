"""The `update_messages` command: brings the translators' files up to date with the code."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config import translations


class Command(BaseCommand):
    """Rewrites locale/LANGUAGE/LC_MESSAGES/django.po and names what is untranslated."""

    help = "Bring the texts of a language up to date with code and templates; they are compiled at the next start."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take a language: a new one begins with an empty file. None: all those of the pages."""
        parser.add_argument("language", nargs="?", metavar="LANGUAGE")

    def handle(self, *_words: Any, **options: Any) -> None:
        """Rewrite the file."""
        chosen = options["language"]
        for language in [chosen] if chosen else translations.translated():
            path, waiting = translations.refresh(settings.BASE_DIR, language)
            for text in waiting:
                self.stdout.write(f"untranslated: {text}")
            self.stdout.write(f"{path}: {len(waiting)} texts wait for a translator")
