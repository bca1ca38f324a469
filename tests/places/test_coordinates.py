"""Coordinates as boats, telephones and people write them; whatever else is typed is no coordinates and no fault."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from places.asked import wanted
from places.coordinates import coordinates, plus_code
from places.geodesy import Point, distance_metres
from places.names import haystack, name_key

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


MARKET = Point(-7.0205, 113.8601)


@pytest.mark.parametrize(
    "typed",
    [
        "7-01.23S 113-51.606E",
        "7-01-13.8S 113-51-36.4E",
        "-07.0205+113.8601/",
        "Lat. -7.0205 Long. 113.8601",
        "-7.0205, 113.8601.",
        "[-7.0205, 113.8601]",
        "-7.0205/113.8601",
        "7 1,23 113 51,606",
        "Lokasi saya: -7.0205, 113.8601",
        "\u202a-7.0205, 113.8601\u202c",
        "\u200e-7.0205,\u200b 113.8601",
        "S 07 01.23 E 113 51.606",
        "07°01.230'S, 113°51.606'E",
        "7°1'13.8\"S 113°51'36.36\"E",
        "7°1'13.8\"LS 113°51'36.36\"BT",
        "7° 1' 13,8\" LS, 113° 51' 36,36\" BT",
        "7.0205LS 113.8601BT",
        "7,0205 LS 113,8601 BT",
        "LS 7.0205 BT 113.8601",
        "LS: 7.0205, BT: 113.8601",
        "7.0205 S 113.8601 T",
        "7 01 13.8 S 113 51 36.36 T",
        "113.8601 T, 7.0205 S",
        "113.8601,-7.0205",
        "113.8601 -7.0205",
        "-7,0205;113,8601",
        "-7,0205 ; 113,8601",
        "-7,0205, 113,8601",
        "7.0205, 113.8601",
        "7.0205 113.8601",
        "lat=-7.0205&lng=113.8601",
        "lat: -7.0205, lon: 113.8601",
        "latitude -7.0205 longitude 113.8601",
        "Lintang -7.0205 Bujur 113.8601",
        "lintang: 7.0205 selatan, bujur: 113.8601 timur",
        '{"lat": -7.0205, "lng": 113.8601}',
        "POINT(113.8601 -7.0205)",
        "0701.230S 11351.606E",
        "0701.230,S,11351.606,E",
        "S0701.230 E11351.606",
        "-0701.230+11351.606/",
        "-070113.8+1135136.36/",
        "+113.8601 -7.0205",
        "7d01m13.8sS 113d51m36.36sE",
        "７．０２０５ S １１３．８６０１ E",
        "GPS: -7.0205 113.8601",
        "posisi kapal 7 01.23 LS 113 51.606 BT tolong",
        "saya di -7.0205,113.8601 dekat pasar",
        "koordinat lat -7.0205 long 113.8601 mohon bantuan",
        "📍 -7.0205, 113.8601",
        "-7.0205°, 113.8601°",
        "(-7.0205; 113.8601)",
        "-7.0205 / 113.8601",
        "-7.0205 | 113.8601",
        "-7.0205 - 113.8601",
        "7 1 13.8 113 51 36.36",
        "7 1 13,8 113 51 36,36",
    ],
)
def test_a_point_is_read_in_the_notations_of_receivers_radios_and_chats(typed: str) -> None:
    point = coordinates(typed)
    assert point is not None
    assert distance_metres(point, MARKET) < 3


@pytest.mark.parametrize(
    "typed",
    [
        "geo:-7.0205,113.8601",
        "geo:0,0?q=-7.0205,113.8601(Pasar)",
        "https://www.google.com/maps/@-7.0205,113.8601,17z",
        "https://www.openstreetmap.org/?mlat=-7.0205&mlon=113.8601#map=17/-7.0205/113.8601",
        "https://maps.apple.com/?ll=-7.0205,113.8601",
        "https://wa.me/?text=-7.0205%2C113.8601",
        "Lokasi: https://maps.google.com/maps?q=-7.0205%2C113.8601&z=17&hl=id",
        "https://maps.google.com/?q=-7.0205,113.8601",
        "https://www.google.com/maps/search/-7.0205,+113.8601?entry=tts",
        "https://www.google.com/maps/place/7%C2%B001'13.8%22S+113%C2%B051'36.4%22E/@-7.05,113.9,17z/data=!3m1",
        "https://www.google.com/maps/place/Pasar+Anom/@-7.1,113.9,15z/data=!4m6!3m5!1s0x2dd9:0x1!8m2!3d-7.0205!4d113.8601!16s",
        "https://www.google.com/maps/dir//-7.0205,113.8601/@-7.05,113.9,15z",
        "https://www.google.com/maps/dir/?api=1&destination=-7.0205,113.8601",
        "https://maps.google.com/?daddr=-7.0205,113.8601",
        "https://www.google.com/maps?ll=-7.0205,113.8601&z=17",
        "http://maps.apple.com/?q=Lokasi&ll=-7.0205,113.8601",
        "https://maps.apple.com/place?coordinate=-7.0205,113.8601&name=Pasar",
        "https://www.openstreetmap.org/#map=17/-7.0205/113.8601",
        "https://www.openstreetmap.org/search?lat=-7.0205&lon=113.8601",
        "https://waze.com/ul?ll=-7.0205,113.8601&navigate=yes",
        "https://www.waze.com/ul?ll=-7.0205%2C113.8601&navigate=yes",
        "waze://?ll=-7.0205,113.8601",
        "google.navigation:q=-7.0205,113.8601",
        "geo:-7.0205,113.8601;u=35",
        "geo:-7.0205,113.8601?z=17",
        "GEO:-7.0205,113.8601",
        "comgooglemaps://?q=-7.0205,113.8601",
        "https://yandex.com/maps/?ll=113.8601%2C-7.0205&z=17",
        "https://www.bing.com/maps?cp=-7.0205~113.8601&lvl=17",
        "https://osmand.net/map?pin=-7.0205,113.8601#17/-7.1/113.9",
        "https://wa.me/?text=Lokasi%20saya%3A%20-7.0205%2C113.8601",
        "maps.google.com/?q=-7.0205,113.8601",
        "https://share.here.com/l/-7.0205,113.8601",
        "https://mapy.cz/zakladni?x=113.8601&y=-7.0205&z=17",
    ],
)
def test_a_link_to_a_map_gives_the_point_of_its_pin(typed: str) -> None:
    point = coordinates(typed)
    assert point is not None
    assert distance_metres(point, MARKET) < 3


@pytest.mark.parametrize(
    "typed",
    ["7/8", "12 34", "rt 05/rw 02", "0812 3098 7731", "jam 10.30", "https://maps.app.goo.gl/AbC123", "no 7 113",
     "///filled.count.soap", "filled.count.soap", "30-11-2026", "2026-11-30 10:15", "lenteng timur 3", "geo:0,0",
     "-7.0205, 113.8601 atau -7.0399, 113.9999", "geo:0,0?q=Pasar+Anom"],
)  # fmt: skip
def test_numbers_codes_and_links_without_a_point_are_none(typed: str) -> None:
    assert coordinates(typed) is None


@pytest.mark.parametrize(
    ("typed", "code", "beside"),
    [
        ("lokasi XVR5+MX kolor", "XVR5+MX", "lokasi kolor"),
        ("https://plus.codes/6P5MXVR5+MX", "6P5MXVR5+MX", ""),
        ("https://www.google.com/maps/place/XVR5%2BMX+Kolor", "XVR5+MX", "Kolor"),
    ],
)
def test_a_plus_code_is_read_among_words_and_in_a_link(typed: str, code: str, beside: str) -> None:
    found = plus_code(typed)
    assert found is not None
    assert (found.code, found.text) == (code, beside)


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
