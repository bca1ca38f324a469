"""The board in a real browser: what it shows, that it moves, that it shows when it is old, that it breaks no rule."""

from __future__ import annotations

import itertools
import os
import re
import signal
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from alarms.models import Alarm
from alarms.system_faults import raise_trouble
from config.registry import registry
from core import clock as core_clock
from core import events
from core.firing.rounds import fire_due
from core.registry import SystemFault
from dispatch.actions.assignments import assign_unit
from dispatch.actions.incidents import open_incident
from dispatch.domain.location import Location
from places.actions import propose_warning
from places.models import PlaceWarning
from places.queries import state_of
from tests.api_client import come_in, press_in_menu
from tests.conftest import person
from tests.dispatch.browser_sessions import signed_in
from tests.dispatch.test_crew_page import eventually
from tests.scenarios.page_audit import broken_rules

WALL = {"viewport": {"width": 1920, "height": 1080}}
ALL_HERE = """() => {
  const here = new Set(performance.getEntriesByType("resource").map(one => one.name));
  return [...document.querySelectorAll("link[rel=modulepreload]")].every(one => here.has(one.href));
}"""
MAP_S_OWN = re.compile(r"/vendor/maplibre-gl/|/features/map/(basemap|symbols)\.js$")  # come when a map is drawn
streets = (f"Jl. Percobaan {number}" for number in itertools.count(1))


@pytest.fixture
def errors(page):
    """The errors of the browser: of scripts, of the content security policy, of what can't be fetched."""
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if is_complaint(message) else None)
    return errors


def is_complaint(message):
    """Chromium without a graphics card reports that it is slow: no fault of the page."""
    return message.type in {"error", "warning"} and "GL Driver Message" not in message.text


def sign_in(page, web, username="supervisor"):
    come_in(page.context, web, username)
    page.goto(web.url + "/board/")


def fire(text="Pasar Anom, Kolor", kind="F01"):
    incident, _ = open_incident(
        actor=person("dispatcher").at_desk("D1"), location=Location(text=text, lat=-7.01, lng=113.86), type=kind
    )
    return incident


def row_of(page, incident):
    return page.locator(f"#incident-{incident.id}")


def test_an_incident_appears_gets_its_unit_and_the_page_breaks_no_rule(page, web, errors):
    sign_in(page, web)
    expect(page.locator("#live")).to_have_class("live")
    incident = fire()
    row = page.locator("#incidents tr", has_text=incident.location_text)
    expect(row).to_contain_text("Pasar Anom, Kolor")
    expect(row.locator(".need")).to_have_text(["2 mobil pemadam", "1 ambulans"])
    assign_unit(actor=person("dispatcher").at_desk("D1"), incident=incident.id, unit="DMK1")
    expect(row.locator(".unit")).to_have_text(re.compile("DMK1"))
    expect(row.locator(".need")).to_have_text(["1 mobil pemadam", "1 ambulans"])
    expect(page.locator("#units .unit.sent")).to_contain_text("DMK1")
    press_in_menu(page, "button[name=language][value=en]")
    expect(row).to_contain_text("Dispatched")
    press_in_menu(page, "button[name=language][value=id]")
    expect(row).to_contain_text("Dikirim")
    assert errors == []


def test_rows_keep_their_place_while_one_looks_and_the_order_comes_back(browser, web):
    first, second = fire(next(streets), "F04"), fire(next(streets), "H02")
    with signed_in(browser, web, "supervisor", "/board/", **WALL) as page:
        row_of(page, second).hover()
        urgent = fire(next(streets))
        expect(row_of(page, urgent)).to_have_class(re.compile("added"))
        held = page.locator("#incidents-held")
        expect(held).to_contain_text(f"P1 {urgent.number}")
        expect(held).to_have_class(re.compile("loud"))
        assert page.locator("#incidents .row").last.get_attribute("data-id") == str(urgent.id)
        page.mouse.move(700, 4)
        expect(held).to_be_hidden()
        shown = page.locator("#incidents .row")
        order = [shown.nth(at).get_attribute("data-id") for at in range(shown.count())]
        assert order.index(str(urgent.id)) < order.index(str(first.id)) < order.index(str(second.id))
        # A filter outlives whatever comes in, and Esc in it brings all back.
        page.keyboard.press("Alt+u")
        page.keyboard.type(second.location_text)
        expect(shown).to_have_count(1)
        other = fire(next(streets))
        expect(page.locator("#incidents-line")).to_have_text(re.compile(rf"^1 of {len(order) + 1} open$"))
        page.keyboard.press("Escape")
        expect(row_of(page, other)).to_be_visible()
        assert page.errors == []


