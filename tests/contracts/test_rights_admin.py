"""Everybody at every page of the settings: what is left out of the table, or of the site, is told."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from accounts.actions import make_key
from accounts.models import Agency, User
from accounts.roles import Scope
from config.admin import site
from core.clock import now
from directory.actions import put_contact
from places.actions import propose_warning
from tests.conftest import person
from tests.contracts.rights_admin import ASKERS, PAGES, Row, rows

ROWS = rows()
WEEK = timedelta(days=7)
# Which row is asked for: one of DAMKAR's, one that is not decreed.
PARTICULAR = {"units/unit": {"callsign": "DMK1"}, "places/place": {"official": False}}
MODELS = {f"{model._meta.app_label}/{model._meta.model_name}": model for model in site._registry}


@pytest.fixture(scope="module")
def world(module_database: object) -> None:
    """PLN's desk, and a row of everything."""
    pln = Agency.objects.get(code="PLN")
    User.objects.create(
        username="pln", name="pln", centre=pln.centre, agency=pln, roles=["agency_desk"], created_at=now()
    )
    admin = person("admin")
    make_key(actor=admin, name="a program", scopes=[Scope.BOARD])
    propose_warning(actor=admin, kind="access", lat=-7.3, lng=113.9, text="a low bridge", review_on=now().date() + WEEK)
    put_contact(actor=admin, code="PLN", changes={"name": "Piket PLN", "numbers": ["123"]})


@pytest.fixture(scope="module")
def clients(world: None) -> dict[str, Client]:
    """A signed-in browser for everybody who asks."""
    made = {asker: Client() for asker in ASKERS}
    for asker, client in made.items():
        if asker != "nobody":
            user = User.objects.get(username=asker)
            client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return made


def address_of(row: Row) -> str:
    if not row.kept:
        return reverse("admin:index")
    model = MODELS[row.kept]
    name = f"admin:{row.kept.replace('/', '_')}_{'changelist' if row.way == 'list' else row.way}"
    if row.way in {"list", "add", "import", "export"}:
        return reverse(name)
    rows_there = site._registry[model].rows_of(person("admin"))
    one = rows_there.filter(**PARTICULAR.get(row.kept, {})).first()
    return reverse(name, args=[one.pk])


def letter_of(client: Client, row: Row) -> str:
    with transaction.atomic():
        answer = client.generic(row.method, address_of(row))
        transaction.set_rollback(True)
    if answer.status_code == 302:
        where = answer["Location"]
        return "x" if where.startswith("/sign-in/") else "?" if where == reverse("admin:index") else "+"
    return {403: "-"}.get(answer.status_code, "+" if answer.status_code < 500 else f"({answer.status_code})")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.method} {row.kept} {row.way}")
def test_the_settings_open_for_the_roles_of_the_table_only(row: Row, clients: dict[str, Client]) -> None:
    got = {asker: letter_of(clients[asker], row) for asker in ASKERS}
    assert "".join(got[asker] for asker in ASKERS) == row.expected


def test_no_page_of_the_settings_is_left_out() -> None:
    known = {(row.kept, row.way) for row in ROWS if row.kept}
    built = set()
    for pattern in site.urls[0]:
        if isinstance(pattern, URLResolver):
            kept = str(pattern.pattern).strip("/")
            for page in pattern.url_patterns:
                assert isinstance(page, URLPattern)
                built.add((kept, str(page.name).rpartition("_")[2].replace("changelist", "list")))
        else:
            assert pattern.name in {"index", "app_list"}, "write it into tests/contracts/rights_admin.py"
    assert built == known
    assert set(PAGES) == set(MODELS)


def test_what_work_makes_is_no_setting() -> None:
    for model in MODELS.values():
        assert not re.fullmatch(r"Call|Incident|Event|Alarm|Task|Assignment|Note|Session|Timer", model.__name__)
