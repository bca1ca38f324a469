"""Gives the test run servers and state of its own before Django reads its settings, and removes both in the end."""

import os
import secrets
import tempfile
from pathlib import Path

import django
import pytest

from core.launcher import browser, connection, servers
from core.launcher.messages import compile_messages
from core.launcher.words import say

GIVEN = {name for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)}


def _prepare_environment() -> servers.Lease:
    home = Path(tempfile.mkdtemp(prefix="sigap-test-"))
    home.chmod(0o755)  # where PostgreSQL runs under another account it must come through
    os.environ.update(
        {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SIGAP_HOME": str(home),
            "SIGAP_PLACE": "training",
            "SIGAP_TEST": "1",
            "SIGAP_DEMO": "0",
            "SIGAP_DB_ROLE": "app",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "SIGAP_TEST_CLOCK": str(home / "clock"),
        }
    )
    for name in ("HOST", "PORT", "TIME_ZONE", "ALLOWED_HOSTS", "SIGAP_TLS_CERT", "SIGAP_TLS_KEY", "DEBUG"):
        os.environ.pop(name, None)
    if chromium := browser.find(os.environ):
        os.environ["SIGAP_CHROMIUM"] = chromium
    lease = servers.Lease(os.environ, say=say, scratch=True)
    try:
        lease.join()
    except BaseException:
        lease.leave(wait=True)
        raise
    return lease


compile_messages(connection.BASE_DIR)
_lease = _prepare_environment()
django.setup()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the long tests too: kills, replays, 100,000 inputs")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--long"):
        return
    long = [item for item in items if item.get_closest_marker("long")]
    if long:
        items[:] = [item for item in items if item not in long]
        config.hook.pytest_deselected(items=long)


def pytest_unconfigure() -> None:
    _lease.leave(wait=True)
