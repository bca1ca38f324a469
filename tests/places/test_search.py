"""Finding a place while typing, through the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from accounts.actors import Actor
from tests.api_client import Api

ApiFactory = Callable[..., Api]


def found(api: Api, q: str, near: str | None = None) -> list[dict[str, Any]]:
    answer = api.get("places?" + urlencode({"q": q} | ({"near": near} if near else {})))
    assert answer.status_code == 200, answer.content
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


@pytest.mark.parametrize(
    ("typed", "kind", "label"),
    [
        ("bluto", "kecamatan", "Bluto"),
        ("blutoh", "kecamatan", "Bluto"),
        ("Kec. BLUTO", "kecamatan", "Bluto"),
        ("kec bluto", "kecamatan", "Bluto"),
        ("ds bluto", "desa", "Bluto, Bluto"),
        ("psr anom kolr", "landmark", "Pasar Anom, Kolor, Kota Sumenep"),
        ("pasr anom dkt kolor", "landmark", "Pasar Anom, Kolor, Kota Sumenep"),
        ("kolor", "desa", "Kolor, Kota Sumenep"),
        ("mesjid jamik", "landmark", "Masjid Jamik Sumenep"),
        ("guluk2", "kecamatan", "Guluk-Guluk"),
        ("raas", "kecamatan", "Ra'as"),
        ("pulau ra'as", "island", "Pulau Ra'as"),
        ("pkm lenteng", "puskesmas", "Puskesmas Lenteng"),
        ("rsud anwar", "hospital", "RSUD Dr. H. Moh. Anwar"),
        ("plb kalianget", "harbour", "Pelabuhan Kalianget"),
        ("talngo", "kecamatan", "Talango"),
        ("gili iyang", "island", "Pulau Giliyang"),
        ("bandara", "landmark", "Bandara Trunojoyo"),
        ("slopeng", "desa", "Slopeng, Dasuk"),
        ("kalian", "kecamatan", "Kalianget"),
    ],
)
def test_a_place_is_found_however_it_is_spelt(
    api: ApiFactory, call_taker: Actor, typed: str, kind: str, label: str
) -> None:
    first = found(api(call_taker), typed)[0]
    assert (first["kind"], first["label"][: len(label)]) == (kind, label)


def test_a_short_plus_code_counts_from_the_place_named_beside_it(api: ApiFactory, call_taker: Actor) -> None:
    (spot,) = found(api(call_taker), "XVR5+MX Kolor")
    assert (spot["kind"], spot["kecamatan"], spot["outside"]) == ("plus_code", "35.29.01", False)


def test_a_boats_position_is_a_place_with_the_waters_it_lies_in(api: ApiFactory, call_taker: Actor) -> None:
    (spot,) = found(api(call_taker), "7 18.0 LS 114 0.0 BT")
    assert (spot["kind"], spot["lat"], spot["lng"]) == ("coordinates", -7.3, 114.0)
    assert (spot["kecamatan"], spot["outside"]) == (None, False)


def test_of_two_places_alike_the_nearer_comes_first(api: ApiFactory, call_taker: Actor) -> None:
    by_kota, by_gapura = (
        [place["label"] for place in found(api(call_taker), "mandala", near)]
        for near in ("-6.98,113.76", "-7.004,113.968")
    )
    assert (by_kota[0], by_gapura[0]) == ("Mandala, Rubaru", "Mandala, Gapura")


def test_a_kind_alone_lists_the_nearest_of_it(api: ApiFactory, call_taker: Actor) -> None:
    names = [place["name"] for place in found(api(call_taker), "puskesmas", "-7.105,113.811")]
    assert names[0] == "Puskesmas Bluto"


@pytest.mark.parametrize("typed", ["", " ", "%", "_%'\\\"", "(((", "🔥" * 50, "a" * 200, "di ke dari"])
def test_whatever_is_typed_is_answered(api: ApiFactory, call_taker: Actor, typed: str) -> None:
    assert isinstance(found(api(call_taker), typed), list)


def test_the_map_is_sent_once_for_each_version(api: ApiFactory, call_taker: Actor) -> None:
    client = api(call_taker)
    whole = client.get("places/map.json")
    kinds = {feature["properties"]["kind"] for feature in whole.json()["features"]}
    assert kinds == {"kecamatan", "island", "harbour", "hospital", "puskesmas"}
    assert len(whole.content) < 600_000
    tag = whole["ETag"]
    assert client.get("places/map.json", **{"If-None-Match": tag}).status_code == 304
