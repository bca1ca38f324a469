"""Failures of the best peer that no other test here covers; the whole list: keystroke_budget/peer_failures.py."""

from __future__ import annotations

import os
import re
import signal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from calls.actions.calls import open_call
from dispatch.actions.assignments import assign_unit
from dispatch.actions.incident_state import change_state
from tests.conftest import ROOT, person
from tests.dispatch.browser_sessions import signed_in
from tests.scenarios.keystroke_budget.page import missing_tests
from tests.scenarios.keystroke_budget.peer_failures import PEER_FAILURES
from tests.scenarios.keystroke_budget.room import empty_the_room, incident

FULL_HD = {"viewport": {"width": 1920, "height": 1080}}
PAGES = ("/board/", "/map/", "/units/", "/console/")
PHONE = "+6281230987731"
WRITTEN = ("+62 812 3098-7731", "0812-3098-7731", "(0812) 3098 7731", "81230987731", "0987731")
# Things to press that show no word of two letters and no number: an icon alone.
WORDLESS = """() => [...document.querySelectorAll("button, a[href], summary, [role=button], [role=tab]")]
  .filter(thing => thing.checkVisibility() && !thing.closest(".maplibregl-ctrl-attrib"))
  .filter(thing => {
    const seen = thing.cloneNode(true);
    for (const hidden of seen.querySelectorAll(".sr, kbd")) hidden.remove();
    return seen.id !== "help-button" && !/\\p{L}{2}|\\d/u.test(seen.textContent);
  }).map(thing => thing.outerHTML)"""
COVERED = """banner => {
  const box = banner.getBoundingClientRect();
  return [[.02, .5], [.25, .2], [.5, .5], [.75, .8], [.98, .5]]
    .map(([x, y]) => document.elementFromPoint(box.left + box.width * x, box.top + box.height * y))
    .filter(top => !banner.contains(top)).map(top => top?.outerHTML.slice(0, 100));
}"""


@pytest.fixture(scope="module")
def seat(browser, web):
    """A supervisor at a screen of 1920 x 1080, who may see and do all of it."""
    with signed_in(browser, web, "supervisor", "/console/", **FULL_HD) as page:
        yield page


@pytest.fixture
def console(seat, web):
    """The console with nothing open."""
    empty_the_room()
    if urlsplit(seat.url).path != "/console/":
        seat.goto(web.url + "/console/")
        expect(seat.locator("#live")).to_have_class("live", timeout=15_000)
    seat.locator("#incidents-filter").fill("")
    expect(seat.locator(".row.incident")).to_have_count(0)
    return seat


def row_of(page, row):
    return page.locator(f"#incident-{row.id}")


def end(row):
    change_state(actor=person("supervisor"), incident=row.id, state="cancelled", force=True)


@pytest.mark.long
def test_a_phone_finds_its_incident_however_it_is_written_while_open_and_after(console):
    call, _ = open_call(actor=person("calltaker").at_desk("C1"), channel="voice", number=PHONE)
    row, other = incident(call=call.id), incident()
    expect(console.locator(".row.incident")).to_have_count(2)
    for written in WRITTEN:
        console.locator("#incidents-filter").fill(written)
        expect(row_of(console, other)).to_have_count(0)
        expect(row_of(console, row)).to_be_visible()
    # What a filter hides is shown, loudly where it is a P1 that nobody goes to.
    expect(console.locator("#incidents-count")).to_have_text("1 of 2 open")
    expect(console.locator("#incidents-count")).to_have_class(re.compile("late"))
    end(row)
    for written in WRITTEN:
        console.locator("#incidents-filter").fill(written)
        expect(console.locator("#incidents-found")).to_contain_text(str(row.number), timeout=10_000)
        console.locator("#incidents-filter").fill("")
        expect(console.locator("#incidents-found button")).to_have_count(0)


