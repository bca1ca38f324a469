"""Signing in and out, one's password, and the choices of a reader."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.forms import LoginForm
from allauth.account.views import LoginView, LogoutView
from django import forms
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions import change_password, choose_language
from accounts.actors import Actor
from accounts.allauth_adapter import TOO_MANY
from accounts.models import Desk, User
from accounts.pages.decorators import page_for
from accounts.pages.signed_in import CHOSEN_COOKIE, YEAR_SECONDS, finish
from accounts.pages.signed_out import remember_session, why_signed_out
from accounts.queries import actor_of_user, centre_zone, desk_for, desks_open_to_choose
from accounts.training import DEMO_PASSWORD, role_cards
from core.errors import Invalid, TooMany, Unknown
from core.pages import THEME_COOKIE, THEMES
from core.problems import answer
from core.ratelimits import PASSWORD, spend

CHOICE_SECONDS = 3600
# By the letters that a desk's code begins with.
DESK_GROUPS = {
    "CT": _("Calls"),
    "D": _("Dispatch"),
    "S": _("Supervisor"),
    "OTHER": _("Other"),
}


class SignInForm(LoginForm):  # type: ignore[misc]
    """Name, password, and the desk one sits at: a choice of the workstation, kept in its browser."""

    desk = forms.ChoiceField(label=_("Desk"), required=False)

    def __init__(self, *args: Any, may_open: Callable[[Actor, str], bool] | None = None, **named: Any) -> None:
        super().__init__(*args, **named)
        self.may_open = may_open
        self.fields["login"].label = _("Name")
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["login"].widget.attrs["autofocus"] = True
        self.desks = desks_open_to_choose()
        self.fields["desk"].choices = [("", _("no desk")), *[(desk.code, desk.code) for desk in self.desks]]

    @property
    def desk_groups(self) -> list[tuple[Any, list[Desk]]]:
        """(name, desks) of the centre for the picker, by what is done there; at least one, for "no desk"."""
        groups: dict[str, list[Desk]] = {key: [] for key in DESK_GROUPS}
        for desk in self.desks:
            letters = desk.code.rstrip("0123456789-")
            if desk.agency_id is None:
                groups[letters if letters in DESK_GROUPS else "OTHER"].append(desk)
        return [(DESK_GROUPS[key], desks) for key, desks in groups.items() if desks] or [("", [])]

    @property
    def agency_desks(self) -> list[Desk]:
        """The agencies' desks."""
        return [desk for desk in self.desks if desk.agency_id]

    @property
    def sits_at_agency(self) -> bool:
        """Whether the desk that is chosen is an agency's."""
        return self["desk"].value() in {desk.code for desk in self.agency_desks}

    def clean(self) -> dict[str, Any]:
        """Judge the name and password, then whether the person may sit at the desk."""
        cleaned: dict[str, Any] = super().clean()
        code, user = cleaned.get("desk"), getattr(self, "user", None)
        if code and isinstance(user, User) and desk_for(actor_of_user(user), code) is None:
            raise ValidationError({"desk": _("This desk is another agency's. Choose yours, or none.")})
        return cleaned

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Sign in at the desk."""
        request.session["desk"] = self.cleaned_data.get("desk") or None
        if redirect_url and self.may_open and not self.may_open(actor_of_user(self.user), redirect_url):
            redirect_url = "/"  # another person's page: the role's own comes instead
        return finish(request, super().login(request, redirect_url))


class SignInView(LoginView):  # type: ignore[misc]
    """The sign-in page. A wrong name or password is answered with 400, too many tries with 429.

    all_well: whether every part of the site works. may_open: whether an actor's roles open an address. The apps above
    pass both in.
    """

    all_well: Callable[[], bool] | None = None
    may_open: Callable[[Actor, str], bool] | None = None

    def get_form_kwargs(self) -> dict[str, Any]:
        """Pass `may_open` to the form."""
        return {**super().get_form_kwargs(), "may_open": self.may_open}

    def get_context_data(self, **named: Any) -> dict[str, Any]:
        """What the page shows beside the form: why one was signed out, and on a training site the roles to try."""
        sent_here = "next" in self.request.GET
        context: dict[str, Any] = super().get_context_data(**named)
        return context | {
            "why": why_signed_out(self.request, sent_here=sent_here),
            "cards": role_cards(),
            "demo_password": DEMO_PASSWORD,
            "time_zone": _time_zone(),
            "all_well": self.all_well() if self.all_well else None,
        }

    def get_initial(self) -> dict[str, Any]:
        """The desk that this browser's last one sat at."""
        return {"desk": self.request.COOKIES.get("desk", "")}

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        """Show what is wrong; a program that takes no page gets 429 as a problem."""
        late = next((error for error in form.non_field_errors().as_data() if error.code in TOO_MANY), None)
        seconds = (late.params or {})["seconds"] if late else 0
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 429 if late else 400
        if late:
            response["Retry-After"] = str(seconds)
            if not self.request.accepts("text/html"):
                return answer(TooMany(str(late.code), retry_after_seconds=seconds)) or response
        return response


