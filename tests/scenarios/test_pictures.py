"""The pictures of the README: the real board and console of a busy quarter of an hour, made by `--write-docs`."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from core.clock import now
from dispatch.actions.assignments import assign_unit
from dispatch.actions.incidents import open_incident
from dispatch.actions.tasks import accept_task
from dispatch.actions.unit_status import report_status
from dispatch.domain.location import Location
from dispatch.models import Task
from tests.api_client import make_secret
from tests.conftest import Clock, person
from tests.dispatch.browser_sessions import DESK, signed_in
from tests.dispatch.test_map_page import SOFTWARE, chromium
from tests.scenarios.centre import Program
from tests.scenarios.test_a_fire_through_every_screen import WALL, be_ready, place_and_type, ring
from tests.servers import live_web, live_worker

ROOT = Path(__file__).resolve().parents[2]
SCREENS = ROOT / "docs" / "screens"
# Type, place, point, minutes ago, units with how far each is, agencies that have accepted.
BUSY = (
    ("F01", "Pasar Anom, Kolor", (-7.0085, 113.8620), 1, (), ()),
    ("K01", "Jl. Trunojoyo km 3", (-7.0310, 113.8420), 9, (("PSC1", "on_scene"), ("POL1", "en_route")), ("POLRES",)),
    ("L01", "Pantai Slopeng", (-6.8840, 113.7920), 3, (("SAR1", "en_route"),), ("BASARNAS",)),
    ("O01", "Desa Gedungan", (-7.0240, 113.8890), 6, (("SPP1", "dispatched"),), ()),
    ("B09", "Jl. Raya Lenteng", (-7.0520, 113.7730), 24, (("PLN1", "on_scene"),), ("PLN",)),
    ("H02", "SDN Pangarangan 1", (-7.0020, 113.8700), 14, (("DMK2", "en_route"),), ("DAMKAR",)),
    ("B08", "Jl. Raya Gapura", (-6.9930, 113.9570), 41, (("BPBD2", "on_scene"),), ("BPBD",)),
    ("M12", "RSUD dr. H. Moh. Anwar", (-7.0060, 113.8560), 62, (("PSC2", "en_route"),), ("PSC119",)),
    ("U01", "Desa Saronggi", (-7.1010, 113.8300), 95, (), ("PLN",)),
)


@pytest.fixture(scope="module")
def web(module_database):
    with live_web(module_database) as running, live_worker(module_database):
        yield running


def a_busy_hour(clock: Clock) -> None:
    dispatcher = person("dispatcher")
    oldest_first = sorted(BUSY, key=lambda row: -row[3])
    for row, following in zip(oldest_first, [*oldest_first[1:], None], strict=True):
        kind, text, (lat, lng), minutes, units, accepted = row
        incident, _ = open_incident(
            actor=dispatcher.at_desk("D1"), location=Location(text=text, lat=lat, lng=lng, verified=True), type=kind
        )
        for callsign, status in units:
            assign_unit(actor=dispatcher.at_desk("D1"), incident=incident.id, unit=callsign)
            if status != "dispatched":
                report_status(actor=dispatcher.at_desk("D1"), unit=callsign, status=status)
        for task in Task.objects.filter(incident=incident, agency__code__in=accepted):
            accept_task(actor=dispatcher.at_desk("D1"), task=task.id, reason="by telephone")
        clock.advance(seconds=(minutes - (following[3] if following else 0)) * 60)


@pytest.mark.long
def test_the_readme_shows_the_board_and_the_console_as_they_are(playwright, web, clock, request):
    a_busy_hour(clock)
    with (
        chromium(playwright, *SOFTWARE) as browser,
        Program(web.url, make_secret(["telephony"])) as exchange,
        signed_in(browser, web, "supervisor", "/board/", **WALL) as board,
        signed_in(browser, web, "calltaker", "/console/", **DESK) as console,
    ):
        be_ready(console)
        ring(exchange, "p-1", "081230987731", now())
        expect(console.locator("#calls")).to_contain_text("0812-3098-7731")
        console.keyboard.press("F2")
        expect(console.locator("#call-pane")).to_contain_text("in talk")
        place_and_type(console, "pasar anom", "Pasar Anom", "structure fire")
        console.keyboard.type("3 kios terbakar, api besar, ada orang di lantai 2")
        for number, caller in enumerate(("082144109902", "085704120042", "081977253310")):
            ring(exchange, f"w-{number}", caller, now())
        expect(console.locator("#calls")).to_contain_text("0819-7725-3310")
        expect(board.locator("#calls")).to_contain_text("0819-7725-3310")
        expect(board.locator("#incidents .unit", has_text="PLN1")).to_be_visible()
        for page in (board, console):
            expect(page.locator("#map canvas")).to_be_visible(timeout=30_000)
            page.wait_for_timeout(2500)  # tiles of the map fade in
        if request.config.getoption("--write-docs"):
            SCREENS.mkdir(exist_ok=True)
            board.screenshot(path=SCREENS / "board.png")
            console.screenshot(path=SCREENS / "console.png")
        assert board.errors == console.errors == []
    shown = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in ("board.png", "console.png") if f"docs/screens/{name}" not in shown] == []
    assert all((SCREENS / name).stat().st_size > 20_000 for name in ("board.png", "console.png"))
