"""The `create_api_key` command: makes a program's key and shows it once."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actions import make_key
from accounts.actors import system_actor
from accounts.models import Agency
from accounts.queries import agency_by_code, default_centre
from accounts.roles import Scope
from core.cleaning import clean_line
from core.errors import Unknown

WRONG_WORDS = 2  # the exit code of a command that was called with words it doesn't know


class Command(BaseCommand):
    """Makes a key; the log keeps that it was made, and nobody keeps the key."""

    help = "Make an API key and print it once, alone on the last line. Names may repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the key's name, its scopes and the agency it is bound to."""
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("--scope", action="append", default=[], metavar="SCOPE", help=", ".join(Scope))
        parser.add_argument("--agency", metavar="CODE", help="bind the key to this agency's rows")

    def handle(self, *_: Any, **options: Any) -> None:
        """Make it."""
        scopes = [_scope(word) for word in options["scope"]]
        if not scopes:
            raise CommandError(f"name at least one --scope: {', '.join(Scope)}", returncode=WRONG_WORDS)
        name = clean_line(options["name"])
        if not name:
            raise CommandError("NAME is empty: say which program the key is for", returncode=WRONG_WORDS)
        agency = _agency(options["agency"]) if options["agency"] is not None else None
        actor = system_actor(default_centre().id, "command")
        key, secret = make_key(actor=actor, name=name, scopes=scopes, agency=agency)
        bound = f", bound to {agency.code}" if agency else ""
        self.stdout.write(f"{name}: {', '.join(key.scopes)}{bound}. The key is shown here and never again:")
        self.stdout.write(secret)


def _scope(word: str) -> Scope:
    try:
        return Scope(word)
    except ValueError:
        raise CommandError(f"no scope {word!r}: there are {', '.join(Scope)}", returncode=WRONG_WORDS) from None


def _agency(code: str) -> Agency:
    try:
        return agency_by_code(code)
    except Unknown:
        raise CommandError(f"no agency {code!r} in this place", returncode=WRONG_WORDS) from None
