"""The WebSocket endpoint: who connects, from where, and from which seq it goes on. Sending is the hub's."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import structlog
from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connections
from django.http.request import validate_host

from core.types import BIGINT
from core.watchdog import watchdog
from feed.audiences import Admission, Admit
from feed.hub import Hub
from feed.sockets import EXTENSION, SendLine, Socket

_log = structlog.get_logger(__name__)
NOT_SIGNED_IN = 4401
NOT_ALLOWED = 4403
TRY_AGAIN_LATER = 1013
# So many connections are judged at once: a thousand that come back together must not take the pool from requests.
_admissions = ThreadPoolExecutor(max_workers=4, thread_name_prefix="feed-admission")


class LiveConsumer(AsyncConsumer):  # type: ignore[misc]  # Channels has no types
    """One socket of /ws/live."""

    def __init__(self, *, hub: Hub, admit: Admit) -> None:
        self._hub = hub
        self._admit = admit
        self._socket: Socket | None = None
        self._line: SendLine | None = None

    async def websocket_connect(self, message: Mapping[str, Any]) -> None:  # noqa: ARG002 - Channels' signature
        """Judge the newcomer; who is refused is accepted first, since a browser sees no code otherwise."""
        head = self._hub.head
        judged = NOT_ALLOWED if is_foreign(self.scope) else await self._judge()
        await self.send({"type": "websocket.accept"})
        if isinstance(judged, int):
            await self.send({"type": "websocket.close", "code": judged})
            return
        direct = self.scope.get("extensions", {}).get(EXTENSION)
        if direct is None:
            direct = self._line = SendLine(self.base_send)
        self._socket = Socket(direct)
        asked = parse_qs(self.scope["query_string"].decode("latin-1"))
        self._hub.join(
            self._socket,
            judged,
            since=_seq(asked.get("since", [""])[-1]),
            admitted_at=head,
            positions_since=_moment(asked.get("positions", [""])[-1]),
        )

    async def websocket_receive(self, message: Mapping[str, Any]) -> None:
        """Clients have nothing to say here."""

    async def websocket_disconnect(self, message: Mapping[str, Any]) -> None:  # noqa: ARG002
        """Forget the socket."""
        if self._socket is not None:
            self._hub.leave(self._socket)
        if self._line is not None:
            self._line.stop()
        raise StopConsumer

    async def _judge(self) -> Admission | int:
        asking = asyncio.get_running_loop().run_in_executor(_admissions, self._ask)
        silence = watchdog.silence()
        either: list[asyncio.Future[Any]] = [asking] if silence is None else [asking, silence]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not asking.done():  # the database does not answer, and the client is to come back
            asking.cancel()
            return TRY_AGAIN_LATER
        try:
            judged = asking.result()
        except DatabaseError as error:
            _log.warning("feed.admission", reason=type(error).__name__)
            return TRY_AGAIN_LATER
        if isinstance(judged, Admission) and not _header(self.scope, b"origin") and not _is_program(self.scope):
            return NOT_ALLOWED
        return judged

    def _ask(self) -> Admission | int:
        try:
            return self._admit(self.scope)
        finally:
            connections.close_all()


class NoSuchSocket(AsyncConsumer):  # type: ignore[misc]
    """Any other address."""

    async def websocket_connect(self, message: Mapping[str, Any]) -> None:  # noqa: ARG002
        """Refuse before accepting: HTTP 403."""
        await self.send({"type": "websocket.close"})

    async def websocket_disconnect(self, message: Mapping[str, Any]) -> None:  # noqa: ARG002
        """Refused."""
        raise StopConsumer


def is_foreign(scope: Mapping[str, Any]) -> bool:
    """Whether a page of another site opens the socket: its Origin isn't our own address."""
    origin = _header(scope, b"origin")
    if not origin:
        return False
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return False
    try:
        from_host = urlsplit(origin)
        own = urlsplit(f"//{_header(scope, b'host')}")
        standard = {"http": 80, "https": 443}.get(from_host.scheme)
        same = from_host.hostname == own.hostname and (from_host.port or standard) == (own.port or standard)
    except ValueError:
        return True
    if settings.SESSION_COOKIE_SECURE and from_host.scheme != "https":
        return True  # our own name without encryption may be anybody on the way
    return not (standard and same and own.hostname and validate_host(_bracketed(own.hostname), settings.ALLOWED_HOSTS))


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _is_program(scope: Mapping[str, Any]) -> bool:
    return _header(scope, b"authorization").lower().startswith("bearer ")


def _header(scope: Mapping[str, Any], name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


def _seq(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 and int(text) <= BIGINT else None


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo and 1 < moment.year < 9999 else None
