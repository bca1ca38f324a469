"""Who comes in through the HTTP API: a browser's session with CSRF, or a program's key."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from accounts import queries
from accounts.actors import Actor
from accounts.models import User
from accounts.second_factor import is_missing
from core import ratelimits
from core.errors import Invalid, NotSignedIn, Refused

POSITIONS_PATH = "/api/v1/units/positions"
DESK_HEADER = "X-Sigap-Desk"
USER_HEADER = "X-Sigap-User"  # whose page it is: what it kept is never done in the name of who signed in after


class Request(HttpRequest):
    """A request that somebody signed: `actor` acts, at `desk` (a Desk.code, or None for programs)."""

    actor: Actor
    desk: str | None


class Key(AuthBase):
    """`Authorization: Bearer KEY`."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> Actor | None:
        """The key's actor; None where the header is missing. Raises NotSignedIn, TooMany."""
        secret = self.secret(request)
        if secret is None:
            return None
        key = queries.key_of_secret(secret)
        if key is None:
            raise NotSignedIn("key_not_valid")
        actor = queries.actor_of_key(key, get_language() or "id")
        ratelimits.spend(ratelimits.POSITIONS if request.path == POSITIONS_PATH else ratelimits.KEY, actor.ref)
        return _let_in(request, actor)

    def secret(self, request: HttpRequest) -> str | None:
        """The secret that the request carries, if any."""
        header = request.headers.get("Authorization")
        if header is None:
            return None
        scheme, _, secret = header.partition(" ")
        return secret.strip() if scheme.lower() == "bearer" else ""


class QueryKey(Key):
    """A key as `?key=KEY`, for networks that can't set headers (AML)."""

    openapi_type = "apiKey"
    openapi_in = "query"
    openapi_name = "key"

    def secret(self, request: HttpRequest) -> str | None:
        """The secret in the address."""
        return request.GET.get("key")


class Browser(AuthBase):
    """A session cookie; what writes needs the CSRF token as well."""

    openapi_type = "apiKey"
    openapi_in = "cookie"
    openapi_name = "sessionid"

    def __call__(self, request: HttpRequest) -> Actor | None:
        """The signed-in person's actor.

        Raises NotSignedIn, Refused(`csrf_failed`, `password_to_change`, `second_factor_to_set_up`),
        Invalid(`desk_unknown`), TooMany.
        """
        user = request.user
        if not isinstance(user, User) or request.headers.get(USER_HEADER, str(user.pk)) != str(user.pk):
            raise NotSignedIn
        if check_csrf(request) is not None:
            raise Refused("csrf_failed")
        if user.password_once:
            raise Refused("password_to_change")
        if is_missing(user, request.session):
            raise Refused("second_factor_to_set_up")
        actor = queries.actor_of_user(user)
        ratelimits.spend(ratelimits.PERSON, actor.ref)
        return _let_in(request, actor.at_desk(desk_of(request, actor)))


def desk_of(request: HttpRequest, actor: Actor) -> str | None:
    """The desk a browser sits at: the header's, else the one chosen at sign-in. Raises Invalid(`desk_unknown`)."""
    named = request.headers.get(DESK_HEADER)
    if not named:
        chosen: str | None = request.session.get("desk")
        return chosen
    desk = queries.desk_for(actor, named)
    if desk is None:
        raise Invalid.field(DESK_HEADER, "desk_unknown")
    return desk


def _let_in(request: Any, actor: Actor) -> Actor:
    request.actor = actor
    return actor


signed_in = (Key(), Browser())
signed_in_by_query = (QueryKey(), Key(), Browser())
