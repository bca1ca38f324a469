"""How many statements each request of a whole call sends: nothing is read twice unnoticed."""

from __future__ import annotations

import uuid

import pytest

from tests.api_client import Api, api_client
from tests.statements import record_statements

# With the one that finds the key of the request.
MOST = {
    "ring": 15,
    "answered": 12,
    "save": 10,
    "open": 34,
    "note": 9,
    "read": 12,
    "assign": 25,
    "call off": 21,
    "ended": 11,
    "cancel": 24,
}


class Desk:
    """Plays a call, and counts what each step sends."""

    def __init__(self) -> None:
        self.exchange = api_client(scopes=["telephony"])
        self.desk = api_client(scopes=["calls", "incidents"])
        self.sent: dict[str, int] = {}

    def say(self, step: str, who: Api, method: str, path: str, body: object = None) -> dict[str, object]:
        with record_statements() as statements:
            answer = who.ask(method, path, body)
        assert 200 <= answer.status_code < 300, (step, answer.content)
        self.sent[step] = len(statements.seen)
        return dict(answer.json())

    def play(self, unit: str) -> None:
        event = {"source": "pbx-1", "call_ref": str(uuid.uuid4()), "caller": "+6281230990001"}
        call = self.say("ring", self.exchange, "POST", "telephony/events", event | {"event": "ringing"})["call"]
        self.say("answered", self.exchange, "POST", "telephony/events", event | {"event": "answered"})
        self.say("save", self.desk, "PATCH", f"calls/{call}", {"caller_name": "Ibu Siti", "version": 1})
        place = {"text": "Jalan Raya 5", "lat": -7.01, "lng": 113.86}
        wanted = {"id": str(uuid.uuid4()), "type": "F01", "location": place, "call": call}
        incident = self.say("open", self.desk, "POST", "incidents", wanted)["id"]
        path = f"incidents/{incident}"
        self.say("note", self.desk, "POST", f"{path}/notes", {"id": str(uuid.uuid4()), "text": "Asap tebal"})
        self.say("read", self.desk, "GET", path)
        sent = self.say("assign", self.desk, "POST", f"{path}/assignments", {"id": str(uuid.uuid4()), "unit": unit})
        self.say("call off", self.desk, "POST", f"assignments/{sent['id']}/cancel", {})
        self.say("ended", self.exchange, "POST", "telephony/events", event | {"event": "ended"})
        self.say("cancel", self.desk, "POST", f"{path}/state", {"state": "cancelled", "reason": "false alarm"})


@pytest.mark.usefixtures("fresh_database", "still_time")
def test_no_step_of_a_call_sends_more_statements_than_before() -> None:
    desk = Desk()
    desk.play("DMK1")  # what a process reads once
    desk.play("DMK2")
    assert {step: count for step, count in desk.sent.items() if count > MOST[step]} == {}
