"""What is written down of a call."""

from __future__ import annotations

import uuid

import pytest

from accounts.actors import Actor
from calls.actions.call_control import end_call
from calls.actions.caller_details import add_line, edit_call
from calls.actions.calls import open_call
from calls.actions.disposition import dispose_call, undo_act
from calls.models import Call, CallLine
from calls.queries.calls import safety_of
from core import digests
from core.errors import Conflict, Invalid, Refused, VersionRequired
from core.models import Event
from tests.calls.exchange import CALLER, again, program, ringing

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(call_taker: Actor) -> Call:
    return open_call(actor=call_taker, number=CALLER)[0]


def edit(actor: Actor, call: Call, version: int | None, **changes: object) -> Call:
    return edit_call(actor=actor, call=call.id, version=version, changes=changes)


def test_names_and_numbers_are_kept_out_of_the_log(call: Call, call_taker: Actor) -> None:
    edit(call_taker, call, 1, caller_name="Bu Sulastri", callback_number="0328-662112", language="mad")
    row = again(call)
    assert (row.caller_name, row.callback_number, row.version) == ("Bu Sulastri", "+62328662112", 2)
    fact = Event.objects.get(kind="call.edited")
    assert fact.data["fields"] == ["caller_name", "callback_number", "language"]
    assert "Sulastri" not in fact.body
    assert "662112" not in fact.body


def test_two_edits_of_different_fields_merge_and_of_the_same_collide(call: Call, supervisor: Actor) -> None:
    edit(supervisor, call, 1, caller_name="Ani")
    edit(supervisor, call, 1, language="id")
    with pytest.raises(Conflict) as collision:
        edit(supervisor, call, 1, caller_name="Budi")
    assert collision.value.extra["conflicts"][0]["theirs"] == "Ani"
    with pytest.raises(VersionRequired):
        edit(supervisor, call, None, caller_name="Budi")


def test_a_call_back_number_without_a_digit_is_refused_and_a_blank_takes_it_away(call: Call, call_taker: Actor) -> None:
    edit(call_taker, call, 1, callback_number="0328-662112")
    with pytest.raises(Invalid) as refused:
        edit(call_taker, call, 2, callback_number="the neighbour's")
    assert (refused.value.code, refused.value.errors[0]["field"]) == ("number_malformed", "callback_number")
    assert again(call).callback_number == "+62328662112"
    edit(call_taker, call, 2, callback_number=" ")
    assert again(call).callback_number is None


def test_the_same_words_again_state_nothing(call: Call, call_taker: Actor) -> None:
    edit(call_taker, call, 1, language="id")
    edit(call_taker, call, 2, language="id")
    assert Event.objects.filter(kind="call.edited").count() == 1


def test_a_closed_call_keeps_what_was_corrected(call: Call, call_taker: Actor) -> None:
    end_call(actor=call_taker, call=call.id)
    dispose_call(actor=call_taker, call=call.id, disposition="N2")
    edit(call_taker, call, 1, caller_name="Ani")
    correction = again(call).corrections.get()
    assert (correction.field, correction.old, correction.new) == ("caller_name", None, "Ani")
    assert Event.objects.get(kind="call.corrected").data["corrections"] == [str(correction.id)]


def test_not_safe_to_call_back_shows_on_every_call_of_the_number(call: Call, call_taker: Actor) -> None:
    other = ringing()
    edit(call_taker, call, 1, safe_to_call_back=False)
    assert f"call:{other.id}" in Event.objects.get(kind="number.safety_changed").subjects
    assert again(ringing()).number.contact_safety == "unsafe"


def test_contact_safety_is_unknown_until_somebody_asks(call: Call, call_taker: Actor) -> None:
    assert safety_of(again(call).number) == {"safe_to_call_back": True, "contact_safety": "unknown"}
    edit(call_taker, call, 1, safe_to_call_back=True)  # says nothing: nobody was asked
    assert again(call).number.contact_safety == "unknown"
    edit(call_taker, call, 1, contact_safety="safe")
    assert safety_of(again(ringing()).number) == {"safe_to_call_back": True, "contact_safety": "safe"}
    edit(call_taker, call, 2, contact_safety="unsafe")
    assert safety_of(again(call).number) == {"safe_to_call_back": False, "contact_safety": "unsafe"}
    edit(call_taker, call, 3, safe_to_call_back=True)
    assert again(call).number.contact_safety == "unknown"
    changes = Event.objects.filter(kind="number.safety_changed").order_by("seq").values_list("data", flat=True)
    assert [(each["was"], each["contact_safety"], each["safe"], each["why"]) for each in changes] == [
        ("unknown", "safe", True, "person"),
        ("safe", "unsafe", False, "person"),
        ("unsafe", "unknown", True, "person"),
    ]


@pytest.mark.parametrize("disposition", ["G1", "G2"])
def test_a_silent_call_makes_the_number_unsafe_until_a_named_person_changes_it(
    disposition: str, call: Call, call_taker: Actor
) -> None:
    dispose_call(actor=call_taker, call=call.id, disposition=disposition)
    assert again(call).number.contact_safety == "unsafe"
    assert Event.objects.get(kind="number.safety_changed").data["why"] == "disposition"
    other = open_call(actor=(key := program()), number=CALLER)[0]
    for changes in ({"contact_safety": "safe"}, {"safe_to_call_back": True}):
        with pytest.raises(Refused) as refused:
            edit_call(actor=key, call=other.id, version=1, changes=changes)
        assert refused.value.code == "safety_needs_person"
    dispose_call(actor=key, call=other.id, disposition="N2")
    assert again(call).number.contact_safety == "unsafe"
    edit(call_taker, call, 1, contact_safety="safe")
    assert again(call).number.contact_safety == "safe"


def test_undoing_a_silent_filing_gives_the_number_back_what_it_was(call: Call, call_taker: Actor) -> None:
    edit(call_taker, call, 1, contact_safety="safe")
    dispose_call(actor=call_taker, call=call.id, disposition="G2")
    dispose_call(actor=call_taker, call=call.id, disposition="G1")
    undo_act(actor=call_taker, call=call.id)
    assert again(call).number.contact_safety == "unsafe"  # filed as G2 still
    undo_act(actor=call_taker, call=call.id)
    assert again(call).number.contact_safety == "safe"


def test_undoing_a_silent_filing_leaves_what_a_person_has_set_since(call: Call, call_taker: Actor) -> None:
    dispose_call(actor=call_taker, call=call.id, disposition="G1")
    edit(call_taker, call, 1, contact_safety="safe")
    edit(call_taker, call, 2, contact_safety="unsafe")
    undo_act(actor=call_taker, call=call.id)
    assert again(call).number.contact_safety == "unsafe"


def test_a_withheld_number_has_no_contact_safety(call_taker: Actor) -> None:
    call, _ = open_call(actor=call_taker)
    with pytest.raises(Invalid) as refused:
        edit(call_taker, call, 1, safe_to_call_back=False)
    assert refused.value.code == "number_withheld"


def test_a_line_is_sealed_and_added_once(call: Call, call_taker: Actor) -> None:
    key = uuid.uuid4()
    line, new = add_line(actor=call_taker, call=call.id, text="api di dapur", id=key)
    assert new
    assert add_line(actor=call_taker, call=call.id, text="lain", id=key) == (line, False)
    assert CallLine.objects.get().text == "api di dapur"
    fact = Event.objects.get(kind="call.line_added")
    assert fact.data["digest"] == digests.digest(line.salt, line.text)
    assert "dapur" not in fact.body
