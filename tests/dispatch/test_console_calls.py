"""The call-taker's side of the console in a real browser, worked by keys alone."""

from __future__ import annotations

import re

import pytest
from django.utils.translation import override
from playwright.sync_api import expect

from accounts.actions import choose_language
from calls.actions.call_control import answer_call
from calls.models import CallLine, Draft
from dispatch.actions.assignments import assign_unit
from dispatch.actions.edits import edit_incident
from dispatch.actions.incidents import open_incident
from dispatch.domain.location import Location
from dispatch.models import Incident, IncidentCall
from tests.api_client import come_in
from tests.browser_contexts import lent
from tests.calls.exchange import again, ringing
from tests.conftest import person
from tests.dispatch.browser_sessions import leave_no_call_open
from tests.scenarios.page_audit import SERIOUS, broken_rules
from web.call_words import call_words
from web.common_words import common_words
from web.dispatch_words import command_words, dispatch_words

# What Chromium logs about itself, not about the page.
NOISE = re.compile("Permissions-Policy|GPU stall|ERR_INTERNET_DISCONNECTED|WebSocket connection")


@pytest.fixture
def errors(page):
    """The errors and warnings of the browser."""
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda message: (
            errors.append(message.text)
            if message.type in {"error", "warning"} and not NOISE.search(message.text)
            else None
        ),
    )
    return errors


@pytest.fixture(autouse=True)
def _an_empty_room(web):
    """Each test begins with no call open and no draft."""
    leave_no_call_open()


@pytest.fixture(scope="module")
def signed_in(web, browser):
    """A call-taker's session, in English."""
    choose_language(actor=person("calltaker"), language="en")
    with lent(browser) as context:
        come_in(context, web, "calltaker")
        return context.storage_state()


@pytest.fixture
def context(browser, signed_in):
    """A browser of a desk where a call-taker has signed in."""
    with lent(browser) as context:
        context.add_cookies(signed_in["cookies"])
        yield context


def open_console(page, web, *, with_map=False):
    """The console, live. Drawing maps costs a test's machine most of its time: one test has one."""
    if not with_map:
        page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto(web.url + "/console/")
    expect(page.locator("#live")).to_have_class("live")


def take(page, **more):
    """A call rings and is taken with one key."""
    call = ringing(**more)
    expect(page.locator("#calls-line")).to_have_text("1 waiting")
    page.keyboard.press("F2")
    expect(page).to_have_url(re.compile(str(call.id)))
    expect(page.locator("#where")).to_be_focused()
    return call


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def incident_of(call):
    return IncidentCall.objects.select_related("incident").get(call=call).incident


def test_a_fire_is_logged_by_keys_alone_and_the_strip_shows_how_far_it_is(page, web, errors):
    open_console(page, web, with_map=True)
    call = take(page)
    place = page.locator("#where")
    page.keyboard.type("psr anom")
    expect(page.get_by_role("option", name=re.compile("Pasar Anom"))).to_be_visible()
    expect(place).to_have_attribute("aria-activedescendant", "where-0")
    press(page, "Enter")
    expect(page.locator("#what")).to_be_focused()
    expect(place).to_have_value(re.compile("Pasar Anom"))
    page.keyboard.type("F01")
    press(page, "Enter")
    expect(page.locator("#said")).to_be_focused()
    page.keyboard.type("3 kios terbakar, api besar")
    press(page, "Enter")
    page.keyboard.type("ada orang di lantai 2")
    press(page, "Control+Enter")
    strip = page.locator(".strip")
    expect(strip).to_contain_text("Sent")
    incident = incident_of(call)
    expect(strip).to_contain_text(str(incident.number))
    assert (incident.type_id, incident.priority, incident.lat is None) == ("F01", 1, False)
    assert incident.narrative == "3 kios terbakar, api besar\nada orang di lantai 2"
    assert again(call).disposition == "E1"
    expect(strip).to_contain_text("read the place back")
    assign_unit(actor=person("dispatcher").at_desk("D1"), incident=incident.id, unit="DMK1")
    expect(strip.locator(".unit")).to_contain_text("DMK1")
    page.locator(".read-back input").check()
    press(page, "Control+Enter")
    expect(strip).not_to_contain_text("read the place back")
    assert Incident.objects.get(pk=incident.pk).verified
    assert errors == []


