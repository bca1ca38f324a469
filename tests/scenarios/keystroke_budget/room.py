"""A centre whose people sit at their screens: a call that rings, a fire in the list, a room left empty."""

from __future__ import annotations

import contextlib
import itertools
import re
from typing import Any

from playwright.sync_api import Page, expect

from calls.models import Call, Draft
from dispatch.actions.assignments import assign_unit
from dispatch.actions.incident_state import change_state
from dispatch.actions.incidents import open_incident
from dispatch.actions.unit_status import report_status
from dispatch.domain.location import Location
from dispatch.models import Assignment, Incident
from dispatch.states import ACTIVE
from tests.calls.exchange import ringing
from tests.conftest import Clock, person
from tests.dispatch.browser_sessions import DESK, PHONE, leave_no_call_open, signed_in
from units.models import Unit

HERE = {"lat": -7.01, "lng": 113.86}
SEATS = {
    "taker": ("calltaker", "/console/", DESK),
    "dispatcher": ("dispatcher", "/console/", DESK),
    "supervisor": ("supervisor", "/board/", DESK),
    "agency": ("damkar", "/agency/", PHONE),
    "crew": ("crew", "/crew/", PHONE),
}
places = (f"Pasar {number}" for number in itertools.count(1))
callers = (f"+62812309{number:05}" for number in itertools.count(11111, 7))


class Centre:
    """The people at their screens, each signed in when first wanted."""

    def __init__(self, browser: Any, web: Any, clock: Clock, old: Incident) -> None:
        self.browser, self.web, self.clock, self.old = browser, web, clock, old
        self.ends: dict[str, contextlib.ExitStack] = {}
        self.pages: dict[str, Page] = {}

    def at(self, seat: str) -> Page:
        """The page of a seat."""
        if seat not in self.pages:
            name, address, device = SEATS[seat]
            self.ends[seat] = contextlib.ExitStack()
            self.pages[seat] = self.ends[seat].enter_context(signed_in(self.browser, self.web, name, address, **device))
        return self.pages[seat]

    def crash(self, seat: str) -> None:
        """A desk is gone, with all its browser kept."""
        self.pages.pop(seat)
        self.ends.pop(seat).close()

    def leave(self) -> None:
        """Everybody goes home."""
        for seat in list(self.pages):
            self.crash(seat)

    def tidy(self) -> None:
        """Nothing is open anywhere, no bar and no filter is left from the job before."""
        empty_the_room()
        for seat, page in self.pages.items():
            page.keyboard.press("Escape")
            page.keyboard.press("Escape")
            if seat == "taker":
                drop_forms(page)
            if seat == "dispatcher":
                page.locator("#incidents-filter").fill("")
                expect(page.locator(".row.incident")).to_have_count(0)

    def ring(self, **more: Any) -> Call:
        """A call rings at the call-taker's desk, the only one."""
        page = self.at("taker")
        expect(page.locator("#calls .q")).to_have_count(0)
        call = ringing(**{"caller": next(callers)} | more)
        expect(page.locator("#calls-line")).to_have_text(re.compile("^1 waiting"))
        return call

    def talk(self, **more: Any) -> Call:
        """The call-taker has taken a call, with the focus in the field for the place."""
        call, page = self.ring(**more), self.at("taker")
        page.keyboard.press("F2")
        expect(page).to_have_url(re.compile(str(call.id)))
        expect(page.locator("#where")).to_be_focused()
        return call

    def fire(self, kind: str = "F01", units: tuple[str, ...] = (), *, focus: bool = True) -> Incident:
        """An incident, chosen in the dispatcher's list."""
        row = incident(kind, units)
        if focus:
            page = self.at("dispatcher")
            expect(page.locator(f"#incident-{row.id}")).to_be_visible()
            page.keyboard.press("Alt+i")
            page.locator(f"#incident-{row.id}").click()
            page.keyboard.press("Alt+i")
            expect(page.locator(".incident-head h2")).to_contain_text(str(row.number))
            for unit in units:
                expect(page.locator(".units-here")).to_contain_text(unit)
        return row


FORGET_DRAFTS = """() => Object.keys(localStorage).filter((name) => name.startsWith("sigap-draft"))
  .forEach((name) => localStorage.removeItem(name))"""


def drop_forms(page: Page) -> None:
    """Forget the forms that stay because something in them was not sent, here and on the server."""
    Draft.objects.all().delete()
    if page.locator("#calls .q").count():
        console = page.url.partition("?")[0]
        page.goto(console.replace("/console/", "/units/"))
        page.evaluate(FORGET_DRAFTS)
        page.goto(console)
        page.locator("#live:not(.stale)").wait_for()
        expect(page.locator("#calls .q")).to_have_count(0)


def incident(kind: str = "F01", units: tuple[str, ...] = (), **more: Any) -> Incident:
    dispatcher = person("dispatcher")
    location = Location(text=next(places), **HERE)
    row, _ = open_incident(actor=dispatcher.at_desk("D1"), location=location, type=kind, **more)
    for unit in units:
        assign_unit(actor=dispatcher.at_desk("D1"), incident=row.id, unit=unit)
    return row


def active(row: Incident) -> set[str]:
    return set(Assignment.objects.filter(incident=row, status__in=ACTIVE).values_list("unit__callsign", flat=True))


def empty_the_room() -> None:
    """No call and no incident is open, and every unit is home."""
    leave_no_call_open()
    supervisor = person("supervisor")
    for row in Incident.objects.exclude(state__in=("closed", "cancelled", "merged")):
        ended = (
            {"state": "closed", "disposition": "handled"}
            if row.state in ("on_scene", "controlled", "resolved")
            else {"state": "cancelled"}
        )
        change_state(actor=supervisor, incident=row.id, force=True, **ended)
    for unit in Unit.objects.filter(status="available_mobile"):
        report_status(actor=supervisor, unit=unit.callsign, status="available_station")
