"""The call-taker's jobs."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from calls.actions.call_control import answer_call, end_call
from calls.models import Call, Draft
from calls.states import IN_TALK
from dispatch.models import IncidentCall
from tests.calls.exchange import again, ringing
from tests.conftest import person
from tests.scenarios.keystroke_budget.counting import CountedKeys, Tally, eventually
from tests.scenarios.keystroke_budget.room import Centre, incident


def draft_of(call: Call) -> dict[str, Any]:
    return (Draft.objects.filter(pk=call.id).values_list("body", flat=True).first()) or {}


def take_the_next_call(centre: Centre, tally: Tally) -> None:
    call, page = centre.ring(), centre.at("taker")
    CountedKeys(page, tally).press("F2")
    expect(page.locator("#where")).to_be_focused()
    assert eventually(page, lambda: again(call).operator_id == person("calltaker").user)


def file_noise(centre: Centre, tally: Tally) -> None:
    call, page = centre.talk(), centre.at("taker")
    CountedKeys(page, tally).press("F8", "m")
    assert eventually(page, lambda: again(call).disposition == "G3")


def take_noise_back(centre: Centre, tally: Tally) -> None:
    call, page = centre.talk(), centre.at("taker")
    for key in ("F8", "j"):
        page.keyboard.press(key)
    expect(page.locator("#toasts")).to_contain_text("Filed: Prank")
    CountedKeys(page, tally).press("Alt+z")
    assert eventually(page, lambda: again(call).disposition is None)
    assert again(call).state in IN_TALK


def hear_a_silent_call_out(centre: Centre, tally: Tally) -> None:
    call, page = centre.talk(), centre.at("taker")
    keys = CountedKeys(page, tally)
    keys.press("Alt+q")
    expect(page.locator("#silent")).to_be_focused()
    centre.clock.advance(11)
    expect(page.locator("#silent")).to_contain_text("listened 10 s", timeout=15_000)
    keys.press("g")
    assert eventually(page, lambda: again(call).disposition == "G1")


def a_landmark(centre: Centre, tally: Tally) -> None:
    call, page = centre.talk(), centre.at("taker")
    keys = CountedKeys(page, tally)
    keys.code("anom")
    expect(page.locator("#where-0")).to_contain_text("Pasar Anom")
    keys.press("Enter")
    spot = eventually(page, lambda: draft_of(call).get("place", {}).get("spot"))
    assert "Pasar Anom" in spot["label"]


def a_boat(centre: Centre, tally: Tally) -> None:
    call, page = centre.talk(), centre.at("taker")
    keys = CountedKeys(page, tally)
    keys.code("7 12.5 114 05.6")
    expect(page.locator("#where-0")).to_be_visible()
    keys.press("Enter")
    spot = eventually(page, lambda: draft_of(call).get("place", {}).get("spot"))
    assert (round(spot["lat"], 4), round(spot["lng"], 4)) == (-7.2083, 114.0933)


def send_with_place_and_type(centre: Centre, tally: Tally) -> None:
    call, page = centre.ring(), centre.at("taker")
    log_a_fire(page, CountedKeys(page, tally))
    link = eventually(page, lambda: IncidentCall.objects.filter(call=call).select_related("incident").first())
    assert (link.incident.type_id, link.incident.lat is None) == ("F01", False)


def log_a_fire(page: Page, keys: CountedKeys, words: str = "") -> None:
    """From the ringing call to an incident: place, type, the caller's words if there are any."""
    keys.press("F2")
    expect(page.locator("#where")).to_be_focused()
    keys.code("anom")
    expect(page.locator("#where-0")).to_contain_text("Pasar Anom")
    keys.press("Enter")
    expect(page.locator("#what")).to_be_focused()
    keys.code("F01")
    if words:
        keys.press("Enter")
        expect(page.locator("#said")).to_be_focused()
        keys.words(words)
    keys.press("Control+Enter")
    expect(page.locator(".strip")).to_contain_text("Sent")


def cpr(centre: Centre, tally: Tally) -> None:
    call, page = centre.talk(), centre.at("taker")
    CountedKeys(page, tally).press("Alt+c")
    expect(page.locator(".cpr")).to_be_visible()
    assert eventually(page, lambda: draft_of(call).get("type") == "M01")


def the_same_event(centre: Centre, tally: Tally) -> None:
    page = centre.at("taker")
    first = ringing(caller="+6281999000111")
    answer_call(actor=person("supervisor"), call=first.id)
    row = incident(call=first.id)
    end_call(actor=person("supervisor"), call=first.id)
    second = centre.talk(caller="+6281999000111")
    expect(page.locator(".strip")).to_contain_text(str(row.number))
    CountedKeys(page, tally).press("Alt+l", "Alt+x")
    assert eventually(page, lambda: IncidentCall.objects.filter(call=second, incident=row).exists())
    assert eventually(page, lambda: again(second).state not in IN_TALK)


def go_on_elsewhere(centre: Centre, tally: Tally) -> None:
    call, page = centre.talk(), centre.at("taker")
    page.keyboard.type("Jl. Trunojoyo no. 5")
    page.keyboard.press("Alt+w")
    page.keyboard.type("rumah pagar hijau, ada anak di dal")
    assert eventually(page, lambda: draft_of(call).get("words") == "rumah pagar hijau, ada anak di dal")
    centre.crash("taker")
    page = centre.at("taker")  # signing in is all that is done
    expect(page.locator("#where")).to_have_value("Jl. Trunojoyo no. 5")
    expect(page.locator("#said")).to_have_value("rumah pagar hijau, ada anak di dal")
    tally.shown.append("sign-in")
    assert again(call).operator_id == person("calltaker").user
