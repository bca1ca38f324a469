"""Requests share threads that stay: nothing of one is left in its thread for the next."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
import structlog
from django.conf import settings
from django.db import connections
from django.utils.translation import get_language

from http_server import asgi_handler

ENGLISH = {"Cookie": f"{settings.LANGUAGE_COOKIE_NAME}=en"}
INDONESIAN = {"Cookie": f"{settings.LANGUAGE_COOKIE_NAME}=id"}


@pytest.fixture
def ask(fresh_database: Any, monkeypatch: Any) -> Any:
    """Ask one request after the other, all served by one thread; returns the answers and what that thread holds."""
    served = ThreadPoolExecutor(1, thread_name_prefix="request")
    monkeypatch.setattr(asgi_handler, "_requests", served)
    handler = asgi_handler.OneThreadHandler()
    handler.load_middleware()

    async def send(requests: list[dict[str, str]]) -> list[httpx.Response]:
        transport = httpx.ASGITransport(handler)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return [await client.get("/sign-in/", headers=headers) for headers in requests]

    def left() -> dict[str, Any]:
        connection = connections["default"]
        return {
            "thread": threading.current_thread().name,
            "language": get_language(),
            "log": structlog.contextvars.get_contextvars(),
            "in a transaction": connection.in_atomic_block,
        }

    def asked(*requests: dict[str, str]) -> tuple[list[httpx.Response], dict[str, Any]]:
        with ThreadPoolExecutor(1) as thread:  # the test's own may have the loop of a browser
            answers = thread.submit(asyncio.run, send(list(requests))).result()
        return answers, served.submit(left).result()

    yield asked
    served.submit(connections.close_all).result()
    served.shutdown()


def test_the_language_of_a_request_is_not_that_of_the_next_one_in_its_thread(ask):
    answers, _left = ask(ENGLISH, INDONESIAN, {}, ENGLISH)
    assert [answer.status_code for answer in answers] == [200] * 4
    assert ['<html lang="en"' in answer.text for answer in answers] == [True, False, False, True]


def test_a_thread_that_has_served_holds_neither_language_nor_names_for_the_log_nor_a_transaction(ask):
    _answers, before = ask()
    _answers, after = ask(INDONESIAN, ENGLISH)
    assert after == before
    assert after["log"] == {}
    assert after["in a transaction"] is False
