"""What is typed in the sheet of one task of an agency's desk stays with that task."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from dispatch.models import Note
from tests.dispatch.agency_desk import _clean, desk, fire, row_of  # noqa: F401 - fixtures

pytestmark = pytest.mark.long


def test_words_of_one_task_s_sheet_do_not_appear_in_another_s(desk):  # noqa: F811
    incident, _ = fire("Desa Pabian")
    row_of(desk, incident).locator(".open").click()
    expect(desk.locator("#task-body")).to_contain_text("flames at Desa Pabian")
    row_of(desk, incident).locator(".open").focus()
    desk.keyboard.press("n")
    desk.keyboard.type("gate locked")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".toast", has_text="Note sent")).to_be_visible()
    assert Note.objects.filter(incident=incident, text="gate locked").count() == 1
    row_of(desk, incident).locator(".open").focus()
    desk.keyboard.press("n")
    expect(desk.locator("#sheet textarea")).to_have_value("")
    desk.keyboard.type("hose burst")
    desk.keyboard.press("Escape")
    expect(desk.locator("#sheet")).to_be_hidden()
    other, _ = fire("Desa Marengan")
    row_of(desk, other).locator(".open").click()
    expect(desk.locator("#task-body")).to_contain_text("flames at Desa Marengan")
    row_of(desk, other).locator(".open").focus()
    desk.keyboard.press("n")
    expect(desk.locator("#sheet textarea")).to_have_value("")
    desk.keyboard.press("Escape")
    row_of(desk, incident).locator(".open").click()
    expect(desk.locator("#task-body")).to_contain_text("flames at Desa Pabian")
    row_of(desk, incident).locator(".open").focus()
    desk.keyboard.press("n")
    expect(desk.locator("#sheet textarea")).to_have_value("hose burst")
