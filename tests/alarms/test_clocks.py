"""Clocks of workstations and servers: judged against the database's, shown above 2 s, rule 19 above 5 s."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from accounts.actors import Actor
from alarms.messages import alarm_message
from alarms.models import Alarm
from alarms.sources import watch_sources
from config.registry import registry
from core.firing.rounds import fire_due
from core.firing.server_clocks import ServerClock
from core.models import Source
from monitoring.health.sources import source_clocks
from tests.api_client import Api
from tests.conftest import Clock
from tests.dispatch.caller_texts import problem

pytestmark = pytest.mark.django_db
PATH = "workstations/clock"


def wrong_by(seconds: float) -> dict[str, str]:
    return {"at": (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()}


def alarms() -> list[Alarm]:
    return list(Alarm.objects.filter(rule=19).exclude(state="closed"))


def after(clock: Clock, seconds: float) -> list[int]:
    clock.advance(seconds=seconds)
    watch_sources()
    fire_due(registry)
    return [alarm.level for alarm in alarms()]


def test_a_workstations_clock_is_shown_above_two_seconds_and_raises_rule_19_above_five(
    dispatcher: Actor, api: Callable[..., Api], clock: Clock
) -> None:
    desk = api(dispatcher, desk="D1")

    def reported(seconds: float) -> bool:
        answer = desk.post(PATH, wrong_by(seconds)).json()
        assert abs(answer["offset_seconds"] - seconds) < 1
        return bool(answer["off"])

    assert (reported(0.2), after(clock, 0)) == (False, [])
    assert (reported(-3.5), after(clock, 0)) == (True, [])
    shown = next(row for row in source_clocks().figures["items"] if row["kind"] == "workstation")
    assert (shown["name"], shown["off"], round(shown["skew_seconds"])) == ("D1", True, -4)
    assert (reported(9.0), after(clock, 0)) == (True, [1])
    params = alarms()[0].params
    assert (params["source_kind"], params["source"], params["offset_seconds"]) == ("workstation", "D1", 9)
    clock.advance(seconds=301)  # no error of the workstation's: it is compared with the database, not with this
    assert (reported(9.0), after(clock, 0), after(clock, 600)) == (True, [2], [3])
    assert (reported(3.0), len(after(clock, 0))) == (True, 1)
    assert (reported(1.0), after(clock, 0)) == (False, [])


def test_a_workstation_without_a_desk_is_known_by_no_name(
    dispatcher: Actor, api: Callable[..., Api], clock: Clock
) -> None:
    api(dispatcher).post(PATH, wrong_by(60))
    assert after(clock, 0) == [1]
    source = Source.objects.get(kind="workstation")
    assert source.name == dispatcher.ref
    seconds = alarms()[0].params["offset_seconds"]  # 60, or less by what the request took
    for language, text in (("en", "a workstation without a desk"), ("id", "komputer kerja tanpa meja")):
        message = alarm_message({"rule": 19, "level": 1, **alarms()[0].params}, language).text
        assert text in message
        assert source.name not in message
        assert f"{seconds} s" in message or f"{seconds} d" in message


@pytest.mark.parametrize("at", [None, "soon", 12, "2026-02-30T00:00:00Z", "2026-01-01T00:00:00", ["x"], "9" * 400])
def test_a_time_that_is_none_is_refused_with_what_to_do(dispatcher: Actor, api: Callable[..., Api], at: object) -> None:
    refused = problem(api(dispatcher).post(PATH, {"at": at}), 422)
    assert refused["errors"][0]["field"] == "at"
    assert refused["errors"][0]["message"]
    assert not Source.objects.filter(kind="workstation").exists()


def test_a_clock_without_a_battery_is_a_clock_that_is_off(
    dispatcher: Actor, api: Callable[..., Api], clock: Clock
) -> None:
    assert api(dispatcher).post(PATH, {"at": "1970-01-01T00:00:00Z"}).json()["off"]
    assert after(clock, 0) == [1]


def test_reports_are_bounded_and_come_from_people_at_workstations(
    call_taker: Actor, crew: Actor, agency_desk: Actor, api: Callable[..., Api]
) -> None:
    assert api(agency_desk).post(PATH, wrong_by(0)).status_code == 200
    assert api(crew).post(PATH, wrong_by(9)).json()["off"]
    assert problem(api(scopes=["board"]).post(PATH, wrong_by(0)), 403)["code"] == "scope_missing"
    desk = api(call_taker)
    answers = [desk.post(PATH, wrong_by(0)) for _ in range(14)]
    assert [answer.status_code for answer in answers][:10] == [200] * 10
    assert problem(answers[-1], 429)["code"]
    assert int(answers[-1].headers["Retry-After"]) > 0
    kept = Source.objects.filter(kind="workstation").values_list("name", flat=True)
    assert set(kept) == {call_taker.ref, agency_desk.ref}, "a crew's telephone is no workstation"


def test_a_web_server_compares_its_clock_with_the_databases_as_it_starts(db: None, clock: Clock) -> None:
    ServerClock("web@test").look()
    source = Source.objects.get(kind="web", name="web@test")
    assert abs(source.skew_seconds) < 2
    assert after(clock, 0) == []
    Source.objects.filter(pk=source.pk).update(skew_seconds=-7.2)
    assert after(clock, 0) == [1]
    shown = [(row["kind"], row["name"], row["off"]) for row in source_clocks().figures["items"]]
    assert ("web", "web@test", True) in shown
    ServerClock("web@test").look()
    assert after(clock, 0) == []
