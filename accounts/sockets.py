"""Who may open a socket: the same people and keys as the HTTP API, by the same right to see the board."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.utils.crypto import constant_time_compare

from accounts import queries
from accounts.actors import Actor
from accounts.models import Session, User
from accounts.roles import Reach, Right
from accounts.second_factor import is_missing
from accounts.sessions import PUBLIC_ID, SessionStore
from core import clock
from feed.audiences import Admission, View

NOT_SIGNED_IN = 4401
NOT_ALLOWED = 4403


def view_of(actor: Actor) -> View | None:
    """The view of the board that an actor has: the centre's, their agency's, their unit's; None without one."""
    reach = actor.reach(Right.BOARD_SEE)
    if reach is Reach.ANY:
        return View("centre", None)
    if reach is Reach.OWN:
        if actor.unit is not None and not _speaks_for_agency(actor):
            return View("crew", actor.unit)
        if actor.agency is not None and _speaks_for_agency(actor):
            return View("agency", actor.agency)
    return None


def _speaks_for_agency(actor: Actor) -> bool:
    return actor.is_key or actor.may(Right.ASSIGN)


def admit(scope: dict[str, Any]) -> Admission | int:
    """Judge a socket by its ASGI scope: its admission, or the code it is closed with. Asks the database."""
    headers = {name.lower(): value for name, value in scope.get("headers", [])}
    authorization = headers.get(b"authorization")
    if authorization is not None:
        return _admit_key(authorization.decode("latin-1"))
    return _admit_session(headers.get(b"cookie", b"").decode("latin-1"))


def _admit_key(header: str) -> Admission | int:
    scheme, _, secret = header.partition(" ")
    key = queries.key_of_secret(secret.strip()) if scheme.lower() == "bearer" else None
    if key is None:
        return NOT_SIGNED_IN
    view = view_of(queries.actor_of_key(key))
    if view is None:
        return NOT_ALLOWED
    return Admission(view, frozenset({f"key:{key.id}"}), key.expires_at)


def _admit_session(cookies: str) -> Admission | int:
    row = _session(cookies)
    if row is None:
        return NOT_SIGNED_IN
    user = _user(row)
    if user is None:
        return NOT_SIGNED_IN
    view = view_of(queries.actor_of_user(user))
    if view is None or user.password_once or is_missing(user, row.get_decoded()):
        return NOT_ALLOWED
    return Admission(view, frozenset({f"session:{row.id}", f"user:{user.id}"}), row.expire_date)


def _session(cookies: str) -> Session | None:
    try:
        morsel = SimpleCookie(cookies).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return None
    store = SessionStore(morsel.value if morsel else None)
    if store.session_key is None:
        return None
    return Session.objects.filter(session_key=store.session_key, expire_date__gt=clock.now()).first()


def _user(row: Session) -> User | None:
    """The person of a session, as Django's own middleware would find them: active, and with the same password."""
    data = row.get_decoded()
    if data.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS or PUBLIC_ID not in data:
        return None
    user = User.objects.filter(pk=row.user_id, is_active=True).first() if row.user_id else None
    if user is None:
        return None
    proofs = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    known = any(constant_time_compare(data.get(HASH_SESSION_KEY, ""), proof) for proof in proofs)
    return user if known else None
