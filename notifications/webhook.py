"""A signed POST to an address that an administrator named, and to no machine it should not reach.

Whoever may name an address must not thereby reach what only this server reaches. So: https, or http on this very
machine; no redirect is followed; the address that was checked is the one that is connected to, so that a name which
changes between the two look-ups gains nothing; private networks only for the hosts of WEBHOOK_HOSTS.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpcore
from django.conf import settings

from notifications.addresses import is_loopback, is_private, is_public

CONNECT_SECONDS = 5.0
WHOLE_SECONDS = 20.0  # a receiver that answers a byte at a time is cut off


class Refusal(Exception):
    """An address that may not be called."""


class NotTaken(Exception):
    """The receiver answered, but not with a 2xx."""


def post(url: str, body: bytes, delivery: UUID) -> None:
    """POST a JSON body, signed.

    Headers: `X-Sigap-Delivery` (the same over all tries) and `X-Sigap-Signature: t=UNIX,v1=HEX`, HMAC-SHA256 with
    WEBHOOK_SECRET over "UNIX.BODY". A training site calls this machine only. Raises Refusal for a forbidden address,
    NotTaken for an answer beyond 2xx (a redirect too), and what httpcore raises where nobody answers.
    """
    backend = _Guard(_checked(url), time.monotonic() + WHOLE_SECONDS)
    moment = str(int(time.time()))
    headers: Mapping[bytes | str, bytes | str] = {
        "Content-Type": "application/json",
        "User-Agent": "sigap",
        "X-Sigap-Delivery": str(delivery),
        "X-Sigap-Signature": f"t={moment},v1={signature(moment, body)}",
    }
    timeouts = {"connect": CONNECT_SECONDS, "read": WHOLE_SECONDS, "write": WHOLE_SECONDS, "pool": CONNECT_SECONDS}
    context = ssl.create_default_context()
    with (
        httpcore.ConnectionPool(ssl_context=context, network_backend=backend) as pool,
        pool.stream("POST", url, headers=headers, content=body, extensions={"timeout": timeouts}) as answer,
    ):
        if not 200 <= answer.status < 300:
            raise NotTaken(f"HTTP {answer.status}")


def signature(moment: str, body: bytes) -> str:
    """The hex HMAC-SHA256 over "moment.body" that a receiver recomputes."""
    key = settings.WEBHOOK_SECRET.encode()
    return hmac.new(key, moment.encode() + b"." + body, hashlib.sha256).hexdigest()


def _checked(url: str) -> str:
    """The host of an address that has the right shape; raises Refusal."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise Refusal("not a web address") from None
    if not host or parts.username is not None or not url.isascii() or not url.isprintable():
        raise Refusal("not a web address")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback_name(host)):
        raise Refusal("only https, or http on this machine")
    if settings.SIGAP_PLACE == "training" and not _is_loopback_name(host):
        raise Refusal("a training site calls nothing beyond this machine")
    return host


def _is_loopback_name(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def may_connect(host: str, address: str) -> bool:
    """Whether a webhook to `host` may connect to the IP address that the name led to."""
    if _is_loopback_name(host):
        return is_loopback(address)
    return is_public(address) or (host in settings.WEBHOOK_HOSTS and is_private(address))


class _Guard(httpcore.NetworkBackend):
    """Looks a name up once, refuses forbidden addresses and connects to what it has checked."""

    def __init__(self, host: str, deadline: float) -> None:
        self._host, self._deadline = host, deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first allowed address that answers."""
        if host != self._host:
            raise Refusal("not a web address")
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} has no address") from error
        addresses = [str(entry[4][0]) for entry in found]
        allowed = [address for address in addresses if may_connect(self._host, address)]
        if not allowed:
            raise Refusal(f"{host} leads to a private address")
        for address in allowed[:-1]:
            try:
                return self._connect(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._connect(allowed[-1], port, timeout, local_address, socket_options)

    def _connect(
        self, address: str, port: int, timeout: float | None, local: str | None, options: Iterable[Any] | None
    ) -> httpcore.NetworkStream:
        stream = self._sockets.connect_tcp(address, port, timeout, local, options)
        return _Hurried(stream, self._deadline)


class _Hurried(httpcore.NetworkStream):
    """A stream whose every wait ends at one deadline (monotonic seconds)."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream, self._deadline = stream, deadline

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the receiver took too long")
        return left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read, at most until the deadline."""
        return self._stream.read(max_bytes, min(timeout or WHOLE_SECONDS, self._left()))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write, at most until the deadline."""
        self._stream.write(buffer, min(timeout or WHOLE_SECONDS, self._left()))

    def close(self) -> None:
        """Close the socket."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Go on encrypted, to the same deadline."""
        seconds = min(timeout or WHOLE_SECONDS, self._left())
        return _Hurried(self._stream.start_tls(ssl_context, server_hostname, seconds), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """What the socket knows of itself."""
        return self._stream.get_extra_info(info)
