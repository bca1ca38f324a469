"""The jobs of the supervisor, of an agency's desk and of a crew."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from alarms.models import Alarm
from calls.actions.call_control import answer_call
from config.registry import registry
from core.firing.rounds import fire_due
from dispatch.models import Assignment, Task
from tests.calls.exchange import again, ringing
from tests.conftest import person
from tests.scenarios.keystroke_budget.counting import CountedKeys, Tally, eventually
from tests.scenarios.keystroke_budget.room import Centre, incident
from units.models import Unit

SETTLED_MS = 600


def acknowledge_an_alarm(centre: Centre, tally: Tally) -> None:
    """A P1 that has had no unit for a minute."""
    row, page = incident(), centre.at("supervisor")
    centre.clock.advance(61)
    fire_due(registry)
    expect(page.locator("#alarms")).to_contain_text(str(row.number))
    CountedKeys(page, tally).press("Alt+j", "1")
    assert eventually(page, lambda: Alarm.objects.filter(acknowledged_reason="seen").exists())


def take_over_a_call(centre: Centre, tally: Tally) -> None:
    """From the board; the console with the call opens."""
    page, call = centre.at("supervisor"), ringing()
    answer_call(actor=person("calltaker"), call=call.id)
    expect(page.locator("#calls button")).to_be_visible()
    CountedKeys(page, tally).press("Alt+o", "Enter")
    assert eventually(page, lambda: again(call).operator_id == person("supervisor").user)
    expect(page).to_have_url(re.compile(str(call.id)))


def accept_a_task(centre: Centre, tally: Tally) -> None:
    """A P1, on the agency's telephone."""
    page, row = centre.at("agency"), incident()
    mine = page.locator(".task-row", has_text=row.location_text)
    expect(mine).to_have_class(re.compile("asks"))
    page.wait_for_timeout(SETTLED_MS)  # a tap right after a row has moved only opens it
    CountedKeys(page, tally).tap(mine.locator(".accept"), "Accept")
    tasks = Task.objects.filter(incident=row, agency__code="DAMKAR", state="accepted")
    assert eventually(page, tasks.exists)


def report_back(centre: Centre, tally: Tally) -> None:
    """What became of it, and our part is closed."""
    accept_a_task(centre, Tally())
    page = centre.at("agency")
    task = Task.objects.filter(agency__code="DAMKAR", state="accepted").latest("pk")
    keys, sheet = CountedKeys(page, tally), page.locator("#sheet")
    keys.tap(page.get_by_role("button", name="Report done"), "Report done")
    keys.tap(sheet.get_by_role("button", name="handled, nothing left to do"), "what became of it")
    keys.tap(sheet.get_by_role("button", name="Report and close"), "Report and close")
    assert eventually(page, lambda: Task.objects.get(pk=task.pk).state == "done")


def next_state(centre: Centre, tally: Tally) -> None:
    """The big button."""
    page, row = centre.at("crew"), incident("F01", ("DMK1",))
    expect(page.locator("#job")).to_contain_text(row.location_text)
    CountedKeys(page, tally).tap(page.locator("#go", has_text="Acknowledge"), "the big button")
    assert eventually(page, lambda: Assignment.objects.get(incident=row).status == "acknowledged")


def emergency(centre: Centre, tally: Tally) -> None:
    """The crew is in danger."""
    page = centre.at("crew")
    CountedKeys(page, tally).hold(page.locator("#sos"), "1.5 s")
    assert eventually(page, lambda: Unit.objects.get(callsign="DMK1").emergency_at is not None)
