"""An agency's desk: accepted in one tap or one key, refused with time to think again, reported back, its units sent."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from config.registry import registry
from core.clockwork.engine import fire_due
from dispatch.actions.incidents import open_incident
from dispatch.actions.location import Location
from dispatch.models import Assignment, Note, Task
from tests.conftest import person
from tests.dispatch.phones import DESK, PHONE, broken_rules, signed_in
from tests.dispatch.test_crew_page import eventually
from tests.servers import live_web
from units.models import Unit


@pytest.fixture(scope="module")
def web(module_database):
    with live_web(module_database) as running:
        yield running


@pytest.fixture
def desk(browser, web):
    with signed_in(browser, web, "damkar", "/agency/", **DESK) as page:
        yield page


def fire(text, type="F01"):  # noqa: A002 - the model's word
    """A fire, which DAMKAR is offered."""
    incident, _ = open_incident(
        actor=person("dispatcher"),
        desk="D1",
        location=Location(text=text, lat=-7.01, lng=113.86),
        type=type,
        narrative=f"flames at {text}",
    )
    return incident, Task.objects.get(incident=incident, agency__code="DAMKAR")


def state_of(task):
    return Task.objects.get(pk=task.pk).state


def row_of(page, incident):
    return page.locator(".task-row", has_text=incident.location_text)


def test_a_phone_accepts_with_one_tap_and_reports_back_with_three(browser, web):
    with signed_in(browser, web, "damkar", "/agency/", **PHONE) as page:
        expect(page.locator("#tasks .empty")).to_be_visible()
        incident, task = fire("Pasar Anom")
        row = row_of(page, incident)
        expect(row).to_have_class(re.compile("loud"))
        expect(row.locator(".clock")).to_contain_text("accept within 30 s")
        assert broken_rules(page) == []
        row.locator(".accept").tap()
        assert eventually(lambda: state_of(task) == "accepted")
        expect(page.locator("#task-body")).to_contain_text("flames at Pasar Anom")
        page.get_by_role("button", name="Report done").tap()
        page.locator("#sheet").get_by_role("button", name="handled, nothing left to do").tap()
        page.locator("#sheet").get_by_role("button", name="Report and close").tap()
        expect(page.locator(".toast", has_text="goes out in 5 s")).to_be_visible()
        assert state_of(task) == "accepted"
        assert eventually(lambda: state_of(task) == "done")
        assert Note.objects.filter(incident=incident, text="handled, nothing left to do").exists()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_whole_of_a_task_by_keyboard(desk):
    incident, task = fire("Jl. Trunojoyo 12")
    row_of(desk, incident).wait_for()
    assert desk.said == []
    desk.keyboard.press("Alt+I")
    desk.keyboard.press("a")
    assert eventually(lambda: state_of(task) == "accepted")
    expect(desk.locator("#task-body")).to_contain_text("flames at Jl. Trunojoyo 12")
    row_of(desk, incident).locator(".open").focus()
    desk.keyboard.press("u")
    expect(desk.locator("#bar .bar")).to_contain_text("DMK1")
    desk.keyboard.press("1")
    assigned = Assignment.objects.filter(incident=incident).select_related("unit")
    assert eventually(assigned.exists)
    sent = assigned.get()
    assert sent.unit.agency.code == "DAMKAR"
    expect(desk.locator("#task-body .plain")).to_contain_text(sent.unit.callsign)
    desk.keyboard.press("Alt+Z")
    assert eventually(lambda: assigned.get().status == "cancelled")
    row_of(desk, incident).locator(".open").focus()
    desk.keyboard.press("n")
    desk.keyboard.type("two engines at the gate")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#task-body")).to_contain_text("two engines at the gate")
    desk.locator(".timeline summary").click()
    expect(desk.locator(".timeline li").first).to_be_visible()
    assert broken_rules(desk) == []


def test_a_refusal_waits_five_seconds_and_can_be_taken_back(desk):
    incident, task = fire("Desa Gedungan")
    row_of(desk, incident).locator(".open").focus()
    desk.keyboard.press("r")
    desk.keyboard.press("1")
    expect(row_of(desk, incident)).to_contain_text("Refuse")
    expect(row_of(desk, incident)).not_to_have_class(re.compile("loud"))
    desk.keyboard.press("Alt+Z")
    expect(row_of(desk, incident)).to_have_class(re.compile("loud"))
    assert state_of(task) == "offered"
    row_of(desk, incident).locator(".open").focus()
    desk.keyboard.press("r")
    desk.keyboard.press("2")
    assert eventually(lambda: state_of(task) == "refused")
    assert Note.objects.filter(incident=incident, text="outside our area").exists()


def test_a_unit_s_status_is_changed_and_taken_back_and_an_alarm_is_acknowledged(desk, clock):
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
    expect(desk.locator("#alarms .alarm").first).to_be_visible()
    desk.keyboard.press("Alt+J")
    desk.keyboard.press("1")
    expect(desk.locator("#alarms .alarm.acknowledged").first).to_be_visible()
