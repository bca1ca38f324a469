"""Synonyms as the centre edits them: over the page, by table, in the log, and in `GET types` at once."""

from __future__ import annotations

import io
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.errors import Invalid, Refused, Unknown
from core.models import Event
from plans.actions.settings import put_type
from plans.actions.synonyms import revise_synonyms
from plans.models import TypeSynonyms

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def admin_page(admin) -> Client:
    client = Client()
    client.force_login(User.objects.get(username="admin"), BACKEND)
    return client


def found(client, text: str, **more: str) -> list[dict]:
    return client.get(f"types?{urlencode({'q': text, **more})}").json()["items"]


def test_types_are_found_over_the_api_in_the_language_that_is_asked_for(call_taker, api):
    mine = api(call_taker)
    first = found(mine, "bau gas", lang="en")[0]
    assert (first["code"], first["name"], first["priority"]) == ("F09", "Gas leak, smoke in a building", 2)
    assert first["matched"][0] == "bau gas"
    assert first["question"] == "Switch nothing on. Is everybody outside?"
    assert found(mine, "bau gas", lang="id")[0]["name"] == "Kebocoran gas / asap di dalam bangunan"
    assert found(mine, "") == []
    assert mine.get("types?q=api&lang=fr").status_code == 422
    assert mine.get("types?q=" + "x" * 501).status_code == 422
    assert [item["code"] for item in found(api(scopes=["calls"]), "maling")][:3] == ["S02", "S11", "S03"]


def test_an_edited_synonym_is_found_at_once_and_stands_in_the_log(admin, call_taker, api):
    mine = api(call_taker)
    assert not found(mine, "zorbeck")
    revise_synonyms(actor=admin.at_desk("S1"), code="H02", changes={"english": ["zorbeck", "Zorbeck ", ""]})
    assert [item["code"] for item in found(mine, "zorbeck")] == ["H02"]
    assert TypeSynonyms.objects.get(type="H02").english == ["zorbeck"]
    fact = Event.objects.latest("seq")
    assert fact.kind == "type_synonyms.edited"
    assert fact.data["fields"] == ["english"]
    assert "zorbeck" not in str(fact.data)
    put_type(actor=admin, code="H02", changes={"active": False})
    assert not found(mine, "zorbeck")


def test_madurese_is_unreviewed_until_a_speaker_signs_and_again_after_an_edit(admin, call_taker, api):
    mine = api(call_taker)
    revise_synonyms(actor=admin, code="F01", changes={"madurese": ["obbhar"]})
    assert found(mine, "obbhar")[0]["unreviewed"] == ["obbhar"]
    revise_synonyms(actor=admin, code="F01", changes={"madurese_checked_by": "Ibu Rahma"})
    assert found(mine, "obbhar")[0]["unreviewed"] == []
    row = revise_synonyms(actor=admin, code="F01", changes={"madurese": ["obbhar", "tonoh"]})
    assert row.madurese_checked_by == ""


def test_what_cannot_be_a_synonym_is_refused(admin, call_taker):
    for synonyms, code in (
        (["x" * 81], "synonym_too_long"),
        (["a; b"], "synonym_sign"),
        ([str(n) for n in range(301)], "synonyms_too_many"),
    ):
        with pytest.raises(Invalid, match=code):
            revise_synonyms(actor=admin, code="F01", changes={"indonesian": synonyms})
    with pytest.raises(Unknown):
        revise_synonyms(actor=admin, code="Z99", changes={})
    with pytest.raises(Refused):
        revise_synonyms(actor=call_taker, code="F01", changes={"indonesian": []})


def test_a_type_of_the_site_has_synonyms_to_fill(admin):
    put_type(actor=admin, code="Z01", changes={"name_id": "a", "name_en": "b", "priority": 3})
    assert TypeSynonyms.objects.get(type="Z01").all() == []


def test_the_synonyms_go_out_as_a_table_and_come_back_changed(admin_page):
    out = admin_page.get(reverse("admin:plans_typesynonyms_export"))
    text = out.content.decode("utf-8-sig")
    assert text.startswith("code,indonesian,english,madurese")
    assert "kebakaran rumah; rumah terbakar" in text
    table = "code,madurese,madurese_checked_by\nF01,obbhar; tonoh,Ibu Rahma\nZZZ,x,\n"
    url = reverse("admin:plans_typesynonyms_import")
    wrong = admin_page.post(url, {"file": io.BytesIO(table.encode())})
    assert wrong.status_code == 422
    seen = admin_page.post(url, {"file": io.BytesIO(table.replace("ZZZ,x,\n", "").encode())}).context["seen"]
    assert admin_page.post(url, {"seen": seen}).status_code == 302
    row = TypeSynonyms.objects.get(type="F01")
    assert (row.madurese, row.madurese_checked_by) == (["obbhar", "tonoh"], "Ibu Rahma")
    again = admin_page.post(url, {"file": io.BytesIO(text.encode())})
    assert again.context["counts"]["changed"] == 1  # the Madurese of F01 that the older table has not


def test_the_page_of_a_type_s_synonyms_saves_one_a_line(admin_page):
    row = TypeSynonyms.objects.get(type="H03")
    url = reverse("admin:plans_typesynonyms_change", args=[row.pk])
    page = admin_page.get(url)
    assert page.status_code == 200
    data = {name: page.context["adminform"].form[name].value() or "" for name in page.context["adminform"].form.fields}
    data["indonesian"] = "kucing kecemplung\nkucing terjebak"
    assert admin_page.post(url, data).status_code == 302
    row.refresh_from_db()
    assert row.indonesian == ["kucing kecemplung", "kucing terjebak"]
