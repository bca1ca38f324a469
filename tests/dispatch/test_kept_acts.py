"""What a page keeps until it is through: two tabs, a torn or foreign answer, a fault that stays, another person."""

from __future__ import annotations

import json
import re
import time

import pytest
from playwright.sync_api import expect

from dispatch.actions.assignments import assign_unit
from dispatch.actions.incidents import open_incident
from dispatch.actions.merging import merge_incident
from dispatch.actions.unit_status import report_status
from dispatch.domain.location import Location
from dispatch.models import Assignment, Note, PeopleAtRisk
from tests.api_client import api_client
from tests.conftest import person
from tests.dispatch.browser_sessions import DESK, PHONE, go_to, press_again, signed_in
from units.models import Unit

MADE = """async (wait) => {
  const here = document.querySelector("script[src*='/js/pages/crew']").src;
  const { Queue } = await import(here.replace("pages/crew", "core/queue"));
  window.outcomes = [];
  window.queue = new Queue({
    name: "probe",
    onDone: (item, answer) => { outcomes.push(["done", item.body.id]); if (answer.trip) throw new Error("tripped"); },
    onRefused: (item, problem) => outcomes.push(["refused", item.body.id, problem.status]),
  });
  queue.wait = wait;
}"""
KEEP = "ids => ids.forEach(id => queue.add({method: 'POST', path: 'probe', body: {id}, label: id})) ?? null"
KEPT = """async () => {
  const here = document.querySelector("script[src*='/js/pages/crew']").src;
  const { readPrivate } = await import(here.replace("pages/crew", "core/private-storage"));
  return JSON.stringify(Object.keys(localStorage).filter((key) => key.includes(":probe:")).map(readPrivate));
}"""


@pytest.fixture
def phone(browser, web):
    with signed_in(browser, web, "crew", "/crew/", **PHONE) as page:
        yield page


def until(page, asked):
    """Wait until an expression is true on the page (whose policy lets the browser's own waiting evaluate nothing)."""
    deadline = time.monotonic() + 30
    while not page.evaluate(asked):
        assert time.monotonic() < deadline, asked
        page.wait_for_timeout(20)


def wait_for(page, held):
    """The request that was held back first, once it is there."""
    eventually(page, lambda: held)
    return held.pop(0)


def probe(context, *answers):
    """Answer the calls of the probe: with these in turn, the last one over and over; returns the ids that came."""
    came = []

    def answer(route):
        came.append(json.loads(route.request.post_data)["id"])
        reply = answers[min(len(came), len(answers)) - 1]
        if reply is None:
            route.abort()
        else:
            content_type = reply[2] if len(reply) > 2 else "application/json"
            route.fulfill(status=reply[0], body=reply[1], content_type=content_type)

    context.unroute("**/api/v1/probe")
    context.route("**/api/v1/probe", answer)
    return came


@pytest.mark.long
def test_two_tabs_of_one_person_neither_lose_nor_repeat_what_the_other_keeps(phone):
    probe(phone.context, None)
    phone.evaluate(MADE, 15_000)
    phone.evaluate(KEEP, ["a1", "a2"])
    other = phone.context.new_page()
    other.goto(phone.url)
    other.evaluate(MADE, 15_000)
    other.evaluate(KEEP, ["b1"])
    until(phone, "queue.again > 0 && queue.sending === null")
    until(other, "queue.again > 0 && queue.sending === null")
    came = probe(phone.context, (200, "{}"))
    assert other.evaluate("queue.items.map(item => item.body.id)") == ["b1"]  # the other's tab lives
    phone.evaluate("queue.flush()")
    assert came == ["a1", "a2"]
    assert '"b1"' in phone.evaluate(KEPT)
    third = phone.context.new_page()
    third.goto(phone.url)
    third.evaluate(MADE, 15_000)
    other.close()
    until(third, "outcomes.length === 1")
    assert came == ["a1", "a2", "b1"]
    assert third.evaluate(KEPT) == "[]"


