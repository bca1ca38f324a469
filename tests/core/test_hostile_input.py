"""What programs send when they are broken or mean: refused in words, never a fault."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db

NAUGHTY_BODIES = {
    "nothing": (b"", 422),
    "no JSON": (b"{", 400),
    "bad UTF-8": (b'{"name": "\xff"}', 400),
    "nothing but a lone surrogate": (b'{"name": "\\ud800"}', 422),
    "NaN": (b'{"name": NaN}', 400),
    "infinity": (b'{"name": 1e999}', 400),
    "ten thousand levels": (b'{"name":' * 10_000 + b"1" + b"}" * 10_000, 400),
    "a deep list": (b"[" * 900 + b"]" * 900, 422),
    "ten million bytes": (b'{"name": "' + b"x" * 10_000_000 + b'"}', 413),
    "nothing but NUL": (b'{"name": "\\u0000"}', 422),
    "a number for a text": (b'{"name": 12345678901234567890123}', 422),
    "null": (b"null", 422),
    "a list": (b"[]", 422),
    "too long": (b'{"name": "' + b"x" * 201 + b'"}', 422),
    "an empty name": (b'{"name": ""}', 422),
    "a name of blanks": (b'{"name": " \\u200b\\u00a0"}', 422),
    "blank bytes": (b" \n\t", 400),
    "a byte order mark in the middle": (b'{"name": \xef\xbb\xbf"x"}', 400),
}


@pytest.fixture
def client(api):
    return api(scopes=["admin"])


def is_problem(answer, status):
    assert answer.status_code == status, answer.content[:300]
    assert answer["Content-Type"] == "application/problem+json"
    content = answer.json()
    assert content["status"] == status
    assert content["title"]
    return content


@pytest.mark.parametrize("name", NAUGHTY_BODIES)
def test_a_body_that_cannot_be_taken_is_refused(client, name):
    content, status = NAUGHTY_BODIES[name]
    is_problem(client.ask("PUT", "agencies/X1", content), status)


@pytest.mark.parametrize(
    "content",
    [
        b'{"name": "Pasar \\u202eAnom"}',
        '{"name": "Pasar \u202eAnom\u202c"}'.encode(),
        b'\xef\xbb\xbf{"name": "Pasar Anom"}',
        b'{"name": "Pasar \\ud800Anom"}',
        b'{"name": "Pasar \\udc00\\uD83DAnom"}',
        b'{"na\\u200bme": "\\u0000Pasar\\tAnom\\n"}',
        b'{"name": "\\u061cPasar\\r\\nAn\\u001bom\\u2069"}',
    ],
)
def test_a_name_is_kept_without_what_nobody_sees(client, content):
    answer = client.ask("PUT", "agencies/X1", content)
    assert answer.status_code == 201, answer.content
    assert answer.json()["name"] == "Pasar Anom"


def test_a_pair_of_surrogates_and_an_escaped_backslash_stay(client):
    content = rb'{"name": "\\ud800 \ud83d\ude92 \ud800"}'
    assert client.ask("PUT", "agencies/X1", content).json()["name"] == "\\ud800 \U0001f692"


def test_the_same_key_twice_is_taken_once(client):
    assert client.ask("PUT", "agencies/X1", b'{"name": "a", "name": "b"}').json()["name"] == "b"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_body_of_another_kind_is_refused(client, kind):
    is_problem(client.ask("PUT", "agencies/X1", b'{"name": "x"}', content_type=kind), 415)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("multipart/form-data; boundary=x", 415),
        ("multipart/form-data", 400),
        ("multipart/form-data; boundary=" + "x" * 300, 400),
        ("application/x-www-form-urlencoded", 415),
        ("text/plain", 415),
    ],
)
def test_a_form_of_who_is_signed_in_is_refused_though_its_token_was_looked_for_in_it(api, dispatcher, kind, status):
    is_problem(api(dispatcher).ask("POST", "incidents", b"{}", content_type=kind), status)


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "application/merge-patch+json", ""])
def test_json_may_come_under_its_other_names(client, kind):
    assert client.ask("PUT", "agencies/X1", b'{"name": "x"}', content_type=kind).status_code in {200, 201}


def test_each_wrong_field_is_named_with_its_fix(client):
    content = is_problem(client.put("agencies/X1", {"name": "", "name_en": 5}, **{"Accept-Language": "en"}), 422)
    assert content["code"] == "invalid"
    assert content["errors"] == [
        {"field": "name", "code": "too_short", "message": "Give at least 1 characters."},
        {"field": "name_en", "code": "not_text", "message": "Give a text in quotation marks."},
    ]


@pytest.mark.parametrize("path", ["agencies/a%00b", "agencies/a%20b", "agencies/%ED%A0%80", "agencies/" + "x" * 3000])
def test_an_address_of_nonsense_is_refused(client, path):
    answer = client.put(path, {"name": "x"})
    assert 400 <= answer.status_code < 500 or answer.status_code == 201
    assert answer.status_code != 201 or path == "agencies/%ED%A0%80"


@pytest.mark.parametrize("query", ["?x=%00", "?x=%ff", "?%ff=1", "?x=%ed%a0%80"])
def test_a_query_that_is_no_utf8_is_refused(client, query):
    assert is_problem(client.get("agencies" + query), 400)["code"] == "bad_query"


def test_an_unknown_address_or_method_is_a_problem_too(client, api):
    is_problem(client.get("nothing"), 404)
    is_problem(client.get("/api/"), 404)
    is_problem(client.get("/api/v2/agencies"), 404)
    is_problem(client.get("/api/v1/"), 404)
    refused = client.ask("DELETE", "agencies")
    is_problem(refused, 405)
    assert refused["Allow"]
    is_problem(api().post("nothing"), 404)


@pytest.mark.parametrize(
    "header", ["Accept-Language", "X-Sigap-Desk", "Authorization", "X-CSRFToken", "Origin", "Cookie"]
)
@pytest.mark.parametrize("value", ["\x00", "é" * 5000, "a" * 100_000, "\xff\xfe", "%s%n"])
def test_no_header_makes_a_fault(api, admin, header, value):
    assert api(admin).put("agencies/DAMKAR", {"name": "x"}, **{header: value}).status_code < 500
