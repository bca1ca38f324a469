"""Fixtures that the tests of several screens share."""

from __future__ import annotations

import pytest


@pytest.fixture
def errors(page):
    """The errors of the browser, without a refusal of the server that the page shows."""
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda message: errors.append(message.text) if message.type == "error" and "409" not in message.text else None,
    )
    return errors


@pytest.fixture
def no_open_incidents(web):
    """Closes all incidents after the test: the screens' database is kept for the module."""
    from tests.dispatch.consoles import leave_nothing_open  # noqa: PLC0415 - Django must be up first

    yield
    leave_nothing_open()
