"""An agency's desk: accepted in one tap or one key, refused with time to think again, reported back, its units sent."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from alarms.actions import acknowledge_alarm
from alarms.models import Alarm
from config.registry import registry
from core.firing.rounds import fire_due
from dispatch.actions.assignments import assign_unit
from dispatch.actions.incident_state import change_state
from dispatch.models import Incident, Note, Task
from places.models import PlaceWarning
from tests.conftest import person
from tests.dispatch.agency_desk import _clean, desk, fire, focused, row_of, sent_to, state_of, ticked  # noqa: F401
from tests.dispatch.browser_sessions import PHONE, SECOND_PRESS_MS, signed_in
from tests.dispatch.consoles import two_emergencies_leave_room
from tests.dispatch.test_crew_page import eventually
from tests.scenarios.page_audit import broken_rules
from units.actions.flags import raise_emergency
from units.models import Unit

pytestmark = pytest.mark.long


def test_a_phone_accepts_with_one_tap_and_reports_back_with_three(browser, web):
    with signed_in(browser, web, "damkar", "/agency/", **PHONE) as page:
        expect(page.locator("#tasks .empty")).to_be_visible()
        incident, task = fire("Pasar Anom")
        row = row_of(page, incident)
        expect(row).to_have_class(re.compile("asks"))
        expect(row.locator(".clock")).to_contain_text("of 0:30")
        assert broken_rules(page) == []
        row.locator(".accept").tap()
        assert eventually(lambda: state_of(task) == "accepted")
        expect(page.locator("#task-body")).to_contain_text("flames at Pasar Anom")
        two_emergencies_leave_room(page)
        page.get_by_role("button", name="Report done").tap()
        page.locator("#sheet").get_by_role("button", name="handled, nothing left to do").tap()
        page.locator("#sheet").get_by_role("button", name="Report and close").tap()
        expect(page.locator(".toast", has_text="goes out in 5 s")).to_be_visible()
        assert state_of(task) == "accepted"
        assert eventually(lambda: state_of(task) == "done")
        assert Note.objects.filter(incident=incident, text="handled, nothing left to do").exists()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_nothing_takes_the_place_of_a_task_that_leaves_and_changed_units_are_shown_again(desk):  # noqa: F811
    gone, _ = fire("Desa Pakamban")
    kept, kept_task = fire("Desa Prenduan", type="F01")
    row_of(desk, gone).locator(".open").click()
    expect(desk.locator("#action-bar .main-act")).to_contain_text("Accept and send")
    change_state(actor=person("dispatcher").at_desk("D1"), incident=gone.id, state="cancelled")
    expect(row_of(desk, gone)).to_have_count(0)
    expect(desk.locator("#action-bar")).to_contain_text(f"{gone.number} is no longer here")
    desk.keyboard.press("a")
    desk.keyboard.press("Enter")
    expect(desk.locator(".toast.bad").first).to_be_visible()
    assert state_of(kept_task) == "offered"
    row_of(desk, kept).locator(".open").click()
    main = desk.locator("#action-bar .main-act")
    expect(main).to_contain_text("Accept and send")
    before = ticked(desk)
    taken = min(before)
    other, _ = fire("Desa Rombasan", type="F03")
    assign_unit(actor=person("dispatcher").at_desk("D1"), incident=other.id, unit=taken)
    expect(main).not_to_contain_text(taken)
    desk.wait_for_timeout(SECOND_PRESS_MS)
    desk.keyboard.press("Enter")
    expect(desk.locator(".toast.bad", has_text="The units have changed")).to_be_visible()
    assert (state_of(kept_task), sent_to(kept)) == ("offered", set())
    desk.wait_for_timeout(SECOND_PRESS_MS)
    shown = ticked(desk)
    desk.keyboard.press("Enter")
    assert eventually(lambda: state_of(kept_task) == "accepted" and sent_to(kept) == shown)


def test_a_late_task_is_late_in_its_own_row_only(desk, clock):  # noqa: F811
    late, task = fire("Pantai Slopeng")
    row_of(desk, late).wait_for()
    clock.advance(31)
    fire_due(registry)
    expect(row_of(desk, late)).to_have_class(re.compile("due-late"))
    expect(row_of(desk, late).locator(".clock")).to_contain_text("level 1")
    expect(desk.locator("#alarms")).to_have_count(0)
    colours = "row => [getComputedStyle(row).backgroundColor, getComputedStyle(row.parentElement).backgroundColor]"
    row_of(desk, late).locator(".open").click()
    other, _ = fire("Desa Juluk")
    row_of(desk, other).locator(".open").click()
    background, behind = row_of(desk, late).evaluate(colours)
    assert background in {behind, "rgba(0, 0, 0, 0)"}
    alarm = Alarm.objects.get(subject=f"task:{task.id}")
    acknowledge_alarm(actor=person("dispatcher").at_desk("D1"), alarm=alarm.id, reason="seen")
    expect(row_of(desk, late)).to_have_class(re.compile("due-known"))


def test_words_that_are_not_through_are_there_again_and_go_out_once(desk):  # noqa: F811
    incident, _ = fire("Desa Pabian")
    row_of(desk, incident).locator(".open").focus()
    desk.keyboard.press("a")
    expect(desk.locator("#action-bar").get_by_role("button", name="Report done")).to_be_visible()
    row_of(desk, incident).locator(".open").focus()
    for _ in range(2):  # taken back, the report is there to be sent again
        desk.keyboard.press("d")
        words = desk.locator("#sheet textarea")
        words.type("roof" if not words.input_value() else " down")
        desk.keyboard.press("Control+Enter")
        goes = desk.locator(".toast", has_text="goes out in")
        expect(goes).to_be_visible()
        desk.keyboard.press("Alt+Z")
        expect(goes).to_have_count(0)
        row_of(desk, incident).locator(".open").focus()
    desk.keyboard.press("d")
    expect(desk.locator("#sheet textarea")).to_have_value("roof down")
    desk.keyboard.press("Escape")
    expect(desk.locator("#sheet")).to_be_hidden()
    expect(desk.locator("#task-body")).to_contain_text("flames at Desa Pabian")  # what lies behind stays open

    def lose_the_answer(route):
        route.fetch()
        route.abort()

    desk.route("**/notes", lose_the_answer, times=1)
    row_of(desk, incident).locator(".open").focus()
    desk.keyboard.press("n")
    desk.keyboard.type("gate locked")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".toast.bad")).to_be_visible()
    expect(desk.locator("#sheet textarea")).to_have_value("gate locked")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".toast", has_text="Note sent")).to_be_visible()
    assert Note.objects.filter(incident=incident, text="gate locked").count() == 1


def test_a_refusal_waits_five_seconds_and_can_be_taken_back(desk):  # noqa: F811
    incident, task = fire("Desa Gedungan")
    row_of(desk, incident).locator(".open").focus()
    desk.keyboard.press("r")
    desk.keyboard.press("1")
    expect(row_of(desk, incident)).to_contain_text("Refuse", use_inner_text=False)
    expect(row_of(desk, incident)).not_to_have_class(re.compile("asks"))
    desk.keyboard.press("Alt+Z")
    expect(row_of(desk, incident)).to_have_class(re.compile("asks"))
    assert state_of(task) == "offered"
    row_of(desk, incident).locator(".open").focus()
    desk.keyboard.press("r")
    desk.keyboard.press("2")
    assert eventually(lambda: state_of(task) == "refused")
    assert Note.objects.filter(incident=incident, text="outside our area").exists()


def test_a_desk_asks_a_second_agency_warns_of_the_place_and_sets_its_crews(desk):  # noqa: F811
    incident, task = fire("Jl. Slamet Riyadi 3")
    row = row_of(desk, incident).locator(".open")
    row.focus()
    desk.keyboard.press("a")
    assert eventually(lambda: state_of(task) == "accepted")
    expect(row_of(desk, incident)).to_have_class(re.compile("accepted"))
    expect(row).to_be_focused()
    desk.keyboard.press("t")
    desk.keyboard.type("dishub")
    expect(desk.locator("#ask-options li")).to_have_count(1)
    desk.keyboard.press("Enter")
    asked = Task.objects.filter(incident=incident, agency__code="DISHUB")
    assert eventually(asked.exists)
    expect(desk.locator(".toast", has_text="DISHUB asked")).to_be_visible()
    desk.keyboard.press("Alt+Z")
    assert eventually(lambda: asked.get().state == "withdrawn")

    row.focus()
    desk.keyboard.press("w")
    assert broken_rules(desk) == []
    desk.keyboard.type("a dog behind the gate")
    desk.locator("#warn [name=radius_metres]").fill("700")
    desk.locator("#warn [name=ends_at]").fill("2031-01-01T06:30")
    desk.locator("#warn [name=text]").press("Control+Enter")
    proposed = PlaceWarning.objects.filter(text="a dog behind the gate")
    assert eventually(proposed.exists)
    warning = proposed.get()
    assert (warning.agency.code, warning.radius_metres) == ("DAMKAR", 700)
    assert warning.ends_at.isoformat() == "2030-12-31T23:30:00+00:00"  # by the site's clocks, not the browser's
    expect(desk.locator("#warn")).to_be_hidden()
    row.focus()
    desk.keyboard.press("w")  # the next one has nothing of it
    expect(desk.locator("#warn [name=radius_metres]")).to_have_value("100")
    expect(desk.locator("#warn [name=ends_at]")).to_have_value("")
    desk.keyboard.press("Escape")
    expect(desk.locator("#warn")).to_be_hidden()

    desk.locator(".fleet-row .open", has_text="DMK2").focus()
    desk.keyboard.press("c")
    desk.locator("#sheet .choices-list button").first.click()
    moved = User.objects.filter(agency__code="DAMKAR", unit_id=Unit.objects.get(callsign="DMK2").id)
    assert eventually(moved.exists)
    expect(desk.locator(".fleet-row", has_text="DMK2").locator(".crew-of")).to_contain_text(moved.get().name)
    desk.keyboard.press("Alt+Z")
    assert eventually(lambda: not moved.exists())


def test_a_dialog_that_has_closed_takes_no_focus_that_was_put_elsewhere(desk):  # noqa: F811
    incident, task = fire("Jl. Diponegoro 8")
    row_of(desk, incident).locator(".open").focus()
    desk.keyboard.press("a")
    assert eventually(lambda: state_of(task) == "accepted")
    desk.keyboard.press("w")
    expect(desk.locator("#warn")).to_be_visible()
    # The dialog's close event comes after this script: the focus is moved before it.
    desk.evaluate("document.getElementById('warn').close(); document.querySelector('.fleet-row .open').focus()")
    desk.evaluate("new Promise((done) => setTimeout(done, 100))")
    assert focused(desk)
    desk.keyboard.press("c")
    expect(desk.locator("#sheet .choices-list button").first).to_be_visible()


def test_a_unit_that_is_put_in_another_place_keeps_the_focus(desk):  # noqa: F811
    held = []

    def hold(route):
        held.append(route)

    desk.route("**/recommendation", hold)
    incident, _ = fire("Jl. Diponegoro 10")
    row_of(desk, incident).locator(".open").focus()
    units = desk.locator(".fleet-row .open")
    before = units.evaluate_all("(all) => all.map((one) => one.dataset.unit)")
    while not held:
        desk.wait_for_timeout(10)
    units.nth(2).focus()
    held[0].fulfill(
        json={"needs": [], "picks": [{"unit": before[2], "travel_seconds": 60}], "passed_over": [], "shortfall": []}
    )
    expect(units.first).to_have_attribute("data-unit", before[2])
    assert focused(desk) == before[2]


def test_a_desk_reads_why_its_crews_cannot_be_read_and_tries_again(desk):  # noqa: F811
    desk.route("**/api/*/crews", lambda route: route.abort())
    desk.locator(".fleet-row .open", has_text="DMK2").focus()
    desk.keyboard.press("c")
    expect(desk.locator("#sheet").get_by_role("alert")).to_be_visible()
    desk.unroute("**/api/*/crews")
    desk.errors.clear()  # the browser's own line on the broken request
    desk.locator("#sheet").get_by_role("button", name="Try again").click()
    expect(desk.locator("#sheet .choices-list button").first).to_be_visible()
    expect(desk.locator("#sheet").get_by_role("alert")).to_have_count(0)


def test_a_desk_opens_an_incident_of_its_own(browser, web):
    with signed_in(browser, web, "damkar", "/agency/", **PHONE) as page:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate("document.querySelector('.top').scrollWidth <= innerWidth")
        page.locator("#new-incident").tap()
        page.locator("#sheet [name=what]").fill("ilalang terbakar")
        page.locator("#sheet .taps button", has_text="F03").tap()
        expect(page.locator("#new-kind-hint")).to_contain_text("F03")
        page.locator("#sheet [name=place]").fill("bluto")
        page.locator("#sheet .taps button").first.tap()
        expect(page.locator("#new-place-hint")).to_contain_text("on the map")
        page.locator("#sheet textarea").fill("grass burns by the road")
        page.get_by_role("button", name="Open the incident").tap()
        opened = Incident.objects.filter(narrative="grass burns by the road")
        assert eventually(opened.exists)
        incident = opened.get()
        assert (incident.type_id, incident.lat is not None) == ("F03", True)
        assert Task.objects.get(incident=incident, agency__code="DAMKAR").state == "accepted"
        expect(page.locator("#task-body")).to_contain_text("grass burns by the road")
        page.locator(".toast button").tap()
        assert eventually(lambda: opened.get().state == "cancelled")
        # What was typed as the kind and not chosen from the list is sent as text.
        page.locator("#new-incident").tap()
        page.locator("#sheet [name=what]").fill("something glows")
        expect(page.locator("#new-kind-hint")).to_contain_text("your words go along")
        page.locator("#sheet [name=place]").fill("behind the market")
        page.locator("#sheet textarea").fill("no smoke")
        page.get_by_role("button", name="Open the incident").tap()
        assert eventually(Incident.objects.filter(narrative="something glows\nno smoke", type="X00").exists)
        expect(page.locator(".toast button")).to_be_visible()


def test_a_unit_s_status_is_changed_and_taken_back_and_no_task_is_shown_twice(desk, clock):  # noqa: F811
    row = desk.locator(".fleet-row", has_text="DMK7")
    row.locator(".open").click()
    desk.locator("#bar button", has_text="Available in the field").click()
    expect(desk.locator(".toast button")).to_be_visible()
    assert Unit.objects.get(callsign="DMK7").status == "available_mobile"
    desk.keyboard.press("Alt+Z")
    assert eventually(lambda: Unit.objects.get(callsign="DMK7").status == "available_station")
    incident, _task = fire("Pantai Slopeng")
    row_of(desk, incident).wait_for()
    clock.advance(31)
    fire_due(registry)
    raise_emergency(actor=person("crew"), unit="DMK1")
    expect(desk.locator("#emergencies .sosbar")).to_contain_text("DMK1")
    desk.keyboard.press("Alt+J")
    expect(desk.locator(".alarm-group")).to_have_count(1)  # the task that is late stands in the list of tasks
    desk.keyboard.press("1")
    expect(desk.locator("#emergencies")).to_be_hidden()
    expect(desk.locator(".emergency-chip")).to_contain_text("DMK1")
