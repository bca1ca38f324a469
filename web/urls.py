"""The addresses of the pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from accounts.pages.decorators import View
from web.agency import agency
from web.board import board
from web.cards import cards, cards_print
from web.console import console
from web.crew import crew, manifest, service_worker
from web.incident_print import incident_print
from web.map_page import map_page
from web.navigation import home, page_paths
from web.tiles import tiles
from web.units import units

# The built pages of the navigation, by name. The settings pages are a site of their own.
VIEWS: dict[str, View] = {
    "agency": agency,
    "board": board,
    "console": console,
    "crew": crew,
    "map": map_page,
    "units": units,
}

urlpatterns: list[URLPattern] = [
    path("", home, name="home"),
    *page_paths(VIEWS, elsewhere=("admin",)),
    path("cards/", cards, name="cards"),
    path("cards/<uuid:block>/print/", cards_print, name="cards_print"),
    path("incidents/<int:number>/print/", incident_print, name="incident_print"),
    # Beside the crew's page, since a service worker rules what lies below its own address.
    path("crew/sw.js", service_worker),
    path("crew/manifest.webmanifest", manifest),
    path("map/tiles.pmtiles", tiles, name="tiles"),
]
