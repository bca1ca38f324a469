"""The dispatcher's jobs, and an incident's whole life through both desks."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from playwright.sync_api import Page, expect

from calls.models import Call
from dispatch.actions.unit_status import report_status
from dispatch.models import Assignment, Incident, Note
from tests.calls.exchange import again
from tests.conftest import person
from tests.dispatch.browser_sessions import SECOND_PRESS_MS
from tests.scenarios.keystroke_budget.counting import CountedKeys, Tally, eventually
from tests.scenarios.keystroke_budget.room import Centre, active, incident
from tests.scenarios.keystroke_budget.taker import log_a_fire
from units.models import Unit


def send_what_is_recommended(centre: Centre, tally: Tally) -> None:
    page, row = centre.at("dispatcher"), incident()
    expect(page.locator(f"#incident-{row.id}")).to_be_visible()
    page.keyboard.press("Alt+i")
    show_and_send(page, CountedKeys(page, tally))
    assert eventually(page, lambda: len(active(row)) == 3)


def show_and_send(page: Page, keys: CountedKeys) -> None:
    keys.press("Enter")
    expect(page.locator(".picks .unit")).to_have_count(3)
    page.wait_for_timeout(SECOND_PRESS_MS)
    keys.press("Enter")


def another_unit(centre: Centre, tally: Tally) -> None:
    row, page = centre.fire(), centre.at("dispatcher")
    expect(page.locator(".picks .unit")).to_have_count(3)
    keys = CountedKeys(page, tally)
    keys.press("u")
    keys.code("k5")
    expect(page.locator("#bar [aria-selected=true]")).to_contain_text("DMK5")
    keys.press("Enter")
    assert eventually(page, lambda: active(row) == {"DMK5"})
    expect(page.locator("#bar button").first).to_be_focused()
    keys.press("1")
    assert eventually(page, lambda: Assignment.objects.get(incident=row).reason == "is nearer")


def status_of_the_selected(centre: Centre, tally: Tally) -> None:
    row = centre.fire(units=("DMK1",))
    CountedKeys(centre.at("dispatcher"), tally).press("3")
    assert eventually(centre.at("dispatcher"), lambda: Assignment.objects.get(incident=row).status == "en_route")


def status_of_any(centre: Centre, tally: Tally) -> None:
    centre.fire(units=("DMK1",))
    page = centre.at("dispatcher")
    keys = CountedKeys(page, tally)
    keys.press("/")
    keys.code("k7 1")
    expect(page.locator("#command-meaning")).to_contain_text("DMK7")
    keys.press("Enter")
    assert eventually(page, lambda: Unit.objects.get(callsign="DMK7").status == "available_mobile")
    page.keyboard.press("Escape")


def late_status(centre: Centre, tally: Tally) -> None:
    row, page = centre.fire(units=("DMK1",)), centre.at("dispatcher")
    sent = Assignment.objects.get(incident=row).dispatched_at
    centre.clock.advance(900)
    expect(page.locator(".unit-line .ahead b")).to_contain_text(re.compile(r"\b1[5-9]:\d\d"), timeout=15_000)
    at = (sent + timedelta(minutes=6)).astimezone(ZoneInfo(settings.TIME_ZONE)).replace(second=0, microsecond=0)
    keys = CountedKeys(page, tally)
    keys.press("l")
    keys.code(f"4 {at:%H%M}", "`4 hhmm`")
    keys.press("Enter")
    assert eventually(page, lambda: Assignment.objects.get(incident=row).on_scene_at == at)


def note(centre: Centre, tally: Tally) -> None:
    row, page = centre.fire(), centre.at("dispatcher")
    write_note(page, CountedKeys(page, tally))
    assert eventually(page, lambda: Note.objects.filter(incident=row, text="hydrant dry").exists())


def write_note(page: Page, keys: CountedKeys) -> None:
    keys.press("n")
    expect(page.locator("#ask-field")).to_be_focused()
    keys.words("hydrant dry")
    keys.press("Enter")
    expect(page.locator("#bar")).to_be_hidden()


def second_alarm(centre: Centre, tally: Tally) -> None:
    row, page = centre.fire(), centre.at("dispatcher")
    expect(page.locator(".picks .unit")).to_have_count(3)
    page.wait_for_timeout(SECOND_PRESS_MS)
    page.keyboard.press("Enter")
    assert eventually(page, lambda: len(active(row)) == 3)
    expect(page.locator(".recommended")).not_to_have_class(re.compile("wants"))
    keys = CountedKeys(page, tally)
    keys.press("e")
    expect(page.locator(".picks li").first).to_be_visible()
    wanted = page.locator(".picks li").count()
    page.wait_for_timeout(SECOND_PRESS_MS)
    keys.press("Enter")
    assert eventually(page, lambda: len(active(row)) == 3 + wanted)


def divert(centre: Centre, tally: Tally) -> None:
    far = incident("B09", ("DMK7",))
    row, page = centre.fire(), centre.at("dispatcher")
    keys = CountedKeys(page, tally)
    keys.press("d")
    keys.code("k7")
    expect(page.locator("#bar [aria-selected=true]")).to_contain_text("DMK7")
    keys.press("Enter")
    assert eventually(page, lambda: (active(row), active(far)) == ({"DMK7"}, set()))
    expect(page.locator("#bar button").first).to_be_focused()
    keys.press("1")
    assert eventually(page, lambda: Assignment.objects.get(incident=row).reason == "is nearer")


def start_merging(centre: Centre, keys: CountedKeys) -> tuple[Incident, Incident]:
    twin = incident("F03")
    row, page = centre.fire(), centre.at("dispatcher")
    keys.press("m")
    keys.code(str(twin.number)[-2:], "the number's last two digits")
    expect(page.locator("#bar [aria-selected=true]")).to_contain_text(twin.location_text)
    keys.press("Enter")
    assert eventually(page, lambda: Incident.objects.get(pk=row.pk).merged_into_id == twin.id)
    return row, twin


def merge(centre: Centre, tally: Tally) -> None:
    start_merging(centre, CountedKeys(centre.at("dispatcher"), tally))


def undo_a_merge(centre: Centre, tally: Tally) -> None:
    page = centre.at("dispatcher")
    row, twin = start_merging(centre, CountedKeys(page, Tally()))
    expect(page.locator(".toast", has_text=str(twin.number)).locator("button")).to_be_visible()
    CountedKeys(page, tally).press("Alt+z")
    assert eventually(page, lambda: Incident.objects.get(pk=row.pk).merged_into_id is None)


def look_up(page: Page, keys: CountedKeys, typed: str, shown: str = "") -> None:
    keys.press("Alt+u")
    expect(page.locator("#incidents-filter")).to_be_focused()
    keys.code(typed, shown)
    keys.press("Enter")  # at once: it opens as soon as it is found


def an_old_incident_by_number(centre: Centre, tally: Tally) -> None:
    page = centre.at("dispatcher")
    look_up(page, CountedKeys(page, tally), str(centre.old.number), "the number")
    expect(page.locator(".incident-head h2")).to_contain_text(str(centre.old.number))


def an_old_incident_by_place(centre: Centre, tally: Tally) -> None:
    page = centre.at("dispatcher")
    look_up(page, CountedKeys(page, tally), "sapud", "the place")
    expect(page.locator(".incident-head h2")).to_contain_text(str(centre.old.number))


def an_old_call_by_phone(centre: Centre, tally: Tally) -> None:
    page = centre.at("dispatcher")
    look_up(page, CountedKeys(page, tally), "409902", "the phone's end")
    call = Call.objects.get(number__e164="+6282144409902")
    expect(page).to_have_url(re.compile(str(call.id)))
    expect(page.locator("#call-pane h2")).to_contain_text("0821-4440-9902")


def free_all_and_close(centre: Centre, tally: Tally) -> None:
    row, page = centre.fire(units=("DMK1", "DMK2")), centre.at("dispatcher")
    report_status(actor=person("dispatcher").at_desk("D1"), unit="DMK1", status="4")
    expect(page.locator(".units-here")).to_contain_text("On scene")
    close(page, CountedKeys(page, tally))
    assert eventually(page, lambda: Incident.objects.get(pk=row.pk).state == "closed")
    assert active(row) == set()


def close(page: Page, keys: CountedKeys) -> None:
    keys.press("s", "c")
    expect(page.locator("#bar")).to_contain_text("DMK1")
    keys.press("f", "1")


def the_whole_life(centre: Centre, tally: Tally) -> None:
    desk, call = centre.at("dispatcher"), centre.ring()
    keys = CountedKeys(centre.at("taker"), tally)
    tally.step = "log the fire"
    log_a_fire(keys.page, keys, "3 kios terbakar")
    keys.press("Alt+x")
    row = eventually(desk, lambda: Incident.objects.filter(call_links__call=call).first())
    expect(desk.locator(f"#incident-{row.id}")).to_be_visible()
    keys.page, tally.step = desk, "assign"
    keys.press("Alt+i")
    show_and_send(desk, keys)
    assert eventually(desk, lambda: len(active(row)) == 3)
    expect(desk.locator(".unit-line.row")).to_have_count(3)
    tally.step = "en route and on scene"
    for digit, status in (("3", "en_route"), ("4", "on_scene")):
        keys.press(digit)  # no unit is selected: it is for all of them
        there = Assignment.objects.filter(incident=row, status=status)
        assert eventually(desk, lambda there=there: there.count() == 3)
    tally.step = "a note"
    write_note(desk, keys)
    tally.step = "close"
    close(desk, keys)
    assert eventually(desk, lambda: Incident.objects.get(pk=row.pk).state == "closed")
    assert (active(row), Note.objects.filter(incident=row, text="hydrant dry").count()) == (set(), 1)
    assert again(call).disposition == "E1"
