"""Notes and people at risk: words are added and struck, never erased."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from core import clock as time
from core import event_log
from core.errors import Refused, Unknown
from dispatch.actions.incident_state import change_state
from dispatch.actions.notes import add_note, strike_note
from dispatch.models import Note, PeopleAtRisk
from tests.contracts.world import World
from tests.dispatch.caller_texts import form, opened, problem

pytestmark = pytest.mark.django_db


def noted(actor, row, text="api dari dapur", **words):
    return add_note(actor=actor.at_desk("D1"), incident=row.id, text=text, **words)[0]


def test_a_note_records_who_when_and_at_which_desk(call_taker, dispatcher):
    row = opened(call_taker)
    happened = time.now() - timedelta(minutes=3)
    note = noted(dispatcher, row, at=happened)
    assert (note.author_name, note.desk, note.at) == (dispatcher.name, "D1", happened)
    assert note.recorded_at > happened
    fact = event_log.about(f"incident:{row.id}")[0]
    assert (fact.kind, fact.at, fact.data["late"]) == ("note.added", happened, True)
    assert "dapur" not in fact.body


def test_sent_twice_it_is_written_once(call_taker):
    row, key = opened(call_taker), uuid.uuid4()
    words = {"actor": call_taker.at_desk("CT1"), "incident": row.id, "id": key}
    assert [add_note(**words, text="satu")[1], add_note(**words, text="dua")[1]] == [True, False]
    assert [note.text for note in row.notes.all()] == ["satu"]


def test_its_author_a_dispatcher_or_a_supervisor_strikes_a_note_and_nobody_else(
    call_taker, dispatcher, supervisor, agency_desk
):
    row = opened(call_taker, type="F01")
    for actor in (call_taker, dispatcher, supervisor):
        struck = strike_note(actor=actor, note=noted(call_taker, row).id, reason="salah alamat")
        assert (struck.text, struck.struck_name, struck.struck_reason) == ("api dari dapur", actor.name, "salah alamat")
    with pytest.raises(Refused, match="not_your_note"):
        strike_note(actor=agency_desk, note=noted(call_taker, row).id, reason="x")
    own = noted(agency_desk, row)
    assert strike_note(actor=agency_desk, note=own.id, reason="salah").struck_at


def test_struck_twice_keeps_the_first_reason(call_taker, dispatcher):
    note = noted(call_taker, opened(call_taker))
    strike_note(actor=call_taker, note=note.id, reason="salah")
    assert strike_note(actor=dispatcher, note=note.id, reason="lain").struck_reason == "salah"


def test_whoever_doesnt_see_the_incident_doesnt_see_the_note(call_taker, outsider):
    note = noted(call_taker, opened(call_taker, type="M01"))
    with pytest.raises(Unknown):
        strike_note(actor=outsider, note=note.id, reason="x")
    with pytest.raises(Unknown):
        strike_note(actor=outsider, note=uuid.uuid4(), reason="x")


def test_a_note_may_come_after_the_end(call_taker, dispatcher):
    row = opened(call_taker)
    change_state(actor=dispatcher.at_desk("D1"), incident=row.id, state="cancelled")
    assert noted(call_taker, row).pk


def test_the_endpoint_adds_and_strikes(call_taker, auditor, api):
    row = opened(call_taker)
    desk = api(call_taker)
    key = str(uuid.uuid4())
    first = desk.post(f"incidents/{row.id}/notes", {"id": key, "text": "api besar"})
    again = desk.post(f"incidents/{row.id}/notes", {"id": key, "text": "lain"})
    assert (first.status_code, again.status_code, again.json()["text"]) == (201, 200, "api besar")
    assert first.json()["by"] == {"ref": call_taker.ref, "name": call_taker.name}
    struck = desk.post(f"notes/{key}/strike", {"reason": "salah"}).json()
    assert (struck["struck"]["reason"], struck["text"]) == ("salah", "api besar")
    assert problem(desk.post(f"incidents/{row.id}/notes", {"text": ""}), 422)["errors"][0]["field"] == "text"
    assert problem(api(auditor).post(f"incidents/{row.id}/notes", {"text": "x"}), 403)["code"] == "not_allowed"
    assert Note.objects.filter(incident=row).count() == 1


def test_people_at_risk_count_until_they_are_rescued(call_taker, api):
    row = opened(call_taker, type="B01")
    desk = api(call_taker)
    created = desk.post(f"incidents/{row.id}/people-at-risk", {"place": "atap masjid", "count": 4, "advice": "naik"})
    assert created.status_code == 201, created.content
    assert form(row)["people_at_risk"] == 4
    path = f"people-at-risk/{created.json()['id']}"
    desk.post(path, {"contact": True, "count": 5})
    assert form(row)["people_at_risk"] == 5
    assert desk.post(path, {"rescued": True}).json()["rescued_at"]
    assert form(row)["people_at_risk"] == 0
    kinds = [fact.kind for fact in event_log.about(f"incident:{row.id}")]
    assert kinds[-3:] == ["people.reported", "people.contacted", "people.rescued"]


def test_a_late_word_does_not_move_the_last_contact_back(call_taker, api):
    row = opened(call_taker, type="B01")
    people = api(call_taker).post(f"incidents/{row.id}/people-at-risk", {"place": "atap", "count": 1}).json()
    before = PeopleAtRisk.objects.get(pk=people["id"]).last_contact_at
    earlier = (time.now() - timedelta(minutes=10)).isoformat()
    api(call_taker).post(f"people-at-risk/{people['id']}", {"contact": True, "at": earlier})
    assert PeopleAtRisk.objects.get(pk=people["id"]).last_contact_at == before


def added_and_struck(world: World) -> None:
    row = opened(world.call_taker, type="F01", narrative=world.words())
    note, _ = add_note(actor=world.agency_desk, incident=row.id, text=world.words())
    strike_note(actor=world.dispatcher.at_desk("D1"), note=note.id, reason=world.words())


ACTION_CASES = {"dispatch.add_note": added_and_struck, "dispatch.strike_note": added_and_struck}
