"""The field for the type: everyday words, what Enter takes, what stays in view, and work without the server."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.dispatch.browser_sessions import console, take  # noqa: F401 - a fixture
from tests.dispatch.test_console_unsent import held

pytestmark = pytest.mark.long


def words(page, text):
    page.locator("#what").fill("")
    page.locator("#what").press_sequentially(text)


def test_what_callers_say_finds_the_type_and_enter_takes_only_what_was_seen(console):  # noqa: F811
    take(console)
    field, items = console.locator("#what"), console.locator("#what-list li")
    # The synonym that matched is shown, and the best one is ready.
    words(console, "tabrakan motor")
    expect(items.first).to_contain_text("K01")
    expect(items.first).to_contain_text("other words: tabrakan motor")
    expect(items.first).to_have_attribute("aria-selected", "true")
    field.press("Enter")
    expect(field).to_have_value(re.compile("^K01 "))
    expect(console.locator("#said")).to_be_focused()
    # The chosen one stays marked, the next ones stay in view and can be taken.
    stay = console.locator(".what .stay li")
    expect(stay.first).to_have_class("chosen")
    expect(stay.nth(1)).to_contain_text("K02")
    stay.nth(1).click()
    expect(field).to_have_value(re.compile("^K02 "))
    # Of several types each shows its question; the most urgent one stands first.
    words(console, "maling")
    expect(items.nth(2)).to_contain_text("S03")
    expect(items.first).to_contain_text("Is the offender still there?")
    # A synonym makes nothing below P3 ready: Enter marks it, another Enter takes it.
    words(console, "listrik mati")
    expect(items.first).to_contain_text("U01")
    expect(console.locator("#what-list [aria-selected=true]")).to_have_count(0)
    field.press("Enter")
    expect(items.first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_value("listrik mati")
    field.press("Enter")
    expect(field).to_have_value(re.compile("^U01 "))


def test_enter_waits_for_the_list_and_codes_and_names_work_without_the_server(console):  # noqa: F811
    take(console)
    field, items = console.locator("#what"), console.locator("#what-list li")
    waiting = held(console, "**/api/v1/types?*", "GET")
    words(console, "kebakaran")
    field.press("Enter")
    expect(field).to_be_focused()
    expect(field).to_have_value("kebakaran")
    for route in waiting:
        route.abort()
    expect(items.first).to_contain_text("F01")
    expect(console.locator(".what")).to_contain_text("No connection: codes and names only")
    expect(console.locator("#what-list [aria-selected=true]")).to_have_count(0)
    # A whole code needs no list and no Enter; words that nobody chose from a list are never sent as a type.
    words(console, "f09")
    expect(items.first).to_contain_text("F09")
    console.keyboard.press("Control+Enter")
    expect(field).to_have_value(re.compile("^F09 "))
