from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from core import clock as time
from core import event_log
from core.errors import Refused
from core.models import Source
from tests.api_client import api_client
from units.actions.positions import record_positions
from units.fixes import Fix
from units.models import Position, Unit
from units.queries import moved_positions

pytestmark = pytest.mark.django_db
KOTA = (-7.0099, 113.8769)
METRE = 1 / 111_195


def track_of(callsign: str) -> list[tuple[float, float]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lat, lng FROM units_track JOIN units_unit ON units_unit.id = unit_id WHERE callsign = %s "
            "ORDER BY fix_at",
            [callsign],
        )
        return cursor.fetchall()


def forget(*callsigns: str) -> None:
    Position.objects.filter(unit__callsign__in=callsigns).delete()


def counts(answer):
    """The counts of an answer, which add up to the rows."""
    assert answer.status_code == 202, answer.content
    body = answer.json()
    return [body[name] for name in ("accepted", "ignored", "unknown", "implausible", "invalid")]


@pytest.fixture
def tracker(db):
    return api_client(scopes=["units"])


def test_fixes_of_many_units_are_kept_and_counted(tracker):
    forget("DMK1", "PSC1")
    now = time.now()
    answer = tracker.post(
        "units/positions",
        [
            {"unit": "DMK1", "lat": KOTA[0], "lng": KOTA[1], "at": now, "speed": 8.5, "heading": 90.0, "accuracy": 5},
            {"unit": str(Unit.objects.get(callsign="PSC1").id), "lat": KOTA[0], "lng": KOTA[1], "at": now},
            {"unit": "NOBODY", "lat": 1.0, "lng": 0.0, "at": now},
        ],
    )
    assert answer.status_code == 202
    assert counts(answer) == [2, 0, 1, 0, 0]
    row = Position.objects.get(unit__callsign="DMK1")
    assert (row.lat, row.lng, row.speed, row.heading, row.fix_at) == (*KOTA, 8.5, 90.0, now)


def test_an_older_fix_than_the_known_one_is_kept_out(agency_desk):
    forget("DMK1")
    now = time.now()
    record_positions(actor=agency_desk, fixes=[Fix("DMK1", *KOTA, at=now)])
    for at in (now, now - timedelta(seconds=10)):
        counts = record_positions(actor=agency_desk, fixes=[Fix("DMK1", -7.1, 113.7, at=at)])
        assert (counts.accepted, counts.ignored) == (0, 1)
    assert Position.objects.get(unit__callsign="DMK1").lat == KOTA[0]


def test_several_fixes_of_one_unit_come_in_any_order(agency_desk):
    forget("DMK1")
    now = time.now()
    fixes = [Fix("DMK1", KOTA[0] + 20 * METRE * ago, KOTA[1], at=now - timedelta(seconds=ago)) for ago in (1, 3, 0, 2)]
    counts = record_positions(actor=agency_desk, fixes=fixes)
    assert counts.accepted == 4
    assert Position.objects.get(unit__callsign="DMK1").fix_at == now
    assert len(track_of("DMK1")) == 4


def test_moves_of_less_than_ten_metres_make_no_track_but_creeping_does(agency_desk):
    forget("DMK1")
    before = len(track_of("DMK1"))
    start = time.now() - timedelta(seconds=60)
    for step in range(7):
        fix = Fix("DMK1", KOTA[0] + 4 * METRE * step, KOTA[1], at=start + timedelta(seconds=step))
        assert record_positions(actor=agency_desk, fixes=[fix]).accepted == 1
    assert len(track_of("DMK1")) - before == 3  # at 0, 12 and 24 metres
    assert Position.objects.get(unit__callsign="DMK1").fix_at == start + timedelta(seconds=6)


def test_a_tracker_whose_clock_runs_ahead_is_taken_at_receipt_and_its_skew_shown(agency_desk):
    forget("DMK1")
    received_at = time.now()
    fix = Fix("DMK1", *KOTA, at=received_at + timedelta(seconds=90))
    record_positions(actor=agency_desk, fixes=[fix], received_at=received_at)
    assert Position.objects.get(unit__callsign="DMK1").fix_at == received_at
    assert Source.objects.get(kind="positions", name=agency_desk.ref).skew_seconds == 90


def test_who_may_place_whom(agency_desk, crew, dispatcher, outsider):
    forget("DMK1", "DMK2", "PSC1")
    fixes = [Fix(callsign, *KOTA) for callsign in ("DMK1", "DMK2", "PSC1")]
    assert record_positions(actor=crew, fixes=fixes).accepted == 1
    assert record_positions(actor=agency_desk, fixes=fixes).accepted == 2
    assert record_positions(actor=outsider, fixes=fixes).unknown == 3
    with pytest.raises(Refused):
        record_positions(actor=dispatcher, fixes=fixes)


def test_a_key_bound_to_an_agency_places_that_agencys_units_only(db):
    forget("DMK1", "PSC1")
    client = api_client(scopes=["units"], agency="DAMKAR")
    body = [{"unit": callsign, "lat": KOTA[0], "lng": KOTA[1]} for callsign in ("DMK1", "PSC1")]
    assert counts(client.post("units/positions", body)) == [1, 0, 1, 0, 0]


@pytest.mark.parametrize(
    "body",
    [
        {"unit": "DMK1"},
        [{"unit": "DMK1", "lat": 1.0, "lng": 1.0}] * 1001,
    ],
)
def test_what_is_no_batch_is_refused(tracker, body):
    assert tracker.post("units/positions", body).status_code == 422


def test_positions_are_no_facts(agency_desk):
    head = event_log.last_seq()
    record_positions(actor=agency_desk, fixes=[Fix("DMK1", *KOTA)])
    assert event_log.last_seq() == head


def test_the_feed_gets_what_has_moved_since_and_whose_it_is(agency_desk, clock):
    forget("DMK1", "DMK2")
    record_positions(actor=agency_desk, fixes=[Fix("DMK1", *KOTA)])
    clock.advance(5)
    since = time.now()
    record_positions(actor=agency_desk, fixes=[Fix("DMK2", *KOTA, speed=3.0)])
    (moved,) = moved_positions(since)
    form, row = moved
    assert row[:5] == ["DMK2", *KOTA, None, 3.0]
    assert form.agencies == {agency_desk.agency}
    assert {row[0] for _, row in moved_positions(None)} >= {"DMK1", "DMK2"}


def test_a_day_that_nobody_prepared_is_made_by_the_first_who_comes(agency_desk, clock):
    forget("DMK1")
    clock.advance(40 * 86_400)
    assert record_positions(actor=agency_desk, fixes=[Fix("DMK1", *KOTA)]).accepted == 1
