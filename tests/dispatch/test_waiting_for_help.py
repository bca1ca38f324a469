"""Rules 2 to 4: what waits for help raises alarms, level by level, and only that."""

from __future__ import annotations

import contextlib
import random
import uuid
from datetime import timedelta

import pytest

from accounts.actors import Actor
from accounts.queries import default_centre
from accounts.roles import Scope
from alarms.models import Alarm, Policy
from alarms.queries import current_seconds
from core.clock import now
from core.errors import Conflict, DomainError, Invalid, Refused
from core.models import Event, Timer
from dispatch.actions.assignments import assign_unit
from dispatch.actions.edits import edit_incident
from dispatch.actions.incident_state import change_state
from dispatch.actions.merging import merge_incident
from dispatch.actions.reopening import reopen_incident
from dispatch.actions.shortfall import accept_shortfall
from dispatch.actions.tasks import accept_task, finish_task, offer_task, refuse_task, withdraw_task
from dispatch.domain.incident_status import help_of
from dispatch.event_messages import event_sentence
from dispatch.models import Incident
from dispatch.queries.board_items import RULE_OF
from dispatch.queries.timeline import code_names
from dispatch.states import ACTIVE, NOT_OPEN, TASK_OPEN
from dispatch.timers.arrivals import wants_arrival
from dispatch.timers.incidents import wants_help
from plans.models import PlanNeed
from plans.queries.needs import units_met
from tests.dispatch.caller_texts import fire, form, opened
from tests.dispatch.fleet import one_fact, reports, sent

pytestmark = pytest.mark.django_db


def alarm_of(row, rule=2):
    return Alarm.objects.filter(subject=f"incident:{row.id}", rule=rule).exclude(state="closed").first()


def armed(row, kind):
    return Timer.objects.filter(kind=kind, subject=f"incident:{row.id}", state="armed").exists()


def need(capability, *, agency=None, count=1):
    return PlanNeed(capability=capability, agency=agency, count=count)


def program_that_dispatches():
    key = f"key:{uuid.uuid4()}"
    return Actor(ref=key, name="cad", centre=default_centre().id, scopes=frozenset({Scope.INCIDENTS}))


def test_an_alarm_rises_and_ends_when_every_required_need_has_a_unit(call_taker, dispatcher, clock):
    row = opened(call_taker, type="F01")
    clock.advance(seconds=61)
    fire("rule.2")
    assert alarm_of(row).level == 1
    clock.advance(seconds=30)
    fire("rule.2")
    assert alarm_of(row).level == 2
    assert alarm_of(row).params["number"] == str(row.number)
    for callsign in ("DMK1", "DMK2"):
        sent(dispatcher, row, callsign)
    clock.advance(seconds=90)
    fire("rule.2")
    assert (alarm_of(row).level, [need["capability"] for need in alarm_of(row).params["missing"]]) == (3, ["ambulance"])
    assert form(row)["clocks"][0]["done_at"] is None
    sent(dispatcher, row, "PSC1")
    assert alarm_of(row) is None
    assert not armed(row, "rule.2")
    assert form(row)["clocks"][0]["done_at"] is not None


def test_a_timer_that_comes_too_late_raises_nothing(call_taker, dispatcher, clock):
    row = opened(call_taker, type="M01")
    clock.advance(seconds=61)
    timer = Timer.objects.get(kind="rule.2", subject=f"incident:{row.id}", state="armed")
    sent(dispatcher, row, "PSC1")
    Timer.objects.filter(pk=timer.pk).update(state="armed")
    fire("rule.2")
    assert alarm_of(row) is None


def test_what_lost_one_of_its_units_waits_from_then_on(call_taker, dispatcher, clock):
    row = opened(call_taker, type="F01")
    for callsign in ("DMK1", "DMK2", "PSC1"):
        sent(dispatcher, row, callsign)
    clock.advance(seconds=600)
    reports(dispatcher, "DMK1", "available_station", reason="mogok")
    fire("rule.2")
    assert alarm_of(row) is None
    clock.advance(seconds=61)
    fire("rule.2")
    assert alarm_of(row).level == 1


def test_an_alarm_of_a_restricted_incident_names_its_group_only(call_taker, clock):
    row = opened(call_taker, type="S08")
    clock.advance(seconds=61)
    fire("rule.2")
    assert alarm_of(row).params["type"] == "S"


def test_a_unit_that_has_done_its_work_and_left_still_counts_and_a_diverted_one_does_not(call_taker, dispatcher, clock):
    row = opened(call_taker, type="F01")
    for callsign in ("DMK1", "DMK2", "PSC1"):
        sent(dispatcher, row, callsign)
        reports(dispatcher, callsign, "on_scene")
    reports(dispatcher, "PSC1", "transporting")
    reports(dispatcher, "PSC1", "available_mobile")
    assert not armed(row, "rule.2")
    clock.advance(seconds=10)
    sent(dispatcher, opened(call_taker, type="F01"), "DMK2", divert=True)
    assert armed(row, "rule.2")


