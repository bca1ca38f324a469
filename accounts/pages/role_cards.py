"""Signing in as a role of a training site with one press, and the language that the sign-in page was read in."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.first_steps import NEWCOMER
from accounts.models import User
from accounts.pages.signed_in import hold_language, page_language
from accounts.pages.signed_out import remember_session
from accounts.queries import actor_of_user, desk_for
from accounts.second_factor import has_factor
from accounts.training import has_demo_password, is_training, role_cards
from core.errors import Conflict


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
    if has_factor(user):  # somebody has set one up: the card stands for the password alone
        second_step: HttpResponse = perform_login(request, Login(user=user, redirect_url="/"))
        return second_step
    adapter.login(request, user)
    request.session[NEWCOMER] = True
    response = HttpResponseRedirect("/")
    hold_language(request, response, user, page_language())
    return remember_session(request, response)
