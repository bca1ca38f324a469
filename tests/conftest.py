"""Databases, the clock and the people that tests are written with. The servers themselves: ../conftest.py."""

from __future__ import annotations

import io
import itertools
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import hypothesis
import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections
from playwright.sync_api import expect

from accounts.actors import Actor
from core.clock import now
from launcher import connection as launcher
from tests import failed_pages, prepared_site
from tests.api_client import Api, api_client
from tests.browser_contexts import lent
from tests.servers import Web, live_web

TEMPLATE = "sigap_training"
# How long a page may take to show what it must: no test measures speed, and a crowded machine is slow.
PATIENCE_MS = 20_000
WITHOUT_GRAPHICS = ("--disable-3d-apis", "--disable-gpu", "--disable-gpu-rasterization")
ROOT = Path(__file__).resolve().parent.parent
# No generated example fails for the time it took.
hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("untimed")


def _sign_in(role: launcher.Role) -> psycopg.Connection[tuple[object, ...]]:
    pieces = launcher.database(os.environ, role)
    return psycopg.connect(
        dbname="postgres",
        user=pieces["USER"],
        password=pieces["PASSWORD"],
        host=pieces["HOST"],
        port=pieces["PORT"],
        autocommit=True,
    )


def _use(name: str) -> None:
    connection = connections["default"]
    connection.close()
    connection.close_pool()
    connection.settings_dict["NAME"] = name


def _copy(name: str) -> None:
    with _sign_in("owner") as owner:
        owner.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")


def _drop(name: str) -> None:
    # The owner may not end the application's sessions, nor FORCE past an autovacuum; without it DROP waits for that.
    with _sign_in("app") as app:
        app.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = %s AND usename = current_user",
            [name],
        )
    with _sign_in("owner") as owner:
        owner.execute(f"DROP DATABASE IF EXISTS {name}")


@pytest.fixture(scope="session")
def template(django_db_blocker: Any) -> None:
    """The migrated and seeded database that every other is copied from."""
    if prepared_site.folder is None:
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
            cwd=ROOT,
            env=os.environ | {"SIGAP_DB_ROLE": "owner"},
            check=True,
        )
    with django_db_blocker.unblock():
        if prepared_site.folder is None:
            call_command("load_defaults", stdout=io.StringIO())
        else:
            _make_passwords_quick()
        _use(TEMPLATE)  # hung up: a database that somebody uses can't be copied


def _make_passwords_quick() -> None:
    """Hash the password of the prepared people anew, as cheaply as the tests' own (../conftest.py)."""
    from accounts.models import User  # noqa: PLC0415 - Django must be up first
    from accounts.training import DEMO_PASSWORD  # noqa: PLC0415

    User.objects.exclude(password="").update(password=make_password(DEMO_PASSWORD))


