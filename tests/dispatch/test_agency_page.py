"""The keys of an agency's desk. What else its page does: test_agency_page_in_detail."""

from __future__ import annotations

from playwright.sync_api import expect

from dispatch.models import Note
from tests.dispatch.agency_desk import _clean, desk, fire, focused, row_of, sent_to, state_of, ticked  # noqa: F401
from tests.dispatch.browser_sessions import SECOND_PRESS_MS
from tests.dispatch.test_crew_page import eventually
from tests.scenarios.page_audit import broken_rules


def test_every_key_acts_on_the_task_that_is_shown_and_one_key_accepts_and_sends(desk):  # noqa: F811
    shown, shown_task = fire("Jl. Trunojoyo 12")
    row_of(desk, shown).wait_for()
    expect(desk.locator("#action-bar .bar-target")).to_contain_text(f"{shown.number} ")
    row_of(desk, shown).locator(".open").click()
    urgent, urgent_task = fire("Desa Gapura", type="F02")  # offered later
    first, _ = fire("Desa Aeng", type="F01")
    row_of(desk, first).wait_for()
    desk.locator("#main").focus()
    assert desk.errors == []
    desk.keyboard.press("Alt+I")  # to the selected one, wherever it stands in the list
    expect(row_of(desk, shown).locator(".open")).to_be_focused()
    expect(desk.locator("#action-bar .bar-target")).to_contain_text(f"{shown.number} ")
    main = desk.locator("#action-bar .main-act")
    expect(main).to_contain_text("Accept and send")
    recommended = ticked(desk)
    assert recommended
    assert all(callsign in main.inner_text() for callsign in recommended)
    # A digit ticks or unticks one of the agency's units, and the bar shows what Enter would do.
    extra = desk.locator(".fleet-row:not(.ticked):has(button.tick)").first
    digit, callsign = extra.locator("kbd").inner_text(), extra.locator(".unit").inner_text().split()[0]
    desk.keyboard.press(digit)
    expect(main).to_contain_text(callsign)
    assert broken_rules(desk) == []
    desk.wait_for_timeout(SECOND_PRESS_MS)  # what has only just changed is not sent yet
    desk.keyboard.press("Enter")
    assert eventually(lambda: sent_to(shown) == recommended | {callsign})
    assert (state_of(shown_task), state_of(urgent_task)) == ("accepted", "offered")
    assert sent_to(urgent) == sent_to(first) == set()
    expect(desk.locator(".toast", has_text=callsign)).to_contain_text(f"sent to {shown.number}")
    # The row goes over to those that run, and takes the focus along: the next letter is about it.
    expect(desk.locator(".task-row.accepted", has_text="Trunojoyo 12").locator(".open")).to_be_focused()
    desk.keyboard.press("Alt+Z")
    assert eventually(lambda: sent_to(shown) == set())
    desk.keyboard.press("n")
    desk.keyboard.type("two engines at the gate")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#task-body")).to_contain_text("two engines at the gate")
    assert Note.objects.get(text="two engines at the gate").incident_id == shown.id
    desk.locator(".timeline summary").click()
    expect(desk.locator(".timeline li").first).to_be_visible()
    # The selection follows the arrows; each key is for what the bar names.
    row_of(desk, shown).locator(".open").focus()
    desk.keyboard.press("Home")
    number = desk.locator(".task-row.chosen .num").first.inner_text()
    expect(desk.locator("#action-bar .bar-target")).to_contain_text(number)
    expect(desk.locator("#task-body .head")).to_contain_text(number)