@pytest.mark.long
def test_the_keyboard_reaches_the_incidents_and_opens_one(browser, web):
    incident = fire(next(streets))
    with signed_in(browser, web, "supervisor", "/board/", **WALL) as page:
        row_of(page, incident).wait_for()
        stops = 0
        while not page.evaluate("document.querySelector('#incidents').contains(document.activeElement)"):
            page.keyboard.press("Tab")
            stops += 1
            if page.evaluate("document.activeElement.classList.contains('skip')"):
                page.keyboard.press("Enter")
            assert stops <= 5
        page.keyboard.press("Home")
        expect(page.locator("#incidents .row").first).to_have_attribute("aria-selected", "true")
        row_of(page, incident).click()
        page.keyboard.press("o")
        expect(page.locator(".toast").first).to_contain_text(str(incident.number))
        expect(row_of(page, incident)).to_contain_text(person("supervisor").name)
        page.keyboard.press("Alt+z")
        expect(row_of(page, incident)).not_to_contain_text(person("supervisor").name)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/console/?incident={incident.id}")


@pytest.mark.long
def test_two_tabs_share_one_socket_and_show_the_same(context, page, web, errors):
    sign_in(page, web)
    expect(page.locator("#live")).to_have_class("live")
    sockets = []
    second = context.new_page()
    second.on("websocket", lambda socket: sockets.append(socket))  # noqa: PLW0108 - it marks what it is given
    second.goto(web.url + "/board/")
    expect(second.locator("#live")).to_have_class("live")
    incident = fire("Jl. Trunojoyo km 3")
    for tab in (page, second):
        expect(tab.locator("#incidents tr", has_text=incident.location_text)).to_be_visible()
    assert sockets == []
    page.close()
    expect(second.locator("#live")).to_have_class("live")
    other = fire("Pantai Slopeng")
    expect(second.locator("#incidents tr", has_text=other.location_text)).to_be_visible()
    assert len(sockets) == 1
    assert errors == []


def test_a_stale_board_shows_a_banner_and_catches_up_when_the_line_is_back(page, web):
    sign_in(page, web)
    expect(page.locator("#live")).to_have_class("live")
    for process in web.processes:
        os.kill(process.pid, signal.SIGSTOP)  # the server is there and does not answer
    try:
        banner = page.locator("#stale")
        expect(banner).to_contain_text(re.compile("Tidak ada kabar|No news"), timeout=10_000)
        at = banner.bounding_box()
        top = page.evaluate("([x, y]) => document.elementFromPoint(x, y).id", [at["x"] + 20, at["y"] + 4])
        assert top == "stale", "nothing lies over the banner"
    finally:
        for process in web.processes:
            os.kill(process.pid, signal.SIGCONT)
    expect(page.locator("#stale")).to_be_hidden(timeout=30_000)
    incident = fire("Desa Gedungan")
    expect(page.locator("#incidents tr", has_text=incident.location_text)).to_be_visible()


@pytest.mark.long
def test_signing_out_in_one_tab_ends_the_other(context, page, web):
    sign_in(page, web)
    expect(page.locator("#live")).to_have_class("live")
    second = context.new_page()
    second.goto(web.url + "/board/")
    expect(second.locator("#live")).to_have_class("live")
    press_in_menu(second, "form[action='/sign-out/'] button")
    page.locator("[name=login]").wait_for()  # whichever comes first, the form's answer or the feed's end


