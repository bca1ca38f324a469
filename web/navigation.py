"""The product's pages, whose each is, and the frame round them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from inspect import unwrap
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, resolve
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.browser_keys import browser_key
from accounts.first_steps import CLOSED, NEWCOMER, steps_of
from accounts.models import Centre, User
from accounts.pages.decorators import View, page_for
from accounts.queries import actor_of_user, default_centre
from accounts.roles import Reach, Right, Role
from accounts.second_factor import bridges_in_force
from accounts.training import is_training
from core.errors import Unknown


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

# Where each role begins its work, the first of a person's roles in this order. Whoever operates works at the console.
LANDING = {
    Role.CREW: "crew",
    Role.AGENCY_DESK: "agency",
    Role.CALL_TAKER: "console",
    Role.DISPATCHER: "console",
    Role.SUPERVISOR: "board",
    Role.ADMIN: "admin",
    Role.AUDITOR: "board",
}
ROLE_NAMES = {
    Role.CALL_TAKER: _("call-taker"),
    Role.DISPATCHER: _("dispatcher"),
    Role.SUPERVISOR: _("supervisor"),
    Role.AGENCY_DESK: _("agency desk"),
    Role.CREW: _("crew"),
    Role.ADMIN: _("admin"),
    Role.AUDITOR: _("auditor"),
}


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
    """Where a person begins after signing in: the page of their role (LANDING), else the first that they may open."""
    pages = {page.name: page for page in pages_of(actor)}
    wanted = (name for role, name in LANDING.items() if role in actor.roles and name in pages)
    return next((pages[name] for name in wanted), next(iter(pages.values()), None))


def may_open(actor: Actor, address: str) -> bool:
    """Whether a person's roles open an address of this site. One that is no page of the navigation decides itself."""
    name = urlsplit(address).path.strip("/").partition("/")[0]
    return all(page.may(actor) for page in PAGES if page.name == name)


@lru_cache(maxsize=len(PAGES))
def _is_built(address: str) -> bool:
    return unwrap(resolve(address).func) is not _not_built


@page_for(lambda _: True)
def home(request: Any) -> HttpResponse:
    """Goes to the first page of whoever is signed in; who has none yet reads what is open to them."""
    page = first_page(request.actor)
    return redirect(page.address) if page else render(request, "home.html")


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of all templates: the centre's name, and of a signed-in person the navigation, role and desk."""
    actor = _signed_in(request)
    if actor is None:
        return {"pages": [], "centre_name": _centre_name(None)}
    here = f"/{request.path.split('/')[1]}/"  # a site of many addresses is one page of the navigation
    return {
        "pages": pages_of(actor),
        "here": here,
        "actor": actor,
        "role_line": role_line(actor),
        "desk": request.session.get("desk"),
        "storage_key": browser_key(actor.user) if actor.user else "",
        "centre_name": _centre_name(actor),
        "may_enter_cards": actor.may(Right.OPERATE) and actor.reach(Right.INCIDENT_OPEN) is Reach.ANY,
        "may_bridge": actor.may(Right.FACTOR_BRIDGE),
        "bridged": bridges_in_force(actor.centre).count() if actor.may(Right.FACTOR_BRIDGE) else 0,
        **_first_steps(request, actor, here),
    }


def _first_steps(request: HttpRequest, actor: Actor, here: str) -> dict[str, Any]:
    """On a page of a training site: the person's first steps with those that are done, or that they were put away."""
    if not is_training() or all(page.address != here for page in PAGES) or not isinstance(request.user, User):
        return {}
    kept = request.user.first_steps
    if CLOSED in kept:
        return {"first_steps_closed": True}
    return {
        "first_steps": [(step, step.code in kept) for step in steps_of(actor)],
        "first_steps_open": request.session.get(NEWCOMER, False),
        "may_ring": actor.may(Right.OPERATE),
    }


def role_line(actor: Actor) -> str:
    """A person's roles in words: "Call-taker, dispatcher"."""
    return capfirst(", ".join(str(name) for role, name in ROLE_NAMES.items() if role in actor.roles))


def _signed_in(request: HttpRequest) -> Actor | None:
    """Who is signed in: as the page's guard found them, else by the session, so that an error page keeps its frame."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None and isinstance(user := getattr(request, "user", None), User):
        return actor_of_user(user)
    return actor


def _centre_name(actor: Actor | None) -> str:
    try:
        return default_centre().name if actor is None else Centre.objects.get(pk=actor.centre).name
    except (Unknown, Centre.DoesNotExist):
        return ""
