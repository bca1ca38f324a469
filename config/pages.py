"""The pages that are built, by name."""

from __future__ import annotations

from accounts.pages.guards import View
from dispatch.pages import board

VIEWS: dict[str, View] = {"board": board}
