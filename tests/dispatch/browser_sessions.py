"""Pages of the field in a real browser: signing in on a phone or at a desk, and what the browser complains of."""

from __future__ import annotations

import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from accounts.actions import choose_language
from calls.actions.call_control import answer_call, end_call
from calls.actions.disposition import dispose_call
from calls.models import Call, Draft
from calls.states import OPEN, WAITING, CallState
from tests.api_client import come_in
from tests.browser_contexts import lent
from tests.calls.exchange import ringing
from tests.conftest import person

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
# Whether the whole hint of the filter is in sight.
HINT_FITS = """() => {
  const field = document.getElementById("filter"), style = getComputedStyle(field);
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = style.font;
  const room = field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  return pen.measureText(field.placeholder).width <= room;
}"""
DESK = {"viewport": {"width": 1366, "height": 768}}
# A second press counts once what it does has been shown for 300 ms.
SECOND_PRESS_MS = 400
HERE = {"latitude": -7.02, "longitude": 113.87}


@contextmanager
def signed_in(browser, web, username, page_path, **device):
    """A page of a fresh browser that `username` is signed in on, in English; it collects its errors in `errors`."""
    choose_language(actor=person(username), language="en")
    with lent(browser, **device) as context:
        page = context.new_page()
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("console", lambda message: page.errors.append(message.text) if message.type == "error" else None)
        come_in(context, web, username)
        page.goto(web.url + page_path)
        page.locator("#live:not(.stale)").wait_for()
        yield page


def go_to(page, incident):
    """Go to an incident's row by the list's keys: no key waits until the one before it is drawn, as under a hand."""
    row = page.locator(f"#incident-{incident.id}")
    expect(row).to_be_visible()
    page.keyboard.press("Alt+i")
    page.keyboard.press("Home")
    for _ in range(1, int(row.get_attribute("aria-posinset"))):
        page.keyboard.press("ArrowDown")
    expect(row).to_have_class(re.compile("focused"))


def leave_no_call_open():
    """End what is open, file it as a test, and forget all drafts."""
    Draft.objects.all().delete()
    supervisor = person("supervisor")
    for call in Call.objects.filter(state__in=OPEN):
        if call.state in WAITING:
            answer_call(actor=supervisor, call=call.id)
        if end_call(actor=supervisor, call=call.id).state != CallState.CLOSED:
            dispose_call(actor=supervisor, call=call.id, disposition="T1")


@pytest.fixture
def console(browser, web):
    """A call-taker's console in English, live, with no call open and no draft kept."""
    leave_no_call_open()
    with signed_in(browser, web, "calltaker", "/console/", **DESK) as page:
        yield page


def take(page):
    """A call rings and is taken with one key."""
    call = ringing()
    expect(page.locator("#calls-line")).to_have_text("1 waiting")
    page.keyboard.press("F2")
    expect(page).to_have_url(re.compile(str(call.id)))
    expect(page.locator("#where")).to_be_focused()
    return call


def press_again(page, key="Enter"):
    """A second press, once what it does has been shown long enough."""
    page.wait_for_timeout(SECOND_PRESS_MS)
    page.keyboard.press(key)


def too_small(page, least, *selectors):
    """Those of these things that are lower than `least` pixels, or not wholly in view."""
    height = page.viewport_size["height"]
    boxes = {selector: page.locator(selector).first.bounding_box() for selector in selectors}
    return {
        name: box for name, box in boxes.items() if box["height"] < least or not 0 <= box["y"] <= height - box["height"]
    }
