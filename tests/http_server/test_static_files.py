"""Static files at the entry: from memory, with the right headers, and nothing but GET and HEAD."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from http_server.static_files import StaticFiles

TEXT = b"body { color: black }\n" * 100


async def _beyond(scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 299, "headers": []})
    await send({"type": "http.response.body", "body": scope["path"].encode()})


@pytest.fixture
def ask(settings: Any, tmp_path: Any) -> Callable[..., httpx.Response]:
    """Ask for a file of a folder with one file and its compressed variant."""
    settings.STATIC_ROOT = tmp_path
    settings.WHITENOISE_USE_FINDERS = False
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "page.css").write_bytes(TEXT)
    (tmp_path / "css" / "page.css.gz").write_bytes(gzip.compress(TEXT))
    application = StaticFiles(_beyond)

    async def send(method: str, path: str, headers: dict[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(application)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.request(method, path, headers=headers)

    def asked(path: str, method: str = "GET", **headers: str) -> httpx.Response:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = send(method, path, {"Accept-Encoding": "identity"} | names)
        with ThreadPoolExecutor(1) as thread:  # the test's own may have the loop of a browser
            return thread.submit(asyncio.run, sent).result()

    return asked


def test_a_file_is_answered_with_its_type_and_the_headers_of_safety(ask):
    answer = ask("/static/css/page.css")
    assert (answer.status_code, answer.content) == (200, TEXT)
    assert answer.headers["Content-Type"] == 'text/css; charset="utf-8"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["Cache-Control"] == "max-age=60, public"


def test_a_browser_that_takes_gzip_gets_the_compressed_variant(ask):
    answer = ask("/static/css/page.css", Accept_Encoding="gzip, br")
    assert (answer.headers["Content-Encoding"], answer.content) == ("gzip", TEXT)
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert int(answer.headers["Content-Length"]) == len(gzip.compress(TEXT))


def test_a_browser_that_has_the_file_gets_304(ask):
    first = ask("/static/css/page.css")
    assert ask("/static/css/page.css", If_None_Match=first.headers["ETag"]).status_code == 304
    assert ask("/static/css/page.css", If_Modified_Since=first.headers["Last-Modified"]).status_code == 304
    assert ask("/static/css/page.css", If_None_Match='"other"').status_code == 200


def test_a_part_of_a_file_can_be_asked_for(ask):
    answer = ask("/static/css/page.css", Range="bytes=2-5")
    assert (answer.status_code, answer.content) == (206, TEXT[2:6])
    assert answer.headers["Content-Range"] == f"bytes 2-5/{len(TEXT)}"
    assert ask("/static/css/page.css", Range="bytes=99999-").status_code == 416


def test_head_answers_without_content_and_other_methods_are_refused(ask):
    head = ask("/static/css/page.css", "HEAD")
    assert (head.status_code, head.content, head.headers["Content-Length"]) == (200, b"", str(len(TEXT)))
    refused = ask("/static/css/page.css", "POST")
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("path", ["none.css", "", "css", "css/%2e%2e/%2e%2e/secret", "css/page.css.gz"])
def test_what_is_no_file_is_404_without_asking_the_application(ask, path):
    answer = ask(f"/static/{path}")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")


def test_a_file_stays_in_memory_once_it_was_asked_for(ask, tmp_path):
    assert ask("/static/css/page.css").content == TEXT
    (tmp_path / "css" / "page.css").unlink()
    assert ask("/static/css/page.css").content == TEXT


def test_all_else_is_the_applications(ask):
    assert (ask("/console/").status_code, ask("/console/").text) == (299, "/console/")
    assert ask("/staticx").status_code == 299
