"""Every page there is, as everybody who has it opens it: no complaint, no other host, no rule broken, one language."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from calls.actions.calls import open_call
from config.admin import site
from core.clock import now
from directory.actions import put_contact
from dispatch.actions.assignments import assign_unit
from dispatch.actions.incidents import open_incident
from dispatch.domain.location import Location
from places.actions import propose_warning
from tests.api_client import make_secret, press_in_menu
from tests.conftest import person
from tests.dispatch.browser_sessions import DESK, PHONE, signed_in
from tests.scenarios.page_audit import SERIOUS, broken_rules, in_the_other_language, texts_of
from units.actions.flags import raise_emergency
from web.urls import VIEWS

LIVE = {f"/{name}/" for name in VIEWS}
# Forms are alike in every model, and so are histories and ways in: their rules are looked at where they differ.
LOOKED_AT = ("changelist", "change", "password", "revoke", "remove", "end")
FILES = ("export",)  # no page
# Who walks where; among them one page that is refused, one that is not built and one that is not there.
WALKS = {
    "calltaker": ("/console/",),
    "dispatcher": ("/console/", "/map/", "/units/", "/password/", "/admin/", "/wall/", "/nowhere/"),
    "supervisor": ("/", "/board/", "/reports/"),
    "damkar": ("/agency/",),
    "crew": ("/crew/",),
}
# A language is called by its own name wherever it is chosen.
NAMES = frozenset({"English", "Bahasa Indonesia"})
# Lists, forms with a row and tables to take in show data and codes, whose words are nobody's translation.
IN_WORDS = ("admin", "add")


@pytest.fixture(scope="module")
def content(web):
    """Something to see on each page: incidents, a unit sent, an emergency, a call, a warning, a contact, a key."""
    dispatcher, taker = person("dispatcher"), person("calltaker")
    place = Location(text="Pasar Anom, Kolor", lat=-7.0085, lng=113.862)
    first, _ = open_incident(actor=dispatcher.at_desk("D1"), location=place, type="F01")
    open_incident(actor=dispatcher.at_desk("D1"), location=place, type="M12")
    assign_unit(actor=dispatcher.at_desk("D1"), incident=first.id, unit="DMK1")
    open_call(actor=taker.at_desk("T1"), channel="radio")
    review_on = (now() + timedelta(days=90)).date()
    propose_warning(actor=taker.at_desk("T1"), kind="danger", text="LPG", lat=-7.1, lng=113.9, review_on=review_on)
    put_contact(actor=person("admin"), code="PLN", changes={"name": "Piket PLN", "numbers": ["123"]})
    raise_emergency(actor=person("crew"), unit="DMK1")
    make_secret(["board"])


def settings_pages():
    """Every address of the settings, with one row of each model, and whether its rules are looked at."""
    yield reverse("admin:index"), True
    for pages in site._registry.values():
        row = pages.rows_of(person("admin")).order_by("pk").first()
        for url in pages.get_urls():
            kind = url.name.rpartition("_")[2]
            if kind not in FILES:
                words = [row.pk] if url.pattern.converters else []
                yield reverse(f"admin:{url.name}", args=words), kind in LOOKED_AT


class Walk:
    """What was seen on the way and what was wrong."""

    def __init__(self, web):
        self.web, self.wrong, self.status, self.texts = web, [], {}, {"en": {}, "id": {}}
        self.signed_in = True

    def through(self, page, pages):
        """Open pages (address, whether its rules are looked at) in English, then in Indonesian."""
        page.context.on("request", self.ask)
        page.on("response", lambda answer: self.answer(page, answer))
        for language in ("en", "id"):
            page.goto(self.web.url + ("/password/" if self.signed_in else "/sign-in/"))
            if page.locator("#person").count():
                page.locator("#person").click()
            page.locator(f"button[name=language][value={language}]").click()
            expect(page.locator("html")).to_have_attribute("lang", language)
            for address, look in pages:
                worded = not address.startswith("/admin/") or address.rstrip("/").rpartition("/")[2] in IN_WORDS
                if language == "id" and not worded:  # the browser has seen it: only the server may stumble over words
                    if page.request.get(self.web.url + address).status != self.status[address]:
                        self.wrong.append((address, "does not come in Indonesian"))
                    continue
                self.open(page, address)
                if worded:
                    for text in texts_of(page):
                        self.texts[language].setdefault(text, address)
                self.wrong += [(address, error) for error in page.errors if "Failed to load resource" not in error]
                if look and language == "en":
                    impacts = SERIOUS if address.startswith("/admin/") else None
                    self.wrong += [(address, *broken) for broken in broken_rules(page, impacts=impacts)]

    def open(self, page, address):
        page.errors.clear()  # what axe did to the page before: it measures by styles that the policy stops
        self.status[address] = page.goto(self.web.url + address).status
        if address in LIVE:
            page.locator("#live:not(.stale)").wait_for()
            page.locator("main [data-feed]:not([aria-busy])").wait_for()
        if address == "/crew/":
            page.locator(".menu summary").click()

    def ask(self, request):
        if urlsplit(request.url).netloc not in {"", urlsplit(self.web.url).netloc}:
            self.wrong.append((request.frame.url, "asks another host", request.url))

    def answer(self, page, answer):
        if answer.status >= 400 and not answer.request.is_navigation_request():
            self.wrong.append((page.url, answer.status, answer.url))

    def texts_in_the_other_language(self):
        return [
            (language, address, text, right)
            for language, texts in self.texts.items()
            for text, address in texts.items()
            if text not in NAMES and (right := in_the_other_language(text, language))
        ]


def test_no_live_page_is_left_out():
    assert LIVE - {address for addresses in WALKS.values() for address in addresses} == set()


def test_every_page_of_the_work_is_whole_in_both_languages_and_both_themes(browser, web, content):
    walk = Walk(web)
    for name, addresses in WALKS.items():
        with signed_in(browser, web, name, addresses[0], **(PHONE if name == "crew" else DESK)) as page:
            walk.through(page, [(address, True) for address in addresses])
    with signed_in(browser, web, "supervisor", "/board/", **DESK) as page:
        press_in_menu(page, "form[action='/sign-out/'] button")
        page.locator("[name=login]").wait_for()  # whichever comes first, the form's answer or the feed's end
        walk.signed_in = False
        walk.through(page, [("/sign-in/", True)])
    assert walk.wrong == []
    assert walk.texts_in_the_other_language() == []


@pytest.mark.long
@pytest.mark.timeout(600)
def test_every_page_of_the_settings_is_whole_in_both_languages_and_both_themes(browser, web, content):
    walk = Walk(web)
    with signed_in(browser, web, "admin", "/units/", **DESK) as page:
        walk.through(page, list(settings_pages()))
    assert walk.wrong == []
    assert walk.texts_in_the_other_language() == []
