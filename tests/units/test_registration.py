from __future__ import annotations

from datetime import timedelta

import pytest

from core import clock as time
from core import event_log
from core.errors import Conflict, Invalid, Refused
from core.models import Event
from units.actions.flags import end_emergency, end_talk_request, raise_emergency, request_talk
from units.actions.registration import edit_unit, register_unit
from units.actions.stations import register_station
from units.models import Station, Unit

pytestmark = pytest.mark.django_db
ENGINE = {"agency": "DAMKAR", "kind": "fire_engine", "capabilities": ["fire_engine"]}


def registers(actor, callsign="DMK99", **words):
    return register_unit(actor=actor, callsign=callsign, **(ENGINE | words))


def test_a_new_unit_is_off_duty_unless_registered_otherwise(admin):
    unit, new = registers(admin)
    assert new
    assert unit.status == "off_duty"
    on_duty, _ = registers(admin, "DMK98", status="available_station", station="DMK-KOTA")
    assert on_duty.status == "available_station"
    assert on_duty.station.code == "DMK-KOTA"


def test_the_same_again_changes_nothing(admin):
    registers(admin, status="available_station")
    head = event_log.last_seq()
    _, new = registers(admin, status="available_station")
    assert not new
    assert event_log.last_seq() == head


def test_another_description_takes_the_place_of_the_old(admin):
    registers(admin, station="DMK-KOTA", crew=5)
    unit, _ = registers(admin, capabilities=["fire_engine", "rescue"])
    assert (unit.capabilities, unit.station, unit.crew) == (["fire_engine", "rescue"], None, None)
    assert Event.objects.filter(kind="unit.changed").latest("seq").data["fields"] == ["capabilities", "station", "crew"]


def test_a_status_from_before_the_present_one_does_not_take_it_back(admin):
    unit, _ = registers(admin, status="available_station")
    registers(admin, status="out_of_service", at=time.now() - timedelta(hours=1))
    unit.refresh_from_db()
    assert unit.status == "available_station"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"agency": "NASA"}, "agency_unknown"),
        ({"station": "MARS"}, "station_unknown"),
        ({"capabilities": ["fire_engine", "spaceship"]}, "capability_unknown"),
        ({"status": "en_route"}, "status_not_settable"),
        ({"status": "asleep"}, "status_not_settable"),
    ],
)
def test_unknown_codes_are_named(admin, words, code):
    with pytest.raises(Invalid) as refused:
        registers(admin, **words)
    assert refused.value.code == code


def test_a_unit_stays_with_its_agency(admin):
    registers(admin)
    with pytest.raises(Conflict, match="agency_fixed"):
        registers(admin, agency="BPBD")


def test_only_an_admin_keeps_the_fleet(supervisor, dispatcher, agency_desk):
    for actor in (supervisor, dispatcher, agency_desk):
        with pytest.raises(Refused):
            registers(actor)


def test_edits_of_other_fields_merge_and_of_the_same_collide(admin):
    unit, _ = registers(admin)

    def edits(version, **changes):
        return edit_unit(actor=admin, unit=unit.id, version=version, changes=changes)

    edits(1, crew=4)
    edits(1, kind="tanker")
    with pytest.raises(Conflict) as refused:
        edits(1, crew=3)
    assert refused.value.extra["conflicts"][0]["theirs"] == 4
    unit.refresh_from_db()
    assert (unit.crew, unit.kind, unit.version) == (4, "tanker", 3)


def test_a_retired_unit_leaves_the_list_but_not_while_it_is_assigned(admin, api):
    registers(admin)
    client = api(admin)
    assert client.patch("units/DMK99", {"version": 1, "active": False}).status_code == 200
    assert "DMK99" not in [unit["callsign"] for unit in client.get("units?limit=500").json()["items"]]
    Unit.objects.filter(callsign="DMK2").update(status="en_route")
    refused = client.patch("units/DMK2", {"version": 1, "active": False})
    assert (refused.status_code, refused.json()["code"]) == (409, "unit_assigned")


def test_over_http_put_makes_and_then_describes(admin, api):
    client = api(admin)
    body = ENGINE | {"status": "available_station", "at": "2017-01-01T00:00:00-08:00"}
    made = client.put("units/E01", body)
    assert made.status_code == 201
    assert made.json()["status_at"] == "2017-01-01T08:00:00Z"
    assert made.json()["fms"] == "2"
    assert client.put("units/E01", body).status_code == 200
    assert client.put("units/E%2001", body).status_code == 422
    assert client.patch("units/E01", {"crew": 3}).status_code == 428


