"""A crew's emergency worked by keyboard: from the crew's phone over every live page to its end by voice."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from alarms.models import Alarm
from tests.conftest import person
from tests.dispatch.browser_sessions import DESK, PHONE, signed_in
from tests.dispatch.fleet import opened, reports, sent
from tests.dispatch.test_crew_page import eventually
from tests.scenarios.page_audit import broken_rules
from units.actions.positions import Fix, record_positions
from units.models import EmergencyContact, Unit

PAGES = ("/console/", "/map/", "/units/", "/board/")


@pytest.mark.long
def test_a_crews_emergency_is_seen_everywhere_until_somebody_has_reached_the_crew(browser, web):
    fire = opened(person("dispatcher"))
    sent(person("dispatcher"), fire, "DMK1")
    reports(person("dispatcher"), "DMK1", "4")
    record_positions(actor=person("crew"), fixes=[Fix("DMK1", -7.01, 113.877)])
    with (
        signed_in(browser, web, "crew", "/crew/", **PHONE) as phone,
        signed_in(browser, web, "dispatcher", "/units/", **DESK) as desk,
        signed_in(browser, web, "supervisor", "/board/", **DESK) as board,
        signed_in(browser, web, "damkar", "/agency/", **DESK) as agency,
    ):
        pages = (desk, board, agency)
        press_emergency(phone)
        for page in pages:
            line = page.locator("#emergencies .sosbar")
            expect(line).to_contain_text("DMK1")
            expect(line).to_contain_text("Jalan Trunojoyo")
            expect(line).to_contain_text(f"at incident {fire.number}")
        expect(board.locator("#alarms [role=option]").first).to_contain_text("DMK1 crew emergency")
        expect(board.locator(f"#incident-{fire.id}")).to_have_class(re.compile("emergency"))
        expect(board.locator(f"#incident-{fire.id} .unit.sos")).to_contain_text("DMK1")
        every_page_that_opens_shows_it(desk, web)
        acknowledge_at_this_desk(desk)
        for page in (board, agency):
            expect(page.locator("#emergencies .sosbar")).to_be_visible()
        open_the_unit(desk)
        take_back(phone)
        expect(board.locator("#emergencies .sosbar")).to_contain_text("confirm by voice")
        expect(desk.locator(".emergency-chip")).to_contain_text("confirm by voice")
        assert Unit.objects.get(callsign="DMK1").emergency_at is not None
        end_by_voice(board)
        for page in pages:
            expect(page.locator(".emergency-chip")).to_have_count(0)
            expect(page.locator("#emergencies")).to_be_hidden()
        assert eventually(lambda: Alarm.objects.get(rule=9).state == "closed")
        assert EmergencyContact.objects.get().spoken_with == person("crew").name
        assert phone.errors + board.errors == []


def press_emergency(phone):
    """Without holding: Enter asks, Enter sends."""
    phone.locator("#sos").focus()
    phone.keyboard.press("Enter")
    phone.locator("#sheet button.sos").focus()
    phone.keyboard.press("Enter")


def every_page_that_opens_shows_it(desk, web):
    """It comes from the board's items, not from what a page has watched."""
    for address in PAGES:
        desk.goto(web.url + address)
        expect(desk.locator("#emergencies .sosbar")).to_contain_text("DMK1")
        expect(desk.locator("#alarms-top")).to_be_visible()


def acknowledge_at_this_desk(desk):
    """Two keys; what stays is the chip, also after a reload."""
    desk.keyboard.press("Alt+j")
    expect(desk.locator("[role=option][aria-selected=true]")).to_contain_text("DMK1")
    desk.keyboard.press("1")
    for _ in range(2):
        expect(desk.locator(".emergency-chip")).to_contain_text("DMK1")
        expect(desk.locator("#emergencies")).to_be_hidden()
        desk.reload()
    expect(desk.locator(".emergency-chip")).to_be_visible()


def open_the_unit(desk):
    """The chip opens the unit; a dispatcher may end it, and is asked with whom of the crew they spoke."""
    desk.locator(".emergency-chip").focus()
    desk.keyboard.press("Enter")
    dialog = desk.locator("dialog.crew-emergency")
    expect(dialog).to_contain_text(person("crew").name)
    expect(dialog).to_contain_text(f"{person('dispatcher').name} · seen, I am on it")
    assert broken_rules(desk) == []
    desk.keyboard.press("x")
    expect(desk.locator("#ask-field")).to_be_focused()
    desk.keyboard.press("Escape")
    expect(desk.locator("#ask-field")).to_be_hidden()


def take_back(phone):
    """The crew takes it back, perhaps under duress."""
    phone.locator("#withdraw").focus()
    phone.keyboard.press("Enter")
    expect(phone.locator("#strips")).to_contain_text("Taken back")


def end_by_voice(board):
    """The supervisor acknowledges, speaks with the crew, and gives the name."""
    board.keyboard.press("Alt+j")
    board.keyboard.press("1")
    expect(board.locator(".emergency-chip")).to_be_visible()
    board.keyboard.press("Alt+j")
    board.keyboard.press("x")
    board.locator("#ask-field").press_sequentially(person("crew").name[:5])
    expect(board.locator("#ask-options [aria-selected=true]")).to_contain_text(person("crew").name)
    board.keyboard.press("Enter")