@pytest.mark.long
def test_the_place_list_works_by_keyboard_and_words_alone_are_enough(page, web):
    open_console(page, web)
    call = take(page)
    page.keyboard.type("bluto")
    expect(page.locator("#where-list li").nth(1)).to_be_visible()
    press(page, "ArrowDown")
    expect(page.locator("#where")).to_have_attribute("aria-activedescendant", "where-1")
    press(page, "Escape", "Escape")
    expect(page.locator("#where-list")).to_be_hidden()
    expect(page.locator("#where")).to_have_value("bluto")
    page.keyboard.type(" dekat pasar sapi")
    press(page, "Control+Enter")
    expect(page.locator(".strip")).to_contain_text("Sent")
    incident = incident_of(call)
    assert (incident.location_text, incident.lat, incident.type_id) == ("bluto dekat pasar sapi", None, "X00")


def test_no_key_and_no_crash_throws_a_draft_away(page, web, browser, signed_in):
    open_console(page, web)
    call = take(page)
    page.keyboard.type("Jl. Trunojoyo no. 5")
    page.locator("#said").fill("rumah pagar hij")
    press(page, "Escape", "Escape", "Escape")
    expect(page.locator("#said")).to_have_value("rumah pagar hij")
    page.reload()
    expect(page.locator("#said")).to_have_value("rumah pagar hij")
    expect(page.locator(".kept")).to_contain_text("draft kept")
    expect(page.locator(".kept")).to_contain_text("ago")
    elsewhere = browser.new_context(storage_state=signed_in).new_page()
    open_console(elsewhere, web)
    expect(elsewhere.locator("#where")).to_have_value("Jl. Trunojoyo no. 5")
    expect(elsewhere.locator("#said")).to_have_value("rumah pagar hij")
    elsewhere.context.close()
    assert Draft.objects.get(pk=call.id).body["words"] == "rumah pagar hij"


@pytest.mark.long
def test_a_dead_network_is_shown_and_loses_no_line(page, web, context):
    open_console(page, web)
    call = take(page)
    context.set_offline(True)
    page.locator("#said").fill("ombak tinggi, perahu miring")
    press(page, "Enter")
    expect(page.locator(".lines")).to_contain_text("waits for the connection")
    expect(page.locator(".kept")).to_contain_text("No connection", timeout=10_000)
    context.set_offline(False)
    expect(page.locator(".lines")).not_to_contain_text("waits for the connection", timeout=20_000)
    assert list(CallLine.objects.filter(call=call).values_list("text", flat=True)) == ["ombak tinggi, perahu miring"]


@pytest.mark.long
def test_noise_takes_two_keys_and_two_more_take_it_back(page, web):
    open_console(page, web)
    call = take(page)
    page.locator("body").focus()
    page.locator("#call-pane h2").click()
    press(page, "j", "J")  # letters alone, with no bar open, file nothing
    press(page, "F8", "j")
    expect(page.locator("#toasts")).to_contain_text("Filed: Prank")
    assert again(call).disposition == "J1"
    press(page, "Alt+z")
    expect(page.locator("#toasts")).to_contain_text("Undone")
    assert (again(call).disposition, again(call).state) == (None, "answered")
    press(page, "Alt+x")
    expect(page.locator(".call-head")).to_contain_text("choose how it is filed")
    press(page, "Alt+z")
    expect(page.locator(".call-head")).to_contain_text("in talk")


@pytest.mark.long
def test_a_silent_call_is_heard_out_before_it_may_be_filed_silent(page, web, clock):
    open_console(page, web)
    call = take(page)
    press(page, "F8", "g")
    expect(page.locator("#silent")).to_be_focused()
    press(page, "g")
    expect(page.locator("#toasts")).to_contain_text("Listen on")
    assert again(call).disposition is None
    clock.advance(11)
    expect(page.locator("#silent")).to_contain_text("listened 10 s")
    press(page, "u")
    expect(page.locator(".caller")).to_contain_text("contact safe? unsafe")
    press(page, "F8", "g")
    expect(page.locator("#toasts")).to_contain_text("Filed: Silent")
    assert again(call).disposition == "G1"
    assert again(call).number.contact_safety == "unsafe"


@pytest.mark.long
def test_the_same_fire_from_the_same_number_gives_a_hint_and_links_in_one_key(page, web):
    open_console(page, web)
    first = take(page, caller="+6281999000111")
    place = Location(text="Pasar Lenteng", lat=-7.03, lng=113.79)
    incident, _ = open_incident(actor=person("calltaker"), location=place, type="F01", call=first.id)
    press(page, "Alt+x")
    expect(page.locator(".call-head")).to_contain_text("wrap-up")
    second = take(page, caller="+6281999000111")
    expect(page.locator(".strip")).to_contain_text(f"This number has reported {incident.number} already")
    page.locator("#said").fill("apinya makin besar")
    press(page, "Alt+l")
    expect(page.locator(".strip")).to_contain_text(re.compile(rf"linked to\s*{incident.number}"))
    assert incident_of(second) == Incident.objects.get(pk=incident.pk)
    assert again(second).disposition == "E2"
    expect(page.locator("#toasts")).to_contain_text("Linked to")
    with page.expect_response("**/strike"):
        press(page, "Alt+z")
    expect(page.locator("#toasts")).to_contain_text("Undone")
    expect(page.locator(".strip")).not_to_contain_text("linked to")
    assert (again(second).disposition, IncidentCall.objects.filter(call=second).exists()) == (None, False)
    assert incident.notes.get(text__contains="apinya makin besar").struck_reason == "The call was linked by mistake."