@pytest.mark.long
def test_an_answer_that_is_not_the_server_s_is_no_answer(phone):
    page = (200, "<html>Please pay for the hotspot</html>", "text/html")
    came = probe(phone.context, page, (503, "<html>busy</html>", "text/html"), (200, "{}"))
    phone.evaluate(MADE, 1)
    phone.evaluate(KEEP, ["a"])
    until(phone, "outcomes.length === 1")
    assert came == ["a", "a", "a"]
    assert phone.evaluate("outcomes") == [["done", "a"]]


@pytest.mark.long
def test_what_trips_the_page_or_the_server_holds_up_nothing(phone):
    probe(phone.context, (201, '{"trip": true}'), (200, "{}"))
    phone.evaluate(MADE, 1)
    phone.evaluate(KEEP, ["a", "b"])
    until(phone, "outcomes.length === 2")
    assert phone.evaluate("outcomes") == [["done", "a"], ["done", "b"]]
    fault = (500, '{"code": "internal_error", "status": 500, "detail": "Tell the administrator."}')
    came = probe(phone.context, *[fault] * 6, (200, "{}"))
    phone.evaluate(MADE, 1)
    phone.evaluate(KEEP, ["a", "b"])
    until(phone, "outcomes.length === 2")
    assert phone.evaluate("outcomes") == [["refused", "a", 500], ["done", "b"]]
    assert came == ["a"] * 6 + ["b"]


@pytest.mark.long
def test_a_page_is_not_live_until_the_board_that_frames_wait_for_is_in(phone):
    held = []
    phone.context.route("**/api/v1/probe", lambda route: held.extend([route]))
    phone.evaluate("""async () => {
      const here = document.querySelector("script[src*='/js/pages/crew']").src;
      const { Feed } = await import(here.replace("pages/crew", "core/feed"));
      const store = { seq: null, board(board) { this.seq = board.seq; }, take(frame) { this.last = frame.type; } };
      window.probed = new Feed({ store, name: "probe", boardAddress: "/api/v1/probe" });
      probed.fetchBoard();
      probed.take(0, { type: "tick" });
    }""")
    assert phone.evaluate("probed.condition") == "connecting"
    wait_for(phone, held).fulfill(json={"seq": 7, "at": "2026-01-01T00:00:00Z"})
    until(phone, "probed.condition === 'live'")
    assert phone.evaluate("[probed.store.seq, probed.store.last]") == [7, "tick"]
    phone.evaluate("probed.heardAt -= 5000; probed.fetchBoard(); probed.take(7, { type: 'tick' })")
    assert phone.evaluate("probed.condition") == "stale"


@pytest.mark.long
def test_a_full_store_loses_nothing_while_the_page_is_open(phone):
    probe(phone.context, (200, "{}"))
    phone.evaluate(MADE, 1)
    phone.evaluate("""() => { for (let size = 4_000_000; size > 0; size = Math.floor(size / 2)) {
      try { while (true) localStorage.setItem(`fill-${size}-${localStorage.length}`, "x".repeat(size)); } catch {}
    } }""")
    phone.evaluate(KEEP, ["a"])
    until(phone, "outcomes.length === 1")
    assert phone.evaluate("outcomes") == [["done", "a"]]


@pytest.mark.long
def test_an_answer_is_heard_before_the_page_is_drawn_without_its_act(phone):
    """Else the event of it in the feed is taken for somebody else's, and overwrites what was changed meanwhile."""
    probe(phone.context, (200, "{}"))
    phone.evaluate(MADE, 1)
    phone.evaluate("() => { queue.onChange = () => outcomes.push(['drawn', queue.items.length]); }")
    phone.evaluate(KEEP, ["a"])
    until(phone, "outcomes.length === 3")
    assert phone.evaluate("outcomes") == [["drawn", 1], ["done", "a"], ["drawn", 0]]


@pytest.mark.long
def test_what_a_page_kept_is_never_done_in_the_name_of_who_signed_in_after(web):
    client = api_client(person("calltaker"))
    other = str(person("dispatcher").user)
    assert client.get("board", **{"X-Sigap-User": str(person("calltaker").user)}).status_code == 200
    refused = client.get("board", **{"X-Sigap-User": other})
    assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in")


