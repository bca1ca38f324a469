import pytest

from places.actions import put_place, remove_place
from places.areas import inside_regency, island_of, kecamatan_of, land_mass_of, shore_metres, whereabouts
from places.crossings import Harbours
from places.geodesy import Point, distance_metres
from places.travel import Hindrance, Method, Mode, travel_seconds
from tests.statements import record_statements

pytestmark = pytest.mark.django_db

GAYAM = Point(-7.1548, 114.3152)
KOTA = Point(-7.00991, 113.87689)
PRAGAAN = Point(-7.11067, 113.66123)
ARJASA = Point(-6.85988, 115.28534)
KANGAYAN = Point(-6.91841, 115.55959)
GILIGENTING = Point(-7.19056, 113.89802)
KALIANGET_HARBOUR = Point(-7.03897, 113.90019)
OPEN_SEA = Point(-7.30, 114.00)
PAMEKASAN = Point(-7.16, 113.48)


def test_a_point_lies_in_its_kecamatan():
    assert kecamatan_of(KOTA.lat, KOTA.lng) == "35.29.01"
    assert kecamatan_of(ARJASA.lat, ARJASA.lng) == "35.29.24"


def test_the_eighteen_mainland_kecamatan_are_one_land():
    assert land_mass_of(KOTA.lat, KOTA.lng) == land_mass_of(PRAGAAN.lat, PRAGAAN.lng)
    assert land_mass_of(KOTA.lat, KOTA.lng).mainland
    assert island_of(KOTA.lat, KOTA.lng) is None


def test_two_kecamatan_share_kangean_island():
    assert land_mass_of(ARJASA.lat, ARJASA.lng) == land_mass_of(KANGAYAN.lat, KANGAYAN.lng)
    assert land_mass_of(ARJASA.lat, ARJASA.lng).name == "Pulau Kangean"
    assert island_of(ARJASA.lat, ARJASA.lng) == "35.29.40028"


def test_the_open_sea_is_the_regencys_but_no_land():
    assert kecamatan_of(OPEN_SEA.lat, OPEN_SEA.lng) is None
    assert land_mass_of(OPEN_SEA.lat, OPEN_SEA.lng) is None
    assert inside_regency(OPEN_SEA.lat, OPEN_SEA.lng)
    assert shore_metres(OPEN_SEA.lat, OPEN_SEA.lng) > 5000


def test_what_lies_behind_the_land_border_or_far_away_is_outside():
    assert not inside_regency(PAMEKASAN.lat, PAMEKASAN.lng)
    assert not inside_regency(-6.2, 106.8)


def test_a_point_just_off_the_shore_belongs_to_it():
    shore = Point(-5.57204, 114.42251)
    assert kecamatan_of(shore.lat, shore.lng) == "35.29.23"


def test_a_degree_of_latitude_is_some_111_kilometres():
    assert 111_100 < distance_metres(Point(-7, 113), Point(-8, 113)) < 111_300


def test_on_the_same_island_one_goes_by_land():
    (travel,) = travel_seconds(KOTA, [PRAGAAN])
    assert travel.method == Method.LAND
    assert 1800 < travel.seconds < 4200
    assert not travel.crossing


def test_a_vehicle_does_not_reach_another_island():
    (travel,) = travel_seconds(KOTA, [GILIGENTING], [Mode.VEHICLE])
    assert travel.seconds is None
    assert travel.hindrance == Hindrance.ANOTHER_ISLAND


def test_people_cross_by_boat_and_say_so():
    (travel,) = travel_seconds(KOTA, [GILIGENTING], [Mode.TEAM])
    assert travel.method == Method.SEA
    assert travel.crossing
    assert travel.seconds > 1800


def test_who_has_a_boat_of_their_own_is_quicker_than_who_must_find_one():
    team, both = (
        travel_seconds(KALIANGET_HARBOUR, [GILIGENTING], modes)[0].seconds
        for modes in ([Mode.TEAM], [Mode.TEAM, Mode.BOAT])
    )
    assert both < team


