"""The `up` command as Django sees it: `launcher.up` runs a place, this brings it up to date first."""

import os
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string

from launcher import instance, prepare, up
from launcher.console_output import LauncherError, say


class Command(BaseCommand):
    """Starts everything and keeps it running."""

    help = "Start the place: embedded servers unless URLs are given, web, worker and beat; Ctrl-C ends all of it."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --live, which manage.py has already turned into SIGAP_PLACE, and --prepare-only."""
        parser.add_argument("--live", action="store_true", help="the live place: own database, no demo")
        parser.add_argument(
            "--prepare-only",
            action="store_true",
            help="bring schema, defaults and static files up to date, start nothing",
        )

    def handle(self, *_: Any, prepare_only: bool, **__: Any) -> None:
        """Prepare the place, or run it; a start that can't be is one clear line."""
        try:
            if not prepare_only:
                up.run(os.environ)
                return
            prepare.prepare(say=say)
            self._refuse(settings.SIGAP_START_CHECK)
            if not instance.is_loopback(instance.address(os.environ)[0]):
                self._refuse(settings.SIGAP_EXPOSURE_CHECK)
        except LauncherError as error:
            raise CommandError(str(error)) from error
        if settings.SIGAP_PLACE == "live":  # one that has an admin already stays as it is
            call_command("create_first_admin", stdout=self.stdout)

    def _refuse(self, name: str) -> None:
        """Stop the start where a check that settings name has a reason."""
        check: Callable[[], str | None] = import_string(name)
        if reason := check():
            raise LauncherError(reason)