@pytest.fixture(scope="session")
def django_db_setup(template: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """One copy for all tests that roll back."""
    name = f"sigap_test_{os.getpid()}"
    _copy(name)
    _use(name)
    yield
    _use(TEMPLATE)
    _drop(name)


@dataclass(frozen=True)
class Database:
    """A database of one test's own."""

    name: str

    @property
    def url(self) -> str:
        """DATABASE_URL for other processes."""
        pieces = launcher.database({**os.environ}, "app")
        return f"postgresql://{pieces['USER']}:{pieces['PASSWORD']}@/{self.name}?host={quote(pieces['HOST'], safe='')}"


@contextmanager
def _fresh(blocker: Any) -> Iterator[Database]:
    usual = connections["default"].settings_dict["NAME"]
    name = f"sigap_fresh_{uuid.uuid4().hex[:12]}"
    _copy(name)
    with blocker.unblock():
        _use(name)
        yield Database(name)
        connections.close_all()
        _use(usual)
    _drop(name)


@pytest.fixture
def fresh_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[Database]:
    """A committed database of this test's own, gone afterwards: for threads, processes and NOTIFY."""
    with _fresh(django_db_blocker) as database:
        yield database


@pytest.fixture(scope="module")
def module_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[Database]:
    """As `fresh_database`, one for all tests of a module that don't mind each other's rows."""
    with _fresh(django_db_blocker) as database:
        yield database


@pytest.fixture(scope="module")
def web(module_database: Database) -> Iterator[Web]:
    """The web on the module's database."""
    with live_web(module_database) as running:
        yield running


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


class Clock:
    """The test clock: the offset in SIGAP_TEST_CLOCK's file, shared with every process of the test."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.seconds = 0.0

    def set(self, seconds: float) -> None:
        """Put the offset down at once (a rename: nobody reads half a number)."""
        self.seconds = seconds
        draft = self.path.with_suffix(".new")
        draft.write_text(str(seconds), encoding="ascii")
        draft.replace(self.path)

    def advance_to(self, moment: datetime) -> None:
        """Move time on to a moment, however long the test took until now; never back."""
        self.advance(max(0.0, (moment - now()).total_seconds()))

    def advance(self, seconds: float) -> None:
        """Move time on and wake whoever sleeps until the next deadline."""
        self.set(self.seconds + seconds)
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT pg_notify('sigap_timers', '')")


@pytest.fixture
def still_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process no time passes but by `clock`: a slow machine passes no limit. For tests without another one."""
    began, looks = datetime.now(UTC), itertools.count()  # each look is a moment later: no two events at the same

    def look(zone: tzinfo) -> datetime:
        return (began + timedelta(microseconds=10 * next(looks))).astimezone(zone)

    monkeypatch.setattr("core.clock.datetime", SimpleNamespace(now=look))


@pytest.fixture
def clock(request: pytest.FixtureRequest) -> Iterator[Clock]:
    """Time under the test's hand; `still_time` with the database that rolls back, which no other process sees."""
    if {"fresh_database", "module_database"}.isdisjoint(request.fixturenames):
        request.getfixturevalue("still_time")
    hand = Clock(Path(settings.SIGAP_TEST_CLOCK))
    hand.set(0)
    yield hand
    hand.set(0)


@pytest.fixture
def a_database(request: pytest.FixtureRequest) -> None:
    """Whichever database the test asked for: one of its own, else the one that rolls back."""
    request.getfixturevalue("fresh_database" if "fresh_database" in request.fixturenames else "db")


def person(username: str) -> Actor:
    """The actor of a seeded person."""
    from accounts.models import User  # noqa: PLC0415 - Django must be up first
    from accounts.queries import actor_of_user  # noqa: PLC0415

    return actor_of_user(User.objects.select_related("centre", "agency").get(username=username))


@pytest.fixture
def call_taker(a_database: None) -> Actor:
    """The one who takes calls."""
    return person("calltaker")


@pytest.fixture
def dispatcher(a_database: None) -> Actor:
    """The one who sends units."""
    return person("dispatcher")


@pytest.fixture
def supervisor(a_database: None) -> Actor:
    """The one who sees all of it."""
    return person("supervisor")


@pytest.fixture
def agency_desk(a_database: None) -> Actor:
    """The desk of DAMKAR."""
    return person("damkar")


@pytest.fixture
def crew(a_database: None) -> Actor:
    """The crew of DMK1."""
    return person("crew")


@pytest.fixture
def admin(a_database: None) -> Actor:
    """The one who keeps agencies, units and people."""
    return person("admin")


@pytest.fixture
def auditor(a_database: None) -> Actor:
    """The one who reads everything and changes nothing."""
    return person("auditor")


@pytest.fixture
def outsider(a_database: None) -> Actor:
    """The desk of PLN, an agency that has no part in what DAMKAR does."""
    from accounts.models import Agency, User  # noqa: PLC0415 - Django must be up first

    agency = Agency.objects.get(code="PLN")
    User.objects.get_or_create(
        username="pln",
        defaults={
            "name": "Rahmat Hidayat",
            "centre": agency.centre,
            "agency": agency,
            "roles": ["agency_desk"],
            "created_at": now(),
        },
    )
    return person("pln")


@pytest.fixture
def api(a_database: None) -> Callable[..., Api]:
    """Clients of the API: `api(dispatcher)` by session, `api(scopes=["board"], agency="DAMKAR")` by key, `api()`."""
    return api_client


@pytest.fixture(scope="session")
def playwright(playwright: Any) -> Any:
    """The browsers' driver; its loop runs in this thread, and Django would take our reads for a view's."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE_MS)
    return playwright


@pytest.fixture
def context(request: pytest.FixtureRequest, browser: Any, browser_context_args: dict[str, Any]) -> Iterator[Any]:
    """An empty context of the browser, lent for the test; pytest-playwright's own where it has to record something."""
    if any(request.config.getoption(name) != "off" for name in ("--tracing", "--video", "--screenshot")):
        yield request.getfixturevalue("new_context")()
        return
    with lent(browser, **browser_context_args) as context:
        yield context


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The Chromium that this machine has; root may not use its sandbox.

    Without WebGL: drawing maps by software takes longer than all the rest of a page. The map's own tests switch it on.
    Without a process that stands in for a graphics card: pages are drawn in their own.
    """
    return {
        **browser_type_launch_args,
        "executable_path": os.environ["SIGAP_CHROMIUM"],
        "chromium_sandbox": os.geteuid() != 0,
        "args": [*browser_type_launch_args.get("args", []), *WITHOUT_GRAPHICS],
    }


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Write what the pages showed into the report of a browser test that failed."""
    report = yield
    if call.when == "call" and report.failed:
        pages = failed_pages.pages_of(getattr(item, "funcargs", {}))
        report.sections += [("Page", failed_pages.shown_on(page)) for page in pages]
    return report
