"""The kinds of events: named alike in the code and in the log, emitted, and with a sentence in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from accounts.events import AccountEvent
from alarms.rules import EscalationRule
from bench.events import BenchEvent
from calls.events import CallEvent
from config.registry import registry
from core import events
from core.event_kinds import EventKind, all_kinds
from core.models import Event
from dispatch.event_messages import event_sentence
from dispatch.events import DispatchEvent
from tests.sample_events import SampleEvent

ROOT = Path(__file__).resolve().parents[2]
KINDS = [kind for kind in all_kinds() if not isinstance(kind, SampleEvent)]
SHOWN = [kind for kind in KINDS if not isinstance(kind, BenchEvent)]
PLACE = re.compile(r"%\((\w+)\)s")
# Where a kind is used without its member being written out: task.<state>, and by what an exchange reports.
BY_STATE = re.compile(r"task\.")


def test_the_apps_bring_their_kinds() -> None:
    assert registry.kinds
    assert len(KINDS) > 100
    assert len({kind.value for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_member_is_called_as_the_log_calls_it(kind: EventKind) -> None:
    assert kind.name == kind.value.replace(".", "_").upper()


def test_every_kind_is_emitted_somewhere() -> None:
    files = [path for path in ROOT.rglob("*.py") if "tests" not in path.parts and ".venv" not in path.parts]
    code = "\n".join(path.read_text(encoding="utf-8") for path in files if "node_modules" not in path.parts)
    unused = [
        kind for kind in KINDS if f"{type(kind).__name__}.{kind.name}" not in code and not BY_STATE.match(kind.value)
    ]
    assert unused == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_sentence_shows_only_fields_that_its_kind_has(kind: EventKind) -> None:
    shown = set(PLACE.findall(" ".join([kind.sentence, *kind.further.values()])))
    assert shown | kind.further.keys() <= kind.fields.keys() | {"about", "late"}


@pytest.mark.parametrize("kind", SHOWN)
def test_a_sentence_is_made_in_both_languages_even_of_an_event_without_data(kind: EventKind) -> None:
    for language in ("id", "en"):
        assert event_sentence(Event(kind=kind, data={}), language)


def test_a_kind_of_no_app_is_shown_by_its_name() -> None:
    assert event_sentence(Event(kind="gone.away", data={}), "en") == "gone.away"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "data", "complaint"),
    [
        (CallEvent.CALL_ENDED, {"stat": "ended"}, "has no field 'stat'"),
        (CallEvent.CALL_ENDED, {"state": "finished"}, "state is a CallState, not 'finished'"),
        (AccountEvent.FACTOR_CODES_MADE, {"count": "ten"}, "count is a int, not 'ten'"),
    ],
)
def test_data_that_its_kind_does_not_have_is_refused(kind: EventKind, data: dict[str, str], complaint: str) -> None:
    with pytest.raises(TypeError, match=complaint), events.transaction():
        events.append(kind, actor="system:test", subjects=["centre:1"], data=data)


def test_data_of_the_log_fits_by_its_values_and_may_be_absent() -> None:
    kind = DispatchEvent.INCIDENT_STATE_CHANGED
    kind.check({"from": "new", "to": None, "late": True})
    with pytest.raises(TypeError, match="IncidentState"):
        kind.check({"from": EscalationRule.CALL_WAITING})


def test_a_kind_is_found_by_its_name_in_the_log() -> None:
    assert DispatchEvent.named("task.done") is DispatchEvent.TASK_DONE
    with pytest.raises(KeyError):
        DispatchEvent.named("task.forgotten")
