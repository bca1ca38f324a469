"""The crew's phone: one job from the sound to the way home, dangers before setting out, offline, an emergency held."""

from __future__ import annotations

import os
import re
import signal
import threading
import time

import httpx
import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.actions import choose_language, sign_on_unit
from accounts.models import User
from calls.actions.calls import open_call
from dispatch.actions.assignments import assign_unit
from dispatch.actions.incidents import open_incident
from dispatch.actions.unit_status import report_status
from dispatch.domain.location import Location
from dispatch.models import Assignment, Note
from dispatch.queries.assignments import active_assignment
from tests.api_client import api_client, come_in
from tests.conftest import person
from tests.dispatch.browser_sessions import HERE, PHONE, signed_in, too_small
from tests.scenarios.page_audit import broken_rules
from units.actions.flags import end_emergency
from units.models import Position, Unit

HOLD_MS = 1500


@pytest.fixture
def phone(browser, web):
    """The crew of DMK1 on its phone, free at its station."""
    if active_assignment(unit().id):
        report_status(actor=person("dispatcher").at_desk("D1"), unit="DMK1", status="available_station")
    if unit().emergency_at:
        end_emergency(actor=person("dispatcher").at_desk("D1"), unit="DMK1", spoken_with="Budi")
    with signed_in(browser, web, "crew", "/crew/", geolocation=HERE, permissions=["geolocation"], **PHONE) as page:
        yield page


def unit():
    return Unit.objects.get(callsign="DMK1")


def job(text="Pasar Anom, Kolor", **words):
    """A fire with a caller, and DMK1 sent to it."""
    dispatcher = person("dispatcher")
    incident, _ = open_incident(
        actor=dispatcher.at_desk("D1"), location=Location(text=text, lat=-7.01, lng=113.86), type="F01", **words
    )
    assignment, _ = assign_unit(actor=dispatcher.at_desk("D1"), incident=incident.id, unit="DMK1")
    return incident, assignment.id


