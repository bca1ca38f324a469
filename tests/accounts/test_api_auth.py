"""Who may use the HTTP API, and the problem that the others get."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.actions import change_user, make_key, revoke_key
from accounts.actors import system_actor
from accounts.models import ApiKey, User
from accounts.queries import default_centre
from accounts.roles import Scope
from core.clock import now
from tests.api_client import Api

pytestmark = pytest.mark.django_db


def test_nobody_gets_in_without_a_session_or_a_key(api):
    answer = api().get("agencies")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json()["code"] == "not_signed_in"


def test_a_key_gets_in_with_its_scope_and_only_with_it(api):
    assert api(scopes=["admin"]).get("agencies").status_code == 200
    refused = api(scopes=["board"]).get("agencies")
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")


def test_head_answers_as_get_would_without_the_body(api):
    client = api(scopes=["incidents"])
    for path, status in (("incidents", 200), ("alarms", 200), ("incidents/none", 404), ("operators", 403)):
        asked, got = client.ask("HEAD", path), client.get(path)
        assert (asked.status_code, asked.content) == (status, b"")
        assert got.status_code == status
        assert asked.headers["Content-Type"] == got.headers["Content-Type"]
    assert client.ask("HEAD", "telephony/heartbeat").status_code == 405


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer sigap_wrong", "Basic abc", "Bearer sigap_\xe9"])
def test_a_key_that_is_none_is_refused(header, api):
    assert api().get("agencies", Authorization=header).status_code == 401


def test_a_wrong_key_is_not_saved_by_a_session_beside_it(api, admin):
    client = api(admin)
    assert client.get("agencies").status_code == 200
    assert client.get("agencies", Authorization="Bearer sigap_wrong").status_code == 401


def test_a_revoked_key_is_refused_at_its_next_request(api):
    client = api(scopes=["admin"])
    assert client.get("agencies").status_code == 200
    revoke_key(actor=system_actor(default_centre().id), key=ApiKey.objects.latest("created_at").id)
    answer = client.get("agencies")
    assert (answer.status_code, answer.json()["code"]) == (401, "key_not_valid")


def test_an_expired_key_is_refused(db):
    actor = system_actor(default_centre().id)
    _, secret = make_key(actor=actor, name="old", scopes=[Scope.ADMIN], expires_at=now() - timedelta(seconds=1))
    assert Api(secret=secret).get("agencies").status_code == 401


def test_only_the_digest_of_a_key_is_kept(db):
    key, secret = make_key(actor=system_actor(default_centre().id), name="x", scopes=[Scope.BOARD])
    assert len(secret) == len("sigap_") + 43
    assert secret not in str(ApiKey.objects.filter(pk=key.pk).values())
    assert len(bytes(key.digest)) == 32


def test_a_session_writes_only_with_its_csrf_token(api, admin):
    client = api(admin)
    assert client.put("agencies/TAGANA", {"name": "Tagana"}).status_code == 201
    del client.headers["X-CSRFToken"]
    answer = client.put("agencies/TAGANA", {"name": "Tagana"})
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")
    assert client.get("agencies").status_code == 200


def test_a_closed_account_is_out_at_once(api, admin, dispatcher):
    client = api(dispatcher)
    assert client.get("agencies").status_code == 403
    change_user(actor=admin, user=dispatcher.user, active=False)
    assert client.get("agencies").status_code == 401
    assert not User.objects.get(pk=dispatcher.user).is_active


def test_a_desk_is_one_of_the_centre_or_of_ones_agency(api, admin):
    assert api(admin, desk="D1").get("agencies").status_code == 200
    answer = api(admin, desk="DAMKAR-1").get("agencies")
    assert (answer.status_code, answer.json()["code"]) == (422, "desk_unknown")
    assert api(admin, desk="nul\x00").get("agencies").status_code == 422
