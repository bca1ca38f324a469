"""Drafts: kept for whoever may work the call, never older over newer, never in the log, gone when of no use."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from accounts.actors import Actor
from calls.actions.call_control import answer_call, take_over_call
from calls.actions.calls import open_call
from calls.actions.disposition import dispose_call
from calls.drafts import KEPT, clean_drafts, keep_draft
from calls.models import Draft
from calls.states import Channel
from core import clock as time
from core.models import Event
from dispatch.actions.incidents import open_incident
from dispatch.domain.location import Location
from tests.calls.exchange import let_timers_fire, ringing

pytestmark = pytest.mark.django_db
BODY = {"place": {"text": "Pasar Anom"}, "words": "api besar, ad"}


def taken(actor: Actor) -> uuid.UUID:
    call, _ = open_call(actor=actor.at_desk("CT1"), id=uuid.uuid4(), channel=Channel.VOICE, number="081230987731")
    return call.id


def test_a_draft_is_read_as_it_was_written_and_names_its_author(api, call_taker):
    call = taken(call_taker)
    client = api(call_taker)
    empty = client.get(f"drafts/{call}").json()
    assert (empty["body"], empty["version"]) == (None, 0)
    kept = client.put(f"drafts/{call}", {"body": BODY, "version": 0}).json()
    assert (kept["version"], kept["by"]) == (1, call_taker.name)
    assert client.get(f"drafts/{call}").json()["body"] == BODY


def test_whoever_takes_the_call_over_goes_on_with_the_draft(api, call_taker, supervisor, dispatcher):
    call = taken(call_taker)
    keep_draft(actor=call_taker.at_desk("CT1"), key=call, version=0, body=BODY)
    assert api(dispatcher).get(f"drafts/{call}").status_code == 403
    take_over_call(actor=supervisor.at_desk("SV1"), call=call)
    assert api(supervisor).get(f"drafts/{call}").json()["body"] == BODY
    assert api(call_taker).get(f"drafts/{call}").status_code == 403


def test_ones_own_drafts_are_listed_at_any_desk_and_those_of_others_are_not(api, call_taker, supervisor, dispatcher):
    first, second, taken_over, empty = (taken(call_taker) for _ in range(4))
    for call in (first, second, taken_over, empty):
        keep_draft(actor=call_taker.at_desk("CT1"), key=call, version=0, body=BODY)
    keep_draft(actor=call_taker.at_desk("CT1"), key=empty, version=1, body=None)
    take_over_call(actor=supervisor.at_desk("SV1"), call=taken_over)
    items = api(call_taker, desk="CT2").get("drafts").json()["items"]
    assert [(item["id"], item["body"]) for item in items] == [(str(second), BODY), (str(first), BODY)]
    assert api(supervisor).get("drafts").json()["items"] == []
    open_incident(actor=dispatcher.at_desk("D1"), type="S04", location=Location(text="Pabian"), call=first)
    assert [item["id"] for item in api(call_taker).get("drafts").json()["items"]] == [str(second)]


def test_an_older_draft_never_goes_over_a_newer_one_and_the_same_again_is_quiet(api, call_taker):
    call = taken(call_taker)
    client = api(call_taker)
    for version in (0, 1):
        client.put(f"drafts/{call}", {"body": BODY | {"words": str(version)}, "version": version})
    late = client.put(f"drafts/{call}", {"body": BODY, "version": 1})
    assert (late.status_code, late.json()["code"]) == (409, "version_conflict")
    assert late.json()["draft"]["body"]["words"] == "1"
    again = client.put(f"drafts/{call}", {"body": BODY | {"words": "1"}, "version": 1})
    assert (again.status_code, again.json()["version"]) == (200, 2)
    over = client.put(f"drafts/{call}", {"body": BODY})  # whoever never read it names no version
    assert (over.status_code, over.json()["version"], over.json()["body"]) == (200, 3, BODY)
    fresh = client.put(f"drafts/{uuid.uuid4()}", {"body": BODY})
    assert (fresh.status_code, fresh.json()["version"]) == (200, 1)


def test_a_form_without_a_call_is_its_maker_s(api, call_taker, dispatcher, supervisor):
    key = uuid.uuid4()
    keep_draft(actor=call_taker.at_desk("CT1"), key=key, version=0, body=BODY)
    assert api(dispatcher).get(f"drafts/{key}").status_code == 404
    assert api(supervisor).get(f"drafts/{key}").json()["body"] == BODY


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"words": {"a": [[[[[[[[[[[["deep"]]]]]]]]]]]]}}, "draft_malformed"),
        ({"words": "x" * 70_000}, "draft_too_large"),
    ],
)
def test_what_can_t_be_kept_is_refused_in_words(api, call_taker, body, code):
    answer = api(call_taker).put(f"drafts/{taken(call_taker)}", {"body": body, "version": 0})
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_draft_states_no_fact(call_taker):
    call = taken(call_taker)
    before = Event.objects.count()
    keep_draft(actor=call_taker.at_desk("CT1"), key=call, version=0, body=BODY)
    keep_draft(actor=call_taker.at_desk("CT1"), key=call, version=1, body=None)
    assert Event.objects.count() == before
    assert Draft.objects.get(pk=call).body is None


def test_old_drafts_go_when_their_call_is_closed_and_stay_while_it_is_open(call_taker, clock):
    open_one, filed = ringing(), ringing(caller="+6281230000002")
    for call in (open_one, filed):
        answer_call(actor=call_taker.at_desk("CT1"), call=call.id)
        keep_draft(actor=call_taker.at_desk("CT1"), key=call.id, version=0, body=BODY)
    keep_draft(actor=call_taker.at_desk("CT1"), key=uuid.uuid4(), version=0, body=BODY)
    dispose_call(actor=call_taker.at_desk("CT1"), call=filed.id, disposition="J1")
    clock.set(10)
    let_timers_fire()
    assert clean_drafts() == 0
    Draft.objects.update(changed_at=time.now() - KEPT - timedelta(seconds=1))
    assert clean_drafts() == 2
    assert list(Draft.objects.values_list("id", flat=True)) == [open_one.id]


def test_the_draft_of_a_call_about_a_restricted_incident_is_for_who_may_read_that(
    api, call_taker, dispatcher, supervisor
):
    call = taken(dispatcher)
    keep_draft(actor=dispatcher.at_desk("D1"), key=call, version=0, body=BODY)
    program = api(scopes=["calls"])
    assert program.get(f"drafts/{call}").json()["body"] == BODY
    place = Location("Pasar Anom", -7.0085, 113.862)
    open_incident(actor=dispatcher.at_desk("D1"), type="S04", location=place, call=call)
    assert program.get(f"drafts/{call}").status_code == 403
    refused = program.put(f"drafts/{call}", {"body": None, "version": 0})
    assert refused.status_code == 403
    assert "api besar" not in refused.content.decode()
    assert api(dispatcher).get(f"drafts/{call}").json()["body"] == BODY
    assert api(supervisor).get(f"drafts/{call}").json()["body"] == BODY
    assert api(call_taker).get(f"drafts/{call}").status_code == 403
