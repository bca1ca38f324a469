"""The `create_first_admin` command: a place that nobody can administer gets somebody who can."""

from __future__ import annotations

import secrets
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from accounts.actions import make_user
from accounts.actors import system_actor
from accounts.models import User
from accounts.queries import default_centre
from accounts.roles import Role


class Command(BaseCommand):
    """Makes `admin` with a password for one use, where there is no admin; else does nothing."""

    help = "Where the place has no admin, make one and print the password once; it is for one sign-in."

    def handle(self, *_words: Any, **_options: Any) -> None:
        """Make the first admin, or none."""
        centre = default_centre()
        if User.objects.filter(centre=centre, roles__contains=[Role.ADMIN.value]).exists():
            return
        password = secrets.token_urlsafe(12)
        make_user(
            actor=system_actor(centre.id, "command"),
            username="admin",
            name="Admin",
            roles=[Role.ADMIN],
            password=password,
            once=True,
        )
        self.stdout.write(_("Sign in as admin; the password is for one use and shown only here:"))
        self.stdout.write(password)
