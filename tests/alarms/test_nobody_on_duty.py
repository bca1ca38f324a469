"""Where no role of a rule is on duty at any level, its alarm advises to call the fixed telephone: every rule's."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from accounts.actors import Actor
from alarms.conditions import Rule, Standing
from alarms.messages import alarm_message
from alarms.models import Alarm, Duty
from alarms.system_faults import raise_trouble
from alarms.timers import raise_at_once
from core import clock, events
from core.registry import SystemFault

pytestmark = pytest.mark.django_db
DEFAULTS = Path(__file__).resolve().parents[2] / "data" / "defaults" / "escalation_rules.json"
POLICIES = {each["rule"]: each for each in json.loads(DEFAULTS.read_text(encoding="utf-8"))["rules"]}
ADVICE = {"en": "call the centre's fixed telephone", "id": "telepon nomor tetap pusat"}


def nobody_works_as(roles: Collection[str], supervisor: Actor) -> None:
    """Each of these roles keeps a roster, and the last duty on it is over."""
    now = clock.now()
    for role in roles:
        Duty.objects.create(
            centre_id=supervisor.centre, role=role, user_id=supervisor.user,
            starts_at=now - timedelta(hours=9), ends_at=now - timedelta(hours=1),
        )  # fmt: skip


def roles_of(rule: int) -> set[str]:
    return {role for step in POLICIES[rule]["steps"] for role in step["roles"]}


def gives_advice(alarm: Alarm) -> bool:
    texts = [alarm_message({"rule": alarm.rule, "level": 1, **alarm.params}, language).text for language in ADVICE]
    advised = [words in text for words, text in zip(ADVICE.values(), texts, strict=True)]
    assert len(set(advised)) == 1
    return advised[0]


@pytest.mark.parametrize("rule", sorted(POLICIES))
def test_the_alarm_of_every_rule_gives_the_advice_in_both_languages(supervisor: Actor, rule: int) -> None:
    everybody = roles_of(rule)
    priorities = sorted(int(key) for key in POLICIES[rule]["after_seconds"] if key.isdecimal())
    stands = Standing(supervisor.centre, priorities[0] if priorities else 1)
    for off_duty, wanted in ((sorted(everybody)[1:], False), (sorted(everybody)[:1], True)):
        nobody_works_as(off_duty, supervisor)
        if not wanted and len(everybody) == 1:
            continue
        subject = f"source:{uuid4()}"
        of_test = Rule(rule, lock=set, standing=lambda subjects: dict.fromkeys(subjects, stands))
        with events.transaction():
            raise_at_once(of_test, subject, centre=supervisor.centre, base_at=clock.now() - timedelta(days=1))
        assert gives_advice(Alarm.objects.get(subject=subject)) is wanted


def test_a_system_fault_gives_the_advice_too(supervisor: Actor) -> None:
    nobody_works_as(roles_of(16), supervisor)
    with events.transaction():
        raise_trouble(SystemFault("timer.failed", f"source:{uuid4()}", clock.now(), standing=True, figures={}))
    assert gives_advice(Alarm.objects.get(rule=16))
