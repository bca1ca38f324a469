"""The settings in a real browser: by keyboard, without a complaint of the browser's or of axe's."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from alarms.models import Policy
from tests.api_client import press_in_menu
from tests.scenarios.page_audit import SERIOUS, broken_rules
from units.models import Unit

pytestmark = pytest.mark.long


def look_at(page, web, address, table):
    page.goto(f"{web.url}/admin/{address}")
    if "import" in address:
        page.set_input_files("[name=file]", table)
        page.locator(".choose button").click()
        expect(page.locator("#changes")).to_contain_text("DMK10")


@pytest.mark.timeout(300)
def test_a_unit_is_registered_by_keyboard_and_no_page_breaks_a_rule(page, web, tmp_path):
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type in {"error", "warning"} else None)
    page.goto(web.url + "/sign-in/?next=/admin/units/unit/add/")
    page.fill("[name=login]", "admin")
    page.fill("[name=password]", "sigap-demo")
    page.keyboard.press("Enter")
    expect(page.locator("[name=callsign]")).to_be_focused()
    page.keyboard.type("DMK 9")
    page.keyboard.press("Tab")
    page.keyboard.type("DAMKAR")
    page.keyboard.press("Tab")
    page.keyboard.type("fire_engine")
    page.keyboard.press("Enter")
    expect(page.locator(".field-callsign .errorlist")).to_be_visible()
    page.fill("[name=callsign]", "dmk9")
    page.keyboard.press("Enter")
    expect(page.locator(".said")).to_contain_text("DMK9")
    assert Unit.objects.get(callsign="DMK9").kind == "fire_engine"

    policy = Policy.objects.get(rule=2, current=True).pk
    table = tmp_path / "units.csv"
    table.write_text("callsign,agency,kind\nDMK10,DAMKAR,tanker\n", encoding="utf-8")
    pages = ["", "units/unit/", "units/unit/add/", f"alarms/policy/{policy}/history/", "units/unit/import/"]
    for address in pages:
        look_at(page, web, address, table)
    assert errors == []  # before axe, which measures by styles that the content security policy stops
    page.goto(web.url + "/admin/")
    press_in_menu(page, "button[name=language][value=id]")
    press_in_menu(page, "button[name=theme][value=light]")
    for address in pages:  # in English: tests/scenarios/test_every_page.py
        look_at(page, web, address, table)
        expect(page.locator("html")).to_have_attribute("data-theme", "light")
        assert broken_rules(page, impacts=SERIOUS) == [], address
    look_at(page, web, pages[-1], table)
    page.locator(".take button").click()
    expect(page.locator(".said")).to_be_visible()
    assert Unit.objects.filter(callsign="DMK10").exists()
