"""A crew in trouble (FMS 0): rule 9 opens with the flag, rises by its levels, closes with the flag."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import timedelta

import pytest

from accounts.actors import Actor
from accounts.models import Agency
from alarms.actions import acknowledge_alarm, snooze_alarm
from alarms.models import Alarm
from alarms.queries import open_alarms
from config.registry import registry
from core import clock as time
from core.errors import Conflict, Refused
from core.firing.rounds import fire_due
from core.models import Event, Notification
from dispatch.actions.unit_status import report_status
from tests.api_client import Api
from tests.conftest import Clock
from tests.dispatch.fleet import opened, sent
from units.actions.flags import end_emergency, raise_emergency, withdraw_emergency
from units.models import EmergencyContact, Unit

pytestmark = pytest.mark.django_db


def alarm() -> Alarm:
    return Alarm.objects.get(rule=9)


def unit() -> Unit:
    return Unit.objects.get(callsign="DMK1")


def after(clock: Clock, seconds: float) -> Alarm:
    clock.set(clock.seconds + seconds)
    fire_due(registry)
    return alarm()


def acknowledge(actor: Actor) -> Alarm:
    return acknowledge_alarm(actor=actor, alarm=alarm().id, reason="seen")


def test_the_alarm_stands_in_the_same_transaction_as_the_flag(crew: Actor, agency_desk: Actor) -> None:
    report_status(actor=crew, unit="DMK1", status="0")
    raised = alarm()
    assert (raised.level, raised.state, raised.params["callsign"]) == (1, "open", "DMK1")
    facts = Event.objects.filter(subjects__contains=[raised.subject]).order_by("seq").values_list("kind", flat=True)
    assert list(facts)[-2:] == ["unit.emergency_raised", "alarm.opened"]
    assert list(open_alarms(agency_desk)) == [raised]
    another = dataclasses.replace(agency_desk, agency=Agency.objects.get(code="PLN").id)
    assert not open_alarms(another).exists()
    notified = set(Notification.objects.values_list("target", flat=True))
    assert notified == {"role:dispatcher", f"agency:{agency_desk.agency}"}


def test_unacknowledged_it_rises_to_the_supervisor_and_the_duty_officer(crew: Actor, clock: Clock) -> None:
    raise_emergency(actor=crew, unit="DMK1")
    assert after(clock, 9).level == 1
    assert after(clock, 2).level == 2
    assert after(clock, 20).level == 3


def test_no_acknowledgement_delays_its_levels_not_even_a_supervisors(
    crew: Actor, agency_desk: Actor, supervisor: Actor, clock: Clock
) -> None:
    raise_emergency(actor=crew, unit="DMK1")
    acknowledge(agency_desk)
    assert after(clock, 9).state == "acknowledged"
    assert (after(clock, 2).state, alarm().level) == ("open", 2)
    acknowledge(supervisor)
    assert (after(clock, 20).state, alarm().level) == ("open", 3)
    acknowledge(supervisor)
    assert after(clock, 119).state == "acknowledged"
    assert (after(clock, 2).state, alarm().level) == ("open", 3)


def test_it_cannot_be_put_off(crew: Actor, supervisor: Actor) -> None:
    raise_emergency(actor=crew, unit="DMK1")
    until = time.now() + timedelta(minutes=5)
    with pytest.raises(Conflict) as refusal:
        snooze_alarm(actor=supervisor, alarm=alarm().id, until=until, reason="later")
    assert refusal.value.code == "not_snoozable"


@pytest.mark.parametrize("role", ["dispatcher", "supervisor"])
def test_it_ends_by_a_dispatcher_or_supervisor_who_names_whom_of_the_crew_they_spoke_with(
    crew: Actor, agency_desk: Actor, role: str, request: pytest.FixtureRequest, api: Callable[..., Api], clock: Clock
) -> None:
    raise_emergency(actor=crew, unit="DMK1")
    client = api(request.getfixturevalue(role))
    with pytest.raises(Refused):
        end_emergency(actor=agency_desk, unit="DMK1", spoken_with="Budi")
    for name in (None, "  "):
        refused = client.post("/api/v1/units/DMK1/emergency", {"active": False, "spoken_with": name})
        assert refused.status_code == 422, refused.content
    assert unit().emergency_at is not None
    ended = client.post("/api/v1/units/DMK1/emergency", {"active": False, "spoken_with": "Budi Santoso"})
    assert ended.json()["flags"] == {"talk_request": None, "emergency": None, "emergency_withdrawn": None}
    assert EmergencyContact.objects.get().spoken_with == "Budi Santoso"
    event = Event.objects.get(kind="unit.emergency_ended")
    assert "Budi" not in event.body
    assert after(clock, 60).state == "closed"
    raise_emergency(actor=crew, unit="DMK1")
    assert Alarm.objects.filter(rule=9).exclude(state="closed").count() == 1


def test_a_crews_own_undo_leaves_the_emergency_to_be_confirmed_by_voice(
    crew: Actor, supervisor: Actor, agency_desk: Actor, api: Callable[..., Api]
) -> None:
    raise_emergency(actor=crew, unit="DMK1")
    acknowledge(supervisor)
    withdrawn = api(crew).post("/api/v1/units/DMK1/emergency", {"active": False}).json()["flags"]
    assert withdrawn["emergency"]
    assert withdrawn["emergency_withdrawn"]
    assert alarm().state != "closed"
    with pytest.raises(Refused):
        withdraw_emergency(actor=agency_desk, unit="DMK1")
    # Pressed again it is new at every desk.
    raise_emergency(actor=crew, unit="DMK1")
    assert (unit().emergency_withdrawn_at, alarm().state, alarm().silenced) == (None, "open", [])


def test_an_acknowledgement_stops_the_sound_at_that_desk_only(
    crew: Actor, dispatcher: Actor, supervisor: Actor
) -> None:
    raise_emergency(actor=crew, unit="DMK1")
    for actor, desk in ((dispatcher, "D1"), (supervisor, "S1"), (supervisor, "S1")):
        acknowledge_alarm(actor=actor.at_desk(desk), alarm=alarm().id, reason="taken")
    assert alarm().silenced == [
        {"user": str(dispatcher.user), "desk": "D1"},
        {"user": str(supervisor.user), "desk": "S1"},
    ]
    acknowledged = Event.objects.filter(kind="alarm.acknowledged")
    assert [event.desk for event in acknowledged.order_by("seq")] == ["D1", "S1"]


def test_it_stands_in_the_timeline_of_the_incident_that_the_unit_works_on(
    crew: Actor, dispatcher: Actor, api: Callable[..., Api]
) -> None:
    fire = opened(dispatcher)
    sent(dispatcher, fire, "DMK1")
    client = api(crew)
    client.post("/api/v1/units/DMK1/emergency", {})
    client.post("/api/v1/units/DMK1/emergency", {"active": False})
    lines = api(dispatcher).get(f"/api/v1/incidents/{fire.id}/timeline").json()["items"]
    kinds = {line["kind"]: line["text"] for line in lines}
    assert "DMK1" in kinds["unit.emergency_raised"]
    assert "DMK1" in kinds["unit.emergency_withdrawn"]


def test_its_levels_acknowledgement_and_end_stand_in_that_incidents_timeline_too(
    crew: Actor, dispatcher: Actor, api: Callable[..., Api], clock: Clock
) -> None:
    fire = opened(dispatcher)
    sent(dispatcher, fire, "DMK1")
    client = api(dispatcher)
    api(crew).post("/api/v1/units/DMK1/emergency", {})
    after(clock, 11)
    acknowledge(dispatcher)
    after(clock, 20)
    client.post("/api/v1/units/DMK1/emergency", {"active": False, "spoken_with": "Budi Santoso"})
    lines = client.get(f"/api/v1/incidents/{fire.id}/timeline").json()["items"]
    of_rule = [alarm().subject, f"alarm:{alarm().id}"]
    of_alarm = set(Event.objects.filter(subjects__contains=of_rule).values_list("seq", flat=True))
    about = [line for line in lines if line["seq"] in of_alarm or "emergency" in line["kind"]]
    assert [line["kind"] for line in about] == [
        "unit.emergency_raised", "alarm.opened", "alarm.raised", "alarm.acknowledged", "alarm.raised",
        "unit.emergency_ended", "alarm.closed",
    ]  # fmt: skip
    assert all("DMK1" in line["text"] for line in about)
    assert alarm().params.get("incident") is None, "it stays a group of its own, above those of incidents"


def test_one_that_a_telephone_kept_is_raised_all_the_same_and_counts_from_now(crew: Actor, clock: Clock) -> None:
    pressed_at = time.now() - timedelta(minutes=20)
    raise_emergency(actor=crew, unit="DMK1", at=pressed_at)
    assert Unit.objects.get(callsign="DMK1").emergency_at == pressed_at
    assert alarm().level == 1
    assert after(clock, 11).level == 2
