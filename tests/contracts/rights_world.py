"""The objects that the table of rights speaks of, and everybody who asks for them."""

from __future__ import annotations

import uuid
from datetime import timedelta

from accounts.actors import system_actor
from accounts.models import Agency
from accounts.queries import default_centre
from alarms.models import Alarm, Policy
from calls.actions.call_control import answer_call
from calls.actions.telephony import PbxEvent, take_telephony_event
from calls.states import TelephonyKind
from core.clock import now
from dispatch.actions.assignments import assign_unit
from dispatch.actions.calls import link_call
from dispatch.actions.incidents import open_incident
from dispatch.actions.notes import add_note
from dispatch.actions.people import report_people
from dispatch.actions.tasks import accept_task
from dispatch.domain.location import Location
from dispatch.models import Incident, Task
from places.actions import propose_warning
from tests.api_client import Api, api_client
from tests.conftest import person

# Who asks, in the order of the table's columns.
# Keys differ from people by their colon: "key:units", "key:units@DAMKAR", "key:units+supervise".
PEOPLE = ("calltaker", "dispatcher", "supervisor", "damkar", "pln", "crew", "admin", "auditor")
SCOPES = (
    "key:telephony",
    "key:location",
    "key:calls",
    "key:incidents",
    "key:units",
    "key:board",
    "key:reports",
    "key:exchange",
    "key:admin",
    "key:supervise",
    "key:restricted",
)
BOUND = (
    "key:incidents@DAMKAR",
    "key:incidents@PLN",
    "key:units@DAMKAR",
    "key:units@PLN",
    "key:board@DAMKAR",
    "key:admin@DAMKAR",
    "key:units+supervise",
)
ASKERS = ("nobody", *PEOPLE, *SCOPES, *BOUND)
WORDS = "words that only some may read"
NUMBERS = ("+6281230000001", "+6281230000002", "+6281230000003")


def client_of(asker: str) -> Api:
    """The API client of an asker: without credentials, with a session, or with a key."""
    if asker == "nobody":
        return api_client()
    if not asker.startswith("key:"):
        return api_client(person(asker))
    scopes, _, agency = asker.removeprefix("key:").partition("@")
    return api_client(scopes=scopes.split("+"), agency=agency or None)


def build() -> dict[str, str]:
    """Make every object; their ids by the names that the table's addresses use.

    own: an incident that DAMKAR has accepted and PLN is offered, with DMK1 sent and a caller. other: one without both.
    restricted: one of a restricted type, without both. mine: another, which the call-taker's call `taken` is about.
    waiting: a call that nobody has.
    """
    dispatcher, call_taker = person("dispatcher"), person("calltaker")
    own, other, restricted, mine = (_incident(code) for code in ("F01", "S01", "S04", "S05"))
    assignment, _ = assign_unit(actor=dispatcher.at_desk("D1"), incident=own.id, unit="DMK1")
    accept_task(actor=person("damkar"), task=Task.objects.get(incident=own, agency__code="DAMKAR").id)
    waiting, taken, about_own = (_ring(number) for number in NUMBERS)
    link_call(actor=dispatcher.at_desk("D1"), call=about_own, incident=own.id)
    answer_call(actor=call_taker.at_desk("CT1"), call=taken)
    link_call(actor=dispatcher.at_desk("D1"), call=taken, incident=mine.id)
    note, _ = add_note(actor=dispatcher.at_desk("D1"), incident=own.id, text="a note")
    people, _ = report_people(actor=dispatcher.at_desk("D1"), incident=own.id, place="first floor", count=2)
    warning, _ = propose_warning(
        actor=person("damkar"),
        kind="access",
        lat=-7.3,
        lng=113.9,
        text="a low bridge",
        review_on=now().date() + timedelta(days=1),
    )
    return {
        "own": str(own.id),
        "other": str(other.id),
        "restricted": str(restricted.id),
        "mine": str(mine.id),
        "none": str(uuid.uuid4()),
        "waiting": str(waiting),
        "taken": str(taken),
        "assignment": str(assignment.id),
        "task": str(Task.objects.get(incident=own, agency__code="DAMKAR").id),
        "foreign_task": str(Task.objects.get(incident=other, agency__code="POLRES").id),
        "note": str(note.id),
        "warning": str(warning.id),
        "people": str(people.id),
        "alarm_1": _alarm(1, f"call:{waiting}"),
        "alarm_2": _alarm(2, f"incident:{other.id}"),
        "alarm_9": _alarm(9, f"unit:{uuid.uuid4()}", "DAMKAR"),
        "alarm_11": _alarm(11, f"task:{uuid.uuid4()}", "DAMKAR"),
        "alarm_15": _alarm(15, f"number:{uuid.uuid4()}"),
        "alarm_16": _alarm(16, f"source:{uuid.uuid4()}"),
    }


def _incident(code: str) -> Incident:
    place = Location(text="Pasar Anom, Kolor", lat=-7.01, lng=113.86)
    incident, _ = open_incident(actor=person("dispatcher").at_desk("D1"), location=place, type=code, narrative=WORDS)
    return incident


def _ring(number: str) -> uuid.UUID:
    event = PbxEvent(source="pbx", call_ref=number, event=TelephonyKind.QUEUED, caller=number)
    return take_telephony_event(actor=system_actor(default_centre().id, "test"), event=event).id


def _alarm(rule: int, subject: str, agency: str | None = None) -> str:
    moment = now() - timedelta(seconds=60)
    alarm = Alarm.objects.create(
        centre=default_centre(),
        policy=Policy.objects.filter(current=True).latest("rule"),  # rights go by the rule alone
        rule=rule,
        subject=subject,
        priority=1,
        level=1,
        base_at=moment,
        opened_at=moment,
        level_at=moment,
        agencies=list(Agency.objects.filter(code=agency).values_list("id", flat=True)),
    )
    return str(alarm.id)
