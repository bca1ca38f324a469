"""The pages that are built, by name."""

from __future__ import annotations

from accounts.pages.decorators import View
from dispatch.pages import agency, board, console, crew, map_page, units

VIEWS: dict[str, View] = {
    "agency": agency,
    "board": board,
    "console": console,
    "crew": crew,
    "map": map_page,
    "units": units,
}
