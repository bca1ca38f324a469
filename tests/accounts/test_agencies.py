"""Agencies over HTTP."""

from __future__ import annotations

import pytest

from accounts.models import Agency
from core.models import Event

pytestmark = pytest.mark.django_db


def test_put_makes_an_agency_once_and_then_renames_it(api):
    client = api(scopes=["admin"])
    made = client.put("agencies/TAGANA", {"name": "Tagana"})
    assert made.status_code == 201
    again = client.put("agencies/TAGANA", {"name": "Tagana"})
    renamed = client.put("agencies/TAGANA", {"name": "Taruna Siaga Bencana", "name_en": "Youth disaster volunteers"})
    assert (again.status_code, renamed.status_code) == (200, 200)
    assert renamed.json() == made.json() | {"name": "Taruna Siaga Bencana", "name_en": "Youth disaster volunteers"}
    kinds = Event.objects.filter(subjects__contains=[f"agency:{made.json()['id']}"]).order_by("seq")
    assert [fact.kind for fact in kinds] == ["agency.made", "agency.edited"]


def test_the_list_is_in_order_of_code(api, admin):
    page = api(admin).get("agencies").json()
    codes = [agency["code"] for agency in page["items"]]
    assert codes == sorted(codes)
    assert {"DAMKAR", "PSC119", "PLN"} <= set(codes)
    assert page["next"] is None


def test_the_list_costs_the_same_with_one_row_and_with_three_more(api, admin, django_assert_num_queries):
    client = api(admin)
    with django_assert_num_queries(3):
        client.get("agencies")
    centre = Agency.objects.get(code="PLN").centre
    Agency.objects.bulk_create(Agency(centre=centre, code=f"N{number}", name="x") for number in range(3))
    with django_assert_num_queries(3):
        client.get("agencies")


def test_an_agencys_desk_sees_its_own_and_renames_none(api, agency_desk):
    client = api(agency_desk)
    assert [agency["code"] for agency in client.get("agencies").json()["items"]] == ["DAMKAR"]
    assert client.put("agencies/DAMKAR", {"name": "x"}).status_code == 403


def test_a_key_bound_to_an_agency_renames_only_that(api):
    client = api(scopes=["admin"], agency="DAMKAR")
    assert client.put("agencies/DAMKAR", {"name": "Damkar"}).status_code == 200
    assert client.put("agencies/PLN", {"name": "x"}).json()["code"] == "not_allowed"
    assert client.put("agencies/NEW", {"name": "x"}).status_code == 403
    assert not Agency.objects.filter(code="NEW").exists()


@pytest.mark.parametrize("code", ["%ff", "-DMK", "TAGANA_1", "%C3%96LE", "SEVENTEEN-LETTERS", "%F0%9F%9A%92"])
def test_a_code_that_could_not_be_read_out_or_typed_is_refused_with_a_hint(admin, api, code):
    answer = api(admin).put(f"agencies/{code}", {"name": "x"})
    assert (answer.status_code, answer.json()["code"]) == (422, "code_malformed")
    assert answer.json()["errors"][0]["message"]


def test_a_code_is_kept_in_plain_capitals_however_it_is_typed(admin, api):
    assert api(admin).put("agencies/tagana", {"name": "Tagana"}).json()["code"] == "TAGANA"
    assert api(admin).put("agencies/%EF%BD%94AGANA", {"name": "Tagana"}).status_code == 200
    assert api(admin).put("agencies/replay-sffd", {"name": "Replay"}).json()["code"] == "REPLAY-SFFD"
