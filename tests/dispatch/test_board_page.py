"""The board in a real browser: what it shows, that it moves, that it says when it is old, that it breaks no rule."""

from __future__ import annotations

import re
import signal

import pytest
from playwright.sync_api import expect

from dispatch.actions.assignments import assign_unit
from dispatch.actions.incidents import open_incident
from dispatch.actions.location import Location
from tests.conftest import person
from tests.servers import live_web


@pytest.fixture(scope="module")
def web(module_database):
    with live_web(module_database) as running:
        yield running


@pytest.fixture
def said(page):
    """What the browser complains of: errors of scripts, of the content security policy, of what can't be fetched."""
    said = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    return said


def sign_in(page, web, username="supervisor"):
    page.goto(web.url + "/sign-in/?next=/board/")
    page.fill("[name=login]", username)
    page.fill("[name=password]", "sigap-demo")
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/board/")


def fire(text="Pasar Anom, Kolor"):
    incident, _ = open_incident(
        actor=person("dispatcher"), desk="D1", location=Location(text=text, lat=-7.01, lng=113.86), type="F01"
    )
    return incident


def test_an_incident_appears_gets_its_unit_and_the_page_breaks_no_rule(page, web, said):
    sign_in(page, web)
    expect(page.locator("#live")).to_have_class("live")
    incident = fire()
    row = page.locator("#incidents tr", has_text=incident.location_text)
    expect(row).to_contain_text("Pasar Anom, Kolor")
    expect(row).to_have_class(re.compile("loud"))
    assign_unit(actor=person("dispatcher"), desk="D1", incident=incident.id, unit="DMK1")
    expect(row.locator(".unit")).to_have_text(re.compile("DMK1"))
    expect(row).not_to_have_class(re.compile("loud"))
    expect(page.locator("#units .unit.sent")).to_contain_text("DMK1")
    page.get_by_role("button", name="EN English").click()
    expect(row).to_contain_text("Dispatched")
    page.get_by_role("button", name="ID Bahasa Indonesia").click()
    expect(row).to_contain_text("Dikirim")
    assert said == []


def test_two_tabs_share_one_socket_and_show_the_same(context, page, web, said):
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
    assert said == []


def test_a_stale_board_says_so_loudly_and_catches_up_when_the_line_is_back(page, web):
    sign_in(page, web)
    expect(page.locator("#live")).to_have_class("live")
    for process in web.processes:
        process.send_signal(signal.SIGSTOP)  # the server is there and says nothing
    try:
        expect(page.locator("#stale")).to_contain_text("Tidak ada kabar", timeout=10_000)
    finally:
        for process in web.processes:
            process.send_signal(signal.SIGCONT)
    expect(page.locator("#stale")).to_be_hidden(timeout=30_000)
    incident = fire("Desa Gedungan")
    expect(page.locator("#incidents tr", has_text=incident.location_text)).to_be_visible()


def test_signing_out_in_one_tab_ends_the_other(context, page, web):
    sign_in(page, web)
    expect(page.locator("#live")).to_have_class("live")
    second = context.new_page()
    second.goto(web.url + "/board/")
    expect(second.locator("#live")).to_have_class("live")
    second.locator("form[action='/sign-out/'] button").click()
    page.wait_for_url("**/sign-in/**")


def test_an_agency_s_board_shows_its_own_alone(page, web):
    incident = fire("Batuan")
    sign_in(page, web, username="damkar")
    expect(page.locator("#live")).to_have_class("live")
    expect(page.locator("#incidents tr", has_text=incident.location_text)).to_be_visible()
    expect(page.locator("#units h3")).to_have_text(["DAMKAR"])
    expect(page.locator("#tiles")).not_to_contain_text("Dijawab dalam 10 dtk")
