"""The `revoke_api_key` command: ends a program's key at once."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actions import revoke_key
from accounts.actors import system_actor
from accounts.queries import default_centre, valid_keys


class Command(BaseCommand):
    """Revokes a key, named by its first characters or its name; without words it lists the valid ones."""

    help = "Revoke an API key by its first characters or its name; without words: list the valid ones."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take which."""
        parser.add_argument("key", nargs="?", metavar="KEY", help="the first characters of the key, or its name")

    def handle(self, *_: Any, **options: Any) -> None:
        """Revoke the one key that is meant; refuse where there are several."""
        keys = list(valid_keys())
        if options["key"] is None:
            for key in keys:
                self.stdout.write(f"{key.prefix}  {key.name}: {', '.join(key.scopes)}")
            return
        meant = [key for key in keys if options["key"] in {key.name, key.prefix}]
        if not meant:
            raise CommandError(f"no valid key {options['key']!r}", returncode=2)
        if len(meant) > 1:
            raise CommandError(
                f"{len(meant)} keys are called so: {', '.join(key.prefix for key in meant)}; name one", returncode=2
            )
        revoke_key(actor=system_actor(default_centre().id, "command"), key=meant[0].id)
        self.stdout.write(f"revoked {meant[0].prefix} ({meant[0].name})")
