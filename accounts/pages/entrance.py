"""Signing in and out, one's password, and the choices of a reader."""

from __future__ import annotations

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
from accounts.models import User
from accounts.pages.guards import page_for
from accounts.queries import actor_of_user, desk_for, desks_open_to_choose
from core.errors import Invalid, TooMany
from core.pages import THEME_COOKIE, THEMES
from core.ratelimits import PASSWORD, spend

YEAR_SECONDS = 365 * 24 * 3600


class SignInForm(LoginForm):  # type: ignore[misc]
    """Name, password, and the desk one sits at: a choice of the workstation, kept in its browser."""

    desk = forms.ChoiceField(label=_("Desk"), required=False)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["login"].label = _("Name")
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["login"].widget.attrs["autofocus"] = True
        self.fields["desk"].choices = [
            ("", _("no desk")),
            *[(code, f"{code}  {name}") for code, name in desks_open_to_choose()],
        ]

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
        response: HttpResponse = super().login(request, redirect_url)
        if desk := self.cleaned_data.get("desk"):
            response.set_cookie(
                "desk", desk, max_age=YEAR_SECONDS, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
            )
        return response


class SignInView(LoginView):  # type: ignore[misc]
    """The sign-in page. Refused words come back with 400, too many tries with 429."""

    def get_initial(self) -> dict[str, Any]:
        """The desk that this browser's last one sat at."""
        return {"desk": self.request.COOKIES.get("desk", "")}

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        """Show what is wrong."""
        codes = {error.code for errors in form.errors.as_data().values() for error in errors}
        late = "too_many_login_attempts" in codes
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 429 if late else 400
        if late:
            response["Retry-After"] = "60"
        return response


sign_in = SignInView.as_view()
sign_out = LogoutView.as_view()


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
                desk=request.desk,
                user=request.user.id,
                password=form.cleaned_data["new"],
                keep_session=request.session.session_key,
            )
        except Invalid as weak:
            form.add_error("new", [error["message"] for error in weak.errors])
        else:
            update_session_auth_hash(request, user)
            return redirect("/")
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
        if isinstance(request.user, User):
            choose_language(actor=actor_of_user(request.user), desk=request.session.get("desk"), language=str(language))
    if theme in THEMES:
        _keep(response, THEME_COOKIE, str(theme))
    return response


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR_SECONDS, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
