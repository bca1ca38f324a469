"""The `test` command: sees to a browser and the translations, then becomes pytest."""

import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from core.launcher import browser
from core.launcher.messages import compile_messages
from core.launcher.words import LauncherError, say


class Command(BaseCommand):
    """Runs the whole test suite; further words go to pytest."""

    help = "Run the whole test suite, browser tests included; further words go to pytest, --long adds the long tests."
    requires_system_checks = ()

    def run_from_argv(self, argv: list[str]) -> None:
        """Hand every word on to pytest unread, so that its options need no list here."""
        base = Path(settings.BASE_DIR)
        os.chdir(base)
        compile_messages(base)
        try:
            os.environ["SIGAP_CHROMIUM"] = browser.ensure(os.environ, say=say)
        except LauncherError as error:
            say(str(error))
            sys.exit(1)
        # Set for this very command: pytest must find its own, made by the root conftest.
        for name in ("DJANGO_SETTINGS_MODULE", "SIGAP_DB_ROLE"):
            os.environ.pop(name, None)
        os.execv(sys.executable, [sys.executable, "-m", "pytest", *argv[2:]])

    def handle(self, *_: Any, **__: Any) -> None:
        """Run without words, where another program calls the command."""
        self.run_from_argv([sys.argv[0], "test"])
