"""The frame of live pages in a browser: it fits, menu and help open by keyboard, paper has all rows, clocks speak."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from accounts.actions import choose_language
from core.models import Source
from dispatch.actions.incidents import open_incident
from dispatch.domain.location import Location
from tests.api_client import come_in
from tests.conftest import person
from tests.dispatch.browser_sessions import DESK, HINT_FITS, signed_in

ROWS = 45
PLACES = {"calltaker": "/console/", "supervisor": "/board/", "dispatcher": "/map/", "damkar": "/agency/"}


@pytest.fixture(scope="module")
def incidents(web):
    """More incidents than a screen shows."""
    dispatcher = person("dispatcher")
    for number in range(ROWS):
        open_incident(actor=dispatcher.at_desk("D1"), location=Location(text=f"Desa {number}"), type="F01")


@pytest.mark.long
def test_the_top_bar_fits_in_indonesian_and_at_twice_the_size(browser, web, incidents):
    context = browser.new_context(**DESK)
    for username, address in PLACES.items():
        come_in(context, web, username)
        choose_language(actor=person(username), language="id")
        page = context.new_page()
        page.goto(web.url + address)
        page.locator("#live:not(.stale)").wait_for()
        measured = page.evaluate(
            "[document.querySelector('.top').offsetHeight, document.querySelector('.stripes').offsetHeight]"
        )
        assert measured == [44, 20], address
        assert page.locator("#person small").inner_text().split(" · ")[0], address
        assert address != "/board/" or page.evaluate(HINT_FITS)
        page.set_viewport_size({"width": 683, "height": 384})  # 200 % of 1366
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        assert page.locator("#person").bounding_box()["x"] >= 0
        page.close()
    context.close()


GROWN_BY_A_SOUND = """() => {
  const bar = document.querySelector(".top"), before = bar.offsetHeight;
  document.getElementById("signal").textContent = "Alarm tingkat 1 ".repeat(9);
  return bar.offsetHeight - before;
}"""


@pytest.mark.long
def test_a_workstations_clock_that_is_off_is_shown_in_the_header_and_reported(browser, web):
    for language, username, text in (("id", "calltaker", "jam +9 d"), ("en", "supervisor", "clock +9 s")):
        choose_language(actor=person(username), language=language)
        context = browser.new_context(**DESK)
        context.add_init_script("const real = Date.now; window.ahead = 9000; Date.now = () => real() + window.ahead;")
        come_in(context, web, username)
        page = context.new_page()
        page.goto(web.url + PLACES[username])
        mark = page.locator("#clock-off")
        expect(mark).to_contain_text(text, timeout=30_000)
        assert page.locator(".top").evaluate("top => [top.offsetHeight, top.scrollWidth <= innerWidth]") == [44, True]
        # The name of a sound takes no room in the bar, however little is left.
        assert page.evaluate(GROWN_BY_A_SOUND) == 0
        assert [round(each.skew_seconds) for each in Source.objects.filter(kind="workstation", skew_seconds__gt=5)] == [
            9
        ]
        page.evaluate("window.ahead = 0")
        expect(mark).to_be_hidden(timeout=30_000)
        assert not Source.objects.filter(kind="workstation", skew_seconds__gt=2).exists()
        context.close()


@pytest.mark.long
def test_paper_shows_every_row_and_help_groups_the_keys(browser, web, incidents):
    with signed_in(browser, web, "supervisor", "/board/", **DESK) as page:
        rows = page.locator("#incidents .row")
        expect(rows.first).to_be_visible()
        assert rows.count() < ROWS
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        expect(rows).to_have_count(ROWS)
        assert page.locator("#incidents").evaluate("box => getComputedStyle(box).overflowY") == "visible"
        assert page.locator(".stripes").evaluate("mark => getComputedStyle(mark).position") == "fixed"
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        page.emulate_media(media="screen")
        # A mark on each row shows nothing that the stripe does not.
        mark = "getComputedStyle(document.querySelector('.row > :first-child'), '::before').content"
        assert page.evaluate(mark) == "none"

        page.locator("#help-button").click()
        # In the order of the work, whichever order the keys have in the table.
        groups = ["An incident, with the list focused", "Moving about", "Alarms and sound", "Everywhere on this page"]
        expect(page.locator("#help .help-keys section:has(.keys) h3")).to_have_text(groups)
        for heading in ("Signs", "Command line"):
            expect(page.locator("#help h3", has_text=heading)).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#help")).to_be_hidden()
        page.keyboard.press("?")
        expect(page.locator("#help")).to_be_visible()
        page.keyboard.press("Escape")

        clock = page.locator("#incidents .row .num .sr").first
        expect(clock).to_have_text(re.compile(r"^\d+ (second|minute|hour)s?"))
        seen = "[...document.querySelectorAll('#incidents .row .num .sr')]"
        seen += ".map((one) => one.previousElementSibling.ariaHidden)"
        assert set(page.evaluate(seen)) == {"true"}, "a clock is read once"
        bars = "[...document.querySelectorAll('progress')].filter((bar) => !bar.closest('[aria-hidden]')).length"
        assert page.evaluate(bars) == 0, "a bar would read out milliseconds"
        live = "[...document.querySelectorAll('[aria-live], [role=status], [role=alert]')]"
        live += ".some((one) => one.querySelector('.sr'))"
        assert not page.evaluate(live), "no clock in what is read aloud by itself"


def test_a_newcomer_steps_into_a_role_by_a_digit_and_rings_a_first_call(browser, web):
    context = browser.new_context(**DESK, locale="en-GB")
    page = context.new_page()
    page.goto(web.url + "/sign-in/")
    expect(page.locator("#cards button")).to_have_count(7)
    page.keyboard.press("1")
    page.wait_for_url("**/console/")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator("#live:not(.stale)").wait_for()
    expect(page.locator("#first-steps")).to_have_attribute("open", "")
    page.keyboard.press("F9")
    expect(page.locator("#first-steps input[value=ready]")).to_be_checked()
    page.keyboard.press("r")
    page.locator("[data-ring=boat]").click()
    expect(page.locator("#calls-line")).to_contain_text("1 waiting")
    expect(page.locator("#live")).to_have_class("live")  # a step that is kept ends no feed
    page.locator("#first-steps button[name=closed]").click()
    expect(page.locator("#first-steps")).to_have_count(0)
    page.reload()
    page.locator("#person").click()
    expect(page.get_by_role("button", name="First steps")).to_be_visible()
    context.close()