class SignOutView(LogoutView):  # type: ignore[misc]
    """Signs out, and has the browser empty its cache.

    A person who has a call in hand is asked first (409); `sure` answers that.

    in_hand: the calls of an actor that are not finished, as (number, state); apps above hand it in.
    """

    in_hand: Callable[[Actor], list[tuple[str, str]]] = staticmethod(lambda _actor: [])

    def post(self, request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        """Sign out, or ask."""
        if isinstance(request.user, User) and not request.POST.get("sure"):
            calls = self.in_hand(actor_of_user(request.user))
            if calls:
                return render(request, "account/logout.html", {"calls": calls}, status=409)
        response: HttpResponse = super().post(request, *args, **named)
        response.headers["Clear-Site-Data"] = '"cache"'
        return response


def _time_zone() -> str:
    try:
        return str(centre_zone())
    except Unknown:
        return str(settings.TIME_ZONE)


def _secret(kind: str) -> forms.PasswordInput:
    return forms.PasswordInput(attrs={"autocomplete": kind})


class PasswordForm(forms.Form):
    """A new password, by who knows the old one."""

    old = forms.CharField(label=_("Present password"), widget=_secret("current-password"))
    new = forms.CharField(label=_("New password"), widget=_secret("new-password"))
    again = forms.CharField(label=_("New password again"), widget=_secret("new-password"))

    def __init__(self, user: User, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.user = user

    def clean_old(self) -> str:
        """The present password must be the person's; who has found a browser open doesn't get to try them all."""
        old: str = self.cleaned_data["old"]
        try:
            spend(PASSWORD, f"user:{self.user.pk}")
        except TooMany:
            raise ValidationError(_("Too many wrong tries. Wait a minute, then try again."), "too_many") from None
        if not self.user.check_password(old):
            raise ValidationError(_("That is not your present password."))
        return old

    def clean(self) -> dict[str, Any]:
        """Both new ones must be the same."""
        cleaned = super().clean() or {}
        if cleaned.get("new") != cleaned.get("again"):
            self.add_error("again", _("The two new passwords differ."))
        return cleaned


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@page_for(lambda _: True)
def password(request: Any) -> HttpResponse:
    """Change one's own password; one's other sessions end."""
    form = PasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = change_password(
                actor=request.actor,
                user=request.user.id,
                password=form.cleaned_data["new"],
                keep_session=request.session.session_key,
            )
        except Invalid as weak:
            form.add_error("new", [error["message"] for error in weak.errors])
        else:
            update_session_auth_hash(request, user)
            request.session.save()
            return remember_session(request, redirect("/"))
    status = 429 if form.has_error("old", "too_many") else 400 if form.errors else 200
    return render(request, "account/password.html", {"form": form}, status=status)


@never_cache
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Choose the language and the look: kept with the person, and in the browser for who isn't signed in."""
    wanted = request.POST.get("next", "/")
    hosts = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=hosts, require_https=request.is_secure())
    response = HttpResponseRedirect(wanted if safe else "/")
    language, theme = request.POST.get("language"), request.POST.get("theme")
    if language in dict(settings.LANGUAGES):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, str(language))
        if not isinstance(request.user, User):
            _keep(response, CHOSEN_COOKIE, str(language), CHOICE_SECONDS)  # it becomes that of whoever signs in next
        if isinstance(request.user, User):
            choose_language(
                actor=actor_of_user(request.user).at_desk(request.session.get("desk")), language=str(language)
            )
    if theme in THEMES:
        _keep(response, THEME_COOKIE, str(theme))
    return response


def _keep(response: HttpResponse, name: str, value: str, seconds: int = YEAR_SECONDS) -> None:
    response.set_cookie(name, value, max_age=seconds, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
