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
        """Revoke the key of that name or prefix; refuse where there are several."""
        keys = list(valid_keys())
        if options["key"] is None:
            for key in keys:
                self.stdout.write(f"{key.prefix}  {key.name}: {', '.join(key.scopes)}")
            return
        matching = [key for key in keys if options["key"] in {key.name, key.prefix}]
        if not matching:
            raise CommandError(f"no valid key {options['key']!r}", returncode=2)
        if len(matching) > 1:
            raise CommandError(
                f"{len(matching)} keys are called so: {', '.join(key.prefix for key in matching)}; name one",
                returncode=2,
            )
        revoke_key(actor=system_actor(default_centre().id, "command"), key=matching[0].id)
        self.stdout.write(f"revoked {matching[0].prefix} ({matching[0].name})")
