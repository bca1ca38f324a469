from __future__ import annotations

from dataclasses import replace

import pytest

from core import clock as time
from core import events
from dispatch.domain.location import Location
from dispatch.queries.recommendation import recommendation
from tests.dispatch.fleet import opened, put_into, reports, sent, unit
from units.actions.flags import raise_emergency
from units.actions.positions import record_positions
from units.fixes import Fix
from units.models import Position, Unit

pytestmark = pytest.mark.django_db

KANGEAN = Location("Arjasa", -6.8599, 115.2853)
AT_SEA = Location("laut selatan Giligenting", -7.30, 114.00)
MASALEMBU = Location("Masalembu", -5.5720, 114.4225)


def english(actor):
    return replace(actor, language="en")


def callsigns(entries):
    return [entry["callsign"] for entry in entries]


def retire_all_but(*keep: str) -> None:
    with events.transaction():
        Unit.objects.exclude(callsign__in=keep).update(active=False)


def test_a_fire_gets_the_two_nearest_engines_and_an_ambulance(dispatcher):
    result = recommendation(dispatcher, opened(dispatcher))
    assert [(need["capability"], need["count"], need["assigned"]) for need in result["needs"]] == [
        ("fire_engine", 2, 0),
        ("ambulance", 1, 0),
    ]
    assert callsigns(result["picks"]) == ["DMK1", "DMK2", "PSC1"]
    assert [pick["need"] for pick in result["picks"]] == [result["needs"][0]["id"]] * 2 + [result["needs"][1]["id"]]
    assert {pick["method"] for pick in result["picks"]} == {"land"}
    assert all(isinstance(pick["travel_seconds"], int) for pick in result["picks"])
    assert result["shortfall"] == []


def test_what_is_sent_already_is_not_recommended_again(dispatcher):
    incident = opened(dispatcher)
    sent(dispatcher, incident, "DMK1")
    result = recommendation(dispatcher, incident)
    assert result["needs"][0]["assigned"] == 1
    assert callsigns(result["picks"]) == ["DMK2", "PSC1"]


def test_a_unit_that_is_busy_elsewhere_is_passed_over_with_the_reason(dispatcher):
    other = opened(dispatcher)
    sent(dispatcher, other, "DMK1")
    put_into("DMK2", "off_duty")
    result = recommendation(english(dispatcher), opened(dispatcher))
    assert callsigns(result["picks"]) == ["DMK5", "DMK6", "PSC1"]
    passed = {entry["callsign"]: entry["reasons"] for entry in result["passed_over"]}
    assert passed["DMK1"] == [f"assigned to incident {other.number}"]
    assert passed["DMK2"] == ["Off duty"]


def test_a_unit_whose_crew_is_in_an_emergency_is_not_sent_to_others(dispatcher):
    raise_emergency(actor=dispatcher.at_desk("D1"), unit="DMK1")
    result = recommendation(english(dispatcher), opened(dispatcher))
    assert "DMK1" not in callsigns(result["picks"])
    passed = {entry["callsign"]: entry["reasons"] for entry in result["passed_over"]}
    assert passed["DMK1"] == ["its crew is in an emergency"]


def test_a_unit_across_the_sea_is_not_near(dispatcher):
    (pick,) = recommendation(dispatcher, opened(dispatcher, type="M02", location=KANGEAN))["picks"]
    assert (pick["callsign"], pick["method"]) == ("PKMARJASA", "land")


def test_a_plan_that_names_an_agency_means_it(dispatcher):
    incident = opened(dispatcher, type="M02", location=KANGEAN)
    with events.transaction():
        incident.plan.needs.update(agency="PSC119")
    result = recommendation(dispatcher, incident)
    assert result["picks"] == []
    assert result["shortfall"][0]["missing"] == 1


def test_where_nobody_can_get_to_the_shortfall_has_the_reason(dispatcher):
    result = recommendation(english(dispatcher), opened(dispatcher, location=MASALEMBU))
    assert callsigns(result["picks"]) == ["PKMMASALEMBU"]
    (short,) = result["shortfall"]
    assert short["missing"] == 2
    assert short["need"] == result["needs"][0]["id"]
    assert short["reasons"] == ["5 are on other islands: not reachable by road"]
    assert len(result["passed_over"]) == 5


def test_reasons_are_in_the_askers_language(dispatcher):
    incident = opened(dispatcher)
    english_reasons = recommendation(english(dispatcher), incident)["picks"][0]["reasons"]
    assert english_reasons[0].startswith("about 1 min by land")
    assert recommendation(replace(dispatcher, language="id"), incident)["picks"][0]["reasons"] != english_reasons


def test_at_sea_a_boat_comes_by_sea(dispatcher):
    result = recommendation(english(dispatcher), opened(dispatcher, type="L01", location=AT_SEA))
    pick = result["picks"][0]
    assert (pick["callsign"], pick["method"]) == ("SAR1", "sea")
    assert pick["reasons"][0].endswith("by sea, from another island or out to sea")


def test_a_fresh_fix_counts_and_a_stale_one_shows_its_age(dispatcher, agency_desk, clock):
    there = [Fix("DMK6", -7.0100, 113.8770)]
    record_positions(actor=agency_desk, fixes=there)
    put_into("DMK6", "available_mobile")
    retire_all_but("DMK6", "DMK5")
    fresh = recommendation(english(dispatcher), opened(dispatcher, type="F02"))["picks"][0]
    assert fresh["callsign"] == "DMK6"
    assert len(fresh["reasons"]) == 1
    clock.advance(1200)
    stale = recommendation(english(dispatcher), opened(dispatcher, type="F02"))["picks"][0]
    assert "its position is 20 min old" in stale["reasons"]
    clock.advance(2500)  # with no usable fix it counts from its station, and shows that
    silent = recommendation(english(dispatcher), opened(dispatcher, type="F02"))["picks"]
    assert all("counted from its station: no fresh position" in pick["reasons"] for pick in silent)


