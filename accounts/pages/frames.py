"""The product's pages, whose each is (D9), and the frame round them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from inspect import unwrap
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, resolve
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.pages.guards import View, page_for
from accounts.roles import Right, Role


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its name, its address, its title, and who may open it."""

    name: str
    title: Promise
    may: Callable[[Actor], bool]

    @property
    def address(self) -> str:
        """Where it is."""
        return f"/{self.name}/"


def _with(right: Right) -> Callable[[Actor], bool]:
    return lambda actor: actor.may(right)


def _as(role: Role) -> Callable[[Actor], bool]:
    return lambda actor: role in actor.roles


PAGES = (
    Page("console", _("Console"), _with(Right.OPERATE)),
    Page("board", _("Board"), _with(Right.BOARD_SEE)),
    Page("wall", _("Wall"), _with(Right.BOARD_SEE)),
    Page("map", _("Map"), _with(Right.BOARD_SEE)),
    Page("units", _("Units"), _with(Right.UNIT_SEE)),
    Page("agency", _("Agency"), _as(Role.AGENCY_DESK)),
    Page("crew", _("Crew"), _as(Role.CREW)),
    Page("reports", _("Reports"), _with(Right.REPORTS)),
    Page("admin", _("Admin"), _with(Right.SETTINGS_READ)),
)

# The page of those who have no console.
_OWN = frozenset({"console", "agency", "crew"})


def page_paths(views: Mapping[str, View], elsewhere: Collection[str] = ()) -> list[URLPattern]:
    """The address of every page. views: those that are built, by name; the others say that they are not.

    elsewhere: pages that are a site of their own, with addresses of their own.
    """
    return [
        path(f"{page.name}/", page_for(page.may)(views.get(page.name, _not_built)), name=page.name)
        for page in PAGES
        if page.name not in elsewhere
    ]


def _not_built(request: HttpRequest) -> HttpResponse:
    return render(request, "not_built.html", status=404)


def pages_of(actor: Actor) -> list[Page]:
    """The built pages that an actor may open, in the order of the navigation."""
    return [page for page in PAGES if page.may(actor) and _is_built(page.address)]


def first_page(actor: Actor) -> Page | None:
    """Where somebody starts after signing in: a crew and an agency's desk at the page made for them."""
    pages = pages_of(actor)
    return next((page for page in pages if page.name in _OWN), next(iter(pages), None))


@lru_cache(maxsize=len(PAGES))
def _is_built(address: str) -> bool:
    return unwrap(resolve(address).func) is not _not_built


@page_for(lambda _: True)
def home(request: Any) -> HttpResponse:
    """Goes to the first page of whoever is signed in; who has none yet reads what is open to them."""
    page = first_page(request.actor)
    return redirect(page.address) if page else render(request, "home.html")


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of all templates: the navigation of whoever is signed in, and their desk."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return {"pages": []}
    here = f"/{request.path.split('/')[1]}/"  # a site of many addresses is one page of the navigation
    return {"pages": pages_of(actor), "here": here, "actor": actor, "desk": getattr(request, "desk", None)}
