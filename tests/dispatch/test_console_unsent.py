"""What is in a call's form and not yet with the server: nobody's copy goes over it, and it goes nowhere else."""

from __future__ import annotations

import re
import time
import uuid

import pytest
from playwright.sync_api import expect

from calls.actions.call_control import end_call
from calls.drafts import keep_draft
from calls.models import Draft
from dispatch.models import IncidentCall
from tests.conftest import person
from tests.dispatch.browser_sessions import console, take  # noqa: F401 - a fixture


def choose_type(page, code):
    page.locator("#what").fill(code)
    expect(page.locator("#what-list li").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#what")).to_have_value(re.compile(f"^{code} "))


def held(page, address, method):
    """The requests to an address that wait until the test lets them go."""
    waiting = []

    def keep(route):
        if route.request.method == method:
            waiting.append(route)
        else:
            route.continue_()

    page.route(address, keep)
    return waiting


def eventually(asked):
    deadline = time.monotonic() + 30
    while not (found := asked()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def make_keeper(page, key, form):
    """Load the page's module of drafts, and keep `form` by it."""
    page.evaluate(
        """async ({ id, form }) => {
          const here = document.querySelector("script[src*='/js/pages/console']").src;
          window.drafts = await import(here.replace("pages/console", "features/calls/draft-storage"));
          window.form = form;
          window.keeper = new drafts.DraftKeeper({ id, now: () => Date.now(), body: () => window.form, onOther() {} });
        }""",
        {"id": key, "form": form},
    )


@pytest.mark.long
def test_an_enter_that_is_quicker_than_the_search_takes_no_place_of_older_words(console):  # noqa: F811
    take(console)
    console.keyboard.type("bluto")
    expect(console.locator("#where-list li").first).to_be_visible()
    waiting = held(console, re.compile(r"/places\?q="), "GET")
    console.keyboard.type(" pasar")
    console.keyboard.press("Enter")
    expect(console.locator("#where")).to_be_focused()
    expect(console.locator("#where")).to_have_value("bluto pasar")
    assert eventually(lambda: console.wait_for_timeout(20) or waiting)


@pytest.mark.long
def test_words_that_never_reached_the_server_stand_beside_what_another_desk_wrote(console):  # noqa: F811
    call = take(console)
    console.route("**/api/v1/drafts/**", lambda route: route.abort())
    console.locator("#said").fill("rumah pagar hijau")
    expect(console.locator(".kept")).to_contain_text("No connection")
    other = {"place": {"text": "Pasar Lenteng", "said": "", "spot": None, "verified": False}, "words": "lain"}
    keep_draft(actor=person("calltaker").at_desk("CT2"), key=call.id, version=0, body=other)
    console.unroute("**/api/v1/drafts/**")
    console.reload()
    expect(console.locator("#where")).to_have_value("Pasar Lenteng")
    expect(console.locator("#said")).to_have_value("rumah pagar hijau")
    expect(console.locator("#theirs")).to_contain_text(re.compile(r"CT2 typed:\s+lain"))
    assert eventually(lambda: Draft.objects.get(pk=call.id).body["words"] == "rumah pagar hijau")
    console.keyboard.press("Alt+m")
    expect(console.locator("#said")).to_have_value("rumah pagar hijau · lain")
    expect(console.locator("#theirs")).to_have_count(0)


def test_two_desks_that_type_in_one_call_see_each_other_s_words_and_lose_none(console):  # noqa: F811
    call = take(console)
    console.locator("#said").fill("rumah pagar hijau")
    assert eventually(lambda: Draft.objects.filter(pk=call.id, version__gt=0).exists())
    other = {"place": {"text": "Pasar Lenteng", "said": "", "spot": None, "verified": False}, "words": "pintu belakang"}
    version = Draft.objects.get(pk=call.id).version
    keep_draft(actor=person("calltaker").at_desk("CT2"), key=call.id, version=version, body=other)
    console.locator("#said").press("End")
    console.keyboard.type(" muda")
    expect(console.locator("#theirs")).to_contain_text("pintu belakang")
    expect(console.locator("#where")).to_have_value("Pasar Lenteng")

    def kept():
        body = Draft.objects.get(pk=call.id).body
        return body["words"], (body.get("theirs") or {}).get("said")

    assert eventually(lambda: kept() == ("rumah pagar hijau muda", ["pintu belakang"]))
    console.keyboard.press("Alt+m")
    assert eventually(lambda: kept() == ("rumah pagar hijau muda · pintu belakang", None))


@pytest.mark.long
def test_what_another_desk_wrote_of_one_call_never_comes_into_the_form_of_the_next(console):  # noqa: F811
    first = take(console)
    waiting = held(console, f"**/api/v1/drafts/{first.id}", "PUT")
    console.locator("#said").fill("asap tebal")
    assert eventually(lambda: console.wait_for_timeout(20) or waiting)
    other = {"place": {"text": "Pasar Lenteng", "said": "", "spot": None, "verified": False}}
    keep_draft(actor=person("calltaker").at_desk("CT2"), key=first.id, version=0, body=other)
    end_call(actor=person("calltaker"), call=first.id)
    take(console)
    with console.expect_response(lambda answer: answer.status == 409):
        waiting[0].continue_()
    console.wait_for_timeout(200)
    expect(console.locator("#where")).to_have_value("")
    expect(console.locator("#said")).to_have_value("")


@pytest.mark.long
def test_what_is_changed_while_the_incident_is_on_its_way_is_not_taken_back_by_its_answer(console):  # noqa: F811
    call = take(console)
    console.keyboard.type("Jl. Trunojoyo no. 5")
    choose_type(console, "F01")
    waiting = held(console, "**/api/v1/incidents", "POST")
    console.keyboard.press("Control+Enter")
    assert eventually(lambda: console.wait_for_timeout(20) or waiting)
    choose_type(console, "M01")
    waiting[0].continue_()
    expect(console.locator(".strip")).to_contain_text(re.compile(r"as\s*\d"))
    expect(console.locator("#what")).to_have_value(re.compile("^M01"))
    console.keyboard.press("Control+Enter")
    assert eventually(lambda: IncidentCall.objects.get(call=call).incident.type_id == "M01")


@pytest.mark.long
def test_what_is_typed_last_into_a_form_that_is_closed_reaches_the_server(console):  # noqa: F811
    """The draft before it is still under way then, and by the time of its answer another form is open."""
    make_keeper(console, key := str(uuid.uuid4()), {"words": "api"})
    puts = held(console, f"**/api/v1/drafts/{key}", "PUT")
    console.evaluate("keeper.touch()")
    assert eventually(lambda: console.wait_for_timeout(20) or puts)
    console.evaluate("form.words = 'api besar'; keeper.touch(); keeper.stop(); form = { words: 'of the next call' }")
    puts.pop().continue_()
    assert eventually(lambda: console.wait_for_timeout(20) or puts)
    puts.pop().continue_()
    assert eventually(lambda: Draft.objects.filter(pk=key, body={"words": "api besar"}).exists())


@pytest.mark.long
def test_a_form_that_was_dropped_while_the_list_of_drafts_was_on_its_way_does_not_come_back(console):  # noqa: F811
    keys = [str(uuid.uuid4()) for _ in range(2)]
    for key in keys:
        body = {"place": {"text": "Pasar Lenteng", "said": "", "spot": None, "verified": False}, "words": ""}
        keep_draft(actor=person("calltaker"), key=key, version=0, body=body)
    make_keeper(console, keys[0], {})
    waiting = []
    console.route("**/api/v1/drafts", lambda route: waiting.append((route, route.fetch())))
    console.evaluate("void (window.restored = drafts.restoreDrafts())")
    assert eventually(lambda: console.wait_for_timeout(20) or waiting)
    console.evaluate("keeper.drop()")
    ((route, answer),) = waiting
    route.fulfill(response=answer)
    console.evaluate("restored")
    assert [console.evaluate("key => drafts.keptHere(key) !== null", key) for key in keys] == [False, True]