@pytest.mark.long
def test_an_act_that_waits_its_five_seconds_goes_out_before_its_crew_signs_out(phone):
    dispatcher = person("dispatcher")
    incident, _ = open_incident(actor=dispatcher.at_desk("D1"), location=Location(text="Kolor 4"), type="F01")
    assign_unit(actor=dispatcher.at_desk("D1"), incident=incident.id, unit="DMK1")
    report_status(actor=dispatcher.at_desk("D1"), unit="DMK1", status="on_scene")
    phone.locator("#go", has_text="Clear, returning").tap()
    expect(phone.locator("#job")).to_contain_text("No job")
    phone.locator(".menu summary").tap()
    phone.get_by_role("button", name="Sign out").tap()
    phone.locator("[name=login]").wait_for()  # whichever comes first, the form's answer or the feed's end
    assert Unit.objects.get(callsign="DMK1").status == "returning"
    assert phone.evaluate("Object.keys(localStorage).filter(key => key.includes('crew'))") == []


def eventually(page, asked):
    deadline = time.monotonic() + 30
    while not asked():
        assert time.monotonic() < deadline
        page.wait_for_timeout(20)


def opened(place):
    where = Location(text=place, lat=-7.01, lng=113.86)
    return open_incident(actor=person("dispatcher").at_desk("D1"), location=where, type="F01")[0]


def test_a_note_whose_answer_is_lost_is_one_note_and_one_that_is_refused_gives_its_words_back(browser, web):
    first, second, kept = (opened(place) for place in ("Pasar Satu", "Pasar Dua", "Pasar Tiga"))
    with signed_in(browser, web, "dispatcher", "/console/", **DESK) as page:
        notes_that_get_lost(page, first, second, kept)


def notes_that_get_lost(page, first, second, kept):
    sent, held = [], []

    def notes(route):
        sent.append(route.request.post_data_json["id"])
        if len(sent) == 1:
            route.fetch()
            route.abort()
        elif len(sent) > 2:
            held.append(route)
        else:
            route.continue_()

    page.route("**/api/v1/incidents/*/notes", notes)
    page.keyboard.press("/")
    page.keyboard.type(f"{first.number} n hidran kering")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts .toast.bad button")).to_be_visible()  # kept, and may be taken back
    eventually(page, lambda: len(sent) == 2)
    assert len(set(sent)) == 1
    eventually(page, lambda: Note.objects.filter(incident=first, text="hidran kering").count() == 1)
    page.keyboard.press("Alt+z")
    eventually(page, lambda: Note.objects.filter(incident=first, struck_at__isnull=False).exists())

    def refused(row):
        """The incident goes into another one while the note to it is under way."""
        eventually(page, lambda: held)
        merge_incident(actor=person("supervisor"), incident=row.id, into=kept.id)
        held.pop().continue_()

    line = f"{first.number} n air habis"
    page.locator("#command-field").fill(line)
    page.keyboard.press("Enter")
    refused(first)
    expect(page.locator("#command-field")).to_have_value(line)
    page.locator("#command-field").fill("")
    go_to(page, second)
    page.keyboard.press("n")
    page.keyboard.type("pagar terkunci")
    page.keyboard.press("Enter")
    refused(second)
    expect(page.locator("#ask-field")).to_have_value("pagar terkunci")
    expect(page.locator("#toasts .toast.bad").last).to_be_visible()


