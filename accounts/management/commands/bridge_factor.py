"""The `bridge_factor` command: the last supervisor or admin who lost their second factor gets in for one shift."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actions import bridge_factor
from accounts.actions.bridges import MOST_HOURS
from accounts.actors import system_actor
from accounts.models import User
from accounts.queries import default_centre, zone_of
from core.errors import DomainError
from core.problems import form_errors


class Command(BaseCommand):
    """Bridges a lost second factor, for whoever may work on this machine."""

    help = "Let a person who lost their second factor sign in with the password alone for one shift."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whose, who answers for it, why and for how long."""
        parser.add_argument("username", metavar="USERNAME", help="the name that the person signs in with")
        parser.add_argument("--by", required=True, metavar="NAME", help="the name of whoever answers for it")
        parser.add_argument("--reason", required=True, help="why, and how they know that it is the person")
        parser.add_argument("--hours", type=int, default=MOST_HOURS, help=f"1 to {MOST_HOURS}; {MOST_HOURS} by itself")

    def handle(self, *_: Any, **options: Any) -> None:
        """Bridge it, and say until when."""
        centre = default_centre()
        user = User.objects.filter(centre=centre, username__iexact=options["username"]).first()
        if user is None:
            raise CommandError(f"nobody signs in as {options['username']!r}", returncode=2)
        try:
            bridge = bridge_factor(
                actor=system_actor(centre.id, "command"),
                user=user.id,
                reason=options["reason"],
                hours=options["hours"],
                name=options["by"],
            )
        except DomainError as refused:
            raise CommandError(" ".join(text for _field, text in form_errors(refused)), returncode=2) from None
        until = bridge.ends_at.astimezone(zone_of(centre.id))
        self.stdout.write(f"{user.username} signs in with the password alone until {until:%Y-%m-%d %H:%M %Z}")
