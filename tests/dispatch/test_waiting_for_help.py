"""Rules 2 to 4: what waits for help is told of, level by level, and only that."""

from __future__ import annotations

import contextlib
import random
from datetime import timedelta

import pytest

from alarms.models import Alarm, Policy
from alarms.queries import current_seconds
from core.clock import now
from core.errors import DomainError
from core.models import Timer
from dispatch.actions.assignments import assign_unit
from dispatch.actions.edits import edit_incident
from dispatch.actions.incident_state import change_state
from dispatch.actions.merging import merge_incident
from dispatch.actions.reopening import reopen_incident
from dispatch.actions.tasks import accept_task, finish_task, offer_task, refuse_task, withdraw_task
from dispatch.models import Incident
from dispatch.queries.forms import RULE_OF
from dispatch.states import ACTIVE, NOT_OPEN, TASK_OPEN
from dispatch.timers.incidents import wants_help
from tests.dispatch.fleet import one_fact, reports, sent
from tests.dispatch.words import fire, form, opened

pytestmark = pytest.mark.django_db


def alarm_of(row):
    return Alarm.objects.filter(subject=f"incident:{row.id}").exclude(state="closed").first()


def test_an_alarm_rises_and_ends_when_a_unit_is_sent(call_taker, dispatcher, clock):
    row = opened(call_taker, type="F01")
    clock.advance(seconds=61)
    fire("rule.2")
    assert alarm_of(row).level == 1
    clock.advance(seconds=30)
    fire("rule.2")
    assert alarm_of(row).level == 2
    assert alarm_of(row).params["number"] == str(row.number)
    sent(dispatcher, row, "DMK1")
    assert alarm_of(row) is None
    assert not Timer.objects.filter(subject=f"incident:{row.id}", state="armed").exists()


def test_a_timer_that_comes_too_late_raises_nothing(call_taker, dispatcher, clock):
    row = opened(call_taker, type="F01")
    clock.advance(seconds=61)
    timer = Timer.objects.get(kind="rule.2", subject=f"incident:{row.id}", state="armed")
    sent(dispatcher, row, "DMK1")
    Timer.objects.filter(pk=timer.pk).update(state="armed")
    fire("rule.2")
    assert alarm_of(row) is None


def test_what_lost_its_unit_waits_from_then_on(call_taker, dispatcher, clock):
    row = opened(call_taker, type="F01")
    sent(dispatcher, row, "DMK1")
    clock.advance(seconds=600)
    reports(dispatcher, "DMK1", "available_station", reason="mogok")
    fire("rule.2")
    assert alarm_of(row) is None
    clock.advance(seconds=61)
    fire("rule.2")
    assert alarm_of(row).level == 1


def test_a_restricted_incident_is_told_of_by_its_group_only(call_taker, clock):
    row = opened(call_taker, type="S08")
    clock.advance(seconds=61)
    fire("rule.2")
    assert alarm_of(row).params["type"] == "S"


UNITS = ("DMK1", "DMK2", "POL1")
STATUSES = ("acknowledged", "en_route", "on_scene", "available_mobile", "available_station", "returning")
STATES = ("triaged", "on_hold", "controlled", "resolved", "cancelled", "closed")


