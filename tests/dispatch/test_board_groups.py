"""Many incidents on the board in a real browser: groups, counts, filters, sorting, the side panel, waiting long."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from alarms.actions import acknowledge_alarm
from alarms.models import Alarm
from config.registry import registry
from core.firing.rounds import fire_due
from dispatch.actions.assignments import assign_unit
from dispatch.actions.unit_status import report_status
from tests.conftest import person
from tests.dispatch.browser_sessions import DESK, HINT_FITS, signed_in
from tests.dispatch.test_board_page import WALL, fire, row_of, streets
from tests.scenarios.page_audit import broken_rules
from units.models import Unit

pytestmark = pytest.mark.long


def test_many_incidents_stand_in_groups_are_counted_filtered_sorted_and_all_reached(browser, web, clock):
    incidents = [fire(next(streets), "H02") for _ in range(60)]
    served = fire(next(streets), "H02")
    assign_unit(actor=person("dispatcher").at_desk("D1"), incident=served.id, unit="DMK4")
    urgent = fire(next(streets))
    with signed_in(browser, web, "supervisor", "/board/", **WALL) as page:
        row_of(page, urgent).wait_for()
        headings = page.locator("#incidents .group-heading")
        expect(headings.first).to_contain_text("No unit yet")
        box = page.locator("#incidents").bounding_box()
        rows = page.locator("#incidents .row")
        inside = [
            at
            for at in (rows.nth(at).bounding_box() for at in range(rows.count()))
            if at["y"] + at["height"] <= box["y"] + box["height"]
        ]
        assert len(inside) >= 20
        assert rows.count() < len(incidents), "rows out of sight are not drawn"
        every = int(page.locator("#chips [aria-pressed=true] b").text_content())
        below = page.locator("#incidents-below")
        expect(below).to_contain_text("more below")
        # What does not fit is counted, and End reaches the last row.
        page.keyboard.press("Alt+i")
        page.keyboard.press("End")
        expect(page.locator("#incidents tr[aria-selected=true]")).to_be_in_viewport(ratio=1)
        expect(below).to_be_hidden()
        assert int(page.locator("#incidents table").get_attribute("aria-rowcount")) > every
        # The side panel shows the selected incident; the list does not move, and Esc closes the panel.
        expect(page.locator("#peek .peek-timeline li").first).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#peek")).to_be_hidden()
        # Each chip counts the rows that it shows.
        for chip in ("No unit", "Mine", "All"):
            button = page.locator("#chips button", has_text=chip)
            button.click()
            count = button.locator("b").text_content()
            expect(page.locator("#incidents-line")).to_have_text(re.compile(rf"^{count} (of {every} )?open$"))
        page.get_by_label("Agency", exact=True).select_option("DAMKAR")
        expect(row_of(page, urgent)).to_be_visible()
        page.get_by_label("Agency", exact=True).select_option("")
        # A column's heading sorts by it; once more brings the board's own order back.
        number = page.locator("th.number button")
        number.click()
        expect(rows.first).to_have_attribute("data-id", str(urgent.id))
        expect(rows.nth(1)).to_have_attribute("data-id", str(incidents[-1].id))
        number.click()
        expect(rows.nth(1)).not_to_have_attribute("data-id", str(incidents[-1].id))
        assert page.errors == []
        assert broken_rules(page) == []
        page.set_viewport_size(DESK["viewport"])
        expect(page.locator("#filter")).to_be_visible()
        assert page.evaluate(HINT_FITS)


def test_an_acknowledged_incident_of_low_priority_waits_in_a_line_of_its_own(browser, web, clock):
    engines = Unit.objects.filter(capabilities__contains=["fire_engine"])
    engines.update(status="out_of_service")
    for _ in range(9):
        fire(next(streets), "H02")
    cannot_wait = fire(next(streets), "M01")
    waiting, second = fire(next(streets), "H02"), fire(next(streets), "H02")
    clock.advance(301)
    fire_due(registry)
    with signed_in(browser, web, "supervisor", "/board/", **WALL) as page:
        row = row_of(page, waiting)
        page.keyboard.press("Alt+u")
        page.keyboard.type(waiting.location_text)
        expect(row).to_have_class(re.compile("attention-late"))
        ids = [str(waiting.id), str(second.id)]
        for alarm in Alarm.objects.exclude(state=Alarm.State.CLOSED).filter(params__incident__in=ids):
            acknowledge_alarm(actor=person("supervisor").at_desk("S1"), alarm=alarm.id, reason="no_unit_free")
        expect(row).to_have_class(re.compile("attention-known"))
        clock.advance(301)
        page.reload()
        page.locator("#filter").fill(waiting.location_text)
        line = page.locator("#waiting-long")
        expect(line).to_contain_text("no unit is free 2")
        expect(line).to_contain_text("next review")
        expect(row).to_have_count(0)
        page.keyboard.press("Alt+i")
        page.keyboard.press("ArrowRight")
        expect(row).to_be_visible()
        page.keyboard.press("ArrowLeft")
        expect(row).to_have_count(0)
        # The line below the list takes its room from it, not from the selected row; what is acknowledged is late too.
        page.locator("#filter").fill("")
        page.set_viewport_size({"width": 1366, "height": 560})
        page.keyboard.press("Alt+i")
        expect(page.locator("#incidents tr[aria-selected=true]")).to_be_visible()
        # The mark of a case that cannot wait stands before its name, which may need both lines.
        expect(row_of(page, cannot_wait).locator("td:nth-child(3) b").first).to_have_text(re.compile(r"^NOW\b"))
        page.keyboard.press("ArrowRight")
        expect(row).to_have_attribute("aria-selected", "true")
        expect(page.locator("#incidents-below")).to_have_text("↓ 1 more below · 1 past their target")
        expect(row).to_be_in_viewport(ratio=1)
        page.keyboard.press("ArrowLeft")
        # A fitting unit that becomes free brings it back.
        report_status(actor=person("supervisor").at_desk("S1"), unit="DMK1", status="available_station")
        expect(row).to_be_visible()
