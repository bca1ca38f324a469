"""uvicorn's HTTP protocol with limits: `uvicorn --http http_server.protocol:LimitedProtocol`.

Left to itself it reads a head of any size, at a cost that grows with the square of it, and waits for a head, a body or
a reader without an end (docs/decisions/0016).
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from asyncio import TimerHandle
from typing import Any, cast

from django.conf import settings
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from core.problems import problem
from http_server.pending import RESET, network, pending

HEAD_BYTES = 65_536  # request line and headers together, and what a body may have beside its content at once
MOST_HEADERS = 128
MOST_PIPELINED = 16
FED_BYTES = 16_384  # what the parser is given at once, so that no limit is passed by more
# What a refused client still sends is read and dropped so long: a reset may overtake the answer.
LINGER_SECONDS, LINGER_BYTES = 2.0, 1_048_576
REFUSALS = {400: "bad_request", 408: "request_too_slow", 431: "head_too_large"}


class LimitedProtocol(HttpToolsProtocol):
    """One connection: its heads in size and time, the pace of its bodies and of its reading."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._unparsed = 0  # bytes of which the parser has made neither a head nor a piece of a body
        self._dropped_bytes = 0
        self._body_bytes = self._body_bytes_before = self._unsent_before = 0
        self._in_body = self._refused = self._handed_over = False
        self._refusal = 400
        self._address: str | None = None  # None: not counted by address
        self._running: RequestResponseCycle | None = None
        self._head_timer: TimerHandle | None = None
        self._body_timer: TimerHandle | None = None
        self._write_timer: TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for the first head."""
        super().connection_made(cast("asyncio.Transport", transport))
        trusted = getattr(self.app, "trusted_hosts", ())  # of uvicorn's ProxyHeadersMiddleware, where it has one
        is_proxy = self.client is not None and self.client[0] in trusted
        self._address = None if is_proxy else network(self.client)
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave no timer and no count behind."""
        self._stop_head()
        self._stop_body()
        self._stop_watching()
        if self._running is not None and not self._running.response_complete:  # uvicorn knows the newest one only
            self._running.disconnected = True
            self._running.message_event.set()
        super().connection_lost(exc)

    def end(self) -> None:
        """End the connection at once, and drop what the client has not read: it may never do so."""
        if connected := self.transport.get_extra_info("socket"):
            with contextlib.suppress(OSError):  # closed already
                connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.transport.abort()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def data_received(self, data: bytes) -> None:
        """Hand what came to the parser, piece by piece, as long as all limits hold."""
        if self._refused:
            self._dropped_bytes += len(data)
            if self._dropped_bytes > LINGER_BYTES:
                self.end()
            return
        start = 0
        while start < len(data) and self._is_served():
            room = min(FED_BYTES, HEAD_BYTES - self._unparsed)
            if room <= 0:
                self._refuse(400 if self._in_body else 431)
                return
            piece = data if start == 0 and len(data) <= room else data[start : start + room]
            start += len(piece)
            if not self._in_body:
                self._wait_for_head()
            self._unparsed += len(piece)
            super().data_received(piece)
        if self._in_body and self._body_timer is None and self._is_served():
            self._body_bytes_before = self._body_bytes
            self._body_timer = self.loop.call_later(settings.REQUEST_SECONDS, self._look_at_body)

    def _is_served(self) -> bool:
        return not (self._refused or self._handed_over or self.transport.is_closing())

    # What the parser reports

    def on_message_begin(self) -> None:
        """Wait for the head of a request, also of one that came together with the one before."""
        super().on_message_begin()
        self._wait_for_head()

    def on_headers_complete(self) -> None:
        """Serve the request, unless it has too many headers or too many wait before it."""
        if len(self.headers) > MOST_HEADERS:
            self._refusal = 431
            raise ValueError("too many headers")
        if len(self.pipeline) >= MOST_PIPELINED:
            raise ValueError("too many requests at once")
        self._stop_head()
        self._unparsed = 0
        self._in_body = True
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a piece of a body."""
        self._unparsed = 0
        self._body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note that the whole request is there."""
        self._unparsed = 0
        self._in_body = False
        self._stop_body()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's signature
        """Refuse what the parser does not take."""
        self._refuse(self._refusal)

    def handle_websocket_upgrade(self) -> None:
        """Hand the connection over; a head that the WebSocket library does not take is answered, not left waiting."""
        self._handed_over = True
        self._stop_head()
        self._stop_body()
        super().handle_websocket_upgrade()
        taken_by = self.transport.get_protocol()
        if isinstance(taken_by, WebSocketsSansIOProtocol) and not taken_by.handshake_initiated:
            answer = b"".join(taken_by.conn.data_to_send())
            self.transport.write(answer or _answer(400, self.server_state.default_headers))
            self.transport.close()

    # Deadlines

    def _wait_for_head(self) -> None:
        if self._head_timer is None and not self._refused:
            self._head_timer = self.loop.call_later(settings.REQUEST_SECONDS, self._head_is_late)
            pending().add(self, self._address)

    def _head_is_late(self) -> None:
        if self._unparsed:
            self._refuse(408)
        else:  # a browser opens connections ahead of need: no answer to a request that was never begun
            self.transport.abort()

    def _stop_head(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
        pending().remove(self)

    def _look_at_body(self) -> None:
        """Refuse a body of which too little came since the last look; not where we ourselves read no further."""
        self._body_timer = None
        came = self._body_bytes - self._body_bytes_before
        if came < settings.REQUEST_SECONDS * settings.LEAST_BYTES_A_SECOND and not self.flow.read_paused:
            self._refuse(408)
            return
        self._body_bytes_before = self._body_bytes
        self._body_timer = self.loop.call_later(settings.REQUEST_SECONDS, self._look_at_body)

    def _stop_body(self) -> None:
        if self._body_timer is not None:
            self._body_timer.cancel()
            self._body_timer = None

    def pause_writing(self) -> None:
        """Watch a client that reads more slowly than we write."""
        super().pause_writing()
        self._watch_reader()

    def resume_writing(self) -> None:
        """The client has read."""
        super().resume_writing()
        self._stop_watching()

    def _watch_reader(self) -> None:
        self._unsent_before = self.transport.get_write_buffer_size()
        self._write_timer = self.loop.call_later(settings.REQUEST_SECONDS, self._look_at_reader)

    def _stop_watching(self) -> None:
        if self._write_timer is not None:
            self._write_timer.cancel()
            self._write_timer = None

    def _look_at_reader(self) -> None:
        """End a connection of whose answer too little was read since the last look."""
        read = self._unsent_before - self.transport.get_write_buffer_size()
        if read < settings.REQUEST_SECONDS * settings.LEAST_BYTES_A_SECOND:
            self.end()
        else:
            self._watch_reader()

    def _refuse(self, status: int) -> None:
        """Answer and close; only close where the answer would be taken for that to another request."""
        if self._refused or self.transport.is_closing():
            return
        self._refused = True
        running = self._running if self._running is not None and not self._running.response_complete else None
        self._stop_head()
        self._stop_body()
        if running is not None and not self._in_body:  # a further head: what was asked before it is answered first
            running.keep_alive = False
            return
        if running is not None and (running is not self.cycle or running.response_started):
            self.end()
            return
        if running is not None:
            running.disconnected = True
            running.message_event.set()
        self._unset_keepalive_if_required()
        self.flow.resume_reading()
        self.transport.write(_answer(status, self.server_state.default_headers))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._head_timer = self.loop.call_later(LINGER_SECONDS, self.transport.abort)


def _answer(status: int, default_headers: list[tuple[bytes, bytes]]) -> bytes:
    refusal = problem(status, REFUSALS[status])
    headers = [
        *default_headers,
        (b"content-type", refusal["Content-Type"].encode()),
        (b"content-length", str(len(refusal.content)).encode()),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
    ]
    lines = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
    return STATUS_LINE[status] + lines + b"\r\n" + refusal.content