def test_a_boat_goes_out_to_sea_and_not_up_a_hill():
    at_sea, inland = travel_seconds(KALIANGET_HARBOUR, [OPEN_SEA, KOTA], [Mode.BOAT])
    assert at_sea.method == Method.SEA
    assert at_sea.seconds > 0
    assert inland.seconds is None
    assert inland.hindrance == Hindrance.INLAND


def test_a_vehicle_gets_as_far_as_the_shore():
    beach, out = Point(-7.1310, 113.7000), OPEN_SEA
    near, far = travel_seconds(PRAGAAN, [beach, out])
    assert near.method == Method.LAND
    assert far.hindrance == Hindrance.AT_SEA


def test_a_straight_line_only_where_nothing_else_is_known():
    (travel,) = travel_seconds(KOTA, [PAMEKASAN])
    assert travel.method == Method.STRAIGHT
    assert travel.seconds > 0


def test_people_go_to_the_harbour_that_brings_them_there_first_and_the_way_names_both_ends():
    (travel,) = travel_seconds(KOTA, [GAYAM], [Mode.TEAM])
    assert (travel.method, travel.harbour) == (Method.SEA, "Pelabuhan Dungkek")
    assert travel.landing in {"Pelabuhan Gayam (Sapudi)", "Pelabuhan Tarebung (Sapudi)"}
    straight = distance_metres(KOTA, GAYAM)
    assert travel.seconds > 1800 + straight / 11.1


def test_people_go_out_to_sea_from_a_harbour():
    (travel,) = travel_seconds(KOTA, [OPEN_SEA], [Mode.TEAM])
    assert travel.harbour
    assert travel.landing is None


def test_a_point_gives_its_desa_and_the_desa_its_kecamatan():
    kolor = whereabouts(-7.0205, 113.8601)
    assert (kolor.desa.name, kolor.kecamatan.name, kolor.island, kolor.outside) == (
        "Kolor",
        "Kota Sumenep",
        None,
        False,
    )
    gayam = whereabouts(GAYAM.lat, GAYAM.lng)
    assert (gayam.kecamatan.name, gayam.island.name) == ("Gayam", "Pulau Sapudi")


def test_beyond_the_land_border_a_point_is_the_neighbours():
    away = whereabouts(PAMEKASAN.lat, PAMEKASAN.lng)
    assert (away.kecamatan, away.desa, away.outside, away.neighbour) == (None, None, True, "Kabupaten Pamekasan")
    far = whereabouts(0.0, 0.0)
    assert (far.outside, far.neighbour) == (True, None)


def test_a_harbour_that_an_admin_enters_moves_or_takes_out_counts_at_once(admin):
    words = {"actor": admin, "code": "plb-baru", "kind": "harbour", "name": "Dermaga Baru"}
    usual = travel_seconds(KOTA, [GAYAM], [Mode.TEAM])[0]
    near_gayam = {"other_names": "", "lat": -7.1530, "lng": 114.3100}
    landing, _ = put_place(**words, **near_gayam, landing_only=True)
    over = travel_seconds(KOTA, [GAYAM], [Mode.TEAM])[0]
    assert (over.landing, over.seconds <= usual.seconds) == ("Dermaga Baru", True)
    beside = Point(near_gayam["lat"], near_gayam["lng"])
    away = {"origin": beside, "destinations": [KOTA], "modes": [Mode.TEAM, Mode.BOAT]}
    assert travel_seconds(**away)[0].harbour != "Dermaga Baru"  # no boat waits at a landing
    put_place(**words, **near_gayam)
    assert travel_seconds(**away)[0].harbour == "Dermaga Baru"
    remove_place(actor=admin, place=landing.id)
    assert travel_seconds(KOTA, [GAYAM], [Mode.TEAM])[0] == usual


def test_the_harbours_of_the_gazetteer_are_read_once_for_many_units():
    harbours = Harbours()
    with record_statements() as statements:
        for _ in range(3):
            travel_seconds(KOTA, [GAYAM], [Mode.TEAM], harbours)
    assert len(statements.seen) == 1
