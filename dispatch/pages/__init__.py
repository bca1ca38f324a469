"""The pages of dispatch."""

from dispatch.pages.agency import agency
from dispatch.pages.board import board
from dispatch.pages.cards import cards, cards_print
from dispatch.pages.console import console
from dispatch.pages.crew import crew, manifest, service_worker
from dispatch.pages.incident_print import incident_print
from dispatch.pages.map import map_page
from dispatch.pages.tiles import tiles
from dispatch.pages.units import units

__all__ = [
    "agency",
    "board",
    "cards",
    "cards_print",
    "console",
    "crew",
    "incident_print",
    "manifest",
    "map_page",
    "service_worker",
    "tiles",
    "units",
]
