"""The language and the time zone of each request.

The language is the person's own, else what the browser or program asks for, else Indonesian. The time zone is the
centre's.
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.decorators import sync_and_async_middleware
from django.utils.deprecation import MiddlewareMixin

from accounts.queries import centre_zone
from core.errors import Unknown

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
    """The language code of a request, one of LANGUAGES."""
    if "Authorization" not in request.headers and settings.SESSION_COOKIE_NAME in request.COOKIES:
        language = getattr(request.user, "language", None)
        if language in KNOWN:
            return str(language)
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if chosen in KNOWN:
        return str(chosen)
    return translation.get_language_from_request(request) if request.headers.get("Accept-Language") else "id"


class CentreZone(tzinfo):
    """The centre's time zone, asked for when the first time is shown or read: most requests have none."""

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone; the environment's while there is no centre or no database."""
        try:
            return centre_zone()
        except (Unknown, DatabaseError):
            return ZoneInfo(settings.TIME_ZONE)

    def utcoffset(self, when: datetime | None) -> timedelta | None:
        """As the centre's."""
        return self.zone.utcoffset(when)

    def dst(self, when: datetime | None) -> timedelta | None:
        """As the centre's."""
        return self.zone.dst(when)

    def tzname(self, when: datetime | None) -> str | None:
        """As the centre's."""
        return self.zone.tzname(when)

    def fromutc(self, when: datetime) -> datetime:
        """A time in UTC as the centre's clocks show it."""
        return self.zone.fromutc(when.replace(tzinfo=self.zone)).replace(tzinfo=self)

    def __str__(self) -> str:
        return str(self.zone)


@sync_and_async_middleware
def CentreZoneMiddleware(get_response: Any) -> Any:  # noqa: N802 - Django's settings name it like a class
    """Shows and reads local times in the centre's time zone, whatever TIME_ZONE is."""
    if iscoroutinefunction(get_response):

        async def asynchronous(request: HttpRequest) -> HttpResponseBase:
            with timezone.override(CentreZone()):
                response: HttpResponseBase = await get_response(request)
            return response

        return asynchronous

    def synchronous(request: HttpRequest) -> HttpResponseBase:
        with timezone.override(CentreZone()):
            response: HttpResponseBase = get_response(request)
        return response

    return synchronous
