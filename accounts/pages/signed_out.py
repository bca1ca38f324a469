"""Why a browser is no longer signed in, as the sign-in page shows it.

A signed cookie holds the public id of the browser's last session. The log says how that session ended; one that ended
without an event has expired.
"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.events import AccountEvent
from accounts.models import Session, User
from accounts.queries import actor_of_user
from accounts.roles import Right
from accounts.sessions import PUBLIC_ID
from core import clock, event_log
from core.models import Event

COOKIE = "last_session"
_SALT = "accounts.last_session"
KEPT_SECONDS = 30 * 24 * 3600


def remember_session(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Write the public id of the request's session, and whose it is, into the browser's cookie."""
    value = f"{request.session.get(PUBLIC_ID, '')} {request.session.get('_auth_user_id', '')}"
    response.set_signed_cookie(
        COOKIE, value, salt=_SALT, max_age=KEPT_SECONDS, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


def why_signed_out(request: HttpRequest, *, sent_here: bool) -> list[str]:
    """The sentences that say why this browser's last session ended, and what is kept; none where it still runs.

    sent_here: a page sent the browser to sign in. Without it a person who signed out themselves gets none.
    """
    session, user = _last_session(request)
    if session is None or Session.objects.filter(id=session, expire_date__gt=clock.now()).exists():
        return []
    ended = next(
        (
            event
            for event in event_log.newest_about(f"session:{session}", 4)
            if event.kind == AccountEvent.SESSION_ENDED
        ),
        None,
    )
    if ended is not None and ended.data.get("why") == "signed_out" and not sent_here:
        return []
    lines = [_sentence(ended, user)]
    if user is not None and user.is_active and actor_of_user(user).may(Right.CALL_WORK):
        lines.append(_("What you typed in a call form is kept: it opens again after you sign in."))
    return lines


def _last_session(request: HttpRequest) -> tuple[UUID | None, User | None]:
    try:
        session, _blank, user = (request.get_signed_cookie(COOKIE, "", salt=_SALT) or "").partition(" ")
        return UUID(session), User.objects.filter(pk=UUID(user)).first()
    except (BadSignature, ValueError):
        return None, None


def _sentence(ended: Event | None, user: User | None) -> str:
    if ended is None:
        hours = settings.SESSION_COOKIE_AGE // 3600
        return _("You were signed out because %(hours)d hours had passed since you signed in.") % {"hours": hours}
    why = ended.data.get("why")
    if why == "password_changed" and user is not None and ended.actor == f"user:{user.pk}":
        why = "own_password_changed"
    return str(_SENTENCES.get(why, _("Your session was ended.")))


_SENTENCES = {
    "factor_added": gettext_lazy("A second factor was set up for this account in another window. Sign in with it."),
    "bridge_ended": gettext_lazy(
        "A supervisor ended the bridge of your second factor. Sign in with it, or ask a supervisor."
    ),
    "signed_out": gettext_lazy("You signed out in another window of this browser."),
    "role_changed": gettext_lazy("An administrator changed your role. Sign in again to work with the new one."),
    "closed": gettext_lazy("An administrator closed this account. Ask them if you need it."),
    "password_changed": gettext_lazy("An administrator gave this account a new password. Sign in with the new one."),
    "own_password_changed": gettext_lazy(
        "Your password was changed in another window or on another computer. Sign in with the new one."
    ),
}
