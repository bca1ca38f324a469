"""The timeline: every fact a sentence, in the asker's language, each word of a note beside it for who may read it."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from core import clock as time
from dispatch.actions.edits import edit_incident
from dispatch.actions.notes import add_note, strike_note
from dispatch.messages import MESSAGES
from tests.dispatch.caller_texts import fire, opened, problem
from tests.dispatch.fleet import reports, sent


def timeline_items(api, actor, row):
    return api(actor).get(f"incidents/{row.id}/timeline").json()["items"]


@pytest.mark.django_db
def test_it_shows_who_did_what_in_the_order_it_happened(call_taker, dispatcher, api):
    row = opened(call_taker, type="F01", at=time.now() - timedelta(minutes=5))
    sent(dispatcher, row, "DMK1")
    happened = time.now() - timedelta(minutes=4)
    add_note(actor=dispatcher.at_desk("D1"), incident=row.id, text="api besar", at=happened)
    items = timeline_items(api, dispatcher, row)
    assert [item["at"] for item in items] == sorted(item["at"] for item in items)
    first = items[0]
    assert (first["kind"], first["late"], first["desk"]) == ("incident.opened", True, "CT1")
    assert first["actor"] == {"ref": call_taker.ref, "name": call_taker.name}
    assert str(row.number) in first["text"]
    [note] = [item for item in items if item["kind"] == "note.added"]
    assert (note["note"]["text"], note["late"]) == ("api besar", True)
    assert any(item["kind"] == "assignment.made" and "DMK1" in item["text"] for item in items)


@pytest.mark.django_db
def test_each_reads_it_in_their_own_language(call_taker, supervisor, api):
    row = opened(call_taker, type="F01")
    [indonesian] = [item["text"] for item in timeline_items(api, call_taker, row) if item["kind"] == "incident.opened"]
    english = api(scopes=["incidents"]).get(f"incidents/{row.id}/timeline", **{"Accept-Language": "en"}).json()
    assert indonesian == f"Kejadian {row.number} dibuka: F01 Kebakaran bangunan/permukiman, P1."
    assert english["items"][0]["text"] == f"Incident {row.number} opened: F01 Structure fire, P1."


@pytest.mark.django_db
def test_a_struck_note_stays_and_shows_that_it_is_struck(call_taker, api):
    row = opened(call_taker)
    note, _ = add_note(actor=call_taker.at_desk("CT1"), incident=row.id, text="api besar")
    strike_note(actor=call_taker.at_desk("CT1"), note=note.id, reason="salah alamat")
    shown = {item["kind"]: item["note"] for item in timeline_items(api, call_taker, row)}
    assert shown["note.added"]["struck"]["reason"] == "salah alamat"
    assert shown["note.struck"]["text"] == "api besar"


@pytest.mark.django_db
def test_changes_steps_and_alarms_read_as_sentences(call_taker, dispatcher, clock, api):
    row = opened(call_taker, type="F01")
    clock.advance(seconds=61)
    fire("rule.2")
    edit_incident(actor=dispatcher.at_desk("D1"), incident=row.id, version=1, changes={"priority": 2})
    sent(dispatcher, row, "DMK1")
    reports(dispatcher, "DMK1", "on_scene")
    texts = [item["text"] for item in timeline_items(api, dispatcher, row)]
    assert "Alarm, tingkat 1: P1 kekurangan unit." in texts
    assert "Diubah: prioritas. Prioritas P1 → P2." in texts
    assert "DMK1: Dikirim → Di lokasi." in texts
    assert not any("?" in text or "%" in text for text in texts)


@pytest.mark.django_db
def test_an_agency_reads_what_names_it(call_taker, dispatcher, agency_desk, api):
    row = opened(call_taker, type="F01")
    kinds = [item["kind"] for item in timeline_items(api, agency_desk, row)]
    assert kinds == ["incident.opened", *["task.offered"] * 5]


@pytest.mark.django_db
def test_a_crew_has_no_timeline(call_taker, dispatcher, crew, api):
    row = opened(call_taker, type="F01")
    sent(dispatcher, row, "DMK1")
    assert problem(api(crew).get(f"incidents/{row.id}/timeline"), 403)["code"] == "not_allowed"


@pytest.mark.django_db
def test_the_calls_it_began_with_are_part_of_it(call_taker, api):
    desk = api(call_taker)
    key = str(uuid.uuid4())
    desk.post("calls", {"id": key, "channel": "voice", "number": "081230987731"})
    shown = desk.post("incidents", {"type": "F01", "location": {"text": "x"}, "call": key}).json()
    kinds = [item["kind"] for item in desk.get(f"incidents/{shown['id']}/timeline").json()["items"]]
    assert kinds[0] == "call.opened"
    assert "incident.opened" in kinds


@pytest.mark.django_db
def test_words_of_a_restricted_incident_stay_out_of_a_timeline_that_may_not_have_them(call_taker, dispatcher, api):
    row = opened(dispatcher, type="S08")
    add_note(actor=dispatcher.at_desk("D1"), incident=row.id, text="kata-kata")
    assert all(item["note"] is None for item in timeline_items(api, call_taker, row))
    items = timeline_items(api, dispatcher, row)
    assert [item["note"]["text"] for item in items if item["note"]] == ["kata-kata"]
    assert [item["kind"] for item in items].count("incident.details_read") == 1


@pytest.mark.django_db
def test_it_pages(call_taker, api):
    row = opened(call_taker, type="F01")
    desk = api(call_taker)
    first = desk.get(f"incidents/{row.id}/timeline?limit=4").json()
    rest = desk.get(f"incidents/{row.id}/timeline?limit=4&cursor={first['next']}").json()
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (4, 2, None)


@pytest.mark.parametrize("kind", sorted(MESSAGES))
def test_every_message_names_what_it_is_about_in_both_languages(kind):
    params = {"number": "1187", "type": "F01", "priority": 1, "agency": "DAMKAR"}
    indonesian, english = (MESSAGES[kind](params, language) for language in ("id", "en"))
    assert "1187" in indonesian.title
    assert "DAMKAR" in english.text
    assert indonesian.text != english.text
