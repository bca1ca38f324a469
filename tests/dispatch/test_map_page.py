"""The map in a real browser: what is on it stands in words beside it, a click selects, without WebGL a message."""

from __future__ import annotations

import itertools
import os
import re
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from playwright.sync_api import expect

from accounts.models import User
from dispatch.actions.incidents import open_incident
from dispatch.domain.location import Location
from tests.conftest import person
from tests.dispatch.browser_sessions import press_again, signed_in, take
from tests.dispatch.test_console_place import asks_for

DESK = {"viewport": {"width": 1366, "height": 768}}
SOFTWARE = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
streets = (f"Jl. Peta {number}" for number in itertools.count(1))


@contextmanager
def chromium(playwright, *args):
    """A browser with WebGL by software, or without any."""
    browser = playwright.chromium.launch(
        executable_path=os.environ["SIGAP_CHROMIUM"], chromium_sandbox=os.geteuid() != 0, args=list(args)
    )
    try:
        yield browser
    finally:
        browser.close()


def incident(kind, lat=None, lng=None):
    row, _ = open_incident(
        actor=person("dispatcher").at_desk("D1"), location=Location(text=next(streets), lat=lat, lng=lng), type=kind
    )
    return row


def row_of(page, row):
    return page.locator(f"#incident-{row.id}")


def test_the_map_shows_what_the_list_shows_and_a_click_selects(playwright, web):
    fire, wasps = incident("F01", -7.01, 113.86), incident("H02", -6.95, 113.75)
    nowhere = incident("H02")
    with (
        chromium(playwright, *SOFTWARE) as browser,
        signed_in(browser, web, "supervisor", "/map/", **DESK) as page,
    ):
        canvas = page.locator("#map canvas")
        expect(canvas).to_have_attribute("aria-label", re.compile(r"^Map: incidents 2,"), timeout=30_000)
        expect(row_of(page, nowhere)).to_contain_text("no point on the map")
        # Drawn by the processor it rests between its drawings, and shows its time.
        expect(page.locator(".map-age")).to_have_text(re.compile(r"^No graphics card: the map is of \d\d:\d\d:\d\d\."))
        # To the fire, which is then the middle of the map; a click there selects it again.
        row_of(page, fire).click()
        page.wait_for_timeout(1500)
        row_of(page, nowhere).click()
        expect(row_of(page, fire)).to_have_attribute("aria-selected", "false")
        canvas.click()
        expect(row_of(page, fire)).to_have_attribute("aria-selected", "true")
        # The same with keys: the map's own, then Enter for its middle.
        row_of(page, nowhere).click()
        canvas.focus()
        page.keyboard.press("Enter")
        expect(row_of(page, fire)).to_have_attribute("aria-selected", "true")
        page.locator("#filters .toggle").first.click()
        expect(row_of(page, fire)).to_have_count(0)
        expect(row_of(page, wasps)).to_be_visible()
        expect(canvas).to_have_attribute("aria-label", re.compile(r"^Map: incidents 1,"))
        page.select_option("#filter-agency", "DAMKAR")
        assert set(page.locator("#units .row small").all_text_contents()).pop().startswith("DAMKAR")
        assert page.errors == []


@pytest.mark.long
def test_a_browser_without_webgl_gets_a_message_and_keeps_the_lists(playwright, web):
    row = incident("F01", -7.02, 113.87)
    with (
        chromium(playwright, "--disable-3d-apis") as browser,
        signed_in(browser, web, "supervisor", "/map/", **DESK) as page,
    ):
        expect(page.locator("#map")).to_contain_text("WebGL is off")
        expect(row_of(page, row)).to_be_visible()
        # The library didn't come for nothing.
        assert (
            page.evaluate(
                "performance.getEntriesByType('resource').filter(one => one.name.includes('maplibre')).length"
            )
            == 0
        )
        assert page.errors == []


@pytest.mark.django_db
def test_street_tiles_are_read_in_pieces_by_whoever_has_a_board(settings, tmp_path):
    archive = tmp_path / "streets.pmtiles"
    archive.write_bytes(bytes(range(256)) * 4)
    settings.MAP_PMTILES = str(archive)

    def piece(username, wanted):
        client = Client()
        if username:
            client.force_login(User.objects.get(username=username))
        return client.get("/map/tiles.pmtiles", headers={"Range": wanted} if wanted else {})

    answer = piece("crew", "bytes=250-259")
    assert (answer.status_code, answer.content) == (206, bytes([250, 251, 252, 253, 254, 255, 0, 1, 2, 3]))
    assert answer.headers["Content-Range"] == "bytes 250-259/1024"
    assert piece("crew", "bytes=1020-9999").content == bytes([252, 253, 254, 255])
    for wanted in ("bytes=1024-1030", "bytes=9-3", "bytes=-5", "lines=1-2", None):
        assert piece("crew", wanted).status_code == 416
    assert piece("admin", "bytes=0-9").status_code == 403
    assert piece(None, "bytes=0-9").status_code == 302
    settings.MAP_PMTILES = ""
    assert piece("crew", "bytes=0-9").status_code == 404


@pytest.mark.long
def test_an_agency_s_map_has_its_own_units_alone(playwright, web):
    with (
        chromium(playwright, "--disable-3d-apis") as browser,
        signed_in(browser, web, "damkar", "/map/", **DESK) as page,
    ):
        expect(page.locator("#units .row").first).to_contain_text("DAMKAR")
        assert all("DAMKAR" in text for text in page.locator("#units .row small").all_text_contents())


def middle_of_the_map(page):
    """Where the map looks, in tenths of a degree, as the search for a place sends it."""
    page.locator("#where").focus()
    page.keyboard.press("Control+a")
    with page.expect_request(lambda request: asks_for(request.url, "arjasa")) as asked:
        page.keyboard.type("arjasa")
    expect(page.locator("#where-list li").first).to_contain_text("Arjasa")
    lat, lng = parse_qs(urlsplit(asked.value.url).query)["map"][0].split(",")
    return round(float(lat), 1), round(float(lng), 1)


@pytest.mark.long
def test_the_map_of_the_last_call_does_not_say_where_the_next_caller_is(playwright, web):
    with (
        chromium(playwright, *SOFTWARE) as browser,
        signed_in(browser, web, "calltaker", "/console/", **DESK) as page,
    ):
        take(page)
        expect(page.locator("#map")).not_to_have_attribute("aria-busy", "true", timeout=60_000)
        where = page.locator("#where")
        whole = middle_of_the_map(page)
        page.keyboard.press("Enter")
        expect(page.locator("#where-list li").first).to_contain_text("On another island, Pulau Kangean")
        press_again(page)
        expect(where).to_have_value("Arjasa")
        for _ in range(50):  # until the map has arrived at the place
            if middle_of_the_map(page) != whole:
                break
        assert middle_of_the_map(page) != whole
        page.keyboard.press("Alt+x")
        expect(page.locator(".call-head")).to_contain_text("wrap-up")
        page.keyboard.press("F8")
        expect(page.locator("#bar")).to_be_visible()
        page.keyboard.press("t")
        expect(page.locator("#calls .q")).to_have_count(0)
        take(page)
        assert middle_of_the_map(page) == whole
