"""The place field of the call form: no place is chosen that was not typed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from dispatch.actions.incidents import open_incident
from dispatch.domain.location import Location
from dispatch.models import IncidentCall
from tests.conftest import person
from tests.dispatch.browser_sessions import DESK, console, go_to, press_again, signed_in, take  # noqa: F401 - a fixture
from tests.dispatch.test_console_unsent import held


def type_place(page, text):
    """Put other words into the field; the list that is for them is waited for."""
    page.locator("#where").focus()
    page.keyboard.press("Control+a")
    with page.expect_response(lambda response: "/places?" in response.url and asks_for(response.url, text)):
        page.keyboard.type(text)
    expect(page.locator("#where-list")).to_be_visible()


def asks_for(url, text):
    return f"q={text.replace(' ', '+')}" in url.replace("%2C", ",")


def test_only_a_place_that_fits_all_that_was_typed_is_taken_by_enter_alone(console):  # noqa: F811
    page = console
    call = take(page)
    where, options = page.locator("#where"), page.locator("#where-list li")

    # Not known here: the similar ones stand below the line, none of them preselected.
    type_place(page, "spbu lenteng")
    expect(options.first).to_have_text(re.compile("“spbu”: no such place here"))
    expect(options.first).to_have_attribute("aria-disabled", "true")
    expect(options.nth(1).locator("mark").first).to_have_text("Lenteng")
    expect(where).not_to_have_attribute("aria-activedescendant", re.compile("."))
    expect(page.locator(".where [role=status]")).to_have_text(re.compile("no such place here.*nothing chosen"))
    page.keyboard.press("Enter")
    expect(page.locator("#what")).to_be_focused()
    expect(where).to_have_value("spbu lenteng")
    expect(page.locator(".where .under")).to_contain_text("“spbu”: no such place here")

    # The line itself cannot be chosen: the first arrow goes past it.
    type_place(page, "spbu lenteng")
    page.keyboard.press("ArrowDown")
    expect(where).to_have_attribute("aria-activedescendant", "where-1")

    # On another island: the first Enter shows that, the second one takes it.
    type_place(page, "arjasa")
    expect(where).to_have_attribute("aria-activedescendant", "where-0")
    page.keyboard.press("Enter")
    expect(options.first).to_contain_text("On another island, Pulau Kangean")
    expect(options.first).to_contain_text("Enter again takes it")
    expect(where).to_have_value("arjasa")
    press_again(page, "Enter")
    expect(where).to_have_value("Arjasa")
    expect(page.locator("#what")).to_be_focused()

    # Beyond the area: a message shows that, and what was typed goes out as it is.
    type_place(page, "surabaya")
    expect(options.first).to_contain_text("Surabaya: outside the regency")
    page.keyboard.press("Enter")
    page.keyboard.type("F01")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".strip")).to_contain_text("Sent")
    incident = IncidentCall.objects.select_related("incident").get(call=call).incident
    assert (incident.location_text, incident.lat, incident.outside) == ("surabaya", None, True)

    # What names a place is taken at once, however much of an address stands around it.
    type_place(page, "jl surya 10 rt 5 rw 2 kolor")
    expect(where).to_have_attribute("aria-activedescendant", "where-0")
    page.keyboard.press("Enter")
    expect(where).to_have_value("Kolor, Kota Sumenep")


@pytest.mark.long
def test_the_dispatcher_changes_a_place_by_the_same_rule(browser, web):
    row, _ = open_incident(actor=person("dispatcher"), type="F01", location=Location("Pasar Lenteng"))
    with signed_in(browser, web, "dispatcher", "/console/", **DESK) as page:
        go_to(page, row)
        page.keyboard.press("Enter")
        change = page.locator(".incident-head .place button.quiet")
        for typed, listed, kept in (("spbu lenteng", True, "spbu lenteng"), ("ntung", False, "ntung")):
            change.click()
            page.locator("#ask-field").fill(typed)
            if listed:
                expect(page.locator("#ask-options li").first).to_contain_text("Lenteng")
                expect(page.locator("#ask-options [aria-selected=true]")).to_have_count(0)
            with page.expect_response(lambda response: response.request.method == "PATCH"):
                page.locator("#ask-field").press("Enter")
                press_until_closed(page)
            expect(page.locator(".incident-head .place")).to_contain_text(kept)
        change.click()
        page.locator("#ask-field").fill("pulau kangean")
        expect(page.locator("#ask-options li").first).to_contain_text("another island")
        expect(page.locator("#ask-options [aria-selected=true]")).to_have_count(1)
        page.keyboard.press("Enter")
        expect(page.locator("#ask-hint")).to_contain_text("Enter again takes it")
        press_again(page, "Enter")
        expect(page.locator(".incident-head .place")).to_contain_text("Pulau Kangean")
    row.refresh_from_db()
    assert row.island == "35.29.40028"


def press_until_closed(page):
    """Enter takes nothing while the list for the words is on its way."""
    field = page.locator("#ask-field")
    while field.count():
        page.keyboard.press("Enter")
        page.wait_for_timeout(100)


@pytest.mark.long
def test_enter_pressed_before_the_list_is_there_waits_for_it(console):  # noqa: F811
    page = console
    take(page)
    held = []
    page.route(re.compile(r"/places\?"), lambda route: held.append(route))  # noqa: PLW0108 - it marks what it is given
    with page.expect_request(re.compile(r"/places\?q=anom")):
        page.keyboard.type("anom")
        page.keyboard.press("Enter")
    expect(page.locator("#where")).to_be_focused()
    held[-1].continue_()
    page.unroute(re.compile(r"/places\?"))
    # The one place that the words name is taken, as if Enter had been pressed after the list.
    expect(page.locator("#what")).to_be_focused()
    expect(page.locator("#where")).to_have_value(re.compile("Pasar Anom"))
    # Words that name no place stay as they are, and are shown before they are passed on.
    page.locator("#where").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("spbu lenteng")
    page.keyboard.press("Enter")
    expect(page.locator("#where-list li").first).to_have_text(re.compile("no such place here"))
    expect(page.locator("#where")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#what")).to_be_focused()
    expect(page.locator("#where")).to_have_value("spbu lenteng")


@pytest.mark.long
def test_who_turns_back_after_an_early_enter_gets_no_place(console):  # noqa: F811
    page = console
    take(page)
    for keys in (["Escape"], ["Alt+w", "Alt+g"]):
        waiting = held(page, "**/api/v1/places?*", "GET")
        page.keyboard.press("Control+a")
        with page.expect_request(re.compile(r"/places\?q=anom")):
            page.keyboard.type("anom")
            page.keyboard.press("Enter")
        for key in keys:
            page.keyboard.press(key)
        for route in waiting:
            route.continue_()
        page.unroute("**/api/v1/places?*")
        expect(page.locator("#where-list li").first).to_contain_text("Pasar Anom")
        expect(page.locator("#where")).to_be_focused()
        expect(page.locator("#where")).to_have_value("anom")
    # A point in no village is shown as such: a slip in the digits is seen.
    type_place(page, "7 12.5 114 05.6")
    page.keyboard.press("Enter")
    expect(page.locator(".where .under")).to_contain_text("no village here: at sea")