@pytest.mark.long
def test_a_note_that_is_refused_comes_back_to_its_crew_and_stays_until_it_is_written_anew(phone):
    gone, kept = opened("Pasar Empat"), opened("Pasar Lima")
    assign_unit(actor=person("dispatcher").at_desk("D1"), incident=gone.id, unit="DMK1")
    held = []
    phone.context.route("**/api/v1/incidents/*/notes", lambda route: held.extend([route]), times=1)
    expect(phone.locator("#job")).to_contain_text("Pasar Empat")
    phone.get_by_role("button", name="Note", exact=True).tap()
    phone.locator("#sheet-text").fill("tangga kedua runtuh")
    phone.locator("#sheet .go-small").tap()
    expect(phone.locator("#sheet")).to_be_hidden()
    request = wait_for(phone, held)
    merge_incident(actor=person("supervisor"), incident=gone.id, into=kept.id)
    request.continue_()
    back = phone.locator(".strip.back")
    expect(back).to_contain_text("tangga kedua runtuh")
    phone.reload()
    expect(phone.locator("#job")).to_contain_text("Pasar Lima")
    back.get_by_role("button", name="Write it again").tap()
    expect(phone.locator("#sheet-text")).to_have_value("tangga kedua runtuh")
    phone.locator("#sheet .go-small").tap()
    expect(back).to_have_count(0)
    eventually(phone, lambda: Note.objects.filter(incident=kept, text="tangga kedua runtuh").count() == 1)
    report_status(actor=person("dispatcher").at_desk("D1"), unit="DMK1", status="available_station")


CREATING = re.compile(r"/incidents/[^/]+/(assignments|people-at-risk)$")


@pytest.mark.long
def test_a_sending_that_was_ended_before_it_is_tried_again_is_made_anew(browser, web):
    incident = opened("Pasar Tujuh")
    sent = Assignment.objects.filter(incident=incident, unit__callsign="DMK3")
    with signed_in(browser, web, "dispatcher", "/console/", **DESK) as page:

        def send():
            page.locator("#command-field").fill(f"DMK3 > {incident.number}")
            expect(page.locator("#command-meaning")).to_contain_text("DMK3 Available at station")
            page.keyboard.press("Enter")
            press_again(page)

        page.route(CREATING, lambda route: (route.fetch(), route.abort()), times=1)
        send()
        expect(page.locator("#toasts .toast.bad", has_text="DMK3")).to_be_visible()
        report_status(actor=person("dispatcher").at_desk("D1"), assignment=sent.get().id, status="cancelled")
        send()
        expect(page.locator("#toasts .toast", has_text="DMK3").get_by_role("button")).to_be_visible()
        assert sorted(sent.values_list("status", flat=True)) == ["cancelled", "dispatched"]
    report_status(actor=person("dispatcher").at_desk("D1"), unit="DMK3", status="available_station")


def test_a_request_repeated_for_want_of_an_answer_has_one_effect(browser, web):
    incident = opened("Pasar Enam")
    with signed_in(browser, web, "dispatcher", "/console/", **DESK) as page:
        sent_ids = []

        def lose(route):
            sent_ids.append(route.request.post_data_json["id"])
            if len(sent_ids) < 3:
                route.fetch()
                route.abort()
            else:
                route.continue_()

        page.route(CREATING, lose)
        page.locator("#command-field").fill(f"DMK2 > {incident.number}")
        page.keyboard.press("Enter")
        press_again(page)
        expect(page.locator("#toasts .toast.bad", has_text="DMK2")).to_be_visible()
        # The feed brings what the lost answer held: the line names it, and nothing is sent a second time.
        page.locator("#command-field").fill(f"DMK2 > {incident.number}")
        page.keyboard.press("Enter")
        expect(page.locator("#command-meaning")).to_contain_text(f"DMK2 is on {incident.number} already")
        page.locator("#command-field").fill("")
        assert len(sent_ids) == 1
        go_to(page, incident)
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Add people at risk").click()
        page.locator("#ask-field").fill("3 lantai dua")
        page.keyboard.press("Enter")
        expect(page.locator("#ask-field")).to_have_value("3 lantai dua")
        page.keyboard.press("Enter")
        eventually(page, lambda: len(sent_ids) == 3)
        assert sent_ids[1] == sent_ids[2]
        eventually(page, lambda: PeopleAtRisk.objects.filter(incident=incident).count() == 1)
    report_status(actor=person("dispatcher").at_desk("D1"), unit="DMK2", status="available_station")