def test_what_one_looks_at_stays_where_it_is_whatever_comes_in(console):
    first, second = incident("H02"), incident("H02")
    console.locator("#incidents-filter").fill("pasar")
    expect(console.locator(".row.incident")).to_have_count(2)
    console.keyboard.press("ArrowDown")
    console.keyboard.press("End")
    expect(console.locator(".row.incident.focused")).to_have_count(1)
    chosen = console.locator(".row.incident.focused").get_attribute("data-id")
    top = console.locator(".row.incident.focused").bounding_box()
    urgent = incident("F01")
    assign_unit(actor=person("dispatcher").at_desk("D1"), incident=first.id, unit="PSC1")
    expect(row_of(console, first)).to_contain_text("PSC1")
    expect(row_of(console, urgent)).to_be_visible()
    expect(console.locator("#incidents-filter")).to_have_value("pasar")
    focused = console.locator(".row.incident.focused")
    assert (focused.get_attribute("data-id"), focused.bounding_box()) == (chosen, top)
    assert chosen in {str(first.id), str(second.id)}


@pytest.mark.long
def test_more_than_seven_incidents_are_seen_at_once(console):
    for _ in range(30):
        incident("H02")
    expect(console.locator("#incidents-count")).to_have_text("30 open")
    inside = console.evaluate("""() => {
      const frame = document.querySelector("#incidents").getBoundingClientRect();
      return [...document.querySelectorAll(".row.incident")].map(row => row.getBoundingClientRect())
        .filter(row => row.top >= frame.top && row.bottom <= frame.bottom).length;
    }""")
    assert inside > 7


@pytest.mark.long
def test_pages_count_what_is_open_name_urgency_alike_show_words_and_ask_no_other_host(console, web):
    row, over = incident(), incident()
    end(over)
    asked, names = [], {}
    console.on("request", lambda request: asked.append(urlsplit(request.url)))
    for address in PAGES:
        console.goto(web.url + address)
        expect(console.locator("#live")).to_have_class("live", timeout=15_000)
        if address != "/units/":
            mark = row_of(console, row).locator(".prio")
            names[address] = (mark.inner_text(), mark.locator(".sr").text_content())
        assert console.evaluate(WORDLESS) == []
        if address == "/board/":
            expect(console.locator("#incidents-line")).to_have_text("1 open")
            expect(console.locator("#tiles")).to_contain_text(re.compile(r"Open incidents\s*1\b"))
            expect(row_of(console, over)).to_have_count(0)
    expect(console.locator("#incidents-count")).to_have_text("1 open")
    assert len(set(names.values())) == 1, names
    assert {address.netloc for address in asked if address.scheme.startswith("http")} == {urlsplit(web.url).netloc}
    console.keyboard.press("Alt+i")
    console.keyboard.press("Enter")
    expect(console.locator(".incident-head h2")).to_contain_text(str(row.number))
    expect(console.locator(".picks li").first).to_be_visible()
    assert console.evaluate(WORDLESS) == []


def test_no_banner_lies_under_anything(console, web):
    for _ in range(12):
        incident("H02")
    expect(console.locator("#incidents-count")).to_have_text("12 open")
    console.locator("#incidents").evaluate("list => { list.scrollTop = 200; }")
    console.keyboard.press("Alt+z")
    for process in web.processes:
        os.kill(process.pid, signal.SIGSTOP)  # the server is there and does not answer
    try:
        banner = console.locator("#stale")
        expect(banner).to_be_visible(timeout=10_000)
        assert banner.evaluate(COVERED) == []
    finally:
        for process in web.processes:
            os.kill(process.pid, signal.SIGCONT)
    expect(console.locator("#stale")).to_be_hidden(timeout=30_000)


def test_each_sentence_has_tests_that_exist():
    assert len(PEER_FAILURES) == 15
    assert [there for there, _here, tests in PEER_FAILURES if not tests] == []
    assert missing_tests(ROOT, tuple(test for _there, _here, tests in PEER_FAILURES for test in tests)) == []
