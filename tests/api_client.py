"""The HTTP API as tests knock at it: a person's session with its CSRF token, a program's key, or nobody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from django.conf import settings
from django.test import Client

from accounts.actors import Actor, system_actor

PREFIX = "/api/v1/"
OPENAPI = f"{PREFIX}openapi.json"  # the one answer of the API that may be kept
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class Api:
    """A client of the HTTP API that speaks JSON. Paths without a leading slash stand below /api/v1/."""

    def __init__(self, *, secret: str | None = None, desk: str | None = None) -> None:
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        self.headers: dict[str, str] = {}
        self.actor: Actor | None = None
        if secret:
            self.headers["Authorization"] = f"Bearer {secret}"
        if desk:
            self.headers["X-Sigap-Desk"] = desk

    def sign_in(self, actor: Actor) -> None:
        """Take a person's session, and the CSRF token that a page of this person would have."""
        from accounts.models import User  # noqa: PLC0415 - Django must be up first

        self.client.force_login(User.objects.get(pk=actor.user), BACKEND)
        self.client.get("/password/")
        self.headers["X-CSRFToken"] = self.client.cookies["csrftoken"].value
        self.actor = actor

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send a request; `body` as JSON unless it is bytes."""
        address = path if path.startswith("/") else PREFIX + path
        content = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
        kind = headers.pop("content_type", "application/json")
        answer = self.client.generic(method, address, content, content_type=kind, headers=self.headers | headers)
        if address.startswith("/api/") and not address.startswith(OPENAPI):
            assert "no-store" in answer.headers["Cache-Control"], address  # of every answer in every test
        return answer

    def get(self, path: str, **headers: str) -> Any:
        """GET."""
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """POST."""
        return self.ask("POST", path, {} if body is None else body, **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Any:
        """PUT."""
        return self.ask("PUT", path, {} if body is None else body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        """PATCH."""
        return self.ask("PATCH", path, {} if body is None else body, **headers)


def come_in(context: Any, web: Any, username: str) -> None:
    """Give a browser a person's session, as signing in by the form would (tests/accounts has that)."""
    from accounts.models import User  # noqa: PLC0415 - Django must be up first

    client = Client()
    client.force_login(User.objects.get(username=username), BACKEND)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": web.url}])


def press_in_menu(page: Any, selector: str) -> None:
    """Press what stands behind the person's name in the top bar: language, look, password, signing out."""
    page.locator("#person").click()
    page.locator(f"#person-menu {selector}").click()


def make_secret(scopes: Sequence[str], agency: str | None = None) -> str:
    """The secret of a new key."""
    from accounts.actions import make_key  # noqa: PLC0415 - Django must be up first
    from accounts.queries import agency_by_code, default_centre  # noqa: PLC0415
    from accounts.roles import Scope  # noqa: PLC0415

    _, secret = make_key(
        actor=system_actor(default_centre().id, "test"),
        name="test",
        scopes=[Scope(scope) for scope in scopes],
        agency=agency_by_code(agency) if agency else None,
    )
    return secret


def api_client(
    actor: Actor | None = None, *, scopes: Sequence[str] = (), agency: str | None = None, desk: str | None = None
) -> Api:
    """A client for a person, for a key with scopes, or for nobody."""
    client = Api(secret=make_secret(scopes, agency) if scopes else None, desk=desk)
    if actor is not None:
        client.sign_in(actor)
    return client
