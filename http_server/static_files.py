"""Static files at the entry of the web process: from memory, before any thread, session or middleware."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from wsgiref.headers import Headers

from django.conf import settings
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import Response, StaticFile

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Application = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]

NOT_FOUND = Response(
    404, [("Content-Type", "text/plain"), ("Cache-Control", "no-store"), ("Content-Length", "9")], None
)


class _Files(WhiteNoiseMiddleware):  # type: ignore[misc]  # whitenoise is untyped
    """The table of files, each with the headers that SecurityMiddleware adds to the answers of views."""

    def add_mime_headers(self, headers: Headers, path: str, url: str) -> None:
        super().add_mime_headers(headers, path, url)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = settings.SECURE_REFERRER_POLICY
        headers["Cross-Origin-Resource-Policy"] = "same-origin"


class StaticFiles:
    """Answers what lies below STATIC_URL, and passes all else to `application`.

    WhiteNoise finds the files and decides on each answer: compressed variants, validators (RFC 9110, 13), ranges, and
    for how long a browser may keep it. A file is read when it is first asked for, and stays in memory.
    """

    def __init__(self, application: Application) -> None:
        self._application = application
        self._files = _Files()
        self._content: dict[str, bytes] = {}

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Serve a request, without reading its body."""
        path = scope["path"]
        if not path.startswith(self._files.static_prefix):
            await self._application(scope, receive, send)
            return
        file = self._files.files.get(path)
        response, content = (NOT_FOUND, b"Not found") if file is None else self._answer(file, scope)
        await send(
            {
                "type": "http.response.start",
                "status": int(response.status),
                "headers": [(name.lower().encode(), value.encode()) for name, value in response.headers],
            }
        )
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else content})

    def _answer(self, file: StaticFile, scope: dict[str, Any]) -> tuple[Response, bytes]:
        asked = {
            f"HTTP_{name.decode('latin-1').upper().replace('-', '_')}": value.decode("latin-1")
            for name, value in scope["headers"]
        }
        if "HTTP_RANGE" in asked and scope["method"] == "GET":
            response = file.get_response("GET", asked)
            return response, _read(response)
        response = file.get_response("HEAD" if scope["method"] == "GET" else scope["method"], asked)
        if int(response.status) != 200 or scope["method"] != "GET":
            return response, b""
        path, _headers = file.get_path_and_headers(asked)
        content = self._content.get(path)
        if content is None:
            with open(path, "rb") as stored:  # noqa: PTH123 - WhiteNoise names it as text
                content = self._content[path] = stored.read()
        return response, content


def _read(response: Response) -> bytes:
    if response.file is None:
        return b""
    with response.file as part:
        return bytes(part.read())
