"""Steps that tests of the console share: signing in, incidents, the list, what the database comes to hold."""

from __future__ import annotations

import itertools

from playwright.sync_api import expect

from dispatch.actions.incident_state import change_state
from dispatch.actions.incidents import open_incident
from dispatch.domain.location import Location
from dispatch.models import Assignment, Incident
from dispatch.states import ACTIVE
from tests.api_client import come_in
from tests.conftest import person
from tests.dispatch.browser_sessions import PHONE, go_to
from units.actions.flags import end_emergency, raise_emergency

places = (f"Pasar {number}" for number in itertools.count(1))


def sign_in(page, web, username="dispatcher", address="/console/"):
    come_in(page.context, web, username)
    page.goto(web.url + address)
    expect(page.locator("#live")).to_have_class("live")


def incident(kind="F01", by="dispatcher", **more):
    row, _ = open_incident(
        actor=person(by).at_desk("D1"),
        location=Location(text=next(places), lat=-7.01, lng=113.86),
        type=kind,
        **more,
    )
    return row


def row_of(page, row):
    return page.locator(f"#incident-{row.id}")


def choose(page, row):
    """Go to an incident by the list's keys and open it; what is recommended is shown."""
    go_to(page, row)
    page.keyboard.press("Enter")
    expect(page.locator(".incident-head h2")).to_contain_text(str(row.number))


def active(row):
    return set(Assignment.objects.filter(incident=row, status__in=ACTIVE).values_list("unit__callsign", flat=True))


def eventually(page, ask, wanted, seconds=20):
    for _ in range(seconds * 20):
        if ask() == wanted:
            return
        page.wait_for_timeout(50)
    assert ask() == wanted


def leave_nothing_open():
    for row in Incident.objects.exclude(state__in=("closed", "cancelled", "merged")):
        change_state(actor=person("supervisor"), incident=row.id, state="cancelled", force=True) if (
            row.state not in {"on_scene", "controlled", "resolved"}
        ) else change_state(
            actor=person("supervisor"), incident=row.id, state="closed", disposition="handled", force=True
        )


def two_emergencies_leave_room(page):
    """Two crews in an emergency take a row each on a phone, and the open task keeps more than half of the screen."""
    for unit in ("DMK1", "DMK2"):
        raise_emergency(actor=person("dispatcher"), unit=unit)
    expect(page.locator(".sosbar")).to_have_count(2)
    assert page.locator("#emergencies").bounding_box()["height"] < 130
    assert page.locator(".panel.task").bounding_box()["y"] < PHONE["viewport"]["height"] / 2 - 60
    page.locator(".sosbar", has_text="DMK1").get_by_role("button", name="Stop the sound").tap()
    expect(page.locator(".sosbar")).to_have_count(1)
    page.locator(".sosbar .sos-unit").tap()
    expect(page.locator("#crew-emergency-head")).to_contain_text("DMK2")
    for unit in ("DMK1", "DMK2"):
        end_emergency(actor=person("dispatcher"), unit=unit, spoken_with="Joko")
    expect(page.locator("#crew-emergency")).to_be_hidden()
