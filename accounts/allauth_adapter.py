"""How allauth signs people in here: no sign-up, and each session is a fact of the log."""

from __future__ import annotations

import math
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions.sessions import end_session, start_session
from accounts.models import User
from accounts.second_factor import PASSWORD_AT
from accounts.sign_in_limits import Attempt
from core import clock
from core.addresses import client_address
from core.errors import TooMany

TOO_MANY = {
    "sign_in_too_many": gettext_lazy("Too many wrong tries with this name. Try again in %(seconds)d s."),
    "sign_in_slowed": gettext_lazy(
        "Many wrong passwords were tried with this name in the last hour: one try a minute. Try again in %(seconds)d s."
    ),
    "sign_in_address_full": gettext_lazy("Too many tries to sign in from this network. Try again in %(seconds)d s."),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Signs in, signs out, and nothing else."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": gettext_lazy("The name or the password is wrong."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """People are made by an admin, never by themselves."""
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign a person in: a new session with a new key, stated in the log."""
        request.session[PASSWORD_AT] = clock.now().timestamp()
        start_session(request, user, sign_in=super().login)

    def get_login_stages(self) -> list[str]:
        """What comes between the password and the session."""
        return ["accounts.stages.FactorStage"]

    def logout(self, request: HttpRequest) -> None:
        """Sign a person out: the session ends at once, also on its sockets."""
        end_session(request, sign_out=super().logout)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG002
        """The page of a closed account."""
        return render(
            request, "refused.html", {"why": _("This account is closed."), "advice": _("Ask an admin.")}, status=403
        )

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """The person of a name and password; None where one is wrong. A try too many is a ValidationError."""
        try:
            attempt = Attempt.begin(request, str(credentials.get("username", "")))
        except TooMany as late:
            seconds = max(1, math.ceil(late.retry_after_seconds))
            raise ValidationError(TOO_MANY[late.code], late.code, {"seconds": seconds}) from None
        failed = False
        try:
            user = super().authenticate(request, **credentials)
            failed = user is None
        finally:
            if not failed:
                attempt.not_failed()
        if failed:
            attempt.failed()
        return user

    def get_client_ip(self, request: HttpRequest) -> str:
        """Where a request comes from, by SIGAP_PROXIES."""
        return client_address(request)

    def is_ajax(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Never: every asker gets the status of the page."""
        return False

    def add_message(self, *words: Any, **more: Any) -> None:
        """Add nothing: the page that follows shows that one is signed in or out."""
