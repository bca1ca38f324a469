"""One's own second factor: the list, an app, a passkey, recovery codes. Each change asks for a password just given."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.utils import decrypt, encrypt
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.actions import add_app, add_passkey, make_recovery_codes, remove_factor
from accounts.pages import passkeys
from accounts.pages.decorators import FACTOR_PATH, View, page_for
from accounts.second_factor import (
    PASSWORD_AT,
    app_address,
    factors_of,
    grouped,
    is_missing,
    is_required,
    mark,
    qr_image,
)
from accounts.sign_in_limits import Attempt
from core import clock
from core.cleaning import clean_line
from core.errors import Conflict, DomainError, TooMany
from core.problems import form_errors
from core.ratelimits import PASSWORD, spend

CONFIRM_PATH = FACTOR_PATH + "confirm/"
CONFIRMED_SECONDS = 600
SECRET = "second_factor_secret"  # noqa: S105 - in the session, encrypted: of the app that is being set up
PASSWORD_FIELD = "password"  # noqa: S105 - a field's name
NOT_KEPT = frozenset({PASSWORD_FIELD, "csrfmiddlewaretoken"})  # of a form that waits for the password
LONGEST_NAME = 60


def confirmed(view: View) -> View:
    """A decorator: whoever finds a browser open can't change a second factor without the password.

    A GET comes back after the password. A form is kept: it is sent again together with the password, and then done.
    """

    @wraps(view)
    def checked(request: Any, *args: Any, **named: Any) -> HttpResponse:
        given_at = request.session.get(PASSWORD_AT, 0)
        if clock.now().timestamp() - given_at <= CONFIRMED_SECONDS:
            return view(request, *args, **named)
        if request.method != "POST":
            return redirect(f"{CONFIRM_PATH}?{urlencode({'next': request.path})}")
        form = ConfirmForm(request.user, request.POST if PASSWORD_FIELD in request.POST else None)
        if not form.is_valid():
            kept = [(name, value) for name, values in request.POST.lists() if name not in NOT_KEPT for value in values]
            return _ask(request, form, kept=kept, status=403)
        request.session[PASSWORD_AT] = clock.now().timestamp()
        return view(request, *args, **named)

    return checked


def own_page(*methods: str) -> Callable[[View], View]:
    """A decorator for the pages of one's own second factor."""

    def decorate(view: View) -> View:
        allowed: View = require_http_methods(list(methods))(page_for(lambda _: True)(view))
        return sensitive_post_parameters()(allowed)

    return decorate


@own_page("GET")
def second_factor(request: Any) -> HttpResponse:
    """What is set up, and what may be."""
    return _list(request)


@own_page("GET", "POST")
@confirmed
def app(request: Any) -> HttpResponse:
    """Set up the codes of an app: a secret, shown until a code of it comes back."""
    secret = decrypt(request.session.get(SECRET, "")) or generate_totp_secret()
    request.session[SECRET] = encrypt(secret)
    error, status, seconds = "", 200, 0.0
    if request.method == "POST":
        try:
            attempt = Attempt.begin_code(request.user.pk)
            codes = add_app(
                actor=request.actor,
                secret=secret,
                code=request.POST.get("code", "").replace(" ", ""),
                keep_session=request.session.session_key,
            )
        except TooMany as late:
            error, status, seconds = wait(late), 429, late.retry_after_seconds
        except Conflict as wrong:
            attempt.failed()
            error, status = in_words(wrong), 400
        else:
            attempt.not_failed()
            del request.session[SECRET]
            return _added(request, "totp", codes)
    context = {
        "qr": qr_image(app_address(request.user, secret)),
        "secret": grouped(secret),
        "error": error,
        "replaces": factors_of(request.user).app is not None,
    }
    return _later(render(request, "account/factor_app.html", context, status=status), seconds)


