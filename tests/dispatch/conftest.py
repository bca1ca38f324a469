"""Fixtures that the tests of several screens share."""

from __future__ import annotations

import pytest


@pytest.fixture
def said(page):
    """What the browser complains of; a refusal of the server that the page tells itself is none."""
    said = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "console",
        lambda message: said.append(message.text) if message.type == "error" and "409" not in message.text else None,
    )
    return said


@pytest.fixture
def no_open_incidents(web):
    """Closes all incidents after the test: the screens' database is kept for the module."""
    from tests.dispatch.consoles import leave_nothing_open  # noqa: PLC0415 - Django must be up first

    yield
    leave_nothing_open()
