"""What follows every sign-in, with one step or two: the language, the desk and the session's end."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from accounts.actions import choose_language
from accounts.models import User
from accounts.pages.signed_out import remember_session
from accounts.queries import actor_of_user
from accounts.second_factor import bridge_of, was_bridged

CHOSEN_COOKIE = "language_chosen"
YEAR_SECONDS = 365 * 24 * 3600


def finish(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Complete the answer to a sign-in; one that still waits for its second step stays as it is."""
    user = request.user
    if not isinstance(user, User):
        return response
    request.session.set_expiry(_ends_at(request, user) or 0)
    hold_language(request, response, user, request.COOKIES.get(CHOSEN_COOKIE))
    remember_session(request, response)
    if desk := request.session.get("desk"):
        response.set_cookie(
            "desk", desk, max_age=YEAR_SECONDS, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    return response


def _ends_at(request: HttpRequest, user: User) -> datetime | None:
    """A session over a bridge ends with it; any other with the browser."""
    bridge = bridge_of(user) if was_bridged(user, request.session) else None
    return bridge.ends_at if bridge else None


def hold_language(request: HttpRequest, response: HttpResponse, user: User, language: str | None) -> None:
    """Make the language that was chosen on the sign-in page the person's own. language None: nothing was chosen."""
    response.delete_cookie(CHOSEN_COOKIE, samesite="Lax")
    if language in dict(settings.LANGUAGES) and language != user.language:
        choose_language(actor=actor_of_user(user), desk=request.session.get("desk"), language=str(language))


def page_language() -> str:
    """The language in which the sign-in page was read."""
    return get_language() or settings.LANGUAGE_CODE
