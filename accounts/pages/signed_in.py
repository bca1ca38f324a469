"""What follows every sign-in, with one step or two: the language and the desk."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from accounts.actions import choose_language
from accounts.models import User
from accounts.pages.signed_out import remember_session
from accounts.queries import actor_of_user

CHOSEN_COOKIE = "language_chosen"
YEAR_SECONDS = 365 * 24 * 3600


def finish(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Complete the answer to a sign-in; one that still waits for its second step stays as it is."""
    user = request.user
    if not isinstance(user, User):
        return response
    hold_language(request, response, user, request.COOKIES.get(CHOSEN_COOKIE))
    remember_session(request, response)
    if desk := request.session.get("desk"):
        response.set_cookie(
            "desk", desk, max_age=YEAR_SECONDS, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    return response


def hold_language(request: HttpRequest, response: HttpResponse, user: User, language: str | None) -> None:
    """Make the language that was chosen on the sign-in page the person's own. language None: nothing was chosen."""
    response.delete_cookie(CHOSEN_COOKIE, samesite="Lax")
    if language in dict(settings.LANGUAGES) and language != user.language:
        choose_language(actor=actor_of_user(user).at_desk(request.session.get("desk")), language=str(language))


def page_language() -> str:
    """The language in which the sign-in page was read."""
    return get_language() or settings.LANGUAGE_CODE
