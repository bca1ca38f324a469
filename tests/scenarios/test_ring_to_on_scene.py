"""The path that everything else hangs on: a call rings, and a unit stands at the fire."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from accounts.models import Agency
from core.models import Event
from tests.api_client import make_secret
from tests.conftest import Clock, Database
from tests.scenarios.centre import Follower, Program, new_id
from tests.servers import live_web, live_worker

KOTA = {"text": "Pasar Anom, Jl. Trunojoyo", "lat": -7.0085, "lng": 113.8620}


def of_kind(things: dict[str, Any], prefix: str) -> list[dict[str, Any]]:
    return [thing for subject, thing in things.items() if subject.startswith(prefix)]


def pbx(call_ref: str, event: str, at: datetime) -> dict[str, Any]:
    return {
        "source": "pbx-1",
        "call_ref": call_ref,
        "event": event,
        "at": at.isoformat(),
        "caller": "081230987731",
        "called": "112",
    }


def test_from_ring_to_on_scene_every_step_is_seen_by_the_centre_and_by_the_agency(fresh_database: Database) -> None:
    secrets = {
        "pbx": make_secret(["telephony"]),
        "desk": make_secret(["calls", "incidents", "board"]),
        "damkar": make_secret(["units", "board"], agency="DAMKAR"),
    }
    damkar_id = str(Agency.objects.get(code="DAMKAR").id)
    with contextlib.ExitStack() as ends:
        web = ends.enter_context(live_web(fresh_database, processes=2))
        ends.enter_context(live_worker(fresh_database))
        telephone, desk, damkar = (ends.enter_context(Program(web.url, secret)) for secret in secrets.values())
        centre = Follower(web.live, desk, secrets["desk"])
        agency = Follower(web.live, damkar, secrets["damkar"])
        followers = (centre, agency)
        for follower in followers:
            follower.open()

        rang_at = datetime.now(UTC)
        call = telephone.post("telephony/events", pbx("c-1", "ringing", rang_at), status=202)["call"]
        again = telephone.post("telephony/events", pbx("c-1", "ringing", rang_at), status=202)["call"]
        assert again == call
        centre.until(lambda things: f"call:{call}" in things, "the ringing call")
        assert centre.things[f"call:{call}"]["state"] == "ringing"
        assert centre.things[f"call:{call}"]["number"] == "+6281230987731"

        desk.post(f"calls/{call}/answer")
        centre.until(lambda things: things[f"call:{call}"]["state"] == "answered", "the answered call")

        incident = new_id()
        opened = desk.post(
            "incidents",
            {"id": incident, "type": "F01", "location": KOTA, "narrative": "api di pasar", "call": call},
            status=201,
        )
        assert (opened["type"], opened["priority"], opened["state"]) == ("F01", 1, "new")
        for follower in followers:
            follower.until(lambda things: f"incident:{incident}" in things, "the incident")
        task = next(task for task in opened["tasks"] if task["agency"] == "DAMKAR")
        damkar.post(f"tasks/{task['id']}/accept")

        advice = desk.get(f"incidents/{incident}/recommendation")
        pick = next(pick for pick in advice["picks"] if pick["callsign"].startswith("DMK"))
        assignment = new_id()
        desk.post(f"incidents/{incident}/assignments", {"id": assignment, "unit": pick["callsign"]}, status=201)
        for status in ("acknowledged", "en_route", "on_scene"):
            damkar.post(f"units/{pick['callsign']}/status", {"status": status})
            for follower in followers:
                follower.until(lambda things, status=status: things[f"unit:{pick['unit']}"]["status"] == status, status)
        for follower in followers:
            follower.until(lambda things: things[f"incident:{incident}"]["state"] == "on_scene", "arrived")
            follower.equals_its_board()
            follower.close()

        stamps = centre.things[f"incident:{incident}"]["assignments"][0]
        assert all(stamps[f"{name}_at"] for name in ("dispatched", "acknowledged", "en_route", "on_scene"))
        assert not of_kind(agency.things, "call:"), "an agency sees no calls"
        assert {unit["agency"] for unit in of_kind(agency.things, "unit:")} == {"DAMKAR"}
        timeline = desk.get(f"incidents/{incident}/timeline")["items"]
        assert [item for item in timeline if item["kind"] == "incident.opened" and item["text"]]
        assert f"agency:{damkar_id}" in Event.objects.filter(kind="incident.opened").get().subjects


def test_an_incident_left_alone_rises_to_each_level_once_also_over_a_killed_worker(
    fresh_database: Database, clock: Clock
) -> None:
    secret = make_secret(["incidents", "board"])
    with live_web(fresh_database) as web, Program(web.url, secret) as desk:
        centre = Follower(web.live, desk, secret)
        incident = desk.post("incidents", {"type": "F01", "location": KOTA}, status=201)["id"]
        subject = f"incident:{incident}"

        def level_of_rule_2(things: dict[str, Any]) -> int:
            about = [alarm for alarm in of_kind(things, "alarm:") if alarm["subject"] == subject]
            return max((alarm["level"] for alarm in about if alarm["rule"] == 2), default=0)

        with live_worker(fresh_database) as worker:
            centre.until(lambda things: subject in things, "the incident")
            opened_at = Event.objects.get(kind="incident.opened").at
            clock.advance_to(opened_at + timedelta(seconds=61))
            centre.until(lambda things: level_of_rule_2(things) == 1, "level 1 after 60 s")
            worker.kill()
            worker.join()
        clock.advance(seconds=30)
        with live_worker(fresh_database):
            centre.until(lambda things: level_of_rule_2(things) == 2, "level 2 after 90 s")
            clock.advance(seconds=90)
            centre.until(lambda things: level_of_rule_2(things) == 3, "level 3 after 180 s")
            centre.equals_its_board()
        centre.close()

    risen = Event.objects.filter(kind__in=["alarm.opened", "alarm.raised"], data__rule=2, subjects__contains=[subject])
    levels = [(event.kind, event.data["level"]) for event in risen.order_by("seq")]
    assert levels == [("alarm.opened", 1), ("alarm.raised", 2), ("alarm.raised", 3)], json.dumps(levels)
    by_level = dict(zip((1, 2, 3), [event.at for event in risen.order_by("seq")], strict=True))
    for level, seconds in ((1, 60), (2, 90), (3, 180)):
        assert by_level[level] >= opened_at + timedelta(seconds=seconds)
