"""The HTTP API as an outside program uses it: by key, patient with 429 and 503, sending again what got lost."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from launcher.console_output import words

PATIENCE_SECONDS = 60.0
TIMEOUT_SECONDS = 20.0
# It logs each request by itself: forty thousand lines.
logging.getLogger("httpx").setLevel(logging.WARNING)
FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 5.0
BUSY = {429, 502, 503, 504}


class Stopped(Exception):
    """The play can't go on; the text is one line that names the fix."""


class Problem(Exception):
    """A request that was refused: its stable code and the whole problem (RFC 9457)."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        super().__init__(str(body.get("detail") or body.get("code") or status))
        self.status = status
        self.body = body
        self.code = str(body.get("code") or f"http_{status}")


class ApiClient:
    """One place's API with one key, for many threads: each has a connection of its own, all wait when one must."""

    def __init__(self, url: str, secret: str, *, verify: bool = True) -> None:
        self._base = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {secret}", "Accept-Language": "en"}
        self._verify = verify
        self._own = threading.local()
        self._clients: list[httpx.Client] = []
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._pause_until = 0.0
        self.requests = 0
        self.waits = 0

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Ask below /api/v1/ and give back the JSON. What is asked must bear to be asked twice.

        Raises Problem for a refusal, Stopped where nobody answers for a minute.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        pause = FIRST_PAUSE_SECONDS
        while True:
            self._wait_our_turn()
            trouble, wait = "", pause
            try:
                answer = self._client().request(method, f"{self._base}/api/v1/{path}", json=body)
            except httpx.TransportError as error:
                trouble = str(error) or type(error).__name__
            else:
                with self._lock:
                    self.requests += 1
                if answer.is_success:
                    found: dict[str, Any] = answer.json()
                    return found
                if answer.status_code not in BUSY:
                    raise Problem(answer.status_code, _problem(answer))
                trouble, wait = f"HTTP {answer.status_code}", max(pause, _retry_after(answer))
                if answer.status_code == 429:
                    with self._lock:
                        self.waits += 1
                        self._pause_until = max(self._pause_until, time.monotonic() + wait)
                    deadline = time.monotonic() + PATIENCE_SECONDS
            if time.monotonic() + wait > deadline:
                raise Stopped(
                    words(f"{self._base} does not answer: {trouble}.", f"{self._base} tidak menjawab: {trouble}.")
                )
            self._sleep(wait)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    def close(self) -> None:
        """Hang up, and let whoever waits give up."""
        self._closed.set()
        for client in self._clients:
            client.close()

    def _client(self) -> httpx.Client:
        client: httpx.Client | None = getattr(self._own, "client", None)
        if client is None:
            client = self._own.client = httpx.Client(
                headers=self._headers, timeout=TIMEOUT_SECONDS, verify=self._verify
            )
            with self._lock:
                self._clients.append(client)
        return client

    def _wait_our_turn(self) -> None:
        while (wait := self._pause_until - time.monotonic()) > 0:
            self._sleep(wait)
        if self._closed.is_set():
            raise Stopped(words("stopped.", "dihentikan."))

    def _sleep(self, seconds: float) -> None:
        if self._closed.wait(seconds):
            raise Stopped(words("stopped.", "dihentikan."))


def place_of(url: str, *, verify: bool = True) -> str | None:
    """Which kind of place answers at an address, by its /healthz; None where it gives none. Raises Stopped."""
    try:
        answer = httpx.get(f"{url.rstrip('/')}/healthz", timeout=TIMEOUT_SECONDS, verify=verify)
    except (httpx.TransportError, httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise Stopped(
            words(
                f"{url} does not answer ({error}); is the address right and does the place run?",
                f"{url} tidak menjawab ({error}); apakah alamatnya benar dan tempatnya berjalan?",
            )
        ) from error
    try:
        body: object = answer.json()
    except ValueError:
        return None
    place = body.get("place") if isinstance(body, dict) else None
    return place if isinstance(place, str) else None


def _problem(answer: httpx.Response) -> dict[str, Any]:
    try:
        body: object = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _retry_after(answer: httpx.Response) -> float:
    """Seconds that the answer asks to wait: a number or a date (RFC 9110)."""
    value = answer.headers.get("Retry-After", "")
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError):
        return 0.0
