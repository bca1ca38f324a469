"""The language of each request: the person's own, else what the browser or program asks for, else Indonesian."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin

KNOWN = frozenset(code for code, _ in settings.LANGUAGES)


class LanguageMiddleware(MiddlewareMixin):
    """Activates the language of a request and names it in the answer."""

    def process_request(self, request: HttpRequest) -> None:
        """Choose the language."""
        translation.activate(language_of(request))

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:  # noqa: ARG002
        """Name the language."""
        patch_vary_headers(response, ("Accept-Language",))
        response.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response


def language_of(request: HttpRequest) -> str:
    """The language code of a request: "id" or "en"."""
    if "Authorization" not in request.headers and settings.SESSION_COOKIE_NAME in request.COOKIES:
        language = getattr(request.user, "language", None)
        if language in KNOWN:
            return str(language)
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if chosen in KNOWN:
        return str(chosen)
    return translation.get_language_from_request(request) if request.headers.get("Accept-Language") else "id"
