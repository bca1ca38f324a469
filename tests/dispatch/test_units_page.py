"""The page of units in a real browser: digits set the status, flags are seen and ended, each sees their own."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.conftest import person
from tests.dispatch.browser_sessions import signed_in
from tests.dispatch.fleet import opened, put_into, sent, unit
from tests.scenarios.keystroke_budget.counting import eventually
from tests.scenarios.page_audit import broken_rules
from units.actions.flags import end_emergency, raise_emergency, request_talk
from units.models import Unit

DESK = {"viewport": {"width": 1366, "height": 768}}
UNDER_THE_POINTER = "document.elementFromPoint(400, 500)?.closest('.row')?.id ?? null"
KEYS_SHOWN = """lines => lines.map(line => [...line.querySelectorAll("kbd")]
  .filter(key => key.checkVisibility()).map(key => key.innerText))"""


def row_of(page, callsign):
    return page.locator(f"#unit-{unit(callsign).id}")


def choose(page, callsign):
    """Filter the list to one unit and select it, by keys alone."""
    page.keyboard.press("Alt+u")
    page.keyboard.type(callsign)
    expect(page.locator("#units .row")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(row_of(page, callsign)).to_have_attribute("aria-selected", "true")


def test_digits_set_the_status_of_the_selected_unit(browser, web):
    dispatcher = person("dispatcher")
    incident = opened(dispatcher)
    sent(dispatcher, incident, "DMK1")
    with signed_in(browser, web, "dispatcher", "/units/", **DESK) as page:
        choose(page, "DMK1")
        row = row_of(page, "DMK1")
        expect(row).to_contain_text(str(incident.number))
        page.keyboard.press("3")
        expect(row).to_contain_text("En route")
        page.keyboard.press("4")
        expect(row).to_contain_text("On scene")
        # Off duty, or out of service with a reason: one key asks, the next answers, and it can be taken back.
        choose(page, "DMK2")
        row = row_of(page, "DMK2")
        page.keyboard.press("6")
        expect(page.locator("#bar")).to_contain_text("vehicle or equipment")
        page.keyboard.press("2")
        expect(row).to_contain_text("Out of service")
        assert Unit.objects.get(callsign="DMK2").status_reason == "vehicle or equipment"
        page.keyboard.press("Alt+z")
        expect(row).to_contain_text("Available at station")
        # A digit typed in the filter is text.
        page.keyboard.press("Alt+u")
        page.keyboard.press("4")
        expect(page.locator("#filter")).to_have_value("4")
        page.keyboard.press("Escape")
        expect(page.locator("#filter")).to_have_value("")
        page.keyboard.press("Escape")
        expect(page.locator("#units :focus")).to_have_count(1)
        page.keyboard.press("Alt+u")
        page.keyboard.type("4")
        assert Unit.objects.get(callsign="DMK2").status == "available_station"
        assert page.errors == []


@pytest.mark.long
def test_an_emergency_stands_out_until_it_is_ended_by_voice(browser, web):
    with (
        signed_in(browser, web, "dispatcher", "/units/", **DESK) as desk,
        signed_in(browser, web, "supervisor", "/units/", **DESK) as chief,
    ):
        choose(desk, "BPBD1")
        desk.keyboard.press("0")
        expect(desk.locator("#bar")).to_contain_text("BPBD1")
        assert Unit.objects.get(callsign="BPBD1").emergency_at is None, "one key alone raises nothing"
        desk.keyboard.press("0")
        expect(row_of(desk, "BPBD1")).to_contain_text("EMERGENCY")
        first = chief.locator("#units .row").first
        expect(first).to_contain_text("BPBD1")
        first.click()
        chief.keyboard.press("x")
        chief.locator("#ask-field").fill("Budi Santoso")
        chief.keyboard.press("Enter")
        expect(row_of(chief, "BPBD1")).not_to_contain_text("EMERGENCY")
        request_talk(actor=person("dispatcher"), unit="BPBD2")
        row_of(desk, "BPBD2").wait_for(state="detached")  # the filter is still BPBD1's
        choose(desk, "BPBD2")
        expect(row_of(desk, "BPBD2")).to_contain_text("wants to talk")
        desk.keyboard.press("k")
        expect(row_of(desk, "BPBD2")).not_to_contain_text("wants to talk")


@pytest.mark.long
def test_a_key_that_is_held_down_asks_for_an_emergency_and_raises_none(browser, web):
    with signed_in(browser, web, "dispatcher", "/units/", **DESK) as page:
        choose(page, "BPBD1")
        for _ in range(5):
            page.keyboard.down("0")
        expect(page.locator("#bar")).to_contain_text("BPBD1")
        page.keyboard.up("0")
        expect(page.locator("#bar .bar")).to_be_visible()
        page.keyboard.press("Escape")
        # An act that is sent after what the key may have sent.
        page.keyboard.press("6")
        page.keyboard.press("2")
        expect(row_of(page, "BPBD1")).to_contain_text("Out of service")
        page.keyboard.press("Alt+z")
        expect(row_of(page, "BPBD1")).to_contain_text("Available at station")
        assert Unit.objects.get(callsign="BPBD1").emergency_at is None
        assert page.errors == []


@pytest.mark.long
def test_the_line_of_each_emergency_prints_the_keys_that_act_on_it(browser, web):
    units = ("BPBD1", "BPBD2")
    for callsign in units:
        raise_emergency(actor=person("dispatcher").at_desk("D1"), unit=callsign)
    with signed_in(browser, web, "dispatcher", "/board/", **DESK) as page:
        lines = page.locator("#emergencies .sosbar")
        expect(lines).to_have_count(2)
        assert [" ".join(keys) for keys in lines.evaluate_all(KEYS_SHOWN)] == ["Alt+J 1", "Alt+J ↓ 1"]
        # What lies over the page goes: the digit is for the list.
        page.keyboard.press("?")
        expect(page.locator("dialog:modal")).to_be_visible()
        page.keyboard.press("Alt+j")
        expect(page.locator("dialog:modal")).to_have_count(0)
        expect(lines.first).to_have_class(re.compile("chosen"))
        page.keyboard.press("ArrowDown")
        expect(lines.last).to_have_class(re.compile("chosen"))
        assert [" ".join(keys) for keys in lines.evaluate_all(KEYS_SHOWN)] == ["Alt+J 1", "M T 1"]
        second = lines.last.locator(".callsign").inner_text()
        page.keyboard.press("1")
        expect(page.locator(".emergency-chip")).to_contain_text(second)
        expect(lines).to_have_count(1)
        expect(lines).not_to_contain_text(second)
        assert page.errors == []
    for callsign in units:
        end_emergency(actor=person("dispatcher").at_desk("D1"), unit=callsign, spoken_with="Budi Santoso")


@pytest.mark.long
def test_a_supervisor_may_force_a_step_with_a_reason_and_a_call_taker_sets_nothing(browser, web):
    put_into("DMK3", "out_of_service")
    with signed_in(browser, web, "supervisor", "/units/", **DESK) as page:
        choose(page, "DMK3")
        page.keyboard.press("1")
        expect(page.locator("#bar")).to_contain_text("Force it")
        page.keyboard.press("1")
        expect(row_of(page, "DMK3")).to_contain_text("Available in the field")
    with signed_in(browser, web, "calltaker", "/units/", **DESK) as page:
        choose(page, "DMK4")
        page.keyboard.press("6")
        expect(page.locator(".toast")).to_contain_text("may not")
        expect(page.locator("#bar")).to_be_hidden()


@pytest.mark.long
def test_each_sees_only_their_own_units(browser, web):
    agencies = "#units .row td:nth-child(2)"
    with signed_in(browser, web, "damkar", "/units/", **DESK) as page:
        expect(page.locator(agencies).first).to_have_text("DAMKAR")
        assert set(page.locator(agencies).all_text_contents()) == {"DAMKAR"}
    with signed_in(browser, web, "crew", "/units/", **DESK) as page:
        expect(page.locator("#units .row")).to_have_count(1)
    # Who has no board reads the list anew: it is as fresh as it shows.
    with signed_in(browser, web, "admin", "/units/", **DESK) as page:
        expect(page.locator("#units-line")).to_have_text(re.compile(rf"^{Unit.objects.count()} of"))
        put_into("DMK7", "off_duty")
        page.keyboard.press("Alt+u")
        page.keyboard.type("DMK7")
        expect(row_of(page, "DMK7")).to_contain_text("Off duty", timeout=10_000)
        assert page.errors == []


@pytest.mark.long
def test_a_thousand_units_are_one_list(browser, web):
    model = unit("DMK1")
    columns = [field.name for field in Unit._meta.fields if field.name not in {"id", "callsign"}]
    Unit.objects.bulk_create(
        Unit(callsign=f"Z{number}", **{name: getattr(model, name) for name in columns}) for number in range(1000)
    )
    with signed_in(browser, web, "supervisor", "/units/", **DESK) as page:
        expect(page.locator("#units-line")).to_contain_text(str(Unit.objects.count()))
        assert page.locator("#units .row").count() < 80
        # The first click on a list that was scrolled selects the row that is under the pointer.
        page.evaluate("document.querySelector('#units').scrollTop = 8000")
        expect(page.locator("#units .row").first).not_to_have_attribute("aria-posinset", "1")
        assert eventually(page, lambda: page.evaluate(UNDER_THE_POINTER))
        wanted = page.evaluate(UNDER_THE_POINTER)
        page.mouse.click(400, 500)
        expect(page.locator("#units .row[aria-selected=true]")).to_have_id(wanted)
        choose(page, "Z999")
        expect(row_of(page, "Z999")).to_be_in_viewport(ratio=1)


@pytest.mark.long
def test_units_stand_in_groups_are_sorted_and_show_what_they_did(browser, web):
    dispatcher = person("dispatcher")
    incident = opened(dispatcher)
    sent(dispatcher, incident, "DMK3")
    with signed_in(browser, web, "dispatcher", "/units/", **DESK) as page:
        headings = page.locator("#units .group-heading")
        expect(headings.first).to_contain_text("BASARNAS")
        page.get_by_label("Group by").select_option("area")
        expect(headings.first).not_to_contain_text("BASARNAS")
        page.get_by_label("Group by").select_option("none")
        expect(headings).to_have_count(0)
        # A column's heading sorts: who is on an incident stands first.
        page.locator("th button", has_text="Incident").click()
        expect(page.locator("#units .row").first).to_contain_text(str(incident.number))
        # The card of the selected unit shows what it did; Esc closes it.
        choose(page, "DMK3")
        card = page.locator("#unit-card")
        expect(card.locator(".past li").first).to_contain_text("DMK3")
        page.keyboard.press("Escape")
        expect(card).to_be_hidden()
        assert page.errors == []
        choose(page, "DMK3")
        expect(card).to_be_visible()
        assert broken_rules(page) == []
