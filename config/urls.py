"""Every address of the product."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from accounts.pages import bridges, second_factor
from accounts.pages.auth_views import SignInView, SignOutView, password, preferences
from accounts.pages.first_steps import first_steps
from accounts.pages.role_cards import sign_in_as
from accounts.pages.sign_in_factor import sign_in_factor
from calls.queries import calls_in_hand
from config.admin import site
from config.api import api, openapi, unknown
from config.first_calls import ring_first_call
from config.health_middleware import all_well, metrics
from config.kept_mail import kept_mail
from core import error_views
from web.navigation import may_open
from web.urls import urlpatterns as pages

handler400 = error_views.bad_request
handler403 = error_views.forbidden
handler404 = error_views.not_found
handler500 = error_views.server_error

urlpatterns: list[URLPattern | URLResolver] = [
    *pages,
    path("sign-in/", SignInView.as_view(all_well=all_well, may_open=may_open), name="account_login"),
    path("sign-in/as/", sign_in_as, name="sign_in_as"),
    path("sign-in/factor/", sign_in_factor, name="sign_in_factor"),
    path("second-factor/", second_factor.second_factor, name="second_factor"),
    path("second-factor/confirm/", second_factor.confirm),
    path("second-factor/app/", second_factor.app),
    path("second-factor/passkey/", second_factor.passkey),
    path("second-factor/codes/", second_factor.codes),
    path("second-factor/remove/", second_factor.remove),
    path("lost-factors/", bridges.bridges),
    path("lost-factors/<uuid:bridge>/end/", bridges.end),
    path("sign-out/", SignOutView.as_view(in_hand=calls_in_hand), name="account_logout"),
    path("training/ring/", ring_first_call, name="ring_first_call"),
    path("training/mail/", kept_mail, name="kept_mail"),
    path("training/steps/", first_steps, name="first_steps"),
    path("password/", password, name="password"),
    path("preferences/", preferences, name="preferences"),
    path("admin/", site.urls),
    path("metrics", metrics, name="metrics"),
    path("api/v1/openapi.json", openapi),
    path("api/v1/", api.urls),
    re_path(r"^api/", unknown),
]
