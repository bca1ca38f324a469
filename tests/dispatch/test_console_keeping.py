"""A form that goes by itself, a caller ended or put on hold by a slip, a ring that nobody sees: none of it happens."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from accounts.actions import choose_language
from calls.actions.call_control import end_call, take_over_call
from calls.actions.disposition import dispose_call
from calls.models import Draft, Operator
from config.registry import registry
from core.firing.rounds import fire_due
from dispatch.actions.incidents import open_incident
from dispatch.domain.location import Location
from tests.api_client import come_in, press_in_menu
from tests.calls.exchange import Exchange, again, ringing
from tests.conftest import person
from tests.dispatch.test_console_calls import (  # noqa: F401 - fixtures
    _an_empty_room,
    context,
    errors,
    incident_of,
    open_console,
    press,
    signed_in,
    take,
)
from tests.scenarios.keystroke_budget.counting import eventually

QUIET_MS = 350  # the second press of a key counts after 300 ms


def send_from(page, place):
    page.keyboard.type(place)
    press(page, "Control+Enter")
    expect(page.locator(".strip")).to_contain_text(re.compile(r"as\s*\d"))


def wrap_up_passes(clock):
    clock.advance(31)
    fire_due(registry)


def test_a_form_stays_until_it_is_sent_or_parked(page, web, clock, errors):  # noqa: F811
    open_console(page, web)
    call = take(page, caller="+6281230880001")
    send_from(page, "Pasar Lenteng")
    press(page, "Alt+x")
    expect(page.locator(".call-head")).to_contain_text("wrap-up")
    press(page, "Alt+g", "End")
    page.keyboard.type(" km 8")
    wrap_up_passes(clock)
    assert again(call).state == "closed"
    expect(page.locator("#calls .q")).to_have_count(0)
    expect(page.locator("#where")).to_have_value("Pasar Lenteng km 8")
    expect(page.locator("#where")).to_be_focused()
    expect(page.locator(".stays")).to_contain_text("holds something that is not sent")
    # Parked: it is in the list, also after a reload in the other language, and one key opens it.
    press(page, "F2")
    expect(page.locator("#toasts")).to_contain_text("0812-3088-0001 is parked")
    expect(page.locator("#calls .parked")).to_contain_text("0812-3088-0001")
    press(page, "Alt+o", "Enter")
    expect(page.locator("#where")).to_have_value("Pasar Lenteng km 8")
    press_in_menu(page, "button[name=language][value=id]")
    expect(page.locator("html")).to_have_attribute("lang", "id")
    expect(page.locator("#where")).to_have_value("Pasar Lenteng km 8")
    press_in_menu(page, "button[name=language][value=en]")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#where")).to_have_value("Pasar Lenteng km 8")
    press(page, "Control+Enter")
    expect(page.locator(".strip")).not_to_contain_text("changed here")
    assert incident_of(call).location_text == "Pasar Lenteng km 8"
    press(page, "F2")
    expect(page.locator("#calls .parked")).to_have_count(0)
    assert errors == []


@pytest.mark.long
def test_a_form_stays_when_another_takes_its_call_and_when_the_exchange_loses_it(page, web, clock, errors):  # noqa: F811
    open_console(page, web)
    call = take(page, caller="+6281230880002")
    page.keyboard.type("Jl. Trunojoyo no. 5")
    take_over_call(actor=person("supervisor"), call=call.id)
    expect(page.locator(".stays")).to_contain_text(f"{person('supervisor').name} has taken this call")
    expect(page.locator("#where")).to_have_value("Jl. Trunojoyo no. 5")
    expect(page.locator("#where")).to_be_focused()
    lost = take(page, caller="+6281230880003")
    page.keyboard.type("Pelabuhan Kalianget")
    clock.advance(4 * 3600 + 60)
    fire_due(registry)
    assert again(lost).state == "closed"
    expect(page.locator("#where")).to_have_value("Pelabuhan Kalianget")
    expect(page.locator(".stays")).to_contain_text("not sent")
    assert [line for line in errors if "403 (Forbidden)" not in line] == []  # the draft is the other desk's now


@pytest.mark.long
def test_ending_never_reaches_a_caller_on_hold_and_holding_is_asked_for(page, web, errors):  # noqa: F811
    open_console(page, web)
    first = take(page, caller="+6281230880004")
    second = ringing(caller="+6281230880005")
    expect(page.locator("#calls .ringing")).to_contain_text("twice: hold and take")
    # Not sent yet: one press, held down, holds nobody.
    page.keyboard.down("F2")
    page.keyboard.down("F2")
    page.keyboard.down("F2")
    page.keyboard.up("F2")
    expect(page.locator("#toasts")).to_contain_text("0812-3088-0004 is not sent yet. Press F2 again")
    press(page, "F2")  # too soon after the last one
    page.wait_for_timeout(QUIET_MS)
    assert (again(first).state, again(second).state) == ("answered", "ringing")
    press(page, "F2")
    expect(page.locator(".call-head")).to_contain_text("0812-3088-0005")
    assert (again(first).state, again(second).state) == ("on_hold", "answered")
    press(page, "Alt+x", "Alt+x")
    expect(page.locator("#toasts")).to_contain_text("The call with 0812-3088-0005 was ended.")
    expect(page.locator("#toasts")).to_contain_text("This key rests for 3 s")
    expect(page.locator(".call-head")).to_contain_text("choose how it is filed")
    assert (again(first).state, again(second).state) == ("on_hold", "wrap_up")
    # No key but that of holding brings the held caller back; the ending key passes them by.
    page.locator(f'#calls a[href="?call={first.id}"]').click()
    expect(page.locator(".call-head")).to_contain_text("0812-3088-0004")
    expect(page.locator("#toasts")).not_to_contain_text("rests")
    page.wait_for_timeout(3000 - QUIET_MS)
    press(page, "Alt+x")
    expect(page.locator("#toasts")).to_contain_text("0812-3088-0004 is on hold. Talk on first")
    assert again(first).state == "on_hold"
    press(page, "Alt+,")
    expect(page.locator("#toasts")).to_contain_text("Talking with 0812-3088-0004 again")
    page.locator("#where").focus()
    send_from(page, "Pasar Bluto")
    press(page, "Alt+a")
    expect(page.locator("#toasts")).to_contain_text("Read back to the caller: Pasar Bluto")
    expect(page.locator(".strip")).not_to_contain_text("changed here")
    expect(page.locator("#read-back")).to_contain_text("read back")
    # Who signs out by a slip while somebody is on the line is asked first.
    press_in_menu(page, "form[action='/sign-out/'] button")
    expect(page.locator("#bar")).to_contain_text("You are on a call with 0812-3088-0004")
    press(page, "b")
    expect(page.locator(".call-head")).to_contain_text("in talk")
    assert incident_of(first).verified
    assert errors == []


@pytest.mark.long
def test_the_key_that_a_message_names_opens_the_form_that_was_parked(page, web, errors):  # noqa: F811
    open_console(page, web)
    take(page, caller="+6281230880011")
    expect(page.locator("#calls .q")).to_contain_text("contact safe? not asked yet")
    press(page, "Alt+,")
    expect(page.locator(".call-head")).to_contain_text("On hold")
    parked = take(page, caller="+6281230880012")
    page.keyboard.type("pasar")
    end_call(actor=person("calltaker"), call=parked.id)
    expect(page.locator(".call-head")).to_contain_text("wrap-up")
    # The caller on hold stands first in the list; the key opens what the message is about.
    press(page, "F2")
    expect(page.locator("#toasts")).to_contain_text("0812-3088-0012 is parked")
    expect(page.locator("#call-pane")).to_be_focused()
    press(page, "Alt+o", "Enter")
    expect(page.locator(".call-head")).to_contain_text("0812-3088-0012")
    press(page, "F8")
    expect(page.locator("#bar")).to_contain_text("File 0812-3088-0012 as")
    press(page, "Escape")
    # Who goes on talking goes on typing.
    press(page, "F2")
    expect(page.locator("#call-pane .nothing")).to_be_visible()
    press(page, "Alt+,")
    expect(page.locator(".call-head")).to_contain_text("0812-3088-0011")
    expect(page.locator("#where")).to_be_focused()
    assert errors == []


@pytest.mark.long
def test_at_twice_the_size_the_running_call_and_a_further_ring_stay_in_view(page, web, errors):  # noqa: F811
    open_console(page, web)
    take(page, caller="+6281230880021")
    # In Indonesian, the longer language, the form fits with the card of CPR.
    choose_language(actor=person("calltaker"), language="id")
    page.reload()
    expect(page.locator(".call-head .number")).to_contain_text("0812-3088-0021")
    choose_language(actor=person("calltaker"), language="en")
    press(page, "Alt+c")
    expect(page.locator(".cpr")).to_contain_text("bukan protokol medis")
    for part in (".cpr", "#where", "#said", "button.go"):
        expect(page.locator(part)).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": 683, "height": 384})  # 200 % of 1366
    press(page, "Alt+w")
    expect(page.locator("#said")).to_be_focused()
    page.locator("#said").scroll_into_view_if_needed()
    ringing(caller="+6281230880022")
    expect(page.locator(".ring-banner")).to_contain_text("0812-3088-0022")
    for part in (".ring-banner", ".call-head .number", "#said"):
        expect(page.locator(part)).to_be_in_viewport(ratio=0.9)
    assert errors == []


@pytest.mark.long
def test_only_a_press_that_was_asked_for_moves_a_call_from_the_incident_it_was_linked_to(page, web, errors):  # noqa: F811
    open_console(page, web)
    place = Location(text="Pasar Lenteng", lat=-7.03, lng=113.79)
    for _ in range(2):
        open_incident(actor=person("calltaker"), location=place, type="F01")
    call = take(page, caller="+6281230880031")
    page.keyboard.type("-7.03, 113.79")
    expect(page.locator("#where-list li").first).to_be_visible()
    press(page, "Enter")
    expect(page.locator(".same .dup")).to_have_count(2)
    first, second = page.locator(".same .dup b .num").all_inner_texts()
    links = []
    page.on("request", lambda request: links.append(request.url) if request.url.endswith("/link") else None)
    press(page, "Alt+l")
    expect(page.locator(".strip")).to_contain_text(re.compile(rf"linked to\s*{first}"))
    expect(page.locator(".same .dup")).to_have_count(1)
    press(page, "Alt+l")
    expect(page.locator("#toasts")).to_contain_text(f"0812-3088-0031 belongs to {first}. Press Alt+L again")
    page.wait_for_timeout(QUIET_MS)
    press(page, "Alt+l")
    expect(page.locator(".strip")).to_contain_text(re.compile(rf"linked to\s*{second}"))
    assert len(links) == 2
    assert eventually(page, lambda: str(incident_of(call).number) == second)
    assert errors == []


@pytest.mark.long
def test_who_was_not_answered_is_called_back_by_two_keys(page, web, errors):  # noqa: F811
    open_console(page, web)
    line = Exchange(caller="+6281230880032")
    missed = line.say("ringing", -9)
    line.say("abandoned", 1)
    expect(page.locator("#calls .q")).to_contain_text("0812-3088-0032")
    press(page, "Alt+o", "Enter")
    expect(page.locator(".whose")).to_have_text(re.compile("Nobody answered this caller: call the number back"))
    press(page, "Shift+F2")
    expect(page.locator("#bar")).to_contain_text("call back 0812-3088-0032")
    press(page, "b")
    expect(page.locator("#where")).to_be_focused()
    expect(page.locator(".call-head")).to_contain_text("0812-3088-0032")
    expect(page.locator(".call-head .state")).to_contain_text("in talk")
    dispose_call(actor=person("supervisor"), call=missed.id, disposition="T1")
    # Nobody is asked to call a withheld number.
    line = Exchange(caller=None)
    withheld = line.say("ringing", -9)
    line.say("abandoned", 1)
    page.locator("#calls .q", has_text="withheld").first.click()
    expect(page.locator(".whose")).to_have_text(re.compile("The number is withheld: file the call"))
    press(page, "Shift+F2")
    expect(page.locator("#bar")).to_contain_text("Radio")
    expect(page.locator("#bar")).not_to_contain_text("call back")
    press(page, "Escape")
    dispose_call(actor=person("supervisor"), call=withheld.id, disposition="T1")
    assert errors == []


BLOCKED = """
window.tones = 0;
const make = AudioContext.prototype.createOscillator;
AudioContext.prototype.createOscillator = function () { window.tones++; return make.call(this); };
window.blocked = true;
const state = Object.getOwnPropertyDescriptor(BaseAudioContext.prototype, "state");
Object.defineProperty(BaseAudioContext.prototype, "state", {
  get() { return window.blocked ? "suspended" : state.get.call(this); },
});
"""


@pytest.mark.long
def test_a_ringing_call_is_seen_and_heard_by_who_is_ready(page, web, errors):  # noqa: F811
    page.add_init_script(BLOCKED)
    open_console(page, web)
    press(page, "F9", "o")
    expect(page.locator("#my-state")).to_contain_text("takes no calls")
    expect(page.locator("#call-pane")).to_contain_text("You take no calls now")
    press(page, "F9", "i")
    expect(page.locator("#my-state")).to_contain_text("Not ready")
    press(page, "F9", "r")
    expect(page.locator("#bar")).to_contain_text("this browser plays no sound yet")
    assert Operator.objects.get(user_id=person("calltaker").user).state == "not_ready"
    page.evaluate("window.blocked = false")
    page.locator("#bar button").click()
    expect(page.locator("#my-state")).to_contain_text("Ready")
    press(page, "Alt+y")
    expect(page.locator("#sound")).to_contain_text("Only ring and emergency")
    before = page.evaluate("window.tones")
    ringing(caller="+6281230880006")
    ring = page.locator("#call-pane .ring")
    expect(ring).to_contain_text("0812-3088-0006")
    expect(ring).to_contain_text("10 s: target")
    expect(ring.locator("kbd")).to_have_text("F2")
    expect(page.locator("#calls .ringing")).to_contain_text("0812-3088-0006")
    expect(page).to_have_title(re.compile(r"^\(1\) Ringing \d:\d\d"))
    expect(page.locator("link[rel=icon]")).to_have_attribute("href", re.compile("^data:image/svg"))
    assert eventually(page, lambda: page.evaluate("window.tones") > before)  # muted, and heard all the same
    press(page, "F2")
    expect(page.locator("#where")).to_be_focused()
    expect(page).to_have_title(re.compile(r"^Console"))
    # While one talks, a further ring is one soft tone, and the list alone shows it.
    before = page.evaluate("window.tones")
    ringing(caller="+6281230880007")
    expect(page.locator("#calls .ringing")).to_contain_text("0812-3088-0007")
    assert eventually(page, lambda: page.evaluate("window.tones") == before + 1)
    expect(page.locator("#where")).to_be_focused()
    page.reload()  # the same sign-in: still muted
    expect(page.locator("#live")).to_have_class("live")
    press(page, "Shift")
    page.evaluate("window.blocked = false")
    press(page, "Shift")
    expect(page.locator("#sound")).to_contain_text("Only ring and emergency")
    assert errors == []


DRAFTS_HERE = (
    """Object.entries(localStorage).filter(([key]) => key.startsWith("sigap-draft-")).map(([, text]) => text).join()"""
)

READ_DRAFTS = """async () => {
  const here = document.querySelector("script[src*='/js/pages/console']").src;
  const { readPrivate } = await import(here.replace("pages/console", "core/private-storage"));
  return JSON.stringify(Object.keys(localStorage).filter((key) => key.startsWith("sigap-draft-")).map(readPrivate));
}"""


@pytest.mark.long
def test_signing_out_leaves_no_words_that_the_server_has_and_brings_parked_forms_back(page, web, clock, errors):  # noqa: F811
    open_console(page, web)
    call = take(page, caller="+6281230880077")
    send_from(page, "Pasar Bluto")
    press(page, "Alt+x")
    expect(page.locator(".call-head")).to_contain_text("wrap-up")
    page.locator("#said").fill("rumah pagar hijau")
    wrap_up_passes(clock)
    expect(page.locator(".stays")).to_contain_text("holds something that is not sent")
    press(page, "F2")
    parked = page.locator("#calls .parked", has_text="0812-3088-0077")
    expect(parked).to_be_visible()
    assert eventually(page, lambda: '"through":true' in page.evaluate(DRAFTS_HERE))
    assert eventually(page, lambda: '"through":false' not in page.evaluate(DRAFTS_HERE))
    assert "pagar" not in page.evaluate(DRAFTS_HERE)
    assert Draft.objects.get(pk=call.id).body["words"] == "rumah pagar hijau"
    press_in_menu(page, "form[action='/sign-out/'] button")
    page.locator("#bar").get_by_role("button", name="Sign out").click()
    expect(page.locator("[name=password]")).to_be_visible()
    assert eventually(page, lambda: page.evaluate(DRAFTS_HERE) == "")
    come_in(page.context, web, "calltaker")
    open_console(page, web)
    expect(parked).to_be_visible()
    assert "rumah pagar hijau" in page.evaluate(READ_DRAFTS)
    assert [text for text in errors if "401" not in text] == []  # what was on its way when the session ended
