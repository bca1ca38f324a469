"""How allauth signs people in here: no sign-up, and each session is a fact of the log."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions.sessions import end_session, start_session
from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Signs in, signs out, and nothing else."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": gettext_lazy("The name or the password is wrong."),
        "too_many_login_attempts": gettext_lazy("Too many wrong tries. Wait a minute, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """People are made by an admin, never by themselves."""
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign a person in: a new session with a new key, stated in the log."""
        start_session(request, user, sign_in=super().login)

    def logout(self, request: HttpRequest) -> None:
        """Sign a person out: the session ends at once, also on its sockets."""
        end_session(request, sign_out=super().logout)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG002
        """A closed account, told in words."""
        return render(
            request, "refused.html", {"why": _("This account is closed."), "advice": _("Ask an admin.")}, status=403
        )

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Failed attempts are counted per name *and* address: nobody can lock another out from elsewhere."""
        return f"{self.get_client_ip(request)}:{super()._get_login_attempts_cache_key(request, **credentials)}"

    def add_message(self, *words: Any, **more: Any) -> None:
        """Signing in and out needs no message: the page that follows says it."""
