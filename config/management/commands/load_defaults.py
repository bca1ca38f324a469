"""`load_defaults`: fill a place with the shipped data, as often as wanted."""

from __future__ import annotations

from argparse import BooleanOptionalAction
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.seeds.load import load
from launcher.console_output import words


class Command(BaseCommand):
    """Adds what a place lacks of the shipped data; what the site has edited stays."""

    help = "Add what this place lacks of the shipped defaults; a training place also gets Sumenep's units and people."
    requires_system_checks = ()  # each start runs this; `check --deploy` and `migrate` have checked already

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether the invented units and people come too: by default in a training place only."""
        parser.add_argument(
            "--people",
            action=BooleanOptionalAction,
            default=settings.SIGAP_PLACE == "training",
            help="also the invented stations, units and demo people",
        )

    def handle(self, *_: Any, people: bool, **__: Any) -> None:
        """Load, and say in one line what was added.

        Raises CommandError where demo people are asked for in a live place: their password is published.
        """
        if people and settings.SIGAP_PLACE != "training":
            raise CommandError(
                words(
                    "Demo people belong to a training place only: leave out --people.",
                    "Orang contoh hanya untuk tempat latihan: hilangkan --people.",
                )
            )
        added = load(people=people)
        total = sum((added or {}).values())
        if not total:
            self.stdout.write(words("Shipped data: nothing to add.", "Data bawaan: tidak ada yang ditambahkan."))
            return
        parts = ", ".join(f"{kind} {count}" for kind, count in (added or {}).items() if count)
        self.stdout.write(
            words(f"Shipped data: {total} rows added ({parts}).", f"Data bawaan: {total} baris ditambahkan ({parts}).")
        )