@pytest.mark.long
def test_what_was_sent_is_taken_back_in_two_keys_and_goes_out_anew(page, web, errors):
    open_console(page, web)
    call = take(page, caller="+6281230990005")
    page.keyboard.type("Jl. Trunojoyo no. 5")
    press(page, "Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("Sent as")
    wrong = incident_of(call)
    press(page, "Alt+z")
    expect(page.locator("#toasts")).to_contain_text("Undone")
    expect(page.locator(".strip")).to_contain_text("Not sent yet")
    expect(page.locator("#where")).to_have_value("Jl. Trunojoyo no. 5")
    wrong.refresh_from_db()
    assert (wrong.state, again(call).disposition) == ("cancelled", None)
    press(page, "Control+Enter")
    expect(page.locator(".strip")).to_contain_text(re.compile(r"as\s*\d"))
    assert incident_of(call) != wrong
    assert errors == []


@pytest.mark.long
def test_undo_waits_for_the_act_that_is_on_its_way(page, web):
    open_console(page, web)
    call = take(page, caller="+6281230990006")

    def dawdle(route):
        page.wait_for_timeout(400)
        route.continue_()

    page.route("**/dispose", dawdle, times=1)
    press(page, "F8", "m", "Alt+z")
    expect(page.locator("#toasts")).to_contain_text("Undone")
    assert again(call).disposition is None


@pytest.mark.long
def test_who_collides_sees_the_other_one_s_value_and_name(page, web):
    open_console(page, web)
    call = take(page)
    page.keyboard.type("Pasar Lenteng")
    press(page, "Control+Enter")
    expect(page.locator(".strip")).to_contain_text(re.compile(r"as\s*\d"))
    incident = incident_of(call)

    def change_first(route):
        dispatcher = person("dispatcher")
        edit_incident(actor=dispatcher.at_desk("D1"), incident=incident.id, version=1, changes={"type": "M01"})
        route.continue_()

    page.route(f"**/incidents/{incident.id}", change_first, times=1)
    page.locator("#what").fill("F01")
    press(page, "Enter", "Control+Enter")
    expect(page.locator("#toasts")).to_contain_text(f"M01 Cardiac/respiratory arrest, by {person('dispatcher').name}")


def test_the_loser_of_a_call_gets_the_name_of_who_has_it(page, web):
    open_console(page, web)
    call = ringing()
    expect(page.locator("#calls-line")).to_have_text("1 waiting")

    def lose(route):
        answer_call(actor=person("supervisor"), call=call.id)
        route.continue_()

    page.route("**/answer", lose)
    press(page, "F2")
    expect(page.locator("#toasts")).to_contain_text(f"{person('supervisor').name} has this call already")


@pytest.mark.long
def test_a_call_by_hand_cpr_and_the_caller_in_one_key_each(page, web, errors):
    open_console(page, web)
    press(page, "Shift+F2", "v")
    page.keyboard.type("0812 3098-7731")
    press(page, "Enter")
    expect(page.locator(".call-head")).to_contain_text("0812-3098-7731")
    press(page, "Alt+c")
    expect(page.locator(".cpr")).to_contain_text("not an approved medical protocol")
    expect(page.locator("#what")).to_have_value(re.compile("^M01"))
    press(page, "Alt+k", "n")
    page.keyboard.type("Bu Aminah")
    press(page, "Enter")
    expect(page.locator(".caller")).to_contain_text("Bu Aminah")
    press(page, "Alt+k", "m")
    expect(page.locator(".caller")).to_contain_text("Madurese")
    press(page, "F9", "Escape", "?")
    assert errors == []


@pytest.mark.long
def test_the_form_breaks_no_serious_rule_in_either_theme(page, web):
    open_console(page, web)
    take(page)
    page.keyboard.type("bluto")
    expect(page.locator("#where-list li").first).to_be_visible()
    assert broken_rules(page, impacts=SERIOUS) == []


def test_no_word_of_the_console_means_two_things():
    with override("en"):
        parts = [common_words(), dispatch_words(), command_words(), call_words()]
    clashes = {
        key
        for at, part in enumerate(parts)
        for other in parts[at + 1 :]
        for key in part.keys() & other.keys()
        if part[key] != other[key]
    }
    assert clashes == set()
