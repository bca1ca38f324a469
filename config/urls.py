"""Every address of the product."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from accounts.pages import page_paths
from accounts.pages.entrance import password, preferences, sign_in, sign_out
from accounts.pages.frames import home
from config.admin import site
from config.api import api, unknown
from config.doors import metrics
from config.pages import VIEWS
from core import faults
from dispatch.pages import manifest, service_worker, tiles

handler400 = faults.bad_request
handler403 = faults.forbidden
handler404 = faults.not_found
handler500 = faults.server_error

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("sign-in/", sign_in, name="account_login"),
    path("sign-out/", sign_out, name="account_logout"),
    path("password/", password, name="password"),
    path("preferences/", preferences, name="preferences"),
    path("admin/", site.urls),
    *page_paths(VIEWS, elsewhere=("admin",)),
    # Beside the crew's page, since a service worker rules what lies below its own address.
    path("crew/sw.js", service_worker),
    path("crew/manifest.webmanifest", manifest),
    path("map/tiles.pmtiles", tiles, name="tiles"),
    path("metrics", metrics, name="metrics"),
    path("api/v1/", api.urls),
    re_path(r"^api/", unknown),
]