def test_the_list_goes_on_where_it_ended(dispatcher, api):
    client = api(dispatcher)
    seen, path = [], "units?limit=15"
    while path:
        page = client.get(path).json()
        seen += [unit["callsign"] for unit in page["items"]]
        path = page["next"] and f"units?limit=15&cursor={page['next']}"
    assert len(seen) == len(set(seen)) == Unit.objects.filter(active=True).count()
    boats = client.get("units?capability=boat").json()["items"]
    assert {unit["callsign"] for unit in boats} == {"BOAT1", "BOAT2", "SAR1"}


def test_an_agency_sees_its_own_units_and_a_crew_its_own(agency_desk, crew, outsider, api):
    assert {unit["agency"] for unit in api(agency_desk).get("units").json()["items"]} == {"DAMKAR"}
    assert [unit["callsign"] for unit in api(crew).get("units").json()["items"]] == ["DMK1"]
    assert api(outsider).get("units/DMK1").status_code == 404


def test_stations_are_kept_too(admin, agency_desk, api):
    station, new = register_station(actor=admin, code="DMK-BARU", agency="DAMKAR", name="Pos baru", lat=-7.0, lng=113.9)
    assert new
    assert Station.objects.get(code="DMK-BARU") == station
    moved = {"agency": "DAMKAR", "name": "Pos baru", "lat": -7.01, "lng": 113.9}
    assert api(admin).put("stations/DMK-BARU", moved).status_code == 200
    assert Event.objects.filter(kind="station.changed").latest("seq").data["lat"] == -70_100_000
    assert "DMK-BARU" in [row["code"] for row in api(agency_desk).get("stations").json()["items"]]


def test_a_crew_asks_for_a_talk_and_somebody_talks_to_it(crew, dispatcher):
    first = request_talk(actor=crew, unit="DMK1").talk_request_at
    assert request_talk(actor=crew, unit="DMK1").talk_request_at == first
    assert end_talk_request(actor=dispatcher.at_desk("D1"), unit="DMK1").talk_request_at is None


def test_an_emergency_stands_until_the_centre_ends_it(crew, agency_desk, dispatcher, api):
    assert api(crew).post("units/DMK1/emergency").json()["flags"]["emergency"] is not None
    raise_emergency(actor=dispatcher.at_desk("D1"), unit="DMK1")
    with pytest.raises(Refused):
        end_emergency(actor=agency_desk, unit="DMK1", spoken_with="Budi")
    assert end_emergency(actor=dispatcher.at_desk("D1"), unit="DMK1", spoken_with="Budi").emergency_at is None


def test_over_http_a_forbidden_step_names_the_allowed_ones(dispatcher, api):
    client = api(dispatcher)
    refused = client.post("units/DMK1/status", {"status": "transporting"})
    assert (refused.status_code, refused.json()["code"]) == (409, "step_not_allowed")
    assert "available_mobile" in refused.json()["allowed"]
    assert client.post("units/DMK1/status", {"status": "1"}).json()["status"] == "available_mobile"
    assert client.post("units/NOBODY/status", {"status": "1"}).status_code == 404


@pytest.mark.parametrize("callsign", ["%ff", "-E1", "E.1", "E_1", "%C3%961", "E1234567890123456"])
def test_a_callsign_that_could_not_be_read_out_or_typed_is_refused(admin, api, callsign):
    answer = api(admin).put(f"units/{callsign}", {"agency": "DAMKAR", "kind": "car", "capabilities": []})
    assert (answer.status_code, answer.json()["code"]) == (422, "code_malformed")


def test_a_callsign_is_found_however_it_is_typed(admin, api):
    client = api(admin)
    assert client.put("units/rc2", {"agency": "DAMKAR", "kind": "car", "capabilities": []}).json()["callsign"] == "RC2"
    assert client.get("units/rc2").json()["callsign"] == "RC2"


def test_a_crews_telephone_is_kept_as_it_is_dialled_and_never_logged(api, admin, dispatcher):
    client = api(admin)
    assert client.patch("units/DMK1", {"version": 1, "phone": "0812 3456 7890"}).status_code == 200
    assert api(dispatcher).get("units/DMK1").json()["phone"] == "+6281234567890"
    assert not Event.objects.filter(body__contains="6281234567890").exists()
    refused = client.patch("units/DMK1", {"version": 2, "phone": "the red one"})
    assert (refused.status_code, refused.json()["code"]) == (422, "number_malformed")
    assert client.patch("units/DMK1", {"version": 2, "phone": None}).json()["phone"] is None
