"""The sign-in page: the language that was chosen there, why one was signed out, and a training site's roles to try."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from accounts.actions import change_password, change_user, make_user
from accounts.models import Session, User
from accounts.roles import Role
from calls.actions.calls import open_call
from core.clock import now
from tests.accounts.test_pages import signed_in

pytestmark = pytest.mark.django_db
PASSWORD = "sigap-demo"


def page(client: Client, address: str = "/sign-in/?next=/board/") -> str:
    return client.get(address, headers={"Accept-Language": "en"}).content.decode()


def test_the_language_chosen_on_the_sign_in_page_becomes_the_persons_own():
    client = Client()
    client.post("/preferences/", {"language": "en", "next": "/sign-in/"})
    client.post("/sign-in/", {"login": "dispatcher", "password": PASSWORD})
    assert User.objects.get(username="dispatcher").language == "en"
    for address in ("/console/", "/board/", "/map/", "/password/"):
        assert 'lang="en"' in client.get(address).content.decode(), address
    client.post("/sign-out/")
    client.post("/sign-in/", {"login": "supervisor", "password": PASSWORD})
    assert User.objects.get(username="supervisor").language == "id", "a choice is of one sign-in, not of the computer"


def test_next_is_followed_where_the_role_opens_it_and_only_on_this_site():
    def after(username: str, target: str) -> str:
        form = {"login": username, "password": PASSWORD, "next": target}
        return Client().post("/sign-in/?next=" + target, form)["Location"]

    assert after("dispatcher", "/map/?incident=1") == "/map/?incident=1"
    assert after("crew", "/console/") == "/"
    assert after("dispatcher", "//evil.example/map/") == "/"


def test_the_page_shows_why_one_was_signed_out_and_that_the_draft_is_kept(admin, dispatcher):
    def ended() -> Client:
        client = Client()
        client.post("/preferences/", {"language": "en"})
        assert client.post("/sign-in/", {"login": "dispatcher", "password": PASSWORD}).status_code == 302
        return client

    client = ended()
    assert 'class="why"' not in page(Client())
    Session.objects.filter(user_id=dispatcher.user).update(expire_date=now() - timedelta(seconds=1))
    assert "12 hours had passed" in page(client)
    assert "call form is kept" in page(client)

    client = ended()
    client.post("/sign-out/")
    assert "another window" in page(client)
    assert 'class="why"' not in page(client, "/sign-in/"), "whoever signs out knows why"

    client = ended()
    change_user(actor=admin, user=dispatcher.user, roles=[Role.CALL_TAKER])
    assert client.get("/console/").status_code == 302
    assert "changed your role" in page(client)

    client = ended()
    change_password(actor=dispatcher, user=dispatcher.user, password=PASSWORD + "-2")
    assert "Your password was changed" in page(client)
    change_password(actor=dispatcher, user=dispatcher.user, password=PASSWORD)

    client = ended()
    change_password(actor=admin, user=dispatcher.user, password=PASSWORD)
    assert "gave this account a new password" in page(client)
    User.objects.filter(pk=dispatcher.user).update(password_once=False)

    client = ended()
    change_user(actor=admin, user=dispatcher.user, active=False)
    assert "closed this account" in page(client)
    assert "call form is kept" not in page(client)


def test_an_admin_who_changes_their_own_roles_stays_signed_in(admin):
    make_user(actor=admin, username="second", name="Second", roles=[Role.ADMIN], password="hujan-di-gili")
    client = signed_in("admin")
    change_user(actor=admin, user=admin.user, roles=[Role.ADMIN, Role.AUDITOR])
    assert client.get("/admin/").status_code == 200


def test_a_newcomer_steps_into_each_role_of_a_training_site_with_one_press():
    begins = {
        "calltaker": "/console/",
        "dispatcher": "/console/",
        "supervisor": "/board/",
        "damkar": "/agency/",
        "crew": "/crew/",
        "admin": "/admin/",
        "auditor": "/board/",
    }
    shown = page(Client())
    for key, (username, landing) in enumerate(begins.items(), 1):
        assert f'value="{username}" data-key="{key}"' in shown
        client = Client()
        client.post("/preferences/", {"language": "en"})
        assert client.post("/sign-in/as/", {"person": username})["Location"] == "/"
        assert client.get("/")["Location"] == landing
        assert 'lang="en"' in client.get("/password/").content.decode(), "the language of the page holds"
    assert Client(enforce_csrf_checks=True).post("/sign-in/as/", {"person": "crew"}).status_code == 403
    assert Client().post("/sign-in/as/", {"person": "nobody"}).status_code == 404
    assert Client().get("/sign-in/as/").status_code == 405


def test_no_role_opens_by_a_press_on_a_live_site_or_after_its_password_was_changed(settings, admin, crew):
    change_password(actor=admin, user=crew.user, password="hujan-di-gili-raja")
    answer = Client().post("/sign-in/as/", {"person": "crew"})
    assert answer.status_code == 409
    assert "refused.html" in [template.name for template in answer.templates]
    settings.SIGAP_PLACE = "live"
    assert Client().post("/sign-in/as/", {"person": "calltaker"}).status_code == 404
    assert 'id="cards"' not in page(Client())
    assert PASSWORD not in page(Client())


def test_signing_out_with_a_call_in_hand_asks_first(call_taker):
    client = signed_in("calltaker")
    open_call(actor=call_taker.at_desk("CT1"), channel="radio")
    asked = client.post("/sign-out/")
    assert asked.status_code == 409
    assert "account/logout.html" in [template.name for template in asked.templates]
    assert client.get("/console/").status_code == 200, "still signed in"
    assert client.post("/sign-out/", {"sure": "1"}).status_code == 302
    assert client.get("/console/").status_code == 302


@pytest.mark.parametrize(
    ("address", "status"), [("/nowhere/", 404), ("/admin/", 403), ("/preferences/", 405), ("/sign-in/as/", 405)]
)
def test_an_error_page_keeps_the_navigation_and_shows_what_to_do(address, status):
    answer = signed_in("calltaker").get(address)
    shown = answer.content.decode()
    assert answer.status_code == status
    assert 'href="/console/"' in shown
    assert "Siti Rahmawati" in shown
    assert shown.count("<p>") >= 2
    assert Client().get(address).status_code in {302, status}


def test_a_fault_keeps_the_navigation_and_a_fault_of_the_frame_itself_is_a_plain_page(monkeypatch):
    client = signed_in("calltaker")
    client.raise_request_exception = False

    def fail(*_args: object, **_named: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("plans.models.IncidentType.objects.order_by", fail)
    shown = client.get("/board/")
    assert shown.status_code == 500
    assert 'href="/console/"' in shown.content.decode()
    monkeypatch.setattr("web.navigation.pages_of", fail)
    plain = client.get("/board/")
    assert plain.status_code == 500
    assert "<h1>" in plain.content.decode()
