"""A real web process: what it answers to bodies of any size, and to what no parser takes."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import httpx
import pytest

from tests.api_client import make_secret
from tests.servers import live_web


@pytest.fixture(scope="module")
def client(module_database) -> Iterator[httpx.Client]:
    secret = make_secret(["admin"])
    with (
        live_web(module_database) as web,
        httpx.Client(base_url=web.url, headers={"Authorization": f"Bearer {secret}"}, timeout=30) as client,
    ):
        yield client


def drops(size: int) -> Iterator[bytes]:
    yield b'{"name": "'
    for _ in range(size // 65_536):
        yield b"x" * 65_536
    yield b'"}'


@pytest.mark.parametrize("megabytes", [2, 10])
def test_a_body_too_large_is_413_with_its_length_and_without(client, megabytes):
    size = megabytes * 1_048_576
    for content in (b"".join(drops(size)), drops(size)):
        answer = client.put("/api/v1/agencies/X", content=content, headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_a_body_without_an_end_is_not_read_to_its_end(client):
    sent = []

    def endless() -> Iterator[bytes]:
        while True:
            sent.append(1)
            yield b"x" * 1_048_576

    try:
        answer = client.put("/api/v1/agencies/X", content=endless(), headers={"Content-Type": "application/json"})
        assert answer.status_code == 413
    except httpx.WriteError:  # it had its answer and was hung up on
        pass
    assert len(sent) < 200
    assert client.get("/api/v1/agencies").status_code == 200


@pytest.mark.parametrize(
    "line",
    [
        b"GET /api/v1/agencies\x00 HTTP/1.1",
        b"GET /api/v1/agencies/%00 HTTP/1.1",
        b"GET /api/v1/agencies?%FF%00 HTTP/1.1",
        b"GET /api/v1/\xff\xfe HTTP/1.1",
        b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1",
        b"GET /static/%2e%2e/%2e%2e/manage.py HTTP/1.1",
        b"NONSENSE /api/v1/agencies HTTP/1.1",
        b"\x16\x03\x01\x02\x00",
    ],
)
def test_a_request_that_is_none_is_refused_and_the_server_lives(client, line):
    target = (client.base_url.host, client.base_url.port)
    with socket.create_connection(target, timeout=10) as raw:
        raw.sendall(line + b"\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: raw.recv(65_536), b""))
    assert answer.startswith(b"HTTP/1.1 4")
    assert client.get("/api/v1/agencies").status_code == 200


def test_the_answers_headers_forbid_what_they_should(client):
    answer = client.get("/sign-in/")
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_foreign_host_name_is_refused(client):
    assert client.get("/api/v1/agencies", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/api/v1/agencies", headers={"Host": "evil.example"}).json()["code"] == "bad_request"
