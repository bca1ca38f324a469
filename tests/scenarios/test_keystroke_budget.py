"""Each job of the table of hands, done with real key presses and taps: what it takes, and what came of it."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from calls.actions.calls import open_call
from dispatch.actions.incident_state import change_state
from dispatch.actions.incidents import open_incident
from dispatch.domain.location import Location
from tests.conftest import ROOT, Clock, person
from tests.scenarios.keystroke_budget import dispatcher, others, taker
from tests.scenarios.keystroke_budget.counting import Job, Tally
from tests.scenarios.keystroke_budget.page import WHOLE_LIFE, page_of
from tests.scenarios.keystroke_budget.peer_failures import PEER_FAILURES
from tests.scenarios.keystroke_budget.room import Centre, empty_the_room
from tests.servers import live_web

PAGE = ROOT / "docs" / "hands.md"
LONG_AGO_SECONDS = 200 * 86_400.0
# As many digits as a centre's numbers have after some years.
NUMBERS_FROM = 48_210

JOBS = (
    Job("CT", "take the next call", 1, taker.take_the_next_call),
    Job("CT", "misdial, prank, information", 2, taker.file_noise),
    Job("CT", "take that back, within 5 s", 2, taker.take_noise_back),
    Job("CT", "silent call: start the procedure, close it after 10 s", 1 + 2, taker.hear_a_silent_call_out),
    Job("CT", "a known landmark becomes a place", 8, taker.a_landmark),
    Job("CT", "a boat in degrees and minutes becomes a place", 18, taker.a_boat),
    Job("CT", "accept the phone's place", 1, why_not="not reachable yet: no endpoint takes the place of a telephone"),
    Job("CT", "send with place and type only, from the ring", 15, taker.send_with_place_and_type),
    Job("CT", "CPR card from an empty form", 1, taker.cpr),
    Job("CT", "same event: link and hang up", 2, taker.the_same_event),
    Job("CT", "go on at another desk after a crash, beside signing in", 0, taker.go_on_elsewhere),
    Job("D", "send what is recommended: show, send", 2, dispatcher.send_what_is_recommended),
    Job("D", "another unit instead, with the reason after", 6, dispatcher.another_unit),
    Job("D", "status of the selected unit", 1, dispatcher.status_of_the_selected),
    Job("D", "status of any unit", 6, dispatcher.status_of_any),
    Job("D", "late status with its time", 12, dispatcher.late_status),
    Job("D", "note to the selected incident", 2, dispatcher.note),
    Job("D", "second alarm", 2, dispatcher.second_alarm),
    Job("D", "divert a unit, with the reason after", 7, dispatcher.divert),
    Job("D", "merge", 4, dispatcher.merge),
    Job("D", "undo a merge", 2, dispatcher.undo_a_merge),
    Job("D", "ring the agency's duty officer", 2, why_not="not built yet: no screen dials a number of the directory"),
    Job("D", "an incident of last year by its number", 8, dispatcher.an_old_incident_by_number),
    Job("D", "an incident of last year by its place", 8, dispatcher.an_old_incident_by_place),
    Job("D", "a call of last year by its phone", 8, dispatcher.an_old_call_by_phone),
    Job("D", "free all units, close", 5, dispatcher.free_all_and_close),
    Job("D", WHOLE_LIFE, 28, dispatcher.the_whole_life),
    Job("S", "acknowledge an alarm", 2, others.acknowledge_an_alarm),
    Job("S", "take over a call", 2, others.take_over_a_call),
    Job("S", "to paper", 1, why_not="not built yet: no sheet to print from"),
    Job("Ag", "accept a P1 task", 1, others.accept_a_task),
    Job("Ag", "report back and close", 4, others.report_back),
    Job("Cr", "next state", 1, others.next_state),
    Job("Cr", "emergency", 1, others.emergency),
)
DONE = tuple(job for job in JOBS if job.do)
# These tell soonest that a key has gone; all others run with --long.
OFTEN = {
    "CT: take the next call",
    "D: the whole life, from the ring to closed",
    "S: acknowledge an alarm",
}
counted: dict[str, Tally] = {}


@pytest.fixture(scope="module")
def centre(module_database, browser):
    """A centre with a past: an incident and a call of long ago are in its log."""
    clock = Clock(Path(settings.SIGAP_TEST_CLOCK))
    with contextlib.ExitStack() as ends:
        ends.callback(clock.set, 0)
        clock.set(-LONG_AGO_SECONDS)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT max(nextval('dispatch_incident_number')) FROM generate_series(1, %s)", [NUMBERS_FROM]
            )
        open_call(actor=person("calltaker"), channel="voice", number="+6282144409902")
        place = Location(text="Pelabuhan Sapudi", lat=-7.11, lng=114.33)
        old, _ = open_incident(actor=person("dispatcher"), location=place, type="L01")
        change_state(actor=person("supervisor"), incident=old.id, state="cancelled", reason="came home")
        empty_the_room()
        clock.set(0)
        people = Centre(browser, ends.enter_context(live_web(module_database)), clock, old)
        ends.callback(people.leave)
        yield people


@pytest.mark.parametrize(
    "job", [pytest.param(job, marks=() if str(job) in OFTEN else pytest.mark.long, id=str(job)) for job in DONE]
)
def test_a_job_takes_no_more_keys_than_its_aim(job, centre):
    centre.tidy()
    tally = Tally()
    job.do(centre, tally)
    counted[str(job)] = tally
    assert tally.count <= job.aim


def test_the_jobs_that_are_counted_each_time_are_jobs_of_the_table():
    assert {str(job) for job in DONE} >= OFTEN


@pytest.mark.long
def test_the_page_of_keystrokes_shows_what_was_counted(request):
    not_done = [str(job) for job in DONE if str(job) not in counted]
    assert not_done == [], "run the whole file: the page is about all of them"
    text = page_of(JOBS, counted, PEER_FAILURES)
    if request.config.getoption("--write-docs"):
        PAGE.write_text(text, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == text, (
        "docs/hands.md differs: run pytest tests/scenarios/test_keystroke_budget.py --write-docs, and look at the diff"
    )
