"""Signing in as a role of a training site with one press, and the language that the sign-in page was read in."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.actions import choose_language
from accounts.models import User
from accounts.pages.frames import NEWCOMER, first_page
from accounts.pages.signed_out import remember_session
from accounts.queries import actor_of_user, desk_for
from accounts.training import has_demo_password, is_training, role_cards
from core.errors import Conflict

CHOSEN_COOKIE = "language_chosen"


@never_cache
@require_POST
def sign_in_as(request: HttpRequest) -> HttpResponse:
    """Sign in as a demo person of a training site. A person whose password was changed is refused; live: 404."""
    if not is_training():
        raise Http404
    wanted = request.POST.get("person", "")
    found = next(((card, user) for _key, card, user in role_cards() if card.username == wanted), None)
    if found is None:
        raise Http404
    card, user = found
    if not has_demo_password(user):
        raise Conflict("demo_password_changed")
    adapter = get_adapter(request)
    if isinstance(request.user, User):
        adapter.logout(request)
    actor = actor_of_user(user)
    request.session["desk"] = desk_for(actor, card.desk) if card.desk else None
    adapter.login(request, user)
    request.session[NEWCOMER] = True
    page = first_page(actor)
    response = HttpResponseRedirect(page.address if page else "/")
    hold_language(request, response, user, get_language() or settings.LANGUAGE_CODE)
    return remember_session(request, response)


def hold_language(request: HttpRequest, response: HttpResponse, user: User, language: str | None) -> None:
    """Make the language that was chosen on the sign-in page the person's own. language None: nothing was chosen."""
    response.delete_cookie(CHOSEN_COOKIE, samesite="Lax")
    if language in dict(settings.LANGUAGES) and language != user.language:
        choose_language(actor=actor_of_user(user), desk=request.session.get("desk"), language=str(language))
