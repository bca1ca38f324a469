"""Second factors as tests set them up."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.actions import add_app
from accounts.actors import Actor
from accounts.second_factor import STEP_SECONDS, code_at
from core.clock import now

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "sigap-demo"


def code_now(steps: int = 0) -> str:
    """What the app shows, so many steps from now."""
    return code_at(SECRET, int(now().timestamp()) // STEP_SECONDS + steps)


def set_up(actor: Actor) -> list[str]:
    """Give a person an app; its recovery codes. The app's present code is unused."""
    codes = add_app(actor=actor, secret=SECRET, code=code_now())
    row = Authenticator.objects.get(user=actor.user, type="totp")
    row.data["step"] = 0
    row.save(update_fields=["data"])
    return codes


def enter(username: str, client: Client | None = None, **more: str) -> tuple[Client, Any]:
    """A browser after the first step of signing in, and the answer to it."""
    client = client or Client()
    client.post("/preferences/", {"language": "en"})
    return client, client.post("/sign-in/", {"login": username, "password": PASSWORD} | more)