@pytest.mark.long
def test_modules_and_the_first_board_are_asked_for_with_the_page_and_once(browser, web):
    incident = fire(next(streets))
    with signed_in(browser, web, "supervisor", "/board/", **WALL) as page:
        for name in ("map", "console", "units"):
            page.goto(f"{web.url}/{name}/")
            page.locator("main [data-feed]:not([aria-busy])").wait_for(timeout=60_000)
            preloaded = page.evaluate("[...document.querySelectorAll('link[rel=modulepreload]')].map(one => one.href)")
            page.wait_for_function(ALL_HERE)
            asked = page.evaluate("performance.getEntriesByType('resource').map(one => [one.name, one.initiatorType])")
            loaded = [address for address, _ in asked if address.endswith(".js") and not MAP_S_OWN.search(address)]
            assert len(preloaded) > 30
            own = {f"{web.url}/static/js/{path}.js" for path in (f"pages/{name}", "pages/first-steps")}
            assert set(loaded) == {*preloaded, *own}
            assert len(loaded) == len(set(loaded))
            boards = [how for address, how in asked if address.endswith("/api/v1/board")]
            assert boards == ["fetch" if name == "units" else "link"]
            if name != "units":
                row_of(page, incident).wait_for()
        assert page.errors == []


@pytest.mark.long
def test_a_single_change_is_published_at_once_and_a_rush_ten_times_a_second(page, web):
    page.goto(web.url + "/sign-in/")
    first, notified_at, last = page.evaluate(
        """async () => {
          const { Store } = await import("/static/js/core/store.js");
          const store = new Store();
          const changes = [];
          store.subscribe(() => changes.push([performance.now(), store.seq]));
          const take = (seq) => store.take({ type: "batch", seq, now: {} });
          const begun = performance.now();
          take(1);
          for (let seq = 2; performance.now() - begun < 1000; seq++) {
            await new Promise((resolve) => setTimeout(resolve, 2));
            take(seq);
          }
          const { seq } = store;
          while (changes.at(-1)[1] !== seq) await new Promise((resolve) => setTimeout(resolve, 10));
          return [changes[0][1], changes.map(([at]) => at), changes.at(-1)[1] === seq];
        }"""
    )
    assert first < 100  # not after all the others
    assert 2 <= len(notified_at) <= 13
    assert all(after - before > 90 for before, after in itertools.pairwise(notified_at[1:]))
    assert last


@pytest.mark.long
def test_a_supervisor_sees_which_warnings_wait_and_settles_them_with_one_key(browser, web):
    def propose(text):
        review_on = core_clock.now().date() + timedelta(days=30)
        words = {"kind": "danger", "lat": -7.0099, "lng": 113.8769, "text": text, "review_on": review_on}
        return propose_warning(actor=person("dispatcher").at_desk("D1"), **words)[0]

    def state(warning):
        return state_of(PlaceWarning.objects.get(pk=warning.pk))

    with signed_in(browser, web, "supervisor", "/board/", **WALL) as page:
        badge = page.locator("#warnings-top")
        expect(badge).to_be_hidden()
        dog, acid = propose("a dog behind the gate"), propose("acid in the shed")
        expect(badge).to_contain_text("2")  # by the feed, by itself
        page.keyboard.press("Alt+R")
        shown = page.locator(".warning-bar [aria-selected=true]")
        expect(shown).to_contain_text("acid in the shed")
        expect(shown).to_contain_text(person("dispatcher").name)
        expect(shown).to_contain_text("Kota Sumenep")
        assert broken_rules(page) == []
        page.keyboard.press("a")
        expect(badge).to_contain_text("1")
        assert state(acid) == "proposed"  # five seconds to think again
        page.keyboard.press("Alt+Z")
        expect(badge).to_contain_text("2")
        page.keyboard.press("a")
        page.keyboard.press("e")  # the next act sends the one before
        expect(badge).to_be_hidden()
        assert eventually(lambda: sorted(state(one) for one in (dog, acid)) == ["ended", "holds"])


