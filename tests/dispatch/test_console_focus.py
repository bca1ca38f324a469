"""The focus, a name and a number stay with the call, the unit and the key press that they belong to."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from calls.actions.call_control import end_call, hold_call
from calls.actions.disposition import dispose_call
from calls.models import Call
from tests.calls.exchange import again, ringing
from tests.conftest import person
from tests.dispatch.test_console_calls import (  # noqa: F401 - fixtures
    _an_empty_room,
    context,
    errors,
    open_console,
    press,
    signed_in,
    take,
)
from tests.dispatch.test_console_keeping import QUIET_MS
from tests.dispatch.test_console_unsent import held
from tests.scenarios.keystroke_budget.counting import eventually
from units.actions.flags import end_emergency, raise_emergency

pytestmark = pytest.mark.long


def write_name(page, name):
    press(page, "Alt+k", "n")
    page.keyboard.type(name)


def named(call):
    return Call.objects.values_list("caller_name", flat=True).get(pk=call.id)


def test_who_leaves_the_name_for_another_field_stays_in_that_field(page, web, errors):  # noqa: F811
    open_console(page, web)
    call = take(page, caller="+6281230880101")
    write_name(page, "Bu Aminah")
    press(page, "Alt+w")
    page.keyboard.type("api besar")
    expect(page.locator("#said")).to_have_value("api besar")
    assert eventually(page, lambda: named(call) == "Bu Aminah")
    page.keyboard.type(" sekali")
    expect(page.locator("#said")).to_have_value("api besar sekali")
    assert errors == []


def test_a_name_that_is_being_typed_when_the_next_call_is_taken_goes_to_its_own_call(page, web, errors):  # noqa: F811
    open_console(page, web)
    first = take(page, caller="+6281230880102")
    second = ringing(caller="+6281230880103")
    expect(page.locator("#calls .ringing")).to_be_visible()
    write_name(page, "Pak Slamet")
    press(page, "F2")  # asks: nothing of this call is sent yet
    page.wait_for_timeout(QUIET_MS)
    press(page, "F2")
    expect(page.locator(".call-head")).to_contain_text("0812-3088-0103")
    expect(page.locator("#where")).to_be_focused()
    assert eventually(page, lambda: named(first) == "Pak Slamet")
    assert named(second) is None
    expect(page.locator(".caller")).not_to_contain_text("Pak Slamet")
    assert errors == []


def test_a_form_that_was_left_has_the_number_of_its_own_caller_in_the_list(page, web, errors):  # noqa: F811
    open_console(page, web)
    first = take(page, caller="+6281230880104")
    puts = held(page, f"**/drafts/{first.id}", "PUT")
    page.keyboard.type("Pasar Lenteng")
    assert eventually(page, lambda: puts)
    end_call(actor=person("calltaker"), call=first.id)
    expect(page.locator(".call-head")).to_contain_text("wrap-up")
    ringing(caller="+6281230880105")
    expect(page.locator("#calls .ringing")).to_be_visible()
    press(page, "F2")
    expect(page.locator(".call-head")).to_contain_text("0812-3088-0105")
    while puts:
        with page.expect_response(f"**/drafts/{first.id}"):
            puts.pop(0).continue_()
    dispose_call(actor=person("calltaker"), call=first.id, disposition="N1")
    page.reload()  # what is kept is read anew
    expect(page.locator("#calls .parked")).to_contain_text("Pasar Lenteng")
    expect(page.locator("#calls .parked .no")).to_have_text("0812-3088-0104")
    assert errors == []


def test_the_focus_goes_with_a_call_to_another_part_of_the_list(page, web, errors):  # noqa: F811
    open_console(page, web)
    call = take(page, caller="+6281230880106")
    link = page.locator(f"#calls a[href='?call={call.id}']")
    press(page, "Alt+o")
    expect(link).to_be_focused()
    end_call(actor=person("calltaker"), call=call.id)
    expect(page.locator("#calls")).to_contain_text("to be filed")
    expect(link).to_be_focused()
    assert errors == []


def test_an_answer_that_comes_later_than_newer_news_changes_nothing(page, web, errors):  # noqa: F811
    open_console(page, web)
    answers = held(page, "**/answer", "POST")
    call = ringing(caller="+6281230880107")
    expect(page.locator("#calls-line")).to_have_text("1 waiting")
    press(page, "F2")
    assert eventually(page, lambda: answers)
    answer = answers[0].fetch()
    hold_call(actor=person("calltaker"), call=call.id)
    expect(page.locator("#calls .q")).to_contain_text("On hold")
    answers[0].fulfill(response=answer)
    expect(page.locator("#where")).to_be_focused()
    expect(page.locator("#calls .q")).to_contain_text("On hold")
    expect(page.locator(".call-head")).to_contain_text("On hold")
    assert again(call).state == "on_hold"
    assert errors == []


def test_the_focus_stays_with_its_crew_when_another_emergency_ends(page, web, errors):  # noqa: F811
    desk = person("dispatcher").at_desk("D1")
    units = ("BPBD1", "BPBD2")
    for callsign in units:
        raise_emergency(actor=desk, unit=callsign)
    open_console(page, web)
    lines = page.locator("#emergencies .sosbar")
    expect(lines).to_have_count(2)
    lines.last.locator(".sos-unit").focus()
    first, second = (line.inner_text() for line in lines.locator(".callsign").all())
    end_emergency(actor=desk, unit=first, spoken_with="Budi Santoso")
    expect(lines).to_have_count(1)
    expect(lines).to_contain_text(second)
    expect(lines.locator(".sos-unit")).to_be_focused()
    end_emergency(actor=desk, unit=second, spoken_with="Budi Santoso")
    assert errors == []


def test_trying_the_sound_unmutes_it(page, web, errors):  # noqa: F811
    open_console(page, web)
    press(page, "F9", "r")
    expect(page.locator("#my-state")).to_contain_text("Ready")
    expect(page.locator("#sound")).to_contain_text("Sound on")
    press(page, "Alt+y")
    expect(page.locator("#sound")).to_contain_text("Only ring and emergency")
    page.locator(".hearing button").first.click()
    expect(page.locator("#sound")).to_contain_text("Sound on")
    assert errors == []
