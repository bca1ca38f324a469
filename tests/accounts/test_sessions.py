"""Signing in and out: what it checks, and what it leaves in the log."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from accounts.actions import change_password, change_user
from accounts.models import Session, User
from accounts.pages import auth_views
from accounts.roles import Role
from core import event_log
from core.clock import now
from core.errors import Conflict
from core.housekeeping import clean_sessions
from core.models import Event
from core.ratelimits import Rate
from tests.api_client import Api

pytestmark = pytest.mark.django_db
WORDS = {"login": "dispatcher", "password": "sigap-demo"}


def enter(client: Client | None = None, **more: str) -> Client:
    client = client or Client()
    answer = client.post("/sign-in/", WORDS | more)
    assert answer.status_code == 302, answer.content.decode()
    return client


def row(client: Client) -> Session:
    return Session.objects.get(session_key=client.cookies["sessionid"].value)


def test_signing_in_and_out_are_facts_that_name_the_session_but_never_its_key():
    client = enter()
    session = row(client)
    assert session.user is not None
    assert session.user.username == "dispatcher"
    client.get("/password/")
    assert row(client).id == session.id  # saved again, the same session
    client.post("/sign-out/")
    facts = event_log.about(f"session:{session.id}")
    assert [fact.kind for fact in facts] == ["session.started", "session.ended"]
    assert all(f"user:{session.user_id}" in fact.subjects for fact in facts)
    assert not Session.objects.filter(id=session.id).exists()
    assert not Event.objects.filter(body__contains=session.session_key).exists()


def test_an_expired_session_is_nobody_and_its_row_goes():
    client, other = enter(), enter()
    Session.objects.filter(id=row(client).id).update(expire_date=now() - timedelta(seconds=1))
    assert client.get("/password/").status_code == 302
    clean_sessions()
    assert list(Session.objects.all()) == [row(other)]


def test_a_session_ends_twelve_hours_after_sign_in_however_often_it_is_saved():
    client = enter()
    ends_at = row(client).expire_date
    for address in ("app/", "passkey/"):
        client.get("/second-factor/" + address)
        assert row(client).expire_date == ends_at
    client.post("/password/", {"old": "sigap-demo", "new": "hujan-di-gili-raja", "again": "hujan-di-gili-raja"})
    assert row(client).expire_date == ends_at
    assert not client.cookies["sessionid"]["max-age"], "and at the latest with the browser"


def test_a_session_fixed_before_sign_in_is_worth_nothing_after():
    client = Client()
    client.get("/sign-in/")
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = session.session_key
    enter(client)
    assert client.cookies["sessionid"].value != session.session_key
    assert not Session.objects.filter(session_key=session.session_key).exists()


def test_a_second_sign_in_is_a_session_of_its_own():
    first, second = enter(), enter()
    assert row(first).id != row(second).id


def test_a_user_name_is_found_whatever_its_case():
    enter(login="Dispatcher")


def test_the_desk_is_chosen_at_sign_in_and_stands_in_the_log():
    client = enter(desk="D2")
    assert event_log.about(f"session:{row(client).id}")[0].desk == "D2"
    assert "D2" in client.get("/password/").content.decode()
    client.post("/sign-out/")
    assert 'value="D2" checked' in client.get("/sign-in/").content.decode()


def test_a_desk_of_another_agency_is_refused():
    answer = Client().post("/sign-in/", WORDS | {"desk": "DAMKAR-1"})
    assert answer.status_code == 400
    assert Client().post("/sign-in/", WORDS | {"desk": "nowhere"}).status_code == 400
    enter(login="damkar", desk="DAMKAR-1")


def test_a_wrong_password_has_the_same_error_as_a_wrong_name():
    wrong_password = Client().post("/sign-in/", WORDS | {"password": "guess"})
    wrong_name = Client().post("/sign-in/", {"login": "nobody", "password": "guess"})
    assert wrong_password.status_code == wrong_name.status_code == 400
    assert wrong_password.context["form"].non_field_errors() == wrong_name.context["form"].non_field_errors()


def test_the_sixth_wrong_try_of_a_minute_is_put_off_for_this_name_and_address_only():
    client = Client()
    for _ in range(5):
        assert client.post("/sign-in/", WORDS | {"password": "guess"}).status_code == 400
    late = client.post("/sign-in/", WORDS)
    assert late.status_code == 429
    assert 0 < int(late["Retry-After"]) <= 60
    assert Client(REMOTE_ADDR="192.0.2.7").post("/sign-in/", WORDS).status_code == 302
    enter(client, login="supervisor")


@pytest.mark.parametrize("name", ["a\x00b", "x" * 10_000, "é" * 200, "' OR 1=1 --", ""])
def test_any_name_and_password_are_answered(name):
    assert Client().post("/sign-in/", {"login": name, "password": name}).status_code == 400


def test_signing_in_needs_the_token_of_its_page():
    assert Client(enforce_csrf_checks=True).post("/sign-in/", WORDS).status_code == 403


def test_a_closed_account_cannot_sign_in(admin, dispatcher):
    change_user(actor=admin, user=dispatcher.user, active=False)
    answer = Client().post("/sign-in/", WORDS, follow=True)
    assert not answer.wsgi_request.user.is_authenticated


def test_closing_an_account_ends_its_sessions_as_facts(admin, dispatcher):
    client = enter()
    session = row(client)
    change_user(actor=admin.at_desk("S1"), user=dispatcher.user, active=False)
    assert [fact.kind for fact in event_log.about(f"session:{session.id}")] == ["session.started", "session.ended"]
    assert client.get("/board/").status_code == 302
    last = event_log.about(f"user:{dispatcher.user}")[-1]
    assert last.kind == "user.changed"
    data = {"active": False, "agency": None, "fields": ["is_active"], "roles": ["dispatcher"], "unit": None}
    assert last.data == data


def test_a_new_password_ends_every_other_session():
    here, there = enter(), enter()
    answer = here.post("/password/", {"old": "sigap-demo", "new": "hujan-di-gili-raja", "again": "hujan-di-gili-raja"})
    assert answer.status_code == 302
    assert here.get("/board/").status_code != 302
    assert there.get("/board/").status_code == 302
    enter(password="hujan-di-gili-raja")


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        ("wrong", "hujan-di-gili-raja", "hujan-di-gili-raja"),
        ("sigap-demo", "hujan-di-gili-raja", "other"),
        ("sigap-demo", "short", "short"),
        ("sigap-demo", "password123", "password123"),
        ("sigap-demo", "dispatcher1", "dispatcher1"),
    ],
)
def test_a_password_that_is_weak_or_mistyped_is_not_taken(old, new, again):
    client = enter()
    answer = client.post("/password/", {"old": old, "new": new, "again": again})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()


def test_who_finds_a_browser_open_cannot_try_all_passwords(monkeypatch):
    monkeypatch.setattr(auth_views, "PASSWORD", Rate("password", 0.001, 2))
    client = enter()
    new = {"new": "hujan-di-gili-raja", "again": "hujan-di-gili-raja"}
    assert [client.post("/password/", new | {"old": guess}).status_code for guess in ("one", "two")] == [400, 400]
    late = client.post("/password/", new | {"old": "sigap-demo"})
    assert late.status_code == 429
    assert 'role="alert"' in late.content.decode()
    enter()


def test_a_password_made_by_another_is_for_one_sign_in(admin, dispatcher):
    change_password(actor=admin, user=dispatcher.user, password="hujan-di-gili-raja")
    client = enter(password="hujan-di-gili-raja")
    assert client.get("/board/")["Location"] == "/password/"
    api = Api()
    api.client = client
    answer = api.get("agencies")
    assert (answer.status_code, answer.json()["code"]) == (403, "password_to_change")
    client.post(
        "/password/", {"old": "hujan-di-gili-raja", "new": "angin-timur-kencang", "again": "angin-timur-kencang"}
    )
    assert client.get("/board/").status_code != 302
    assert not User.objects.get(pk=dispatcher.user).password_once


def test_the_last_admin_stays_one(admin):
    with pytest.raises(Conflict, match="last_admin"):
        change_user(actor=admin, user=admin.user, roles=[Role.AUDITOR])
    with pytest.raises(Conflict, match="last_admin"):
        change_user(actor=admin, user=admin.user, active=False)
