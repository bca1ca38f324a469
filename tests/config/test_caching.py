"""What browsers and proxies may keep of an answer."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.api_client import OPENAPI, Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor_s_client(supervisor):
    api = Api()
    api.sign_in(supervisor)
    return api.client


@pytest.mark.parametrize(
    "address",
    ["/", "/console/", "/board/", "/map/", "/units/", "/cards/", "/password/", "/incidents/999999/print/", "/admin/"],
)
def test_no_page_of_a_signed_in_person_is_stored(supervisor_s_client, address):
    assert "no-store" in supervisor_s_client.get(address).headers["Cache-Control"]


@pytest.mark.parametrize("address", ["/sign-in/", "/console/", "/nothing-here/", "/api/v1/board", "/api/nothing"])
def test_nor_what_nobody_in_particular_is_answered(address):
    assert "no-store" in Client().get(address).headers["Cache-Control"]


def test_the_openapi_document_is_built_once_and_asked_for_again_by_its_tag(monkeypatch):
    whole = Client().get(OPENAPI)
    assert whole.json()["openapi"].startswith("3.")
    assert whole.headers["Cache-Control"] == "no-cache"
    monkeypatch.setattr("config.api.api.get_openapi_schema", lambda *_args, **_named: pytest.fail("built again"))
    assert Client().get(OPENAPI).content == whole.content
    again = Client().get(OPENAPI, headers={"If-None-Match": whole.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_signing_out_empties_the_browser_s_cache(supervisor_s_client):
    answer = supervisor_s_client.post(
        "/sign-out/", headers={"X-CSRFToken": supervisor_s_client.cookies["csrftoken"].value}
    )
    assert answer.status_code == 302
    assert answer.headers["Clear-Site-Data"] == '"cache"'
