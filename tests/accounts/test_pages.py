"""Pages: who may open each, and what the navigation round them shows."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.api_client import Api

pytestmark = pytest.mark.django_db

ADDRESSES = ["console", "board", "wall", "map", "units", "agency", "crew", "reports", "admin"]
OPEN = {
    "calltaker": {"console", "board", "wall", "map", "units", "reports"},
    "dispatcher": {"console", "board", "wall", "map", "units", "reports"},
    "supervisor": {"console", "board", "wall", "map", "units", "reports", "admin"},
    "damkar": {"board", "wall", "map", "units", "agency", "reports", "admin"},
    "crew": {"board", "wall", "map", "units", "crew"},
    "admin": {"units", "reports", "admin"},
    "auditor": {"board", "wall", "map", "units", "reports", "admin"},
}


def signed_in(username: str) -> Client:
    client = Client()
    assert client.post("/sign-in/", {"login": username, "password": "sigap-demo"}).status_code == 302
    return client


@pytest.mark.parametrize("name", ADDRESSES)
def test_every_page_sends_the_signed_out_to_sign_in_and_back(name):
    answer = Client().get(f"/{name}/?x=1")
    assert answer.status_code == 302
    assert answer["Location"] == f"/sign-in/?next=/{name}/%3Fx%3D1"


@pytest.mark.parametrize("username", OPEN)
def test_a_page_opens_for_the_roles_that_may_see_it_only(username):
    client = signed_in(username)
    for name in ADDRESSES:
        answer = client.get(f"/{name}/")
        if name not in OPEN[username]:
            assert answer.status_code == 403, name
            assert "refused.html" in [template.name for template in answer.templates]
        else:
            assert answer.status_code in {200, 404}, name
            if answer.status_code == 404:
                assert "not_built.html" in [template.name for template in answer.templates]


def test_each_role_begins_at_its_own_page():
    landing = {name: signed_in(name).get("/")["Location"] for name in OPEN}
    assert landing == {
        "calltaker": "/console/",
        "dispatcher": "/console/",
        "supervisor": "/board/",
        "damkar": "/agency/",
        "crew": "/crew/",
        "admin": "/admin/",
        "auditor": "/board/",
    }


def test_a_training_place_is_striped_on_every_page(settings):
    assert 'class="stripes"' in Client().get("/sign-in/").content.decode()
    settings.SIGAP_PLACE = "live"
    assert 'class="stripes"' not in Client().get("/sign-in/").content.decode()


def test_a_page_has_no_inline_script_or_style_and_no_other_host():
    answer = signed_in("admin").get("/password/")
    page = answer.content.decode()
    assert "style=" not in page
    assert "<style" not in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page
    assert page.count("<script") == page.count('nonce="') == 1
    assert "unsafe" not in answer["Content-Security-Policy"]
    nonce = page.partition('nonce="')[2].partition('"')[0]
    assert f"'nonce-{nonce}'" in answer["Content-Security-Policy"]


def test_the_language_is_ones_own_else_the_browsers_else_indonesian():
    assert Client().get("/sign-in/")["Content-Language"] == "id"
    assert Client().get("/sign-in/", headers={"Accept-Language": "en-GB,en;q=0.9"})["Content-Language"] == "en"
    assert Client().get("/sign-in/", headers={"Accept-Language": "fr"})["Content-Language"] == "id"
    assert signed_in("supervisor").get("/board/", headers={"Accept-Language": "en"})["Content-Language"] == "id"


def test_a_switch_of_language_stays_with_the_person_and_the_browser(supervisor):
    client = signed_in("supervisor")
    answer = client.post("/preferences/", {"language": "en", "next": "/board/"})
    assert answer["Location"] == "/board/"
    assert client.get("/password/")["Content-Language"] == "en"
    assert signed_in("supervisor").get("/password/")["Content-Language"] == "en"
    client.cookies.pop("sessionid")
    assert client.get("/sign-in/")["Content-Language"] == "en"


def test_light_is_a_choice_of_the_browser():
    client = Client()
    assert 'data-theme="dark"' in client.get("/sign-in/").content.decode()
    client.post("/preferences/", {"theme": "light"})
    assert 'data-theme="light"' in client.get("/sign-in/").content.decode()
    client.cookies["theme"] = '"><script>'
    assert 'data-theme="dark"' in client.get("/sign-in/").content.decode()


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_no_choice_leads_to_another_host(target):
    assert Client().post("/preferences/", {"theme": "light", "next": target})["Location"] == "/"
    answer = Client().post(
        "/sign-in/?next=" + target, {"login": "supervisor", "password": "sigap-demo", "next": target}
    )
    assert answer["Location"] == "/"


def test_there_is_no_sign_up_and_no_other_way_in():
    for path in ("/accounts/signup/", "/signup/", "/password/reset/", "/accounts/login/", "/sign-in/code/"):
        assert Client().get(path).status_code == 404, path


def test_a_broken_address_is_an_error_page_and_never_a_fault():
    client = Client()
    assert client.get("/nothing/").status_code == 404
    assert "refused.html" in [template.name for template in client.get("/nothing/").templates]
    assert client.get("/board/?next=%00").status_code == 400
    assert client.get("/sign-in/?next=%ff").status_code == 400


def test_a_session_cookie_of_nonsense_is_nobody():
    client = Api().client
    for value in ("a\x00b", "x" * 5000, "'; DROP TABLE", "é"):
        client.cookies["sessionid"] = value
        assert client.get("/board/").status_code == 302
