"""One fire through five screens at once, by hand: it rings, it is sent, a unit arrives, and everybody sees each step.

The second incident is left alone, until somebody takes its alarm on themselves.
"""

from __future__ import annotations

import contextlib
import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from dispatch.models import Incident
from tests.api_client import make_secret
from tests.dispatch.browser_sessions import DESK, PHONE, press_again, signed_in
from tests.scenarios.centre import Program
from tests.servers import live_web, live_worker

SLIP_MS = 800  # a second tap sooner than this is taken for a slip
WALL = {"viewport": {"width": 1920, "height": 1080}}


@pytest.fixture(scope="module")
def web(module_database):
    with live_web(module_database, processes=2) as running, live_worker(module_database):
        yield running


@pytest.fixture
def centre(browser, web):
    """Five people at their screens: a call-taker, a dispatcher, a supervisor, an agency's desk and a crew."""
    seats = {
        "taker": ("calltaker", "/console/", DESK),
        "dispatcher": ("dispatcher", "/console/", DESK),
        "supervisor": ("supervisor", "/board/", WALL),
        "agency": ("damkar", "/agency/", DESK),
        "crew": ("crew", "/crew/", PHONE),
    }
    with contextlib.ExitStack() as ends:
        yield {
            seat: ends.enter_context(signed_in(browser, web, name, address, **device))
            for seat, (name, address, device) in seats.items()
        }


@pytest.fixture
def exchange(web):
    with Program(web.url, make_secret(["telephony"])) as program:
        yield program


def ring(exchange: Program, reference: str, caller: str, at: datetime | None = None) -> str:
    stamp = (at or datetime.now(UTC)).isoformat()
    event = {"source": "pbx-1", "call_ref": reference, "event": "ringing", "at": stamp, "caller": caller}
    return exchange.post("telephony/events", event, status=202)["call"]


def be_ready(page: Page) -> None:
    page.keyboard.press("F9")
    page.keyboard.press("r")
    expect(page.locator("#my-state")).to_contain_text("Ready")


def place_and_type(page: Page, place: str, found: str, kind: str) -> None:
    page.keyboard.type(place)
    expect(page.locator(".options [role=option]").filter(has_text=found).first).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.type(kind)
    expect(page.locator(".options [role=option]").filter(has_text="F01").first).to_be_visible()
    page.keyboard.press("Enter")


def test_from_the_ring_to_the_scene_and_an_alarm_for_what_was_left_alone(centre, exchange, clock):  # noqa: PLR0915
    taker, dispatcher, supervisor, agency, crew = centre.values()
    be_ready(taker)
    be_ready(dispatcher)

    ring(exchange, "c-1", "081230987731")
    expect(taker.locator("#calls")).to_contain_text("0812-3098-7731")
    taker.keyboard.press("F2")
    expect(taker.locator("#call-pane")).to_contain_text("in talk")
    place_and_type(taker, "pajagallan", "Pajagalan", "structure fire")
    taker.keyboard.press("Control+Enter")
    expect(taker.locator("#call-pane")).to_contain_text("Sent")

    incident = Incident.objects.get()
    assert incident.type_id == "F01"
    assert incident.desa, "a misspelt desa was found"
    on_board = supervisor.locator(f"#row-{incident.id}, #incident-{incident.id}")
    expect(on_board.locator(".need").first).to_have_text(re.compile("^2 "))

    expect(dispatcher.locator(f"#incident-{incident.id}")).to_contain_text("Structure fire")
    dispatcher.keyboard.press("Alt+i")
    dispatcher.keyboard.press("Enter")
    expect(dispatcher.locator(".recommended")).to_contain_text("DMK")
    press_again(dispatcher)
    expect(on_board.locator(".unit").first).to_be_visible()
    expect(taker.locator("#call-pane")).to_contain_text("DMK")

    task = agency.locator(".task-row", has_text=str(incident.number))
    task.locator(".open").click()
    agency.keyboard.press("a")
    expect(on_board.locator(".task.accepted")).to_contain_text("DAMKAR")

    mine = on_board.locator(".unit", has_text="DMK1")
    for step, digit in (("Acknowledge", "·"), ("En route", "3"), ("On scene", "4")):
        crew.locator("#go", has_text=step).click()
        expect(mine).to_have_attribute("data-fms", digit)
        crew.wait_for_timeout(SLIP_MS)
    expect(on_board).to_contain_text("On scene")
    expect(taker.locator("#call-pane")).to_contain_text("on scene")

    ring(exchange, "c-2", "082144109902")
    taker.keyboard.press("Alt+x")
    expect(taker.locator("#call-pane")).to_contain_text("wrap-up")
    taker.keyboard.press("F2")
    expect(taker.locator("#call-pane")).to_contain_text("0821-4410-9902")
    place_and_type(taker, "kalianget", "Kalianget", "structure fire")
    taker.keyboard.press("Control+Enter")
    expect(taker.locator("#call-pane")).to_contain_text("Sent")
    alone = Incident.objects.order_by("-created_at").first()
    clock.advance_to(alone.waiting_since + timedelta(seconds=61))
    alarm = supervisor.locator("#alarms li", has_text="P1 incident without").filter(has_text=str(alone.number))
    expect(alarm).to_contain_text("level 1", timeout=15_000)
    clock.advance(seconds=30)
    expect(alarm).to_contain_text("level 2", timeout=15_000)
    alarm.click()
    supervisor.keyboard.press("1")
    expect(alarm).to_contain_text("acknowledged by")
    expect(dispatcher.locator("#alarms-top")).to_contain_text("incident")
    for page in centre.values():
        assert page.errors == []
