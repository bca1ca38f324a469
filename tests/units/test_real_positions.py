"""Positions as real trackers send them: no unit moved to where it is not, one bad row sinks no batch."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from alarms.models import Alarm
from alarms.sources import watch_sources
from core import clock as time
from core.models import Source
from monitoring.health.sources import source_clocks
from tests.api_client import api_client
from tests.units.test_positions import counts, forget
from units.models import Position

pytestmark = pytest.mark.django_db
HERE = {"lat": -7.01, "lng": 113.87}
JAKARTA = ZoneInfo("Asia/Jakarta")
WEEKS = timedelta(weeks=1024)


@pytest.fixture
def tracker(db):
    forget("DMK1", "DMK2")
    return api_client(scopes=["units"])


def post(client, *rows):
    return client.post("units/positions", [{"unit": "DMK1", **row} for row in rows])


def known(callsign="DMK1"):
    return Position.objects.filter(unit__callsign=callsign).first()


@pytest.mark.parametrize("nowhere", [(0, 0), (0.0, -0.0), (0.0003, 0.0001), (-0.1, 0.1), ("0", "0")])
def test_a_tracker_without_a_fix_moves_no_unit(nowhere, tracker):
    assert counts(post(tracker, {**HERE, "at": time.now() - timedelta(seconds=9)})) == [1, 0, 0, 0, 0]
    answer = post(tracker, {"lat": nowhere[0], "lng": nowhere[1], "at": time.now()})
    assert counts(answer) == [0, 0, 0, 1, 0]
    assert answer.json()["errors"][0]["code"] == "implausible"
    assert (known().lat, known().lng) == (-7.01, 113.87)
    assert Source.objects.get(kind="positions").figures["implausible"] == 1


@pytest.mark.parametrize("unknown", [-1, -1.0, "-1", None, "n/a", 1e9, True, [], "1e400"])
def test_what_a_receiver_does_not_know_is_null(unknown, tracker):
    row = {**HERE, "heading": unknown, "speed": unknown, "accuracy": unknown}
    assert counts(post(tracker, row)) == [1, 0, 0, 0, 0]
    assert (known().heading, known().speed, known().accuracy_metres) == (None, None, None)


@pytest.mark.parametrize(("sent", "heading"), [(361, None), (360, 0.0), (359.9, 359.9), (0, 0.0), ("90", 90.0)])
def test_a_heading_beyond_the_circle_is_left_out(sent, heading, tracker):
    assert counts(post(tracker, {**HERE, "heading": sent})) == [1, 0, 0, 0, 0]
    assert known().heading == heading


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"lat": "x", "lng": 113.86}, "number_malformed"),
        ({"lat": "NaN", "lng": 113.86}, "number_malformed"),
        ({"lat": True, "lng": 113.86}, "number_malformed"),
        ({"lat": None, "lng": 113.86}, "number_malformed"),
        ({"lat": -7.0}, "number_malformed"),
        ({"lat": [1], "lng": {}}, "number_malformed"),
        ({"lat": 113.86, "lng": -7.02}, "out_of_range"),  # swapped
        ({"lat": -7.0, "lng": 1138.6}, "out_of_range"),
        ({**HERE, "at": "yesterday"}, "time_malformed"),
        ({**HERE, "at": "2026-02-30T10:00:00+07:00"}, "time_malformed"),
        ({**HERE, "at": 12}, "time_malformed"),
        ({**HERE, "unit": ""}, "unit_missing"),
        ({**HERE, "unit": None}, "unit_missing"),
        ({**HERE, "unit": ["DMK1"]}, "unit_missing"),
        ({**HERE, "unit": "D" * 50}, "unit_missing"),
        ("DMK1", "row_malformed"),
        (None, "row_malformed"),
        ([-7.0, 113.8], "row_malformed"),
    ],
)
def test_one_bad_row_sinks_no_batch(row, code, tracker):
    bad = {"unit": "DMK1", "at": time.now().isoformat(), **row} if isinstance(row, dict) else row
    answer = tracker.post("units/positions", [{"unit": "DMK2", "lat": -7.02, "lng": 113.86}, bad])
    assert counts(answer) == [1, 0, 0, 0, 1]
    (error,) = answer.json()["errors"]
    assert (error["index"], error["code"]) == (1, code)
    assert error["message"]
    assert (known(), known("DMK2").lat) == (None, -7.02)


@pytest.mark.parametrize("name", ["dmk1", "DMK1", "Dmk1", "ＤＭＫ１", "dmk 1", " DMK1 "])
def test_a_callsign_is_found_in_any_case(name, tracker):
    assert counts(tracker.post("units/positions", [{"unit": name, **HERE}])) == [1, 0, 0, 0, 0]


def test_a_gps_week_that_rolled_over_is_put_right_and_other_old_fixes_are_ignored(tracker):
    now = time.now()
    assert counts(post(tracker, {**HERE, "at": now - WEEKS})) == [1, 0, 0, 0, 0]
    assert abs(known().fix_at - now) < timedelta(seconds=1)
    source = Source.objects.get(kind="positions")
    assert (source.skew_seconds, source.figures["rollovers"]) == (0, 1)
    assert "1,024" in source.figures["last_error"]["message"]
    watch_sources()
    assert not Alarm.objects.filter(rule=19).exists(), "a bad time of one fix, not a clock that somebody could set"
    forget("DMK1")
    assert counts(post(tracker, {**HERE, "at": now + WEEKS})) == [1, 0, 0, 0, 0]
    assert Source.objects.get(kind="positions").skew_seconds == 0
    forget("DMK1")
    for old in (WEEKS + timedelta(days=2), WEEKS - timedelta(days=2), 2 * WEEKS, timedelta(days=3)):
        assert counts(post(tracker, {**HERE, "at": now - old})) == [0, 1, 0, 0, 0]
    assert known() is None


def test_what_was_not_believed_stands_in_the_health_page(tracker):
    post(tracker, {"lat": 0, "lng": 0}, {"lat": "x"}, {**HERE, "at": time.now() - WEEKS})
    figures = source_clocks().figures
    assert (figures["implausible"], figures["invalid"], figures["rollovers"]) == (1, 1, 1)
    (row,) = figures["items"]
    assert (row["kind"], row["off"], row["implausible"], row["last_error"][:3]) == ("positions", False, 1, "GPS")


@pytest.mark.parametrize(
    "write",
    [
        lambda now: now.timestamp(),
        lambda now: int(now.timestamp()),
        lambda now: int(now.timestamp() * 1000),
        lambda now: str(int(now.timestamp() * 1000)),
        lambda now: now.astimezone(JAKARTA).replace(tzinfo=None).isoformat(),
        lambda now: now.astimezone(JAKARTA).strftime("%Y-%m-%d %H:%M:%S"),
        lambda now: now.isoformat(),
    ],
)
def test_times_are_read_as_trackers_write_them(write, tracker):
    now = time.now().replace(microsecond=0)
    assert counts(post(tracker, {**HERE, "at": write(now)})) == [1, 0, 0, 0, 0]
    assert known().fix_at == now


def test_a_position_from_the_future_is_taken_at_receipt(tracker):
    before = time.now()
    assert counts(post(tracker, {**HERE, "at": before + timedelta(days=400)})) == [1, 0, 0, 0, 0]
    assert before <= known().fix_at <= time.now()


def test_a_jump_that_no_unit_makes_is_not_believed_and_the_next_good_fix_is(tracker):
    now = time.now()
    rows = [
        {**HERE, "at": now - timedelta(seconds=120)},
        {"lat": -7.01, "lng": 116.6, "at": now - timedelta(seconds=60)},  # 300 km in a minute
        {"lat": -7.02, "lng": 113.87, "at": now},
    ]
    assert counts(post(tracker, *rows)) == [2, 0, 0, 1, 0]
    assert known().lat == -7.02
    forget("DMK1")
    for row, taken in zip(rows, (1, 0, 1), strict=True):
        assert counts(post(tracker, row)) == [taken, 0, 0, 1 - taken, 0]
    assert (
        counts(post(tracker, {"lat": -6.9, "lng": 114.5, "at": now + timedelta(seconds=2)}))[0] == 1
    )  # another island


def test_the_same_row_twice_is_counted_once(tracker):
    row = {**HERE, "at": time.now()}
    assert counts(post(tracker, row, row, row)) == [1, 2, 0, 0, 0]
    assert counts(post(tracker, row)) == [0, 1, 0, 0, 0]


def test_every_kind_of_row_in_one_batch_is_counted(tracker):
    now = time.now()
    rows = [
        {"unit": "DMK1", **HERE, "at": now},
        {"unit": "DMK1", "lat": "-7,0101", "lng": "113.87", "at": now - timedelta(seconds=5)},
        {"unit": "DMK2", "lat": 0, "lng": 0},
        {"unit": "NOBODY", **HERE},
        {"unit": "DMK2", "lat": "x", "lng": 1},
        {"unit": "DMK1", **HERE, "at": now},
        7,
    ]
    answer = tracker.post("units/positions", rows)
    assert counts(answer) == [2, 1, 1, 1, 2]
    assert [error["index"] for error in answer.json()["errors"]] == [2, 4, 6]
