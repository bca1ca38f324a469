"""Coordinates as boats, telephones and people write them; whatever else is typed is no coordinates and no fault."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from places.coordinates import coordinates, plus_code
from places.geodesy import Point, distance_metres
from places.names import haystack, name_key, wanted

HERE = Point(-7.0083333, 113.85)


@pytest.mark.parametrize(
    "typed",
    [
        "7 0.5 S 113 51 E",
        "7°00.5'S 113°51.0'E",
        "7°00'30\"LS 113°51'00\"BT",
        "7º 00’ 30” LS, 113º 51’ 0” BT",
        "S 7 0.5 E 113 51",
        "S7°0.5' E113°51'",
        "113 51 BT 7 0.5 LS",
        "7 derajat 0,5 menit lintang selatan 113 derajat 51 menit bujur timur",
        "7 derajat 0 menit 30 detik selatan, 113 derajat 51 menit timur",
        "lat -7.0083333 lng 113.85",
        "-7.0083333, 113.85",
        "−7.0083333; 113.85",
        "-7,0083333 113,85",
        "-7,0083333, 113,85",
        "(-7.0083333,113.85)",
        "113.85 -7.0083333",
        "7.0083333 LS 113.85 BT",
        "7.0083333 113.85",  # no sign and no letter: the half of the globe that the regency lies on
        "7 0.5 113 51",
        "7 0 30 113 51 0",
        "-7 0 30, 113 51 0",
    ],
)
def test_a_point_is_read_however_it_is_written(typed: str) -> None:
    point = coordinates(typed)
    assert point is not None
    assert distance_metres(point, HERE) < 1


@pytest.mark.parametrize(
    "typed",
    ["", "bluto", "117", "7", "7 S", "113 E 114 E", "7 S 8 S", "7 61 S 113 51 E", "7.5 30 S 113 51 E", "91 S 181 E",
     "7 -5 S 113 5 E", "1 2 3", "1 2 3 4 5 6 7 8", "jl trunojoyo 12", "rt 3 rw 2", "081230987731", "nan inf", "-", ","],
)  # fmt: skip
def test_what_is_no_point_is_none(typed: str) -> None:
    assert coordinates(typed) is None


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_decimal_degrees_come_back_as_they_were(lat: float, lng: float) -> None:
    point = coordinates(f"{lat:+.6f}, {lng:+.6f}")
    assert point is not None
    assert (point.lat, point.lng) == (pytest.approx(lat, abs=1e-6), pytest.approx(lng, abs=1e-6))


@given(st.integers(0, 89), st.floats(0, 59.99), st.integers(0, 179), st.floats(0, 59.99), st.sampled_from("NS"),
       st.sampled_from("EW"))  # fmt: skip
def test_degrees_and_minutes_mean_what_they_say(
    north: int, north_minutes: float, east: int, east_minutes: float, side: str, other: str
) -> None:
    point = coordinates(f"{north}°{north_minutes:.3f}' {side} {east}°{east_minutes:.3f}' {other}")
    assert point is not None
    assert abs(point.lat) == pytest.approx(north + north_minutes / 60, abs=1e-5)
    assert abs(point.lng) == pytest.approx(east + east_minutes / 60, abs=1e-5)
    assert (point.lat <= 0) is (side == "S") or abs(point.lat) < 1e-5


@settings(max_examples=300)
@given(
    st.one_of(
        st.text(max_size=200),
        st.text(alphabet="0123456789 .,;°'\"SsNnEeWwLBTU+-23456789CFGHJMPQRVWX", max_size=60),
    )
)
@example("9" * 200)
@example("+" * 60)
@example("2222+22" * 20)
@example("00000000+")
def test_no_text_breaks_the_readers(text: str) -> None:
    point, code, folded = coordinates(text), plus_code(text), wanted(text)
    if point:
        assert abs(point.lat) <= 90
        assert abs(point.lng) <= 180
    if code:
        assert abs(code.point().lat) <= 90
    assert len(folded.words) <= 8
    assert set(name_key(text) + haystack([text])) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")


def test_a_plus_code_is_read_in_full_and_short() -> None:
    full = plus_code("6P5MXVR5+MX")
    assert full is not None
    assert not full.short
    spot = full.point()
    short = plus_code("xvr5+mx, Kolor")
    assert short is not None
    assert (short.short, short.text) == (True, "Kolor")
    assert distance_metres(short.point(spot), spot) < 20
    assert plus_code("XVR5-MX") is None
