"""What a page keeps until it is through: two tabs, a torn or foreign answer, a fault that stays, another person."""

from __future__ import annotations

import json
import time

import pytest
from playwright.sync_api import expect

from dispatch.actions.assignments import assign_unit
from dispatch.actions.incidents import open_incident
from dispatch.actions.location import Location
from dispatch.actions.unit_status import report_status
from tests.conftest import person
from tests.dispatch.phones import PHONE, signed_in
from tests.doors import api_client
from tests.servers import live_web
from units.models import Unit

MADE = """async (wait) => {
  const here = document.querySelector("script[src*='/js/pages/crew']").src;
  const { Queue } = await import(here.replace("pages/crew", "queue"));
  window.told = [];
  window.queue = new Queue({
    name: "probe",
    onDone: (errand, answer) => { told.push(["done", errand.body.id]); if (answer.trip) throw new Error("tripped"); },
    onRefused: (errand, problem) => told.push(["refused", errand.body.id, problem.status]),
  });
  queue.wait = wait;
}"""
KEEP = "ids => ids.forEach(id => queue.add({method: 'POST', path: 'probe', body: {id}, label: id})) ?? null"
KEPT = "Object.entries(localStorage).filter(([key]) => key.includes(':probe:')).map(([, list]) => list).join()"


@pytest.fixture(scope="module")
def web(module_database):
    with live_web(module_database) as running:
        yield running


@pytest.fixture
def phone(browser, web):
    with signed_in(browser, web, "crew", "/crew/", **PHONE) as page:
        yield page


def until(page, asked):
    """Wait until an expression is true on the page (whose policy lets the browser's own waiting evaluate nothing)."""
    deadline = time.monotonic() + 15
    while not page.evaluate(asked):
        assert time.monotonic() < deadline, asked
        page.wait_for_timeout(20)


def probe(context, *answers):
    """Answer the calls of the probe: with these in turn, the last one over and over; returns the ids that came."""
    came = []

    def answer(route):
        came.append(json.loads(route.request.post_data)["id"])
        said = answers[min(len(came), len(answers)) - 1]
        if said is None:
            route.abort()
        else:
            route.fulfill(status=said[0], body=said[1], content_type=said[2] if len(said) > 2 else "application/json")

    context.unroute("**/api/v1/probe")
    context.route("**/api/v1/probe", answer)
    return came


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
    assert other.evaluate("queue.errands.map(errand => errand.body.id)") == ["b1"]  # the other's tab lives
    phone.evaluate("queue.flush()")
    assert came == ["a1", "a2"]
    assert '"b1"' in phone.evaluate(KEPT)
    third = phone.context.new_page()
    third.goto(phone.url)
    third.evaluate(MADE, 15_000)
    other.close()
    until(third, "told.length === 1")
    assert came == ["a1", "a2", "b1"]
    assert third.evaluate(KEPT) == ""


def test_an_answer_that_is_not_the_server_s_is_no_answer(phone):
    page = (200, "<html>Please pay for the hotspot</html>", "text/html")
    came = probe(phone.context, page, (503, "<html>busy</html>", "text/html"), (200, "{}"))
    phone.evaluate(MADE, 1)
    phone.evaluate(KEEP, ["a"])
    until(phone, "told.length === 1")
    assert came == ["a", "a", "a"]
    assert phone.evaluate("told") == [["done", "a"]]


def test_what_trips_the_page_or_the_server_holds_up_nothing(phone):
    probe(phone.context, (201, '{"trip": true}'), (200, "{}"))
    phone.evaluate(MADE, 1)
    phone.evaluate(KEEP, ["a", "b"])
    until(phone, "told.length === 2")
    assert phone.evaluate("told") == [["done", "a"], ["done", "b"]]
    fault = (500, '{"code": "internal_error", "status": 500, "detail": "Tell the administrator."}')
    came = probe(phone.context, *[fault] * 6, (200, "{}"))
    phone.evaluate(MADE, 1)
    phone.evaluate(KEEP, ["a", "b"])
    until(phone, "told.length === 2")
    assert phone.evaluate("told") == [["refused", "a", 500], ["done", "b"]]
    assert came == ["a"] * 6 + ["b"]


def test_a_full_store_loses_nothing_while_the_page_is_open(phone):
    probe(phone.context, (200, "{}"))
    phone.evaluate(MADE, 1)
    phone.evaluate("""() => { for (let size = 4_000_000; size > 0; size = Math.floor(size / 2)) {
      try { while (true) localStorage.setItem(`fill-${size}-${localStorage.length}`, "x".repeat(size)); } catch {}
    } }""")
    phone.evaluate(KEEP, ["a"])
    until(phone, "told.length === 1")
    assert phone.evaluate("told") == [["done", "a"]]


def test_what_a_page_kept_is_never_done_in_the_name_of_who_signed_in_after(web):
    client = api_client(person("calltaker"))
    other = str(person("dispatcher").user)
    assert client.get("board", **{"X-Sigap-User": str(person("calltaker").user)}).status_code == 200
    refused = client.get("board", **{"X-Sigap-User": other})
    assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in")


def test_an_act_that_waits_its_five_seconds_goes_out_before_its_crew_signs_out(phone):
    dispatcher = person("dispatcher")
    incident, _ = open_incident(actor=dispatcher, desk="D1", location=Location(text="Kolor 4"), type="F01")
    assign_unit(actor=dispatcher, desk="D1", incident=incident.id, unit="DMK1")
    report_status(actor=dispatcher, desk="D1", unit="DMK1", status="on_scene")
    phone.locator("#go", has_text="Clear, returning").tap()
    expect(phone.locator("#job")).to_contain_text("No job")
    phone.locator(".menu summary").tap()
    phone.get_by_role("button", name="Sign out").tap()
    phone.wait_for_url("**/sign-in/**")
    assert Unit.objects.get(callsign="DMK1").status == "returning"
    assert phone.evaluate("Object.keys(localStorage).filter(key => key.includes('crew'))") == []
