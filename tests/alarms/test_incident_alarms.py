"""The alarms of an incident are acknowledged together: what that covers, and what stays open."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from accounts.actors import Actor
from alarms.models import Alarm
from config.registry import registry
from core.firing.rounds import fire_due
from dispatch.models import Incident
from tests.api_client import Api
from tests.conftest import Clock
from tests.dispatch.fleet import opened
from units.actions.flags import raise_emergency

pytestmark = pytest.mark.django_db


@pytest.fixture
def fire(dispatcher: Actor, clock: Clock) -> Incident:
    """A P1 fire that nobody has answered for 61 s: its agencies' tasks and the incident itself have alarms."""
    incident = opened(dispatcher)
    clock.set(61)
    fire_due(registry)
    return incident


def alarms(incident: Incident) -> list[Alarm]:
    return [alarm for alarm in Alarm.objects.exclude(state="closed").order_by("id") if of(alarm, incident)]


def of(alarm: Alarm, incident: Incident) -> bool:
    return alarm.subject == f"incident:{incident.id}" or alarm.params.get("incident") == str(incident.id)


def acknowledge(client: Api, incident: UUID, **body: object) -> dict[str, list[dict[str, object]]]:
    answer = client.post(f"/api/v1/incidents/{incident}/alarms/acknowledge", {"reason": "seen", **body})
    assert answer.status_code == 200, answer.content
    found: dict[str, list[dict[str, object]]] = answer.json()
    return found


def test_all_that_was_seen_is_acknowledged_but_the_p1_without_a_unit(
    api: Callable[..., Api], dispatcher: Actor, fire: Incident
) -> None:
    open_now = alarms(fire)
    assert {alarm.rule for alarm in open_now} == {2, 11}
    answer = acknowledge(api(dispatcher), fire.id, seen=[str(alarm.id) for alarm in open_now])
    assert {one["rule"] for one in answer["acknowledged"]} == {11}
    assert {(one["rule"], one["why"]) for one in answer["rest"]} == {(2, "one_by_one")}
    states = {(alarm.rule, alarm.state, alarm.acknowledged_reason) for alarm in alarms(fire)}
    assert states == {(2, "open", None), (11, "acknowledged", "seen")}


def test_an_alarm_that_opened_or_rose_between_seeing_and_pressing_is_not_covered(
    api: Callable[..., Api], dispatcher: Actor, clock: Clock
) -> None:
    fire = opened(dispatcher)
    clock.set(31)
    fire_due(registry)
    shown = alarms(fire)
    hidden, *seen = shown
    levels = {str(alarm.id): alarm.level for alarm in seen}
    clock.set(61)
    fire_due(registry)
    answer = acknowledge(api(dispatcher), fire.id, seen=list(levels), levels=levels)
    assert answer["acknowledged"] == []
    why = {str(one["id"]): one["why"] for one in answer["rest"]}
    assert why.pop(str(hidden.id)) == "not_seen"
    p1 = str(Alarm.objects.get(rule=2).id)
    assert why.pop(p1) == "not_seen"
    assert set(why.values()) == {"raised"}
    assert not Alarm.objects.filter(state="acknowledged").exists()


def test_each_role_acknowledges_what_is_its_own(
    api: Callable[..., Api], agency_desk: Actor, call_taker: Actor, fire: Incident
) -> None:
    seen = [str(alarm.id) for alarm in alarms(fire)]
    none = acknowledge(api(call_taker), fire.id, seen=seen)
    assert none["acknowledged"] == []
    assert {one["why"] for one in none["rest"]} == {"not_allowed", "one_by_one"}
    own = acknowledge(api(agency_desk), fire.id, seen=seen)
    assert [one["params"]["agency"] for one in own["acknowledged"]] == ["DAMKAR"]  # type: ignore[index]
    assert own["rest"] == [], "an agency sees no alarms but its own"


def test_a_crews_emergency_is_never_part_of_a_group(
    api: Callable[..., Api], crew: Actor, dispatcher: Actor, fire: Incident
) -> None:
    raise_emergency(actor=crew, unit="DMK1")
    emergency = Alarm.objects.get(rule=9)
    Alarm.objects.filter(pk=emergency.pk).update(params=emergency.params | {"incident": str(fire.id)})
    answer = acknowledge(api(dispatcher), fire.id, seen=[str(alarm.id) for alarm in Alarm.objects.all()])
    assert {(one["rule"], one["why"]) for one in answer["rest"]} == {(2, "one_by_one"), (9, "one_by_one")}


def test_a_wrong_request_is_refused_and_an_alarm_that_is_over_is_ignored(
    api: Callable[..., Api], dispatcher: Actor, fire: Incident
) -> None:
    address = f"/api/v1/incidents/{fire.id}/alarms/acknowledge"
    key = api(scopes=["board"])
    assert key.post(address, {"reason": "seen", "seen": []}).json()["code"] == "name_required"
    assert api(dispatcher).post(address, {"reason": "seen"}).status_code == 422
    assert api(dispatcher).post(address, {"reason": "", "seen": []}).status_code == 422
    assert (
        api(dispatcher).post(f"/api/v1/incidents/{uuid4()}/alarms/acknowledge", {"reason": "x", "seen": []}).status_code
        == 404
    )
    answer = acknowledge(api(dispatcher), fire.id, seen=[str(uuid4())])
    assert answer["acknowledged"] == []
    by_key = acknowledge(key, fire.id, seen=[str(alarm.id) for alarm in alarms(fire)], name="Ani")
    assert {one["acknowledged"]["by"] for one in by_key["acknowledged"]} == {"Ani"}  # type: ignore[index]
