"""The feed's parts by themselves: frames, the buffer that resumes are made of, the hub and its endpoint."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from websockets.frames import Frame as ReferenceFrame

from core.json_codec import dumps
from core.registry import Form, Registry
from feed.audiences import CENTRE, Admission, View, receives, sees
from feed.consumer import is_foreign
from feed.frames import Frame
from feed.hub import Hub, ended_by
from feed.replay_buffer import ReplayBuffer
from feed.snapshot import Fact, Reading, Standing
from feed.sockets import MOST_UNSENT_BYTES, Socket

AGENCY = UUID("11111111-1111-4111-8111-111111111111")


def fact(seq, *subjects, kind="unit.changed", **data):
    body = json.dumps({"seq": seq, "kind": kind, "data": data}).encode()
    return Fact(seq, kind, subjects, body, tuple(name for name in subjects if name.startswith("unit:")))


def reading(after, *facts, **forms):
    standing = {f"unit:{name}": Standing(form, dumps(form.body)) for name, form in forms.items()}
    return Reading(after, facts[-1].seq if facts else after, facts, standing)


def content_of(frame):
    content = json.loads(frame.text)
    return content["seq"], [event["seq"] for event in content["events"]], content["now"]


class FakeLine:
    def __init__(self, room=10**9):
        self.room, self.frames, self.allowed, self.code = room, [], [], None

    def write(self, frame, allowed_unsent):
        if self.code is not None or self.room < 0:
            return False
        self.room -= len(frame.wire)
        self.allowed.append(allowed_unsent)
        self.frames.append(json.loads(frame.text))
        return True

    def close(self, code):
        self.code = code


def hub_at(seq):
    hub = Hub(Registry((), {}, {}, lambda _since: [], dict, lambda _target: [], {}))
    hub.publish(reading(seq))
    return hub


def join(hub, since, line=None, watches=(), admitted_at=None, view=CENTRE):
    line = line or FakeLine()
    hub.join(Socket(line), Admission(view, frozenset(watches)), since=since, admitted_at=admitted_at)
    return line


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536, 70_000])
def test_a_prebuilt_frame_is_what_the_standard_defines(size):
    text = b"x" * size
    assert Frame.of(text).wire == ReferenceFrame(1, text).serialize(mask=False)


def test_a_view_sees_and_receives_only_its_own():
    desk, crew = View("agency", AGENCY), View("crew", AGENCY)
    form = Form({}, agencies=frozenset({AGENCY}))
    assert sees(CENTRE, Form({}))
    assert (sees(desk, form), sees(crew, form), sees(desk, Form({}))) == (True, False, False)
    assert receives(CENTRE, [])
    assert receives(desk, [f"agency:{AGENCY}"])
    assert not receives(desk, [f"unit:{AGENCY}"])
    assert receives(crew, [f"unit:{AGENCY}"])


def test_a_resume_from_the_middle_of_a_batch_has_only_what_was_missed():
    buffer = ReplayBuffer(CENTRE, 10)
    buffer.extend(reading(10, fact(11, "unit:a"), fact(12, "unit:b"), fact(13, "unit:a"), a=Form({"n": 1})))
    assert content_of(buffer.after(11)) == (13, [12, 13], {"unit:b": None, "unit:a": {"n": 1}})
    assert content_of(buffer.after(12)) == (13, [13], {"unit:a": {"n": 1}})
    assert buffer.after(13) is None


def test_a_resume_over_several_batches_has_the_newest_forms():
    buffer = ReplayBuffer(CENTRE, 0)
    buffer.extend(reading(0, fact(1, "unit:a"), a=Form({"n": 1})))
    buffer.extend(reading(1, fact(2, "unit:a"), a=Form({"n": 2})))
    assert content_of(buffer.after(0)) == (2, [1, 2], {"unit:a": {"n": 2}})


def test_a_buffer_keeps_ten_thousand_facts_and_knows_what_it_no_longer_covers():
    buffer = ReplayBuffer(CENTRE, 0)
    for seq in range(1, 10_101):
        buffer.extend(reading(seq - 1, fact(seq, f"unit:{seq}"), **{str(seq): Form({"n": seq})}))
    assert (buffer.covers(99), buffer.covers(100)) == (False, True)
    now = {"unit:10099": {"n": 10_099}, "unit:10100": {"n": 10_100}}
    assert content_of(buffer.after(10_098)) == (10_100, [10_099, 10_100], now)
    assert len(content_of(buffer.after(100))[1]) == 10_000


def test_a_buffer_keeps_so_many_bytes():
    buffer = ReplayBuffer(CENTRE, 0)
    for seq in range(1, 41):
        buffer.extend(reading(seq - 1, fact(seq, f"unit:{seq}"), **{str(seq): Form({"n": "x" * 1_000_000})}))
    assert not buffer.covers(20)
    assert buffer.covers(30)


def test_whoever_is_let_in_is_at_the_head_and_gets_what_follows():
    hub = hub_at(5)
    line = join(hub, 5)
    assert [frame["type"] for frame in line.frames] == ["beat"]
    hub.publish(reading(5, fact(6, "unit:a"), fact(7, "unit:a"), a=Form({"n": 1})))
    hub.publish(reading(7, fact(8, "unit:a"), a=Form({"n": 2})))
    batches = [(frame["seq"], frame["now"]) for frame in line.frames[1:]]
    assert batches == [(7, {"unit:a": {"n": 1}}), (8, {"unit:a": {"n": 2}})]


def test_a_reading_that_reaches_further_back_sends_nothing_twice():
    hub = hub_at(5)
    line, late = join(hub, 5), FakeLine()
    join(hub, 2, late)
    assert late.frames == []
    hub.publish(reading(1, *[fact(seq, "unit:a") for seq in range(2, 8)], a=Form({"n": 1})))
    assert [[event["seq"] for event in frame["events"]] for frame in line.frames[1:]] == [[6, 7]]
    assert [[event["seq"] for event in frame["events"]] for frame in late.frames] == [[3, 4, 5, 6, 7]]


def test_one_that_has_gone_while_it_waited_takes_nobodys_turn_along():
    hub = hub_at(5)
    gone, late = FakeLine(room=-1), FakeLine()
    for line in (gone, late):
        join(hub, 2, line)
    hub.publish(reading(1, *[fact(seq, "unit:a") for seq in range(2, 6)], a=Form({"n": 1})))
    assert [[event["seq"] for event in frame["events"]] for frame in late.frames] == [[3, 4, 5]]


def test_a_gap_in_what_was_read_resets_everybody():
    hub = hub_at(5)
    line = join(hub, 5)
    hub.publish(reading(20_000, fact(20_001, "unit:a")))
    assert line.frames[-1] == {"type": "reset"}
    assert line.code == 1000
    assert join(hub, 20_001).frames[0]["head"] == 20_001


def test_a_socket_that_can_t_keep_up_is_closed_and_the_others_don_t_notice():
    hub = hub_at(5)
    slow, quick = FakeLine(room=50), FakeLine()
    join(hub, 5, slow)
    join(hub, 5, quick)
    for seq in (6, 7, 8):
        hub.publish(reading(seq - 1, fact(seq, "unit:a"), a=Form({"n": seq})))
    assert slow.code == 1013
    assert [frame["seq"] for frame in quick.frames[1:]] == [6, 7, 8]
    assert hub.figures()["sockets"]["centre"] == 1
    assert hub.figures()["slow"] == 1


def test_a_long_resume_has_the_room_it_needs_and_a_frame_on_its_heels_too():
    line = FakeLine()
    socket = Socket(line)
    socket.write(Frame.of(b"{}"))
    socket.write_resume(Frame.of(b'"%s"' % (b"x" * 3 * MOST_UNSENT_BYTES)))
    socket.write(Frame.of(b"{}"))
    assert line.allowed[0] == MOST_UNSENT_BYTES
    assert line.allowed[2] > 4 * MOST_UNSENT_BYTES


def test_an_end_that_was_stated_while_the_endpoint_judged_closes_the_socket():
    hub = hub_at(5)
    hub.publish(reading(5, fact(6, "session:5", "user:5", kind="session.ended")))
    assert join(hub, 6, watches=["session:5"], admitted_at=5).code == 4401
    assert join(hub, 6, watches=["session:5"], admitted_at=6).code is None
    assert join(hub, 6, watches=["user:5"], admitted_at=5).code is None


@pytest.mark.parametrize(
    ("stated", "ends"),
    [
        (fact(1, "session:5", "user:5", kind="session.ended"), ["session:5"]),
        (fact(1, "key:5", "agency:6", kind="key.revoked"), ["key:5"]),
        (fact(1, "user:5", kind="user.changed", fields=["roles", "name"]), ["user:5"]),
        (fact(1, "user:5", kind="user.changed", fields=["unit"]), ["user:5"]),
        (fact(1, "user:5", kind="user.changed"), ["user:5"]),
        (fact(1, "user:5", kind="user.changed", fields=["language"]), []),
        (fact(1, "session:5", kind="session.started"), []),
    ],
)
def test_which_facts_end_sockets(stated, ends):
    assert ended_by(stated) == ends


@pytest.mark.parametrize(
    ("origin", "encrypted", "foreign"),
    [
        ("http://localhost", False, False),
        ("https://localhost", False, False),
        ("https://localhost", True, False),
        ("http://localhost", True, True),
        ("https://localhost:8443", True, True),
        ("https://elsewhere.example", True, True),
        ("null", False, True),
    ],
)
def test_an_encrypted_place_opens_no_socket_for_its_own_name_without_encryption(settings, origin, encrypted, foreign):
    settings.SESSION_COOKIE_SECURE = encrypted
    settings.ALLOWED_HOSTS = ["localhost"]
    assert is_foreign({"headers": [(b"host", b"localhost"), (b"origin", origin.encode())]}) is foreign
