"""The commands that make keys and the first admin."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import ApiKey, User
from accounts.roles import Scope
from tests.api_client import Api

pytestmark = pytest.mark.django_db


def output_of(*command: str) -> list[str]:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue().splitlines()


def test_a_key_is_printed_alone_on_the_last_line_and_works():
    secret = output_of("create_api_key", "a program", "--scope", "admin", "--scope", "board")[-1]
    assert secret.startswith("sigap_")
    assert Api(secret=secret).get("agencies").status_code == 200
    assert ApiKey.objects.get().scopes == ["admin", "board"]


@pytest.mark.parametrize("scope", list(Scope))
def test_every_scope_is_known(scope):
    assert output_of("create_api_key", "x", "--scope", scope)[-1].startswith("sigap_")


def test_names_may_repeat():
    assert output_of("create_api_key", "x", "--scope", "board") != output_of("create_api_key", "x", "--scope", "board")


def test_a_key_is_bound_to_an_agency():
    output_of("create_api_key", "x", "--scope", "units", "--agency", "DAMKAR")
    agency = ApiKey.objects.get().agency
    assert agency is not None
    assert agency.code == "DAMKAR"


@pytest.mark.parametrize(
    "words",
    [("x",), ("x", "--scope", "all"), ("x", "--scope", "board", "--agency", "NONE"), ("", "--scope", "board")],
)
def test_wrong_words_are_one_clear_line_and_no_key(words):
    with pytest.raises(CommandError) as refused:
        output_of("create_api_key", *words)
    assert refused.value.returncode == 2
    assert len(str(refused.value).splitlines()) == 1
    assert not ApiKey.objects.exists()


def test_a_key_is_revoked_by_its_first_characters():
    secret = output_of("create_api_key", "tracker", "--scope", "admin")[-1]
    assert output_of("revoke_api_key") == [f"{secret[:10]}  tracker: admin"]
    output_of("revoke_api_key", secret[:10])
    assert output_of("revoke_api_key") == []
    assert Api(secret=secret).get("agencies").status_code == 401


def test_of_two_keys_with_one_name_none_is_revoked():
    output_of("create_api_key", "x", "--scope", "board")
    output_of("create_api_key", "x", "--scope", "board")
    with pytest.raises(CommandError):
        output_of("revoke_api_key", "x")


def test_the_first_admin_is_made_once_and_must_change_the_password():
    assert output_of("create_first_admin") == []
    User.objects.all().delete()
    password = output_of("create_first_admin")[-1]
    assert output_of("create_first_admin") == []
    client = Client()
    assert client.post("/sign-in/", {"login": "admin", "password": password}).status_code == 302
    assert client.get("/")["Location"] == "/password/"
