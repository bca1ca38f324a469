"""A newcomer's first calls and first steps: on a training site only, as an exchange would, kept for the person."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from accounts.actions import choose_language
from accounts.first_steps import STEPS
from accounts.models import User
from accounts.roles import Role
from calls.models import Call
from calls.states import CallState
from config.first_calls import GIVES_UP_AFTER, KINDS
from core.models import Event
from dispatch.actions.incidents import open_incident
from dispatch.domain.location import Location
from tests.accounts.test_pages import signed_in
from tests.conftest import person
from web.keys import keys_of

pytestmark = pytest.mark.django_db


# The screen on which each role begins; a person without one works on plain pages.
SCREENS = {
    Role.CALL_TAKER: "console",
    Role.DISPATCHER: "console",
    Role.SUPERVISOR: "board",
    Role.AGENCY_DESK: "agency",
    Role.AUDITOR: "board",
}
OF_THE_BROWSER = {"Ctrl+P"}


def ring(client: Client, kind: str):
    return client.post("/training/ring/", {"kind": kind})


def test_each_kind_of_call_rings_as_an_exchanges_would_with_the_callers_words(dispatcher, clock):
    client = signed_in("calltaker")
    assert ring(client, "duplicate").status_code == 409, "there is nothing to report twice yet"
    open_incident(actor=dispatcher.at_desk("D1"), location=Location(text="Pasar Anom, Kolor"), type="F01")
    for kind in KINDS:
        answer = ring(client, kind)
        assert answer.status_code == 201, kind
        call = Call.objects.get(pk=answer.json()["call"])
        assert (call.state, call.source) == (CallState.RINGING, "training")
        assert (call.number is None) == (kind == "silent")
        assert answer.json()["caller_words"] in call.lines.get().text
        assert Event.objects.filter(kind="call.rang", subjects__contains=[f"call:{call.id}"]).exists()
        if kind == "duplicate":
            assert "Pasar Anom, Kolor" in answer.json()["caller_words"]
    clock.advance(GIVES_UP_AFTER.total_seconds() + timedelta(seconds=5).total_seconds())
    ring(client, "prank")
    assert Call.objects.filter(source="training", state=CallState.RINGING).count() == 1, "the others have hung up"


@pytest.mark.parametrize(("language", "who"), [("en", "Caller: "), ("id", "Penelepon: ")])
def test_the_caller_speaks_and_is_named_in_the_readers_language(language, who):
    choose_language(actor=person("calltaker"), language=language)
    answer = ring(signed_in("calltaker"), "boat")
    line = Call.objects.get(pk=answer.json()["call"]).lines.get()
    assert line.text == who + answer.json()["caller_words"]


def test_nobody_rings_on_a_live_site_nor_without_taking_calls_nor_with_another_kind(settings):
    assert ring(signed_in("calltaker"), "flood").status_code == 422
    assert ring(signed_in("crew"), "prank").status_code == 403
    assert ring(Client(), "prank").status_code == 302
    client = signed_in("calltaker")
    settings.SIGAP_PLACE = "live"
    assert ring(client, "prank").status_code == 404
    assert client.post("/training/steps/", {"done": "take"}).status_code == 404
    assert 'id="first-steps"' not in client.get("/console/").content.decode()


def test_each_kind_that_a_newcomer_needs_can_ring():
    assert set(KINDS) == {"emergency", "prank", "silent", "duplicate", "boat"}


@pytest.mark.parametrize(("role", "screen"), SCREENS.items())
def test_each_role_has_first_steps_of_its_own_by_keys_of_its_screen(role, screen):
    steps = STEPS[role]
    assert len({step.code for step in steps}) == len(steps) >= 3
    combos = {key["combo"] for key in keys_of(screen)} | OF_THE_BROWSER
    assert [step.keys for step in steps if step.keys and step.keys not in combos] == []


def test_a_page_lists_the_first_steps_of_its_readers_role():
    for username, role, address in (
        ("dispatcher", Role.DISPATCHER, "/console/"),
        ("damkar", Role.AGENCY_DESK, "/agency/"),
    ):
        shown = signed_in(username).get(address).content.decode()
        assert re.findall(r'name="done" value="(\w+)"', shown) == [step.code for step in STEPS[role]]


def test_the_first_steps_are_kept_for_the_person_until_they_put_the_list_away():
    client = signed_in("calltaker")
    assert 'id="first-steps"' in client.get("/console/").content.decode()
    client.post("/training/steps/", {"done": ["take", "unknown"]})
    elsewhere = signed_in("calltaker")
    shown = elsewhere.get("/console/").content.decode()
    assert shown.count(" checked") == 1
    elsewhere.post("/training/steps/", {"done": ["take"], "closed": "1"})
    assert 'id="first-steps"' not in client.get("/board/").content.decode()
    assert User.objects.get(username="calltaker").first_steps == ["take", "closed"]
    assert client.post("/training/steps/", {"again": "1"})["Location"] == "/"
    assert 'id="first-steps"' in client.get("/console/").content.decode()