def one_act(dice, rows, dispatcher, supervisor):
    """Something that might happen next; half of it is refused, which must change nothing."""
    row = dice.choice(rows)
    words = {"desk": "D1", "incident": row.id}
    tasks = list(row.tasks.filter(state__in=[*TASK_OPEN, "refused"]))
    task = dice.choice(tasks).id if tasks else None
    by = {"actor": dispatcher, "desk": "D1", "task": task, "reason": "lewat radio"}
    acts = [
        lambda: assign_unit(actor=dispatcher, **words, unit=dice.choice(UNITS), stacked=dice.random() < 0.2),
        lambda: reports(dispatcher, dice.choice(UNITS), dice.choice(STATUSES), reason="radio"),
        lambda: reports(dispatcher, dice.choice(UNITS), dice.choice(STATUSES), reason="radio"),
        lambda: change_state(
            actor=supervisor, **words, state=dice.choice(STATES), disposition="handled", force=dice.random() < 0.5
        ),
        lambda: reopen_incident(actor=dispatcher, **words),
        lambda: merge_incident(actor=dispatcher, **words, into=dice.choice(rows).id),
        lambda: edit_incident(
            actor=dispatcher, **words, version=form(row)["version"], changes={"priority": dice.randint(1, 5)}
        ),
        lambda: edit_incident(
            actor=dispatcher,
            **words,
            version=form(row)["version"],
            changes={"type": dice.choice(["F01", "K04", "X00"])},
        ),
        lambda: offer_task(actor=dispatcher, **words, agency=dice.choice(["PLN", "DISHUB"])),
        lambda: task and dice.choice([accept_task, finish_task, refuse_task, withdraw_task])(**by),
    ]
    dice.choice(acts)()


def always_true(row):
    """What holds after any act: who waits is watched by the one right rule, who doesn't by none."""
    now = Incident.objects.get(pk=row.pk)
    active = now.assignments.filter(status__in=ACTIVE).exists()
    waits = now.waiting_until is None
    assert waits is False or (wants_help(now) and not active)
    assert not (active and now.state in NOT_OPEN)
    assert not (now.state in NOT_OPEN and now.tasks.filter(state__in=TASK_OPEN).exists())
    wanted = {f"rule.{RULE_OF[now.priority]}"} if waits and now.priority in RULE_OF else set()
    armed = set(Timer.objects.filter(subject=f"incident:{row.id}", state="armed").values_list("kind", flat=True))
    assert armed == wanted, (now.state, now.priority, armed, wanted)
    assert (now.state == "merged") is (now.merged_into_id is not None)
    assert (now.closed_at is not None) is (now.state in NOT_OPEN)
    for task in now.tasks.all():
        watched = Timer.objects.filter(kind="rule.11", subject=f"task:{task.id}", state="armed").exists()
        assert watched is (task.state == "offered")
    form(now)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_who_waits_is_watched(seed, call_taker, dispatcher, supervisor):
    dice = random.Random(seed)
    rows = [opened(call_taker, type="F01"), opened(call_taker, type="K04"), opened(call_taker, priority=3)]
    for _ in range(40):
        with contextlib.suppress(DomainError):
            one_act(dice, rows, dispatcher, supervisor)
        for row in rows:
            always_true(row)
        for callsign in UNITS:
            one_fact(callsign)


def test_a_new_version_of_the_policy_leaves_the_clocks_that_run_as_they_are(dispatcher):
    running = opened(dispatcher, priority=2)
    before = form(running)
    old = Policy.objects.get(centre=running.centre, rule=3, current=True)
    Policy.objects.filter(pk=old.pk).update(current=False)
    table = {**old.definition["after_seconds"], "2": [7, 70, 700]}
    Policy.objects.create(
        centre=old.centre, rule=3, version=2, name_id=old.name_id, name_en=old.name_en, made_at=now(), made_by="test",
        definition=old.definition | {"after_seconds": table},
    )  # fmt: skip
    assert form(running) == before
    [clock] = form(opened(dispatcher, priority=2))["clocks"]
    assert clock["due_at"] == [clock["from"] + timedelta(seconds=seconds) for seconds in (7, 70, 700)]


def test_a_wait_that_is_over_is_measured_by_the_new_priority(dispatcher):
    incident = opened(dispatcher, priority=2)
    sent(dispatcher, incident, "DMK1")
    edit_incident(actor=dispatcher, desk="D1", incident=incident.id, changes={"priority": 1}, version=1)
    [clock] = form(incident)["clocks"]
    assert clock["kind"] == "rule.2"
    assert clock["done_at"] is not None
    assert clock["target_at"] - clock["from"] == timedelta(seconds=current_seconds(incident.centre_id, 2, 1)[0])
