"""The `test` command as Django sees it; `launcher.suite` does the work."""

from typing import Any

from django.core.management.base import BaseCommand

from launcher import suite


class Command(BaseCommand):
    """Runs the whole test suite; further words go to pytest."""

    help = "Run the whole test suite, browser tests included; further words go to pytest, --long adds the long tests."
    requires_system_checks = ()

    def run_from_argv(self, argv: list[str]) -> None:
        """Hand every word on to pytest unread, so that its options need no list here."""
        suite.run(argv[2:])

    def handle(self, *_: Any, **__: Any) -> None:
        """Run without words, where another program calls the command."""
        suite.run([])