@pytest.mark.long
def test_an_agency_s_board_shows_its_own_alone(page, web):
    incident = fire("Batuan")
    sign_in(page, web, username="damkar")
    expect(page.locator("#live")).to_have_class("live")
    expect(page.locator("#incidents tr", has_text=incident.location_text)).to_be_visible()
    expect(page.locator("#units h3")).to_have_text(["DAMKAR"])
    expect(page.locator("#tiles")).not_to_contain_text("Dijawab dalam 10 dtk")
    expect(page.locator("#calls")).to_have_count(0)
    # A desk has no console: Enter shows the incident and what was done.
    row_of(page, incident).click()
    page.keyboard.press("Enter")
    expect(page.locator("dialog#details .timeline li").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog#details")).to_be_hidden()


@pytest.mark.long
def test_an_alarm_without_an_incident_shows_its_rule_once(browser, web):
    with events.transaction():
        raise_trouble(SystemFault("timer.failed", "timer:of-the-test", core_clock.now(), standing=True, figures={}))
    try:
        with signed_in(browser, web, "supervisor", "/board/", **WALL) as page:
            head = page.locator(".alarm-group .alarm-head", has=page.locator(".plain"))
            name = head.locator("h3").inner_text()
            assert head.inner_text().count(name) == 1
    finally:
        Alarm.objects.filter(subject="timer:of-the-test").delete()


@pytest.mark.long
def test_an_alarm_is_heard_seen_and_acknowledged(browser, web, clock):
    with signed_in(browser, web, "supervisor", "/board/", **WALL) as page:
        sound = page.locator("#sound")
        expect(sound).to_contain_text("Sound waits for a key")
        page.keyboard.press("Alt+y")
        expect(sound).to_contain_text("Sound on")
        urgent = fire(next(streets))
        expect(page.locator("#signal")).to_have_text(f"New P1: {urgent.number}")
        clock.advance(61)
        fire_due(registry)
        group = page.locator(f"#alarm-incident-{urgent.id}")
        expect(page.locator("#alarms-top")).to_contain_text("incident")
        group.click()
        expect(group.locator(".alarm-lines p").first).to_contain_text("P1 incident without its units")
        expect(group).to_contain_text("DAMKAR")
        # One digit covers the group, but not the P1 without a unit: that one needs a digit of its own.
        page.keyboard.press("1")
        lines = group.locator(".alarm-lines p")
        expect(lines.filter(has_text=f"acknowledged by {person('supervisor').name}")).to_have_count(lines.count() - 1)
        expect(lines.filter(has_text="P1 incident")).not_to_contain_text("acknowledged")
        page.keyboard.press("2")
        expect(lines.filter(has_text="P1 incident")).to_contain_text("a unit is on its way")
        expect(group).to_have_class(re.compile("known"))
        # One key asks an agency that can do the same, in addition: the first one keeps its task.
        expect(group.locator(".reason", has_text="ask DINKES in addition to PSC119")).to_be_visible()
        page.keyboard.press("t")
        expect(page.locator(".toast", has_text="DINKES asked")).to_contain_text("PSC119 keeps its task")
        expect(group.locator(".reason", has_text="in addition")).to_have_count(0)
        asked = urgent.tasks.filter(agency__code__in=["DINKES", "PSC119"]).values_list("agency__code", "state")
        assert dict(asked) == {"DINKES": "offered", "PSC119": "offered"}
        expect(group).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/console/?incident={urgent.id}")
        page.goto(web.url + "/board/")
        # A browser wants a key first: the page shows that. Muting lasts for this sign-in and leaves ring and emergency.
        expect(sound).to_contain_text("Sound waits for a key")
        # The next press counts, also where the page has not come to what follows the one before.
        page.evaluate("(real => { setTimeout = (act, wait) => real(act, wait ?? 60_000); })(setTimeout)")
        page.keyboard.press("Shift")
        expect(sound).to_contain_text("Sound on")
        page.keyboard.press("Alt+y")
        expect(sound).not_to_contain_text("Sound on")
        page.reload()
        expect(sound).to_contain_text("Sound waits for a key")
        page.keyboard.press("Shift")
        expect(sound).not_to_contain_text("waits")
        expect(sound).not_to_contain_text("Sound on")
        assert page.errors == []