def test_a_unit_whose_tracker_has_no_fix_is_recommended_from_its_station(dispatcher, agency_desk):
    Position.objects.all().delete()
    assert record_positions(actor=agency_desk, fixes=[Fix("DMK1", 0.0, 0.0)]).implausible == 1
    pick = recommendation(english(dispatcher), opened(dispatcher))["picks"][0]
    assert pick["callsign"] == "DMK1"
    assert "counted from its station: no fresh position" in pick["reasons"]


def test_a_unit_at_its_station_counts_from_there_when_its_receiver_is_silent(dispatcher, agency_desk, clock):
    record_positions(actor=agency_desk, fixes=[Fix("DMK1", -7.1107, 113.6612, at=time.now())])
    clock.advance(3600)
    pick = recommendation(english(dispatcher), opened(dispatcher))["picks"][0]
    assert pick["callsign"] == "DMK1"
    assert "counted from its station: no fresh position" in pick["reasons"]


def test_a_place_without_coordinates_gets_units_but_no_times(dispatcher):
    result = recommendation(english(dispatcher), opened(dispatcher, location=Location("di pasar")))
    assert len(result["picks"]) == 3
    assert {pick["travel_seconds"] for pick in result["picks"]} == {None}
    assert result["picks"][0]["reasons"][0] == "travel time unknown: the incident has no coordinates"


def test_an_unknown_trouble_has_no_plan_and_no_needs(dispatcher):
    result = recommendation(dispatcher, opened(dispatcher, type="X00"))
    assert result == {"needs": [], "picks": [], "passed_over": [], "shortfall": []}


def test_a_unit_meets_one_need_only(dispatcher):
    retire_all_but("PSC1", "DMK1")
    result = recommendation(english(dispatcher), opened(dispatcher))
    assert sorted(callsigns(result["picks"])) == ["DMK1", "PSC1"]
    assert result["shortfall"][0]["missing"] == 1


def test_a_capability_that_nobody_has_is_named_in_words(dispatcher):
    retire_all_but("DMK1")
    result = recommendation(english(dispatcher), opened(dispatcher, type="M01"))
    assert result["shortfall"][0]["reasons"] == ["no unit has this: Ambulance, advanced life support"]


def test_a_stacked_and_a_returning_unit_say_so(dispatcher):
    incident = opened(dispatcher, type="F02")
    sent(dispatcher, incident, "DMK1", stacked=True)
    put_into("DMK1", "returning")
    pick = recommendation(english(dispatcher), incident)["picks"][0]
    assert {"on its way back from another incident", "already due for this incident"} <= set(pick["reasons"])


def test_the_number_of_queries_does_not_grow_with_the_fleet(dispatcher, django_assert_num_queries):
    incident = opened(dispatcher)
    with django_assert_num_queries(6):
        recommendation(dispatcher, incident)
    engine = unit("DMK1")
    with events.transaction():
        Unit.objects.bulk_create(
            Unit(
                centre_id=engine.centre_id,
                agency_id=engine.agency_id,
                station_id=unit("DMK7").station_id,
                callsign=f"EX{index}",
                kind="fire_engine",
                capabilities=["fire_engine"],
                status="available_station",
                status_at=engine.status_at,
                created_by="test",
            )
            for index in range(500)
        )
    with django_assert_num_queries(6):
        recommendation(dispatcher, incident)


def test_where_the_nearest_do_not_decide_all_are_looked_at(dispatcher):
    """More free engines than are looked at first stand nearer, across the water; the one that can come is far."""
    engine, island = unit("DMK1"), unit("PKMGILIGENTING").station_id
    retire_all_but("DMK7")
    with events.transaction():
        Unit.objects.bulk_create(
            Unit(
                centre_id=engine.centre_id,
                agency_id=engine.agency_id,
                station_id=island,
                callsign=f"EX{index}",
                kind="fire_engine",
                capabilities=["fire_engine"],
                status="available_station",
                status_at=engine.status_at,
                created_by="test",
            )
            for index in range(60)
        )
    result = recommendation(
        english(dispatcher), opened(dispatcher, type="F02", location=Location("Kota", -7.0099, 113.8769))
    )
    assert callsigns(result["picks"]) == ["DMK7"]
    assert len(result["passed_over"]) == 10


def test_over_http_who_sees_the_incident_sees_its_recommendation(dispatcher, outsider, api):
    incident = opened(dispatcher, type="M02")
    answer = api(dispatcher).get(f"incidents/{incident.id}/recommendation")
    assert answer.status_code == 200
    assert set(answer.json()) == {"needs", "picks", "passed_over", "shortfall"}
    assert api(outsider).get(f"incidents/{incident.id}/recommendation").status_code == 404
    assert api().get(f"incidents/{incident.id}/recommendation").status_code == 401


def test_an_agencys_desk_is_recommended_its_own_units(agency_desk, dispatcher):
    result = recommendation(agency_desk, opened(dispatcher))
    assert all(callsign.startswith("DMK") for callsign in callsigns(result["picks"]))
    reports(agency_desk, "DMK1", "available_mobile")
