"""Place warnings from the first word to the crew that has to see it before it goes."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, timedelta
from typing import Any

import pytest

from accounts.actors import Actor
from alarms.models import Alarm
from config.registry import registry
from core.clock import now
from core.firing.rounds import fire_due
from core.models import Event
from dispatch.models import Incident
from places.queries import today
from tests.api_client import Api
from tests.conftest import Clock

Client = Callable[..., Api]
LAT, LNG = -7.0099, 113.8769
TEXT = "Anjing galak di pekarangan"


def warning_body(**more: Any) -> dict[str, Any]:
    day = now().date() + timedelta(days=90)
    return {"kind": "danger", "lat": LAT, "lng": LNG, "text": TEXT, "review_on": day.isoformat()} | more


def propose(api: Api, **more: Any) -> str:
    answer = api.post("places/warnings", warning_body(**more))
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


def approved(api: Client, writer: Actor, supervisor: Actor, **more: Any) -> str:
    warning = propose(api(writer), **more)
    answer = api(supervisor).post(f"places/warnings/{warning}/approve")
    assert answer.status_code == 200, answer.content
    return warning


def incident_at(api: Api, lat: float = LAT, lng: float = LNG) -> str:
    answer = api.post("incidents", {"type": "F01", "location": {"text": "Kepanjin", "lat": lat, "lng": lng}})
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


def send(api: Api, incident: str, unit: str = "DMK1") -> str:
    answer = api.post(f"incidents/{incident}/assignments", {"unit": unit})
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


def alarms() -> list[tuple[str, str]]:
    return list(Alarm.objects.filter(rule=17).values_list("subject", "state"))


def test_a_warning_holds_once_a_supervisor_has_approved_what_another_wrote(
    api: Client, call_taker: Actor, dispatcher: Actor, supervisor: Actor
) -> None:
    incident = incident_at(api(dispatcher))
    warning = propose(api(call_taker))
    where = f"places/at?lat={LAT}&lng={LNG}"
    assert api(dispatcher).get(where).json()["warnings"] == []
    assert api(dispatcher).post(f"places/warnings/{warning}/approve").status_code == 403

    assert api(supervisor).post(f"places/warnings/{warning}/approve").status_code == 200
    shown = api(dispatcher).get(where).json()["warnings"][0]
    assert (shown["id"], shown["kind"], shown["text"], shown["metres"]) == (warning, "danger", TEXT, 0)
    assert (shown["author"], shown["approver"]) == (call_taker.name, supervisor.name)
    assert api(dispatcher).get(f"incidents/{incident}").json()["warnings"] == 1
    assert api(dispatcher).get(where.replace("113.8769", "113.8779")).json()["warnings"] == []  # 110 m away

    assert api(dispatcher).post(f"places/warnings/{warning}/end").json()["state"] == "ended"
    assert api(dispatcher).get(f"incidents/{incident}").json()["warnings"] == 0
    assert api(supervisor).post(f"places/warnings/{warning}/approve").json()["code"] == "warning_ended"


def test_nobody_approves_what_they_wrote_themselves(api: Client, supervisor: Actor) -> None:
    warning = propose(api(supervisor))
    answer = api(supervisor).post(f"places/warnings/{warning}/approve")
    assert (answer.status_code, answer.json()["code"]) == (403, "own_warning")


def test_a_proposal_sent_twice_is_one_and_a_date_that_lies_behind_is_refused(api: Client, call_taker: Actor) -> None:
    body = warning_body(id=str(uuid.uuid4()))
    assert [api(call_taker).post("places/warnings", body).status_code for _ in range(2)] == [201, 200]
    late = api(call_taker).post("places/warnings", warning_body(review_on="2020-01-01")).json()
    assert [(error["field"], error["code"]) for error in late["errors"]] == [("review_on", "review_past")]


def test_a_review_is_of_the_day_that_it_is_at_the_place(api: Client, call_taker: Actor, clock: Clock) -> None:
    night = now().astimezone(UTC).replace(hour=18, minute=0, second=0, microsecond=0)  # past midnight in Jakarta
    clock.advance((night - now()).total_seconds() % 86_400)
    yesterday = warning_body(review_on=now().date().isoformat())
    assert api(call_taker).post("places/warnings", yesterday).json()["code"] == "review_past"
    of_today = warning_body(review_on=(now().date() + timedelta(days=1)).isoformat())
    assert api(call_taker).post("places/warnings", of_today).status_code == 201


def test_a_crew_leaves_when_it_has_seen_the_warning(
    api: Client, call_taker: Actor, dispatcher: Actor, supervisor: Actor, crew: Actor
) -> None:
    warning = approved(api, call_taker, supervisor)
    incident = incident_at(api(dispatcher))
    send(api(dispatcher), incident)
    client = api(crew)

    refused = client.post("units/DMK1/status", {"status": "en_route"})
    assert (refused.status_code, refused.json()["code"]) == (409, "warnings_unseen")
    assert [row["text"] for row in refused.json()["warnings"]] == [TEXT]

    assert client.post(f"incidents/{incident}/warnings/seen").status_code == 200
    assert client.post("units/DMK1/status", {"status": "en_route"}).status_code == 200
    shown = api(dispatcher).get(f"incidents/{incident}").json()["place_warnings"]
    assert [(row["id"], [each["callsign"] for each in row["seen_by"]]) for row in shown] == [(warning, ["DMK1"])]
    fire_due(registry)
    assert alarms() == []
    assert TEXT not in " ".join(event.body for event in Event.objects.all())


def test_a_unit_sent_on_its_way_by_others_raises_an_alarm_until_its_crew_has_seen_the_warning(
    api: Client, call_taker: Actor, dispatcher: Actor, supervisor: Actor, crew: Actor
) -> None:
    approved(api, call_taker, supervisor)
    incident = incident_at(api(dispatcher))
    assignment = send(api(dispatcher), incident)
    assert api(dispatcher).post("units/DMK1/status", {"status": "3"}).status_code == 200
    fire_due(registry)
    assert alarms() == [(f"assignment:{assignment}", "open")]

    api(dispatcher).post(f"incidents/{incident}/warnings/seen")  # the dispatcher has; the crew has not
    assert alarms() == [(f"assignment:{assignment}", "open")]
    api(dispatcher).post(f"incidents/{incident}/warnings/seen", {"unit": "DMK1"})  # read out by radio
    assert alarms() == [(f"assignment:{assignment}", "closed")]


def test_the_alarm_closes_when_the_unit_arrives(
    api: Client, call_taker: Actor, dispatcher: Actor, supervisor: Actor
) -> None:
    incident = incident_at(api(dispatcher))
    assignment = send(api(dispatcher), incident)
    api(dispatcher).post("units/DMK1/status", {"status": "3"})
    approved(api, call_taker, supervisor)  # while it drives
    fire_due(registry)
    assert alarms() == [(f"assignment:{assignment}", "open")]
    api(dispatcher).post("units/DMK1/status", {"status": "4"})
    assert alarms() == [(f"assignment:{assignment}", "closed")]


def test_what_a_crew_reports_late_is_taken_though_it_saw_no_warning(
    api: Client, call_taker: Actor, dispatcher: Actor, supervisor: Actor, crew: Actor, clock: Clock
) -> None:
    approved(api, call_taker, supervisor)
    send(api(dispatcher), incident_at(api(dispatcher)))
    then = now() + timedelta(seconds=5)
    clock.advance(300)
    answer = api(crew).post("units/DMK1/status", {"status": "en_route", "at": then.isoformat()})
    assert answer.status_code == 200, answer.content


def test_a_warning_ends_by_itself_and_the_incident_counts_it_no_more(
    api: Client, call_taker: Actor, dispatcher: Actor, supervisor: Actor, clock: Clock
) -> None:
    incident = incident_at(api(dispatcher))
    approved(api, call_taker, supervisor, ends_at=(now() + timedelta(minutes=10)).isoformat())
    assert api(dispatcher).get(f"incidents/{incident}").json()["warnings"] == 1
    clock.advance(601)
    fire_due(registry)
    assert api(dispatcher).get(f"incidents/{incident}").json()["warnings"] == 0


@pytest.mark.parametrize(
    ("lat", "lng", "kind", "reasons"),
    [
        (LAT, LNG, "F01", ["near"]),
        (LAT, LNG, "F03", ["near"]),  # the same group
        (LAT, LNG, "M01", None),
        (LAT, LNG + 0.01, "F01", None),  # 1.1 km
    ],
)
def test_a_call_about_the_same_thing_is_shown_the_incident(
    api: Client, call_taker: Actor, dispatcher: Actor, lat: float, lng: float, kind: str, reasons: list[str] | None
) -> None:
    incident = incident_at(api(dispatcher))
    call = api(call_taker).post("calls", {"channel": "radio"}).json()["id"]
    context = api(call_taker).get(f"calls/{call}/context?lat={lat}&lng={lng}&type={kind}").json()
    found = [(row["incident"]["id"], row["reasons"]) for row in context["duplicates"]]
    assert found == ([(incident, reasons)] if reasons else [])


def test_a_place_shows_what_happened_there(api: Client, dispatcher: Actor, agency_desk: Actor, outsider: Actor) -> None:
    incident = incident_at(api(dispatcher))
    where = f"places/at?lat={LAT}&lng={LNG}"
    assert [row["id"] for row in api(dispatcher).get(where).json()["past"]] == [incident]
    assert [row["id"] for row in api(agency_desk).get(where).json()["past"]] == [incident]
    place = incident_at(api(dispatcher), -7.1155, 113.8127)
    location = api(dispatcher).get(f"incidents/{place}").json()["location"]
    assert (location["desa"], location["kecamatan"], location["island"], location["outside"]) == (
        "35.29.05.2008",
        "35.29.05",
        None,
        False,
    )


def test_a_warning_approved_while_the_incident_was_being_opened_is_demanded_all_the_same(
    api: Client, call_taker: Actor, supervisor: Actor, dispatcher: Actor, crew: Actor
) -> None:
    incident = incident_at(api(dispatcher))
    approved(api, call_taker, supervisor)
    Incident.objects.filter(pk=incident).update(warnings=0)  # as it was counted before the approval was there
    send(api(dispatcher), incident)
    refused = api(crew).post("units/DMK1/status", {"status": "en_route"})
    assert (refused.status_code, refused.json()["code"]) == (409, "warnings_unseen")


def test_what_is_due_is_kept_by_a_supervisor_until_the_next_review(
    api: Client, call_taker: Actor, supervisor: Actor, dispatcher: Actor, clock: Clock
) -> None:
    warning = approved(api, call_taker, supervisor, review_on=today(now()).isoformat())
    proposed = propose(api(call_taker))
    due = "places/warnings?state=due"
    assert [row["id"] for row in api(supervisor).get(due).json()["items"]] == [warning]
    later = {"review_on": (today(now()) + timedelta(days=90)).isoformat()}
    assert api(dispatcher).post(f"places/warnings/{warning}/keep", later).status_code == 403
    assert api(supervisor).post(f"places/warnings/{proposed}/keep", later).json()["code"] == "warning_not_held"

    kept = api(supervisor).post(f"places/warnings/{warning}/keep", later)
    assert (kept.status_code, kept.json()["review_on"], kept.json()["state"]) == (200, later["review_on"], "holds")
    assert api(supervisor).get(due).json()["items"] == []
    clock.advance(91 * 86_400)
    assert [row["id"] for row in api(supervisor).get(due).json()["items"]] == [warning]
