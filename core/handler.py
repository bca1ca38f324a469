"""Django's ASGI handler for a product whose views are all sync, and who reads no body without an end.

Left to itself, Django runs each middleware that knows both ways in its async way, with two changes of thread each;
and it writes to disk whatever a client sends, before anybody asks how much that is.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.db import close_old_connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from core.problems import problem

LARGEST_UPLOAD = 16 * 1_048_576  # bytes; what each door takes is less

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


class _TooLarge(Exception):
    """A body went past its bound."""


class OneThreadHandler(ASGIHandler):
    """Runs the middleware and the view of a request together in the request's own thread."""

    _middleware_chain: Any

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - Django's signature
        """Build the chain in its sync way."""
        super().load_middleware(is_async=False)
        self._middleware_chain = sync_to_async(_releasing(self._middleware_chain), thread_sensitive=True)

    async def handle(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer a request; one whose body goes past LARGEST_UPLOAD with 413."""
        try:
            await super().handle(scope, _bounded(receive), send)
        except _TooLarge:
            refusal = problem(413, "body_too_large")
            headers = [(b"content-type", refusal["Content-Type"].encode()), (b"connection", b"close")]
            await send({"type": "http.response.start", "status": 413, "headers": headers})
            await send({"type": "http.response.body", "body": refusal.content})


def _releasing(serve: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """`serve`, giving the database connection back to the pool before the answer is sent, however slowly it is read."""

    def released(request: HttpRequest) -> HttpResponseBase:
        try:
            return serve(request)
        finally:
            close_old_connections()

    return released


def _bounded(receive: Receive) -> Receive:
    """`receive`, until it has brought more than it may."""
    taken = 0

    async def counted() -> Any:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > LARGEST_UPLOAD:
            raise _TooLarge
        return message

    return counted