@own_page("GET", "POST")
@confirmed
def passkey(request: Any) -> HttpResponse:
    """Set up a passkey."""
    error, status = "", 200
    possible = passkeys.are_possible(request)
    if request.method == "POST":
        try:
            codes = add_passkey(
                actor=request.actor,
                name=clean_line(request.POST.get("name", ""))[:LONGEST_NAME] or gettext("Passkey"),
                credential=passkeys.made(request.POST.get("credential", "")),
                keep_session=request.session.session_key,
            )
        except Conflict as wrong:
            error, status = in_words(wrong), 400
        else:
            return _added(request, "webauthn", codes)
    options = passkeys.ask_to_make(request.user) if possible else ""
    context = {"options": options, "possible": possible, "error": error}
    return render(request, "account/factor_passkey.html", context, status=status)


@own_page("POST")
@confirmed
def codes(request: Any) -> HttpResponse:
    """Make new recovery codes, and show them on this answer and nowhere again."""
    try:
        made = make_recovery_codes(actor=request.actor)
    except Conflict as wrong:
        return _list(request, in_words(wrong), 409)
    return render(request, "account/factor_codes.html", {"codes": made})


@own_page("POST")
@confirmed
def remove(request: Any) -> HttpResponse:
    """Take a factor away."""
    wanted = request.POST.get("factor", "")
    try:
        factor = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 18 else 0
        remove_factor(actor=request.actor, factor=factor)
    except DomainError as wrong:
        return _list(request, in_words(wrong), wrong.status)
    return redirect(FACTOR_PATH)


class ConfirmForm(forms.Form):
    """The present password once more."""

    password = forms.CharField(
        label=gettext_lazy("Present password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )

    def __init__(self, user: Any, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.user = user
        self.wait_seconds = 0.0

    def clean_password(self) -> str:
        """It must be the person's."""
        given: str = self.cleaned_data["password"]
        try:
            spend(PASSWORD, f"user:{self.user.pk}")
        except TooMany as late:
            self.wait_seconds = late.retry_after_seconds
            raise ValidationError(wait(late), "too_many") from None
        if not self.user.check_password(given):
            raise ValidationError(gettext("That is not your present password."))
        return given


@own_page("GET", "POST")
def confirm(request: Any) -> HttpResponse:
    """Ask for the password again, then go to the page of `?next=`, or to the list."""
    form = ConfirmForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        request.session[PASSWORD_AT] = clock.now().timestamp()
        wanted = request.GET.get("next", "")
        safe = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
        return HttpResponseRedirect(wanted if safe else FACTOR_PATH)
    return _ask(request, form)


def _ask(request: Any, form: ConfirmForm, *, kept: Sequence[tuple[str, str]] = (), status: int = 200) -> HttpResponse:
    """The page that asks for the password. kept: the fields of the form that waits for it."""
    if form.errors:
        status = 429 if form.has_error(PASSWORD_FIELD, "too_many") else 400
    page = render(request, "account/factor_confirm.html", {"form": form, "kept": kept}, status=status)
    return _later(page, form.wait_seconds)


def in_words(error: DomainError) -> str:
    """A refusal in words."""
    return " ".join(message for _field, message in form_errors(error))


def wait(late: TooMany) -> str:
    """When to try again, in words."""
    return gettext("Too many wrong codes or passwords. Try again in %(seconds)d s.") % {
        "seconds": max(1, math.ceil(late.retry_after_seconds))
    }


def _later(response: HttpResponse, seconds: float) -> HttpResponse:
    """The answer with how long to wait, where that is more than nothing."""
    if seconds > 0:
        response["Retry-After"] = str(max(1, math.ceil(seconds)))
    return response


def _added(request: HttpRequest, kind: str, made: list[str]) -> HttpResponse:
    """The factor is there: this session counts as begun with it. New recovery codes are shown once."""
    user: Any = request.user
    mark(request.session, user, kind)
    if not made:
        return redirect(FACTOR_PATH)
    return render(request, "account/factor_codes.html", {"codes": made, "added": True})


def _list(request: Any, error: str = "", status: int = 200) -> HttpResponse:
    user = request.user
    context = {
        "factors": factors_of(user),
        "required": is_required(user),
        "missing": is_missing(user, request.session),
        "passkeys_possible": passkeys.are_possible(request),
        "error": error,
    }
    return render(request, "account/factors.html", context, status=status)
