"""The dispatcher's side of the console in a real browser, by keyboard: sending, ending, finding, the command line."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from alarms.models import Alarm
from dispatch.actions.assignments import assign_unit
from dispatch.actions.incident_state import change_state
from dispatch.actions.unit_status import report_status
from dispatch.models import Assignment, Incident
from tests.conftest import person
from tests.dispatch.browser_sessions import SECOND_PRESS_MS, go_to, press_again
from tests.dispatch.consoles import active, choose, eventually, incident, row_of, sign_in
from tests.dispatch.test_console_unsent import held
from tests.scenarios.page_audit import SERIOUS, broken_rules
from tests.servers import live_worker

pytestmark = pytest.mark.usefixtures("no_open_incidents")


def picked(page):
    return [text.split()[0] for text in page.locator(".picks .unit").all_inner_texts()]


def test_a_second_enter_sends_what_was_shown_and_a_unit_taken_meanwhile_is_named(page, web, errors):
    other, fire = incident("H02"), incident()
    sign_in(page, web)
    go_to(page, fire)
    page.keyboard.down("Enter")
    expect(page.locator(".incident-head h2")).to_contain_text(str(fire.number))
    expect(page.locator(".picks .unit")).to_have_count(3)
    page.wait_for_timeout(SECOND_PRESS_MS)
    for _ in range(3):  # the key is still down: the browser repeats it
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    callsigns = picked(page)
    # Nothing was sent, so no message shows that anything was.
    expect(page.locator(".unit-line[aria-selected]")).to_have_count(0)
    expect(page.locator(".units-here .need").first).to_be_visible()
    expect(row_of(page, fire)).to_have_class(re.compile("alone"))
    assert active(fire) == set()
    # The units change before the second press: they are shown again, and only a further press sends them.
    assign_unit(actor=person("supervisor").at_desk("D9"), incident=other.id, unit=callsigns[0])
    expect(page.locator(".picks")).not_to_contain_text(callsigns[0])
    expect(page.locator(".picks .unit")).to_have_count(3)  # another one has taken its place
    press_again(page)
    expect(page.locator(".toast.bad", has_text=str(fire.number))).to_be_visible()
    assert active(fire) == set()
    shown = picked(page)
    # One that is taken after that, unseen, is named.
    held = []
    page.route("**/incidents/*/assignments", lambda route: held.append(route))  # noqa: PLW0108 - it marks what it is given
    press_again(page)
    eventually(page, lambda: len(held), len(shown))
    assign_unit(actor=person("supervisor").at_desk("D9"), incident=other.id, unit=shown[0])
    for route in held:
        route.continue_()
    page.unroute("**/incidents/*/assignments")
    missed = page.locator(".missed")
    expect(missed).to_contain_text(shown[0])
    expect(missed).to_contain_text(User.objects.get(username="supervisor").name)
    expect(missed).to_contain_text(str(other.number))
    eventually(page, lambda: active(fire), set(shown[1:]))
    for callsign in shown[1:]:
        expect(page.locator(".units-here")).to_contain_text(callsign)
    expect(row_of(page, fire)).not_to_have_class(re.compile("alone"))
    page.keyboard.press("Alt+z")
    eventually(page, lambda: active(fire), set())


@pytest.mark.long
def test_keys_act_on_nothing_that_came_in_the_place_of_what_was_chosen(page, web):
    first, second = incident(), incident("F02")
    for callsign in ("DMK1", "DMK2"):
        assign_unit(actor=person("dispatcher").at_desk("D1"), incident=second.id, unit=callsign)
    assign_unit(actor=person("dispatcher").at_desk("D1"), incident=first.id, unit="DMK5")
    sign_in(page, web)
    choose(page, second)
    # Another row has the focus: a digit first opens it, and sets nothing.
    go_to(page, first)
    page.keyboard.press("3")
    expect(page.locator(".incident-head h2")).to_contain_text(str(first.number))
    assert Assignment.objects.get(incident=first).status == "dispatched"
    page.keyboard.press("3")
    eventually(page, lambda: Assignment.objects.get(incident=first).status, "en_route")
    # The selected unit leaves: the one that remains is not selected by itself.
    choose(page, second)
    page.keyboard.press("ArrowRight")
    expect(page.locator(".unit-line.selected")).to_contain_text("DMK1")
    report_status(actor=person("dispatcher").at_desk("D1"), unit="DMK1", status="1")
    expect(page.locator(".unit-line.over")).to_contain_text("DMK1")
    page.keyboard.press("3")
    expect(page.locator(".toast.bad")).to_be_visible()
    assert Assignment.objects.get(incident=second, unit__callsign="DMK2").status == "dispatched"
    # The row under the focus leaves the list: letters and digits are about nothing, not about the open one.
    go_to(page, first)
    change_state(actor=person("supervisor"), incident=first.id, state="cancelled", force=True)
    expect(row_of(page, first)).to_have_count(0)
    expect(page.locator(".toast.bad", has_text=str(first.number))).to_be_visible()
    page.keyboard.press("n")
    page.keyboard.press("s")
    expect(page.locator("#bar")).to_be_hidden()


@pytest.mark.long
def test_closing_with_units_assigned_is_shown_and_can_be_undone(page, web):
    fire = incident()
    assign_unit(actor=person("dispatcher").at_desk("D1"), incident=fire.id, unit="DMK1")
    report_status(actor=person("dispatcher").at_desk("D1"), unit="DMK1", status="4")
    sign_in(page, web)
    choose(page, fire)
    page.keyboard.press("s")
    page.keyboard.press("c")
    expect(page.locator("#bar")).to_contain_text("DMK1")
    fire.refresh_from_db()
    assert (fire.state, active(fire)) == ("on_scene", {"DMK1"})
    page.keyboard.press("f")
    page.keyboard.press("1")
    eventually(page, lambda: Incident.objects.get(pk=fire.pk).state, "closed")
    assert active(fire) == set()
    expect(page.locator(".toast")).to_contain_text("DMK1")
    page.keyboard.press("Alt+z")
    eventually(page, lambda: Incident.objects.get(pk=fire.pk).state, "on_scene")
    assert active(fire) == {"DMK1"}


def test_rows_keep_their_place_while_the_list_has_the_focus(page, web):
    first, second = incident("H02"), incident("B09")
    sign_in(page, web)
    page.keyboard.press("Alt+i")
    shown = lambda: page.locator(".row.incident").evaluate_all(  # noqa: E731
        "rows => rows.sort((a, b) => a.ariaPosInSet - b.ariaPosInSet).map(row => row.dataset.id)"
    )
    expect(page.locator(".row.incident")).to_have_count(2)
    before = shown()
    assert before == [str(second.id), str(first.id)]
    urgent = incident("L01")
    expect(row_of(page, urgent)).to_be_visible()
    assert shown() == [*before, str(urgent.id)]
    expect(page.locator("#incidents-sort")).to_be_visible()
    page.keyboard.press("r")
    expect(page.locator("#incidents-sort")).to_be_hidden()
    assert shown() == [str(urgent.id), *before]


@pytest.mark.long
def test_the_first_incident_is_near_and_a_thousand_are_no_burden(page, web, errors):
    fire = incident()
    sign_in(page, web)
    expect(row_of(page, fire)).to_be_visible()
    page.locator("#main").focus()
    stops = 0
    while page.evaluate("document.activeElement.id") != "incidents":
        page.keyboard.press("Tab")
        stops += 1
        assert stops <= 5
    severity = row_of(page, fire).locator(".prio").inner_text()
    # The store takes a board of a thousand: only rows in sight are in the page, the keys reach the last one.
    page.route("**/api/v1/board", lambda route: route.fulfill(json=crowded(route.fetch().json())))
    page.reload()
    expect(page.locator(".row.incident").first).to_be_visible()
    assert page.locator(".row.incident").count() < 60
    page.keyboard.press("Alt+i")
    page.keyboard.press("End")
    expect(page.locator(".row.incident.focused")).to_have_attribute("aria-posinset", "1000")
    page.unroute("**/api/v1/board")
    page.goto(web.url + "/board/")
    assert page.locator("#incidents .prio").first.inner_text() == severity
    assert errors == []


def crowded(board):
    one = board["incidents"][0]
    board["incidents"] = [
        one | {"id": f"00000000-0000-4000-8000-{number:012}", "number": str(number)} for number in range(1000)
    ]
    return board


@pytest.mark.long
def test_the_keys_of_one_incident_s_life(page, web, errors):
    fire, twin, far = incident(), incident("F03"), incident("B09")
    assign_unit(actor=person("dispatcher").at_desk("D1"), incident=far.id, unit="DMK7")
    sign_in(page, web)
    choose(page, fire)
    page.keyboard.press("n")
    page.keyboard.type("hydrant dry")
    page.keyboard.press("Enter")
    expect(page.locator(".notes")).to_contain_text("hydrant dry")
    page.keyboard.press("u")
    page.keyboard.type("mk5")
    expect(page.locator("#bar [aria-selected=true]")).to_contain_text("DMK5")
    page.keyboard.press("Enter")
    eventually(page, lambda: active(fire), {"DMK5"})
    expect(page.locator("#bar button").first).to_be_focused()  # why this one: one key, after the act
    page.keyboard.press("1")
    eventually(page, lambda: Assignment.objects.get(incident=fire, unit__callsign="DMK5").reason, "lebih dekat")
    expect(page.locator(".units-here")).to_contain_text("lebih dekat")
    for digit, status in (("3", "en_route"), ("4", "on_scene")):
        page.keyboard.press(digit)
        eventually(page, lambda: Assignment.objects.get(incident=fire, unit__callsign="DMK5").status, status)
    page.keyboard.press("d")
    page.keyboard.type("k7")
    page.keyboard.press("Enter")
    eventually(page, lambda: (active(fire), active(far)), ({"DMK5", "DMK7"}, set()))
    expect(page.locator("#bar button").first).to_be_focused()
    page.keyboard.press("Escape")  # left blank
    page.keyboard.press("e")  # the plan once more: two engines are there, two more and the ambulance are wanted
    expect(page.locator(".picks li").first).to_be_visible()
    page.keyboard.press("m")
    page.keyboard.type(str(twin.number))
    expect(page.locator("#bar [aria-selected=true]")).to_contain_text(twin.location_text)
    page.keyboard.press("Enter")
    eventually(page, lambda: Incident.objects.get(pk=fire.pk).state, "merged")
    expect(page.locator(".toast", has_text=str(twin.number)).locator("button")).to_be_visible()
    page.keyboard.press("Alt+z")
    eventually(page, lambda: Incident.objects.get(pk=fire.pk).merged_into_id, None)
    assert errors == []


@pytest.mark.long
def test_an_alarm_is_acknowledged_with_two_keys(page, web, module_database, clock):
    fire = incident()
    sign_in(page, web)
    with live_worker(module_database):
        clock.advance(70)  # rule 2: a P1 without a unit after a minute
        expect(page.locator("#incidents .row.due-late")).to_be_visible()
        alarms = Alarm.objects.filter(rule=2, subject=f"incident:{fire.id}")
        eventually(page, lambda: alarms.filter(state="open").count(), 1, seconds=40)
        expect(page.locator("#alarms-top")).to_be_visible()  # the feed has brought it
        page.keyboard.press("Alt+j")
        expect(page.locator(".alarm-bar [aria-selected=true]")).to_contain_text(str(fire.number))
        # What rises while the key goes down is not covered: then the key is pressed again.
        press = page.keyboard.press
        eventually(page, lambda: press("1") or Alarm.objects.filter(acknowledged_reason="seen").exists(), True)


# A prompt, and a bar of choices that opens over it, as those of the alarms and of the next call do.
PROMPT = """async () => {
  const here = document.querySelector("script[src*='/js/pages/console']").src;
  window.prompts = await import(here.replace("pages/console", "components/prompt-bar"));
  window.choices = await import(here.replace("pages/console", "components/choice-bar"));
  window.ask = () => prompts.openAsk({ title: "Words", keep: "probe", accept: () => {} });
  ask();
}"""
BAR = "choices.openBar({ title: 'Over it', choices: [{ key: 'A', label: 'one', act: () => {} }] })"


@pytest.mark.long
def test_a_bar_that_opens_over_a_prompt_keeps_its_words_and_gives_the_focus_back(page, web, errors):
    one = incident()
    sign_in(page, web)
    choose(page, one)
    focused = page.evaluate("document.activeElement.id || document.activeElement.className")
    page.evaluate(PROMPT)
    expect(page.locator("#ask-field")).to_be_focused()
    page.keyboard.type("roof has gone")
    page.evaluate(BAR)
    expect(page.locator("#bar .bar")).to_contain_text("Over it")
    page.keyboard.press("Escape")
    expect(page.locator("#bar")).to_be_hidden()
    assert page.evaluate("document.activeElement.id || document.activeElement.className") == focused
    page.evaluate("ask()")
    expect(page.locator("#ask-field")).to_have_value("roof has gone")
    page.keyboard.press("Enter")
    expect(page.locator("#bar")).to_be_hidden()
    page.evaluate("ask()")
    expect(page.locator("#ask-field")).to_have_value("")
    assert errors == []


@pytest.mark.long
def test_a_call_taker_reads_an_incident_and_sends_nothing(page, web):
    fire = incident()
    sign_in(page, web, "calltaker")
    choose(page, fire)
    expect(page.locator(".incident-foot button")).to_have_count(1)
    expect(page.locator(".recommended")).to_have_count(0)
    page.keyboard.press("s")
    expect(page.locator(".toast.bad")).to_be_visible()
    page.keyboard.press("Enter")
    assert active(fire) == set()


@pytest.mark.long
def test_the_console_with_an_incident_breaks_no_rule_in_either_theme(page, web):
    fire = incident()
    assign_unit(actor=person("dispatcher").at_desk("D1"), incident=fire.id, unit="DMK3")
    sign_in(page, web)
    choose(page, fire)
    expect(page.locator(".recommended")).to_be_visible()
    assert broken_rules(page, impacts=SERIOUS) == []
    names = page.locator("#dispatch-middle button").evaluate_all("buttons => buttons.map(b => b.innerText.trim())")
    assert all(names)


@pytest.mark.long
def test_the_type_is_changed_by_everyday_words_and_the_focus_begins_where_the_page_was_opened(page, web, errors):
    other, row = incident("H02"), incident("X00")
    sign_in(page, web, address=f"/console/?incident={row.id}")
    # Opened with an incident, the page begins on its row: a letter is for it, not for the first one.
    expect(page.locator("#incidents")).to_be_focused()
    expect(row_of(page, row)).to_have_attribute("aria-selected", "true")
    page.locator(".incident-head .title button.quiet").click()
    with page.expect_response(lambda answer: "rumah%20terbakar" in answer.url):
        page.keyboard.type("rumah terbakar")
    found = page.locator("#ask-options li", has_text="F01")
    expect(found).to_be_visible()
    for _ in range(page.locator("#ask-options li").count()):
        if found.get_attribute("aria-selected") == "true":
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    eventually(page, lambda: Incident.objects.get(pk=row.pk).type_id, "F01")
    # All that the plan requires is named before it is accepted as missing: the server accepts no less.
    expect(page.locator(".incident-head h2")).to_contain_text(re.compile("Structure fire|Kebakaran bangunan"))
    bar = page.locator("#bar")
    for _ in range(40):  # the key acts once the feed has brought what the new type requires
        page.keyboard.press("k")
        page.wait_for_timeout(250)
        if bar.is_visible():
            break
    expect(bar).to_contain_text(re.compile("2 (fire engine|mobil pemadam), 1 (ambulance|ambulans)"))
    page.keyboard.type("from the next regency")
    page.keyboard.press("Enter")
    eventually(page, lambda: Incident.objects.get(pk=row.pk).shortfall_by is not None, True)
    expect(page.locator(".empty-places")).to_have_count(0)
    assert Incident.objects.get(pk=other.pk).shortfall == {}
    # Enter that is quicker than the list of choices acts once the list is there.
    expect(bar).to_be_hidden()
    waiting = held(page, "**/api/v1/types?*", "GET")
    page.locator(".incident-head .title button.quiet").click()
    expect(page.locator("#ask-field")).to_be_focused()
    page.keyboard.type("M01")
    eventually(page, lambda: any(route.request.url.endswith("types?q=M01") for route in waiting), True)
    page.keyboard.press("Enter")
    for route in waiting:
        route.continue_()
    eventually(page, lambda: Incident.objects.get(pk=row.pk).type_id, "M01")
    assert errors == []


@pytest.mark.long
def test_what_a_restricted_incident_lacks_is_named_and_accepted_in_the_pane_alone(page, web, errors):
    row = incident("S05")
    sign_in(page, web)
    choose(page, row)
    expect(row_of(page, row).locator(".need")).to_have_text(re.compile("no unit|belum ada unit"))
    places = page.locator(".empty-places .need")
    expect(places).to_have_count(1)
    lacks = places.inner_text()
    page.keyboard.press("k")
    expect(page.locator("#bar")).to_contain_text(lacks)
    expect(page.locator("#ask-field")).to_be_focused()
    page.keyboard.type("from the next regency")
    page.keyboard.press("Enter")
    eventually(page, lambda: Incident.objects.get(pk=row.pk).shortfall_by is not None, True)
    expect(places).to_have_count(0)
    assert errors == []
