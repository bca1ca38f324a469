"""What browsers and proxies may keep of an answer: nothing, unless its view allows it."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

NO_STORE = "no-store"


class NoStoreMiddleware(MiddlewareMixin):
    """Sets `Cache-Control: no-store` on every answer whose view set no `Cache-Control` of its own (RFC 9111, 5.2.2.5).

    Static files are answered before it (http_server.static_files).
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:  # noqa: ARG002
        """Set the header where it is missing."""
        if not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = NO_STORE
        return response
