"""What comes between the password and the session: the second factor of whoever has one."""

from __future__ import annotations

from typing import Any

from allauth.account.stages import LoginStage
from allauth.mfa.internal.constants import LoginStageKey
from django.shortcuts import redirect

from accounts.second_factor import bridge_of, has_factor


class FactorStage(LoginStage):  # type: ignore[misc]
    """Sends a person with a second factor to its page, unless a bridge stands in for a lost one."""

    key = LoginStageKey.MFA_AUTHENTICATE.value
    urlname = "sign_in_factor"

    def handle(self) -> tuple[Any, bool]:
        """The answer that stops the sign-in, if any, and whether it may go on later."""
        user = self.login.user
        if not has_factor(user) or bridge_of(user):
            return None, True
        return redirect(self.urlname), True
