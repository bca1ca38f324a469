"""Keys pressed before an answer of the server is there: none is lost, none acts on another form."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from calls.models import Draft
from tests.calls.exchange import ringing
from tests.dispatch.test_console_calls import (  # noqa: F401 - fixtures
    _an_empty_room,
    context,
    errors,
    incident_of,
    open_console,
    press,
    signed_in,
    take,
)
from tests.dispatch.test_console_keeping import send_from
from tests.scenarios.keystroke_budget.counting import eventually


def take_after(page, caller):
    """The next call is taken while the form of the last one is open."""
    call = ringing(caller=caller)
    expect(page.locator("#calls .ringing")).to_be_visible()
    press(page, "F2")
    expect(page).to_have_url(re.compile(str(call.id)))
    expect(page.locator("#where")).to_be_focused()
    return call


@pytest.mark.long
def test_what_is_read_back_or_changed_while_the_incident_is_being_opened_follows_it(page, web, errors):  # noqa: F811
    open_console(page, web)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/incidents", hold)
    call = take(page, caller="+6281230880061")
    page.keyboard.type("Pasar Bluto")
    press(page, "Control+Enter")
    assert eventually(page, lambda: held)
    answer = held[0].fetch()
    expect(page.locator(".strip")).to_contain_text(re.compile(r"as\s*\d"))  # the feed was faster than the answer
    press(page, "Alt+a")
    expect(page.locator("#toasts")).to_contain_text("Read back to the caller: Pasar Bluto")
    held[0].fulfill(response=answer)
    expect(page.locator(".strip")).not_to_contain_text("changed here")
    assert eventually(page, lambda: incident_of(call).verified)
    press(page, "Alt+x")
    expect(page.locator(".call-head")).to_contain_text("wrap-up")
    second = take_after(page, "+6281230880062")
    page.keyboard.type("Pasar Bluto")
    press(page, "Control+Enter")
    assert eventually(page, lambda: len(held) == 2)
    press(page, "Alt+g", "End")
    page.keyboard.type(" km 8")
    press(page, "Control+Enter")
    held[1].continue_()
    expect(page.locator(".strip")).to_contain_text(re.compile(r"as\s*\d"))
    expect(page.locator(".strip")).not_to_contain_text("changed here")
    assert eventually(page, lambda: incident_of(second).location_text == "Pasar Bluto km 8")
    assert errors == []


def test_what_is_typed_before_the_form_is_there_goes_into_it_and_nowhere_else(page, web, errors):  # noqa: F811
    open_console(page, web)
    last = take(page, caller="+6281230880071")
    send_from(page, "Pasar Bluto")
    press(page, "Alt+x")
    expect(page.locator(".call-head")).to_contain_text("wrap-up")
    page.locator("#said").focus()
    ringing(caller="+6281230880072")
    expect(page.locator("#calls .ringing")).to_contain_text("0812-3088-0072")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/answer", hold)
    press(page, "F2")
    assert eventually(page, lambda: len(held) == 1)
    page.keyboard.type("sawah")
    held[0].fulfill(status=409, json={"code": "call_taken", "operator": {"name": "Budi"}})
    expect(page.locator("#toasts")).to_contain_text("Budi")
    expect(page.locator("#said")).to_have_value("")
    press(page, "F2")
    assert eventually(page, lambda: len(held) == 2)
    answer = held[1].fetch()
    expect(page.locator("#calls .q", has_text="0812-3088-0072")).to_contain_text("in talk")
    page.keyboard.type("jl trunoo")
    press(page, "Backspace", "Enter")
    page.keyboard.type("joyo")
    held[1].fulfill(response=answer)
    expect(page.locator(".call-head")).to_contain_text("0812-3088-0072")
    expect(page.locator("#where")).to_be_focused()
    expect(page.locator("#where")).to_have_value("jl trunojoyo")
    page.keyboard.type(" 5")
    expect(page.locator("#where")).to_have_value("jl trunojoyo 5")
    expect(page.locator("#where-list li").first).to_be_visible()
    assert "joyo" not in str(Draft.objects.filter(pk=last.id).values_list("body", flat=True).first())
    assert [text for text in errors if "409" not in text] == []


@pytest.mark.long
def test_escape_leaves_an_empty_filter_for_the_list_so_that_the_next_key_is_a_command(page, web, errors):  # noqa: F811
    open_console(page, web)
    field = page.locator("#incidents-filter")
    press(page, "Alt+u")
    expect(field).to_be_focused()
    page.keyboard.type("zzz")
    press(page, "Escape")
    expect(field).to_have_value("")
    expect(field).to_be_focused()
    press(page, "Escape")
    expect(page.locator("#incidents")).to_be_focused()
    press(page, "/")
    expect(page.locator(".command input")).to_be_focused()
    assert errors == []
