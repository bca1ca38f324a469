"""Django's ASGI handler for a product whose views are all sync, and who reads no body without an end.

Left to itself, Django runs each middleware that knows both ways in its async way, with two changes of thread each;
and it writes to disk whatever a client sends, before anybody asks how much that is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from io import BytesIO
from typing import IO, Any

import structlog
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, ASGIRequest, get_script_prefix
from django.core.signals import request_started
from django.db import close_old_connections
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

from core.error_views import unavailable
from core.problems import problem
from core.watchdog import watchdog

_log = structlog.get_logger(__name__)
# What answers by itself while the database is away.
WITHOUT_DATABASE = ("/healthz", "/readyz")
_left: set[asyncio.Task[None]] = set()  # the loop itself holds tasks weakly
# One that waits, for a lock or for a password's hash, must hold up nobody; an idle one is used again.
MOST_THREADS = 256
_requests = ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="request")
_signs_of_life = ThreadPoolExecutor(32, thread_name_prefix="health")
LARGEST_UPLOAD = 16 * 1_048_576  # bytes; what each endpoint takes is less

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


class _TooLarge(Exception):
    """A body went past its bound."""


class _Answer:
    """The way of an answer to the client, until it is given up."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._begun = self._given_up = False

    async def send(self, message: Any) -> None:
        """Send a part of the answer."""
        if not self._given_up:
            self._begun = True
            await self._send(message)

    def give_up(self) -> bool:
        """Send nothing more; False where the answer has begun."""
        self._given_up = not self._begun
        return self._given_up


def _forget(task: asyncio.Task[None]) -> None:
    _left.discard(task)
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.warning("request.given_up", reason=type(error).__name__)


async def _unavailable(scope: dict[str, Any], send: Send) -> None:
    response = unavailable(ASGIRequest(scope, BytesIO()))
    headers = [(name.encode("ascii"), value.encode("latin-1")) for name, value in response.items()]
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": response.content})


class OneThreadHandler(ASGIHandler):
    """Runs the middleware and the view of a request together in one thread, with one change of thread.

    The threads stay: each has its database wrapper, and a context of its own for every request.
    """

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - Django's signature
        """Build the chain in its sync way."""
        super().load_middleware(is_async=False)

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Serve a request; where the database falls silent meanwhile, or is, answer 503 without waiting for it."""
        silence = watchdog.silence()
        if silence is None or scope["path"].startswith(WITHOUT_DATABASE):
            await self.handle(scope, receive, send)
            return
        if watchdog.is_silent:
            await _unavailable(scope, send)
            return
        answer = _Answer(send)
        serving = asyncio.create_task(self.handle(scope, receive, answer.send))
        try:
            await asyncio.wait({serving, silence}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            serving.cancel()
            raise
        if serving.done() or not answer.give_up():
            await serving
            return
        # Its thread waits for the database. It ends when that goes on, and nobody hears of it.
        _left.add(serving)
        serving.add_done_callback(_forget)
        await _unavailable(scope, send)

    async def handle(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer a request; one whose body goes past LARGEST_UPLOAD with 413."""
        try:
            body = await self.read_body(_bounded(receive))
        except RequestAborted:
            return
        except _TooLarge:
            refusal = problem(413, "body_too_large")
            headers = [(b"content-type", refusal["Content-Type"].encode()), (b"connection", b"close")]
            await send({"type": "http.response.start", "status": 413, "headers": headers})
            await send({"type": "http.response.body", "body": refusal.content})
            return
        threads = _signs_of_life if scope["path"].startswith(WITHOUT_DATABASE) else _requests
        serve = partial(copy_context().run, self._serve, scope, body)
        response = await asyncio.get_running_loop().run_in_executor(threads, serve)
        await self.send_response(response, send)

    def _serve(self, scope: dict[str, Any], body: IO[bytes]) -> HttpResponseBase:
        """The answer, whole: the connection is back in the pool before it is sent, however slowly it is read."""
        with body:
            set_script_prefix(get_script_prefix(scope))
            request_started.send(sender=type(self), scope=scope)
            request, refusal = self.create_request(scope, body)
            try:
                response = refusal if request is None else self.get_response(request)
                if response is None or response.streaming:
                    raise TypeError("an answer in parts would hold its connection for as long as it is read")
            finally:
                close_old_connections()
            response.close()  # sends request_finished
            return response


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
