"""Who may open a page: 302 to sign-in without a session, 403 in words without the right."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.actors import Actor
from accounts.models import User
from accounts.queries import actor_of_user
from accounts.second_factor import is_missing

PASSWORD_PATH = "/password/"  # noqa: S105 - an address
FACTOR_PATH = "/second-factor/"
View = Callable[..., HttpResponse]


class PageRequest(HttpRequest):
    """A page's request by somebody who is signed in: `actor` acts, at the desk chosen at sign-in."""

    actor: Actor


def page_for(may: Callable[[Actor], bool]) -> Callable[[View], View]:
    """A decorator for pages that only some may open. The view finds `request.actor`."""

    def guard(view: View) -> View:
        @never_cache
        @wraps(view)
        def guarded(request: Any, *args: Any, **named: Any) -> HttpResponse:
            user = request.user
            if not isinstance(user, User):
                return redirect_to_login(request.get_full_path())
            request.actor = actor_of_user(user).at_desk(request.session.get("desk"))
            first = first_to_do(request, user)
            if first and not request.path.startswith(first):
                return redirect(first)
            if not may(request.actor):
                return refused(request)
            return view(request, *args, **named)

        return guarded

    return guard


def first_to_do(request: HttpRequest, user: User) -> str | None:
    """The address of what a person must do before anything else: choose a password, set up a second factor."""
    if user.password_once:
        return PASSWORD_PATH
    return FACTOR_PATH if is_missing(user, request.session) else None


def refused(request: HttpRequest) -> HttpResponse:
    """The page of somebody who may not open the one they asked for."""
    return render(
        request,
        "refused.html",
        {
            "why": _("Your role doesn't open this page."),
            "advice": _("Choose a page from the top bar. Ask a supervisor if you need this one."),
        },
        status=403,
    )