def eventually(ask):
    """What it answers once it is true; the server has the change of the page by then."""
    deadline = time.monotonic() + 30
    while not (found := ask()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def test_a_whole_job_is_one_tap_a_step_and_ends_with_five_seconds_to_take_it_back(phone):
    expect(phone.locator("#job")).to_contain_text("No job")
    call, _ = open_call(actor=person("calltaker").at_desk("C1"), channel="voice", number="+6281230987731")
    incident, assignment = job(narrative="3 stalls burning, someone on the 2nd floor", call=call.id)
    assign_unit(actor=person("dispatcher").at_desk("D1"), incident=incident.id, unit="DMK2")
    screen = phone.locator("#job")
    expect(screen).to_contain_text("Pasar Anom, Kolor")
    expect(screen).to_contain_text("3 stalls burning, someone on the 2nd floor")
    expect(screen.locator(".note .other")).to_contain_text("DMK2")
    expect(screen.locator(".where")).to_contain_text(re.compile(r"1[.,]6 km in a straight line"))
    expect(screen.locator("a[href^='geo:-7.01,113.86']")).to_be_visible()
    expect(screen.locator("a[href='tel:+6281230987731']")).to_be_visible()
    expect(phone.locator(".strip.new")).to_be_visible()
    assert too_small(phone, 56, "#go", "#talk", "#sos", "#more", ".ways a") == {}
    assert phone.errors == []
    assert broken_rules(phone) == []

    for button, state in (("Acknowledge", "acknowledged"), ("En route", "en_route"), ("On scene", "on_scene")):
        phone.locator("#go", has_text=button).tap()
        assert eventually(lambda state=state: unit().status == state)
        phone.wait_for_timeout(750)  # two taps of one glove are one
    row = Assignment.objects.get(pk=assignment)
    assert row.acknowledged_at < row.en_route_at < row.on_scene_at

    phone.get_by_role("button", name="Note").first.tap()
    phone.locator("#sheet textarea").fill("hydrant dry")
    phone.locator("#sheet").get_by_role("button", name="Send").tap()
    expect(screen).to_contain_text("hydrant dry")

    phone.locator("#go", has_text="Clear, returning").tap()
    expect(screen).to_contain_text("No job")
    phone.locator(".toast button").tap()
    expect(screen).to_contain_text("hydrant dry")
    assert unit().status == "on_scene"
    phone.wait_for_timeout(750)
    phone.locator("#go", has_text="Clear, returning").tap()
    phone.locator("#go", has_text="Ready at station").wait_for()
    phone.wait_for_timeout(750)
    phone.locator("#go", has_text="Ready at station").tap()  # the next act sends the one that waits
    assert eventually(lambda: unit().status == "available_station")
    row.refresh_from_db()
    assert row.status == "cleared"
    assert eventually(lambda: Position.objects.filter(unit=unit(), lat=HERE["latitude"]).exists())


@pytest.mark.long
def test_dangers_are_seen_before_the_unit_sets_out(phone):
    text = "Gas bottles behind the stall"
    warning = {"kind": "danger", "lat": -7.01, "lng": 113.86, "text": text, "review_on": "2030-01-01"}
    made = api_client(person("calltaker")).post("places/warnings", warning).json()
    supervisor = api_client(person("supervisor"))
    supervisor.post(f"places/warnings/{made['id']}/approve")
    try:
        _incident, assignment = job("Pasar Anom, blok C")
        expect(phone.locator(".danger")).to_contain_text(text)
        expect(phone.locator("#go")).to_have_text("Seen")
        assert broken_rules(phone) == []
        phone.locator("#go").tap()
        phone.locator("#go", has_text="Acknowledge").tap()
        phone.wait_for_timeout(750)
        phone.locator("#go", has_text="En route").tap()
        assert eventually(lambda: Assignment.objects.get(pk=assignment).en_route_at)
        expect(phone.locator("#job .danger")).to_be_visible()  # still to be read
    finally:
        supervisor.post(f"places/warnings/{made['id']}/end")


def test_what_happens_without_a_network_is_kept_with_its_time_and_goes_out_by_itself(phone):
    incident, assignment = job("Jl. Trunojoyo 5", narrative="smoke over the roof")
    phone.locator("#go", has_text="Acknowledge").tap()
    assert eventually(lambda: unit().status == "acknowledged")
    expect(phone.locator("#job")).to_contain_text("smoke over the roof")
    eventually(lambda: phone.evaluate("caches.open('sigap-crew').then(s => s.keys()).then(k => k.length > 20)"))
    # A page that is loaded anew is online for a moment, whatever the browser was set to: its calls are cut off too.
    phone.context.route("**/api/v1/**", lambda route: route.abort())
    phone.context.set_offline(True)
    phone.wait_for_timeout(750)
    phone.locator("#go", has_text="En route").tap()
    expect(phone.locator(".strip.kept")).to_contain_text("En route")
    phone.reload(wait_until="commit")
    expect(phone.locator("#job")).to_contain_text("smoke over the roof")
    phone.locator("#go", has_text="On scene").tap()
    expect(phone.locator(".strip.kept li")).to_have_count(2)
    phone.get_by_role("button", name="Note").first.tap()
    phone.locator("#sheet textarea").fill("two people out")
    phone.locator("#sheet").get_by_role("button", name="Send").tap()
    phone.wait_for_timeout(1500)
    # What was tried once more as the page closed may have slipped out: the pretended gap ends with the page.
    assert unit().status in {"acknowledged", "en_route"}
    back_at = timezone.now()
    phone.context.unroute("**/api/v1/**")
    phone.context.set_offline(False)
    assert eventually(lambda: Note.objects.filter(incident=incident.id, text="two people out").exists())
    row = Assignment.objects.get(pk=assignment)
    note = Note.objects.get(incident=incident.id, text="two people out")
    assert row.acknowledged_at < row.en_route_at < row.on_scene_at < note.at < back_at < note.recorded_at
    expect(phone.locator(".strip.kept")).to_have_count(0)


@pytest.mark.long
def test_an_emergency_is_held_and_a_short_tap_does_nothing(phone):
    assert unit().emergency_at is None
    phone.locator("#sos").tap()
    expect(phone.locator(".toast")).to_contain_text("one and a half seconds")
    assert unit().emergency_at is None
    phone.locator("#sos").focus()
    phone.keyboard.press("Enter")  # what can't be held asks once more
    phone.locator("#sheet").get_by_role("button", name="Cancel").tap()
    assert unit().emergency_at is None
    box = phone.locator("#sos").bounding_box()
    phone.mouse.move(box["x"] + 40, box["y"] + 20)
    phone.mouse.down()
    expect(phone.locator("#sos")).to_have_text("Keep holding ...")
    phone.evaluate(
        "milliseconds => { const until = performance.now() + milliseconds; while (performance.now() < until); }",
        HOLD_MS,
    )
    phone.mouse.up()  # held long enough on a phone too busy to count: its finger decides
    expect(phone.locator(".strip.sos")).to_contain_text("all boards know")
    assert unit().emergency_at is not None
    phone.locator("#talk").tap()
    expect(phone.locator("#talk")).to_have_attribute("aria-pressed", "true")
    assert eventually(lambda: unit().talk_request_at)


@pytest.mark.long
def test_an_emergency_that_the_feed_shows_is_not_called_unsent_any_more(phone):
    answers = []
    phone.route("**/emergency", lambda route: answers.append((route, route.fetch())))
    phone.locator("#sos").focus()
    phone.keyboard.press("Enter")
    phone.locator("#sheet").get_by_role("button", name="Emergency").tap()
    expect(phone.locator("#strips")).to_contain_text("all boards know")
    expect(phone.locator(".strip.sos")).to_have_count(1)
    while not answers:
        phone.wait_for_timeout(50)
    expect(phone.locator("#withdraw")).to_have_count(0)  # it has no answer yet
    route, answer = answers[0]
    route.fulfill(response=answer)
    expect(phone.locator("#withdraw")).to_be_visible()


@pytest.mark.long
def test_a_job_is_refused_with_a_reason_that_one_tap_picks(phone):
    _incident, assignment = job("Desa Gedungan")
    expect(phone.locator("#job")).to_contain_text("Desa Gedungan")
    phone.locator("#more").tap()
    phone.locator("#sheet").get_by_role("button", name="Refuse the job").tap()
    phone.locator("#sheet").get_by_role("button", name="vehicle broken down").tap()
    expect(phone.locator(".toast")).to_contain_text("goes out in 5 s")
    assert eventually(lambda: Assignment.objects.get(pk=assignment).status == "refused")
    expect(phone.locator("#job")).to_contain_text("No job")


@pytest.mark.long
def test_signing_out_leaves_nothing_of_the_job_behind(phone):
    job("Batuan 12", narrative="a secret of the caller")
    expect(phone.locator("#job")).to_contain_text("a secret of the caller")
    kept = "JSON.stringify(localStorage)"
    assert eventually(lambda: phone.evaluate("caches.has('sigap-crew')"))
    assert eventually(lambda: "sigap-crew-job-" in phone.evaluate(kept))
    phone.locator(".menu summary").tap()
    phone.get_by_role("button", name="Sign out").tap()
    phone.locator("[name=login]").wait_for()  # whichever comes first, the form's answer or the feed's end
    assert "sigap-crew-job-" not in phone.evaluate(kept)
    assert phone.evaluate("caches.has('sigap-crew')") is False
    # A session that ended by itself leaves no job to whoever comes next; what waits to be sent is still its crew's.
    left = ["sigap-crew-job-another", "sigap-queue:crew:1:another"]
    phone.evaluate("keys => keys.forEach(key => localStorage.setItem(key, '[]'))", left)
    phone.reload()
    found = "Object.keys(localStorage).filter(key => key.endsWith('another'))"
    assert eventually(lambda: phone.evaluate(found) == left[1:])


def _answer_and_stop(route, web):
    """Let the request through, then let the web process answer nothing for longer than a crew's page waits."""
    answer = route.fetch()
    pid = web.processes[0].pid
    os.kill(pid, signal.SIGSTOP)
    threading.Timer(6, os.kill, (pid, signal.SIGCONT)).start()
    route.fulfill(response=answer)


@pytest.mark.long
def test_a_crew_signs_on_to_a_unit_of_its_agency_changes_it_and_signs_off(browser, web):
    crew = User.objects.get(username="crew")

    def rides():
        return Unit.objects.filter(id=User.objects.get(pk=crew.pk).unit_id).values_list("callsign", flat=True).first()

    sign_on_unit(actor=person("admin"), user=crew.id, unit=None)
    try:
        choose_language(actor=person("crew"), language="en")
        context = browser.new_context(**PHONE)
        page = context.new_page()
        come_in(context, web, "crew")
        page.goto(f"{web.url}/crew/")
        page.locator("#job h1").wait_for()
        expect(page.locator("#next button")).to_have_count(0)
        expect(page.locator(".ride", has_text="PSC1")).to_have_count(0)
        assert broken_rules(page) == []
        page.get_by_label("Find").fill("dmk2")
        page.locator(".ride").tap()
        expect(page.locator("#unit")).to_contain_text("DMK2")  # the page opens anew as that unit's
        assert rides() == "DMK2"

        page.locator("#more").tap()
        page.get_by_role("button", name="Change unit or sign off").tap()
        page.locator("#sheet .ride", has_text="DMK1").tap()
        expect(page.locator("#unit")).to_contain_text("DMK1")
        assert rides() == "DMK1"

        # The page of the unit before does not come back where the network is slower than the page's patience.
        assert eventually(lambda: page.evaluate("caches.match('/crew/').then(Boolean)"))
        page.route("**/crews/sign-off", lambda route: _answer_and_stop(route, web))
        page.locator("#more").tap()
        page.get_by_role("button", name="Change unit or sign off").tap()
        page.get_by_role("button", name="End of shift: sign off").tap()
        expect(page.locator("#job h1")).to_have_text("You are not signed on to a unit.")
        expect(page.locator(".ride").first).to_contain_text("DMK1")  # the last one first: one tap takes it back
        assert rides() is None
        context.close()
    finally:
        sign_on_unit(actor=person("admin"), user=crew.id, unit=unit().id)


@pytest.mark.long
def test_the_page_can_be_put_among_a_phone_s_apps_by_whoever_asks(web):
    worker = httpx.get(f"{web.url}/crew/sw.js")
    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert "no-store" in worker.headers["Cache-Control"]  # a mended one reaches every phone at once
    manifest = httpx.get(f"{web.url}/crew/manifest.webmanifest").json()
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/crew/", "/crew/", "standalone")
    for icon in manifest["icons"]:
        assert httpx.get(web.url + icon["src"]).status_code == 200
