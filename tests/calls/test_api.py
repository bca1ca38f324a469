"""Calls over the HTTP API."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest

from accounts.actors import Actor
from core import clock as time
from core.models import Source
from tests.api_client import Api
from tests.calls.exchange import again, ringing

pytestmark = pytest.mark.django_db

ApiFactory = Callable[..., Api]
FORM = {
    "id", "state", "channel", "number", "started_at", "answered_at", "ended_at", "operator", "incident", "nuisance",
    "calls_before", "safe_to_call_back", "contact_safety", "offered_to", "language", "location", "disposition",
    "callback", "version",
}  # fmt: skip


def event(ref: str, kind: str, seconds: float = 0, **more: object) -> dict[str, object]:
    at = (time.now() + timedelta(seconds=seconds)).isoformat()
    body = {"source": "pbx-1", "call_ref": ref, "event": kind, "at": at, "caller": "081230987731", "called": "112"}
    return body | more


def test_a_call_from_its_ring_to_its_filing(api: ApiFactory) -> None:
    exchange, taker = api(scopes=["telephony"]), api(scopes=["calls"])
    taken = exchange.post("telephony/events", event("a", "ringing", -3))
    assert taken.status_code == 202
    call = taken.json()["call"]
    assert taker.get("calls?state=waiting").json()["items"][0]["id"] == call
    claimed = taker.post(f"calls/{call}/answer")
    assert claimed.status_code == 200
    assert claimed.json().keys() == FORM
    assert claimed.json()["number"] == "+6281230987731"
    assert taker.post(f"calls/{call}/end").json()["state"] == "wrap_up"
    filed = taker.post(f"calls/{call}/dispose", {"disposition": "N2", "note": "jam buka puskesmas"})
    assert (filed.json()["state"], filed.json()["disposition"]) == ("closed", "N2")
    full = taker.get(f"calls/{call}").json()
    assert [line["text"] for line in full["lines"]] == ["jam buka puskesmas"]


def test_the_loser_of_a_claim_gets_the_name_of_the_winner(api: ApiFactory) -> None:
    call = ringing()
    assert api(scopes=["calls"]).post(f"calls/{call.id}/answer", b"", content_type="").status_code == 200
    lost = api(scopes=["calls"]).post(f"calls/{call.id}/answer", {})
    assert (lost.status_code, lost.json()["code"]) == (409, "call_taken")
    assert lost.json()["operator"] == api(scopes=["board"]).get(f"calls/{call.id}").json()["operator"]


def test_who_may_see_and_who_may_work(
    api: ApiFactory, call_taker: Actor, auditor: Actor, agency_desk: Actor, crew: Actor, admin: Actor
) -> None:
    call = ringing()
    assert api().get(f"calls/{call.id}").status_code == 401
    for actor in (agency_desk, crew, admin):
        assert api(actor).get(f"calls/{call.id}").status_code == 404
        assert api(actor).get("calls").status_code == 403
        assert api(actor).post(f"calls/{call.id}/answer").status_code == 404
    assert api(auditor).get(f"calls/{call.id}").status_code == 200
    assert api(auditor).post(f"calls/{call.id}/answer").status_code == 403
    for scope in ("telephony", "units", "incidents"):
        refused = api(scopes=[scope]).post(f"calls/{call.id}/answer")
        assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    assert api(call_taker).post(f"calls/{call.id}/answer").status_code == 200


@pytest.mark.parametrize("written", ["+62 812-3098-7731", "0812 3098 7731", "6281230987731", "3098-7731"])
def test_a_number_is_found_however_it_is_written(written: str, api: ApiFactory) -> None:
    wanted = ringing()
    ringing(caller="+62328662112")
    found = api(scopes=["board"]).get(f"calls?number={written.replace('+', '%2B')}").json()["items"]
    assert [call["id"] for call in found] == [str(wanted.id)]


def test_pages_follow_each_other(api: ApiFactory) -> None:
    ids = {str(ringing().id) for _ in range(5)}
    client, seen, cursor = api(scopes=["board"]), [], ""
    while True:
        page = client.get(f"calls?limit=2{cursor}").json()
        seen += [call["id"] for call in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert (len(seen), set(seen)) == (5, ids)
    assert client.get(f"calls?since={(time.now() + timedelta(hours=1)).isoformat().replace('+', '%2B')}").json() == {
        "items": [],
        "next": None,
    }


@pytest.mark.parametrize(
    ("path", "field"),
    [("calls?state=asleep", "state"), ("calls?since=yesterday", "since"), ("calls?limit=0", "limit")],
)
def test_a_wrong_filter_is_named(path: str, field: str, api: ApiFactory) -> None:
    refused = api(scopes=["board"]).get(path)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"].endswith(field)


def test_a_call_by_hand_is_made_once(api: ApiFactory) -> None:
    client, body = api(scopes=["calls"]), {"id": str(uuid.uuid4()), "channel": "walk-in"}
    assert [client.post("calls", body).status_code for _ in range(2)] == [201, 200]
    assert client.post("calls", {"channel": "whatsapp"}).json()["channel"] == "chat"
    taken = api(scopes=["calls"]).post("calls", body)
    assert (taken.status_code, taken.json()["code"]) == (409, "id_taken")
    assert client.post("calls", {"channel": "pigeon"}).status_code == 422


def test_a_change_needs_the_version_it_was_made_from(api: ApiFactory) -> None:
    client = api(scopes=["calls"])
    call = client.post("calls", {"number": "0812 3098 7731"}).json()
    path = f"calls/{call['id']}"
    assert client.patch(path, {"language": "mad"}).status_code == 428
    changed = client.patch(path, {"version": call["version"], "language": "mad", "safe_to_call_back": False}).json()
    assert (changed["language"], changed["safe_to_call_back"], changed["version"]) == ("mad", False, 2)
    assert client.patch(path, {"version": -1, "language": "id"}).status_code == 422
    assert client.patch(path, {"version": 2, "language": "not a language"}).status_code == 422
    assert client.patch(path, {"version": 2, "safe_to_call_back": None}).status_code == 422


def test_a_disposition_that_is_set_automatically_is_refused_with_a_hint(api: ApiFactory) -> None:
    client = api(scopes=["calls"])
    call = client.post("calls", {}).json()["id"]
    refused = client.post(f"calls/{call}/dispose", {"disposition": "E1"})
    assert (refused.status_code, refused.json()["code"]) == (422, "disposition_by_itself")
    assert refused.json()["errors"][0]["message"]


def test_a_filing_is_undone(api: ApiFactory) -> None:
    client = api(scopes=["calls"])
    call = client.post("calls", {}).json()["id"]
    assert client.post(f"calls/{call}/dispose", {"disposition": "G3"}).json()["disposition"] == "G3"
    undone = client.post(f"calls/{call}/undo").json()
    assert (undone["state"], undone["disposition"]) == ("answered", None)


def test_an_undo_of_an_act_that_was_followed_is_refused_with_a_hint(api: ApiFactory) -> None:
    client, first = api(scopes=["calls"]), str(uuid.uuid4())
    call = client.post("calls", {}).json()["id"]
    client.post(f"calls/{call}/dispose", {"disposition": "G3", "act": first})
    client.post(f"calls/{call}/dispose", {"disposition": "N2"})
    refused = client.post(f"calls/{call}/undo", {"act": first})
    assert (refused.status_code, refused.json()["code"], refused.json()["disposition"]) == (409, "moved_on", "N2")
    assert refused.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"source": "", "call_ref": "1", "event": "ringing"},
        {"source": "p", "call_ref": "1", "event": "sneezed"},
        {"source": "\u0000", "call_ref": "1", "event": "ringing"},  # nothing is left of it
        {"source": "p", "call_ref": "1" * 500, "event": "ringing"},
    ],
)
def test_events_that_no_exchange_sends_are_refused(body: dict[str, object], api: ApiFactory) -> None:
    assert api(scopes=["telephony"]).post("telephony/events", body).status_code == 422


def test_a_heartbeat_makes_a_source_watched(api: ApiFactory) -> None:
    client = api(scopes=["telephony"])
    client.post("telephony/events", event("a", "ringing"))
    assert Source.objects.get(name="pbx-1").watched is False
    assert client.post("telephony/heartbeat", {"source": "pbx-1"}).status_code == 202
    assert Source.objects.get(name="pbx-1").watched is True


def test_operators_say_what_they_do(api: ApiFactory, call_taker: Actor) -> None:
    client = api(call_taker, desk="CT1")
    answer = client.post("operators/me/state", {"state": "not_ready", "reason": "sholat"})
    assert (answer.status_code, answer.json()["desk"], answer.json()["reason"]) == (200, "CT1", "sholat")
    assert [row["name"] for row in client.get("operators").json()["items"]] == [call_taker.name]
    assert client.post("operators/me/state", {"state": "not_ready"}).json()["code"] == "reason_missing"
    assert api(scopes=["calls"]).post("operators/me/state", {"state": "ready"}).status_code == 403


def test_the_context_of_a_call_comes_in_one_answer(api: ApiFactory, call_taker: Actor) -> None:
    client = api(scopes=["calls", "incidents"])
    earlier = ringing()
    opened = client.post(
        "incidents", {"type": "F01", "location": {"text": "Pasar Anom"}, "call": str(earlier.id)}
    ).json()
    call = ringing()
    context = client.get(f"calls/{call.id}/context").json()
    assert [row["id"] for row in context["history"]] == [str(earlier.id)]
    assert context["history"][0]["incident"] == {"id": opened["id"], "number": opened["number"]}
    assert context["history"][0]["disposition"] == "E1"
    assert [hint["incident"]["id"] for hint in context["duplicates"]] == [opened["id"]]
    assert context["contact_safety"] == {"safe_to_call_back": True, "contact_safety": "unknown", "unsafe_at": None}
    assert (context["nuisance"]["level"], context["aml_fixes"], context["place_warnings"]) == (0, [], [])
    linked = client.post(f"calls/{call.id}/link", {"incident": opened["id"]}).json()
    assert (linked["incident"]["number"], linked["disposition"], linked["state"]) == (opened["number"], "E2", "ringing")
    assert [row["calls"] for row in client.get("incidents").json()["items"]] == [2]
    assert again(call).disposition == "E2"
