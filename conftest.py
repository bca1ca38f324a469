"""Gives the test run servers and state of its own before Django reads its settings, and removes both in the end.

In several processes (pytest-xdist) each one has its own: copies of what the controller prepares before it starts them.
"""

import os
import secrets
import shutil
import tempfile
from pathlib import Path
from typing import Any

import django
import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from launcher import browser, connection, servers
from launcher.console_output import say
from launcher.messages import compile_messages
from tests import linters, prepared_site

# The files that take longest, longest first: begun early, they leave no process at work alone in the end.
SLOWEST = (
    "tests/scenarios/test_every_page.py",
    "tests/launcher/test_up.py",
    "tests/scenarios/test_replay.py",
    "tests/contracts/test_rights.py",
    "tests/contracts/test_actions.py",
    "tests/config/test_tables_of_spreadsheets.py",
    "tests/scenarios/test_keystroke_budget.py",
    "tests/scenarios/test_a_fire_through_every_screen.py",
    "tests/contracts/test_rights_admin.py",
    "tests/http_server/test_limits.py",
    "tests/simulation/test_demo.py",
    "tests/launcher/test_backup.py",
    "tests/dispatch/test_crew_page.py",
    "tests/dispatch/test_console_calls.py",
    "tests/dispatch/test_board_page.py",
    "tests/launcher/test_servers.py",
    "tests/contracts/test_repository.py",
)
# A hash may cost an attacker half a second of a core, but not each sign-in of a test.
QUICK_HASHES = 1_000
_HOME = Path(tempfile.mkdtemp(prefix="sigap-test-"))
_leases: list[servers.Lease] = []
_linters: list[linters.Beside] = []


def _prepare_environment() -> None:
    _HOME.chmod(0o755)  # where PostgreSQL runs under another account it must come through
    os.environ.update(
        {
            "SIGAP_HOME": str(_HOME),
            "SIGAP_PLACE": "training",
            "SIGAP_TEST": "1",
            "SIGAP_DEMO": "0",
            "SIGAP_DB_ROLE": "app",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "SIGAP_TEST_CLOCK": str(_HOME / "clock"),
        }
    )
    for name in ("HOST", "PORT", "TIME_ZONE", "ALLOWED_HOSTS", "SIGAP_TLS_CERT", "SIGAP_TLS_KEY", "DEBUG"):
        os.environ.pop(name, None)
    if chromium := browser.find(os.environ):
        os.environ["SIGAP_CHROMIUM"] = chromium


def _start_servers() -> servers.Lease:
    lease = servers.Lease(os.environ, say=say, scratch=True)
    try:
        lease.join()
    except BaseException:
        lease.leave(wait=True)
        raise
    return lease


_prepare_environment()


def _is_controller(config: pytest.Config) -> bool:
    return (
        not hasattr(config, "workerinput")
        and config.getoption("dist", "no") != "no"
        and not config.getoption("collectonly")
    )


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the long tests too: kills, replays, 100,000 inputs")
    parser.addoption("--write-docs", action="store_true", help="write the pages of docs/ that tests make")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        compile_messages(connection.BASE_DIR)
    if _is_controller(config):
        if config.args_source is pytest.Config.ArgsSource.TESTPATHS:  # the whole suite
            _linters.append(linters.Beside(_HOME))
            _linters[0].start()
        prepared_site.prepare(_HOME)
        return
    if folder := getattr(config, "workerinput", {}).get("prepared_site"):
        prepared_site.folder = Path(folder)
        prepared_site.copy(_HOME, prepared_site.DATABASE)
    _leases.append(_start_servers())
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"  # not before: the settings ask the servers
    django.setup()
    PBKDF2PasswordHasher.iterations = QUICK_HASHES


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Name the prepared state folder to a process of the run (pytest-xdist)."""
    node.workerinput["prepared_site"] = str(_HOME)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        items.sort(key=_turn)
    if config.getoption("--long") or any("::" in name for name in config.args):  # a test that is named is run
        return
    long = [item for item in items if item.get_closest_marker("long")]
    if long:
        items[:] = [item for item in items if item not in long]
        config.hook.pytest_deselected(items=long)


def _turn(item: pytest.Item) -> int:
    """Return a file's place in the queue: the slowest, then those with a browser, then all others as they come."""
    name = item.nodeid.partition("::")[0]
    if name in SLOWEST:
        return SLOWEST.index(name)
    return len(SLOWEST) + (0 if "page" in getattr(item, "fixturenames", ()) else 1)


def pytest_unconfigure() -> None:
    while _linters:
        _linters.pop().stop()
    while _leases:
        _leases.pop().leave(wait=True)
    shutil.rmtree(_HOME, ignore_errors=True)
