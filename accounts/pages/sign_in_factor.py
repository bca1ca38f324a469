"""The second step of signing in: a code of the app, a recovery code or a passkey."""

from __future__ import annotations

import math
from typing import Any

from allauth.account.internal.decorators import login_stage_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.actions import use_code, use_passkey
from accounts.models import User
from accounts.pages import passkeys
from accounts.pages.second_factor import in_words, wait
from accounts.pages.signed_in import finish
from accounts.second_factor import PASSKEY, factors_of, mark
from accounts.sign_in_limits import Attempt
from accounts.stages import FactorStage
from core.errors import Conflict, TooMany


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@login_stage_required(stage=FactorStage.key, redirect_urlname="account_login")  # type: ignore[untyped-decorator]
def sign_in_factor(request: Any) -> HttpResponse:
    """Ask for the second factor. `cancel` gives the sign-in up; a try too many is 429 with Retry-After."""
    stage = request._login_stage
    user: User = stage.login.user
    if "cancel" in request.POST:
        abandoned: HttpResponse = stage.abort()
        return abandoned
    error, status, seconds = "", 200, 0
    if request.method == "POST":
        try:
            kind = _given(request, user)
        except TooMany as late:
            error, status, seconds = wait(late), 429, math.ceil(late.retry_after_seconds)
        except Conflict as wrong:
            error, status = in_words(wrong), 400
        else:
            mark(request.session, user, kind)
            return finish(request, stage.exit())
    factors = factors_of(user)
    context = {
        "factors": factors,
        "person": user.name,
        "error": error,
        "options": passkeys.ask_to_sign(user) if factors.passkeys and passkeys.are_possible(request) else "",
    }
    response = render(request, "account/sign_in_factor.html", context, status=status)
    if seconds:
        response["Retry-After"] = str(seconds)
    return response


def _given(request: Any, user: User) -> str:
    """The kind of factor that was given. Raises TooMany, Conflict(`factor_code_wrong`, `passkey_failed`)."""
    attempt = Attempt.begin_code(user.pk)
    try:
        kind = _checked(request, user)
    except Conflict:
        attempt.failed()
        raise
    except BaseException:
        attempt.not_failed()
        raise
    attempt.not_failed()
    return kind


def _checked(request: Any, user: User) -> str:
    desk = request.session.get("desk")
    if "credential" in request.POST:
        use_passkey(user=user, factor=passkeys.signed(user, request.POST["credential"]).pk, desk=desk)
        return str(PASSKEY)
    kind = use_code(user=user, code=request.POST.get("code", ""), desk=desk)
    if kind is None:
        raise Conflict("factor_code_wrong")
    return kind