def test_a_dispatcher_accepts_a_shortfall_by_name_until_another_unit_is_lost(call_taker, dispatcher, clock):
    row = opened(call_taker, type="F01")
    for callsign in ("DMK1", "DMK2"):
        sent(dispatcher, row, callsign)
    clock.advance(seconds=61)
    fire("rule.2")
    accept_shortfall(actor=dispatcher.at_desk("D1"), incident=row.id, reason="ambulans dari Pamekasan")
    assert alarm_of(row) is None
    accept_shortfall(actor=dispatcher.at_desk("D1"), incident=row.id, reason="sekali lagi")
    [fact] = Event.objects.filter(kind="incident.shortfall_accepted")
    assert fact.data["missing"] == [{"agency": None, "capability": "ambulance", "count": 1}]
    assert "1 × Ambulance" in event_sentence(fact, "en", code_names("en"))
    now = Incident.objects.get(pk=row.pk)
    assert (now.shortfall_name, now.notes.count()) == (dispatcher.name, 1)
    reports(dispatcher, "DMK1", "available_station", reason="mogok")
    clock.advance(seconds=61)
    fire("rule.2")
    assert [need["capability"] for need in alarm_of(row).params["missing"]] == ["fire_engine", "ambulance"]


def test_a_shortfall_is_accepted_only_where_a_unit_is_missing_and_in_somebodys_name(
    call_taker, dispatcher, agency_desk
):
    row = opened(call_taker, type="M01")
    with pytest.raises(Refused):
        accept_shortfall(actor=agency_desk, incident=opened(call_taker, type="F01").id, reason="x")
    with pytest.raises(Invalid, match="name_required"):
        accept_shortfall(actor=program_that_dispatches(), incident=row.id, reason="x")
    sent(dispatcher, row, "PSC1")
    with pytest.raises(Conflict, match="no_shortfall"):
        accept_shortfall(actor=dispatcher.at_desk("D1"), incident=row.id, reason="x")


def test_where_the_plan_requires_no_unit_an_accepted_task_ends_the_wait(call_taker, dispatcher):
    row = opened(call_taker, type="K04", priority=3)
    assert armed(row, "rule.4")
    accept_task(actor=dispatcher.at_desk("D1"), task=row.tasks.first().id, reason="by telephone: Joko")
    assert not armed(row, "rule.4")


def test_an_incident_under_control_is_not_watched_until_it_flares_up_again(call_taker, dispatcher):
    row = opened(call_taker, type="F01")
    sent(dispatcher, row, "DMK1")
    reports(dispatcher, "DMK1", "on_scene")
    assert armed(row, "rule.2")
    for state, watched in (("controlled", False), ("on_scene", True)):
        change_state(actor=dispatcher.at_desk("D1"), incident=row.id, state=state)
        assert armed(row, "rule.2") is watched


def test_a_unit_meets_one_need_and_the_units_are_spread_over_as_many_needs_as_they_can_meet():
    ambulance, advanced = need("ambulance"), need("ambulance_als")
    both, simple = (["ambulance", "ambulance_als"], "PSC119"), (["ambulance"], "DINKES")
    assert units_met([ambulance, advanced], [both, simple]) == [1, 1]
    assert units_met([ambulance, advanced], [both]) == [1, 0]
    assert units_met([need("ambulance", agency="PSC119", count=2)], [both, simple]) == [1]
    assert units_met([ambulance], [both, simple], times=2) == [2]


UNITS = ("DMK1", "DMK2", "POL1")
STATUSES = ("acknowledged", "en_route", "on_scene", "available_mobile", "available_station", "returning")
STATES = ("triaged", "on_hold", "controlled", "resolved", "cancelled", "closed")


def one_act(dice, rows, dispatcher, supervisor):
    """Something that might happen next; half of it is refused, which must change nothing."""
    row = dice.choice(rows)
    words = {"incident": row.id}
    tasks = list(row.tasks.filter(state__in=[*TASK_OPEN, "refused"]))
    task = dice.choice(tasks).id if tasks else None
    by = {"actor": dispatcher.at_desk("D1"), "task": task, "reason": "lewat radio"}
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
    waits, found = now.waiting_until is None, help_of(now)
    assert waits is (wants_help(now) and not found.sent)
    expects = now.arrival_until is None
    assert expects is (wants_arrival(now) and found.arrived_at is None)
    assert not (active and now.state in NOT_OPEN)
    assert not (now.state in NOT_OPEN and now.tasks.filter(state__in=TASK_OPEN).exists())
    wanted = {f"rule.{RULE_OF[now.priority]}"} if waits and now.priority in RULE_OF else set()
    wanted |= {"rule.7"} if expects else set()
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
    clock = form(opened(dispatcher, priority=2))["clocks"][0]
    assert clock["due_at"] == [clock["from"] + timedelta(seconds=seconds) for seconds in (7, 70, 700)]


def test_a_wait_that_is_over_is_measured_by_the_new_priority(dispatcher):
    incident = opened(dispatcher, priority=2)
    sent(dispatcher, incident, "DMK1")
    edit_incident(actor=dispatcher.at_desk("D1"), incident=incident.id, changes={"priority": 1}, version=1)
    clock = form(incident)["clocks"][0]
    assert clock["kind"] == "rule.2"
    assert clock["done_at"] is not None
    assert clock["target_at"] - clock["from"] == timedelta(seconds=current_seconds(incident.centre_id, 2, 1)[0])
