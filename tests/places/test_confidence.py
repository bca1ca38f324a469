"""Which place a form may preselect: none that is not the one that the words name."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from accounts.actors import Actor
from dispatch.actions.incidents import open_incident
from dispatch.domain.location import Location
from places.geodesy import Point, distance_metres
from places.models import Place
from places.search import find
from tests.api_client import Api

ApiFactory = Callable[..., Api]
MARKET = "-7.0205,113.8601"
# Between Mandala in Rubaru and Mandala in Gapura; in each of the two; on Kangean.
TOWN, RUBARU, GAPURA, KANGEAN = "-7.0084,113.8605", "-6.98,113.76", "-7.004,113.968", "-6.86,115.28"


def answer(api: Api, **query: str) -> dict[str, Any]:
    answered = api.get("places?" + urlencode(query))
    assert answered.status_code == 200, answered.content
    body: dict[str, Any] = answered.json()
    assert all(not item["confident"] for item in body["items"][1:])
    assert (body["match"] == "one") is bool(body["items"] and body["items"][0]["confident"])
    return body


@pytest.mark.parametrize(
    ("typed", "kind", "label"),
    [
        ("Jl Surya 10 RT 5 RW 2 Kolor", "desa", "Kolor, Kota Sumenep"),
        ("Jalan Raya Lenteng No. 10, RT.05/RW.02, Lenteng Timur", "desa", "Lenteng Timur, Lenteng"),
        ("Gg Melati 3 no 7 blok C kel bangselok", "desa", "Bangselok, Kota Sumenep"),
        ("rsud", "hospital", "RSUD Dr. H. Moh. Anwar"),
        ("RSUD Sumenep", "hospital", "RSUD Dr. H. Moh. Anwar"),
        ("rs anwar", "hospital", "RSUD Dr. H. Moh. Anwar"),
        ("rs esto ebhu", "hospital", "RS Ibu dan Anak Esto Ebhu"),
        ("rumah sakit baghraf", "hospital", "RS Baghraf"),
        ("depan masjid jamik", "landmark", "Masjid Jamik Sumenep"),
        ("dpn msjd jami", "landmark", "Masjid Jamik Sumenep"),
        ("sebelah barat pasar anom", "landmark", "Pasar Anom"),
        ("pertigaan pasar anom", "landmark", "Pasar Anom"),
        ("psr anom kolr", "landmark", "Pasar Anom"),
        ("PASAR ANOM, desa Kolor", "landmark", "Pasar Anom"),
        ("museum keraton", "landmark", "Keraton Sumenep"),
        ("bandara", "landmark", "Bandara Trunojoyo"),
        ("alun2", "landmark", "Alun-Alun Sumenep"),
        ("puskesmas batang-batang", "puskesmas", "Puskesmas Batang Batang"),
        ("pkm lenteng", "puskesmas", "Puskesmas Lenteng"),
        ("puskesmas moncek", "puskesmas", "Puskesmas Moncek Tengah"),
        ("plb kalianget", "harbour", "Pelabuhan Kalianget"),
        ("pulau kangean", "island", "Pulau Kangean"),
        ("p. sapudi", "island", "Pulau Sapudi"),
        ("pulau talango", "island", "Pulau Poteran"),
        ("gili iyang", "island", "Pulau Giliyang"),
        ("arjasa", "kecamatan", "Arjasa"),
        ("kec kota", "kecamatan", "Kota Sumenep"),
        ("Kec. BLUTO", "kecamatan", "Bluto"),
        ("blutoh", "kecamatan", "Bluto"),
        ("ds bluto kec bluto kab sumenep", "desa", "Bluto, Bluto"),
        ("rt 03 rw 01 dusun tengah ds. gapura timur", "desa", "Gapura Timur, Gapura"),
        ("perum satelit blok D-12 pangarangan", "desa", "Pangarangan"),
        ("jl surya kolor", "desa", "Kolor"),
        ("rumah pak hasan desa kolor", "desa", "Kolor"),
        ("kolor rt5/rw2", "desa", "Kolor"),
        ("batu putih kenek", "desa", "Batuputih Kenek"),
        ("pinggir papas", "desa", "Pinggirpapas"),
        ("aeng tong tong", "desa", "Aengtongtong"),
        ("lenteng timur sumenep", "desa", "Lenteng Timur"),
        ("mandala rubaru", "desa", "Mandala, Rubaru"),
        ("gapura timr gapura", "desa", "Gapura Timur"),
        ("-7.0205, 113.8601", "coordinates", "-7.020500, 113.860100"),
        ("https://maps.google.com/?q=-7.0205,113.8601", "coordinates", "-7.020500, 113.860100"),
        ("https://www.google.com/maps/search/Pasar+Anom", "landmark", "Pasar Anom"),
    ],
)
def test_what_names_one_place_is_preselected(
    api: ApiFactory, call_taker: Actor, typed: str, kind: str, label: str
) -> None:
    first = answer(api(call_taker), q=typed)["items"][0]
    assert (first["kind"], first["label"][: len(label)], first["confident"]) == (kind, label, True)


@pytest.mark.parametrize(
    "typed",
    [
        "SPBU", "spbu lenteng", "jl trunojoyo", "trunojoyo", "jalan raya lenteng", "jl raya gapura", "ntung", "sumber",
        "gapura selatan", "kolor bluto", "pasar kolor", "masjid lenteng", "masjid", "pasar", "terminal", "puskesmas",
        "rs", "dusun kolor", "legung", "2 km barat pasar anom", "500 m selatan masjid jamik", "kebakaran", "tolong",
        "rumah saya", "jembatan", "toko mas", "musholla nurul huda", "al amin", "sd negeri 2", "sman 1 sumenep",
        "antara pasar anom dan masjid jamik", "perumahan bumi sumekar", "rt 5 rw 2", "blok c 12", "no 12", "112",
        "081234567890", "asdf", "tidak tahu", "tengah laut", "karang", "kebun", "langgar", "sedang", "benteng",
        "kambing", "gedung", "giling", "guluk", "saro", "kali", "///filled.count.soap", "https://maps.app.goo.gl/AbC1",
        "sumenep", "madura", "pulau talango timur jauh", "jl diponegoro no 5", "gg 3", "perempatan lampu merah",
    ],
)  # fmt: skip
def test_what_names_no_place_of_the_list_preselects_nothing(api: ApiFactory, call_taker: Actor, typed: str) -> None:
    found = answer(api(call_taker), q=typed)
    assert found["match"] in {"none", "several", "link"}, found["items"][0]["label"]
    names = {item["name"] for item in found["items"]}
    assert typed != "SPBU" or not names
    assert typed != "jl trunojoyo" or "Bandara Trunojoyo" not in names


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Surabaya", "Surabaya"), ("sby", "Surabaya"), ("kota malang", "Malang"), ("Kab. Pamekasan", "Pamekasan"),
        ("rsud pamekasan", "Pamekasan"), ("Jl Ahmad Yani 12 Surabaya", "Surabaya"), ("sampang", "Sampang"),
        ("bangkalan", "Bangkalan"), ("situbondo", "Situbondo"), ("banyuwangi", "Banyuwangi"), ("jakarta", "Jakarta"),
        ("probolinggo", "Probolinggo"), ("Denpasar, Bali", "Denpasar"), ("pakong pamekasan", "Pakong"),
    ],
)  # fmt: skip
def test_a_town_beyond_the_area_is_known_as_outside(api: ApiFactory, call_taker: Actor, typed: str, name: str) -> None:
    found = answer(api(call_taker), q=typed, near=MARKET)
    first = found["items"][0]
    assert (found["match"], first["name"], first["outside"], first["confident"]) == ("outside", name, True, False)
    assert first["distance_metres"] > 20_000
    assert [item for item in found["items"] if not item["outside"] and item["score"] > first["score"]] == []


def test_surabaya_is_one_town_and_no_island(api: ApiFactory, call_taker: Actor) -> None:
    found = answer(api(call_taker), q="Surabaya")
    assert [(item["name"], item["outside"]) for item in found["items"]] == [("Surabaya", True)]


@pytest.mark.parametrize("typed", ["mandala", "duko", "jadung", "poteran", "batuputih", "galis", "lombang"])
def test_of_several_places_with_one_name_none_is_preselected(api: ApiFactory, call_taker: Actor, typed: str) -> None:
    assert answer(api(call_taker), q=typed)["match"] == "several"


def test_where_the_caller_is_decides_between_equals_only_when_it_is_close_to_one(
    api: ApiFactory, call_taker: Actor
) -> None:
    client = api(call_taker)
    by_rubaru, by_gapura, between = (answer(client, q="mandala", near=near) for near in (RUBARU, GAPURA, TOWN))
    assert by_rubaru["items"][0]["label"] == "Mandala, Rubaru"
    assert by_gapura["items"][0]["label"] == "Mandala, Gapura"
    assert [found["match"] for found in (by_rubaru, by_gapura, between)] == ["one", "one", "several"]
    assert answer(client, q="mandala", map=RUBARU)["match"] == "several"
    assert answer(client, q="rsud", near=KANGEAN)["items"][0]["name"] == "RSUD Abuya Kangean"


def test_each_place_shows_how_far_it_is_and_whether_the_sea_is_between(api: ApiFactory, call_taker: Actor) -> None:
    client = api(call_taker)
    arjasa = answer(client, q="arjasa", near=MARKET)["items"][0]
    assert 150_000 < arjasa["distance_metres"] < 170_000
    assert (arjasa["other_island"], arjasa["island_name"], arjasa["confident"]) == (True, "Pulau Kangean", True)
    from_there = answer(client, q="arjasa", near=KANGEAN)["items"][0]
    assert (from_there["other_island"], from_there["distance_metres"] < 10_000) == (False, True)
    kolor = answer(client, q="kolor", map=KANGEAN)["items"][0]
    assert (kolor["other_island"], kolor["island_name"]) == (True, None)
    unknown = answer(client, q="kolor")["items"][0]
    assert (unknown["distance_metres"], unknown["other_island"]) == (None, False)


def test_the_words_that_were_met_and_those_that_no_place_has_are_named(api: ApiFactory, call_taker: Actor) -> None:
    found = answer(api(call_taker), q="SPBU lenteng")
    assert found["missing"] == ["spbu"]
    assert "Lenteng" in found["items"][0]["matched"]


def test_a_plus_code_without_a_place_to_count_from_is_not_guessed(api: ApiFactory, call_taker: Actor) -> None:
    client = api(call_taker)
    assert answer(client, q="6P4MXVH6+R2")["match"] == "one"
    assert answer(client, q="XVH6+R2 Kolor")["match"] == "one"
    spots = answer(client, q="47RJ+22")["items"]
    assert all(not spot["outside"] for spot in spots) or len(spots) == 1


def test_coordinates_beyond_the_area_are_not_preselected(api: ApiFactory, call_taker: Actor) -> None:
    found = answer(api(call_taker), q="-7.25, 112.75", near=MARKET)
    assert (found["match"], found["items"][0]["outside"]) == ("outside", True)


def test_a_point_that_cannot_be_read_is_refused_with_how_to_write_it(api: ApiFactory, call_taker: Actor) -> None:
    refused = api(call_taker).get("places?" + urlencode({"q": "kolor", "near": "here"}))
    assert refused.status_code == 422
    assert "-7.0205,113.8601" in refused.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("text", "outside"),
    [("Surabaya", True), ("Jl Ahmad Yani 12, Surabaya", True), ("rsud pamekasan", True), ("arah pamekasan", False),
     ("bus jurusan surabaya di kolor", False), ("kolor", False), ("pasar anom", False), ("", False), ("galis", False),
     ("jl surabaya", False)],
)  # fmt: skip
def test_an_incident_in_a_town_beyond_the_area_is_outside_though_it_has_no_point(
    call_taker: Actor,
    text: str,
    outside: bool,
) -> None:
    incident, _ = open_incident(actor=call_taker.at_desk("CT1"), location=Location(text))
    assert incident.outside is outside


def test_of_misspelt_names_no_other_place_is_ever_preselected(call_taker: Actor) -> None:
    """Each kind of typing error, at places that chance chose once and for all."""
    chance = random.Random(112)
    places = [place for place in Place.objects.order_by("code") if len(longest(place.name)) > 4]
    for place in chance.sample(places, 120):
        typed = place.name.lower().replace(longest(place.name), misspelt(chance, longest(place.name)))
        found = find(call_taker.centre, typed)
        assert found.match != "one" or is_same(found.items[0], place), (typed, found.items[0]["label"])


def longest(name: str) -> str:
    return max(name.lower().replace("-", " ").split(), key=len)


def misspelt(chance: random.Random, word: str) -> str:
    at = chance.randrange(1, len(word) - 1)
    error = chance.choice(("swapped", "left out", "twice", "another"))
    if error == "swapped":
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if error == "left out":
        return word[:at] + word[at + 1 :]
    return (
        word[: at + 1] + (word[at] if error == "twice" else chance.choice("aeioun")) + word[at + (error != "twice") :]
    )


def is_same(item: dict[str, Any], place: Place) -> bool:
    if item["id"] == str(place.pk) or (item["kind"] == "kecamatan" and item["kecamatan"] == place.kecamatan):
        return True
    return distance_metres(Point(item["lat"], item["lng"]), Point(place.lat, place.lng)) < 1_500


def test_a_place_that_shares_only_a_common_name_with_the_words_is_not_listed(
    api: ApiFactory, call_taker: Actor
) -> None:
    found = answer(api(call_taker), q="Garam Tambak Pinggirpapas Tenonan")
    labels = [item["label"] for item in found["items"]]
    assert labels[0].startswith("Tambak Garam Pinggirpapas")
    assert not [label for label in labels if "RSI Garam" in label or "PT Garam" in label]
