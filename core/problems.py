"""Refusals as `application/problem+json` (RFC 9457), in the asker's language, each with its fix."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import unquote_to_bytes

from asgiref.sync import iscoroutinefunction
from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.db import DataError, InterfaceError, InternalError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, RawPostDataException, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext

from core import json_codec
from core.crashes import described
from core.errors import Busy, DomainError, Invalid, NotSignedIn, Refused, TooMany, Unknown, Unreadable
from core.problem_messages import CORE_PROBLEMS, Problem, field_message

log = logging.getLogger("sigap.problems")
MEDIA_TYPE = "application/problem+json"
API_PREFIX = "/api/"
BUSY_RETRY_SECONDS = 1
MOST_ERRORS = 50

_messages: dict[str, Problem] = dict(CORE_PROBLEMS)


def register_messages(messages: Mapping[str, Problem]) -> None:
    """Add the domain's messages; the composition root calls this once."""
    _messages.update(messages)


def problem_message(code: str) -> Problem | None:
    """Return the title and the fix of a code, or None."""
    return _messages.get(code)


def problem(
    status: int,
    code: str,
    *,
    detail: str = "",
    errors: Iterable[Mapping[str, Any]] | None = None,
    extra: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """A problem response: title and fix by `code`, with the `extra` members."""
    members = dict(extra or {})
    words = _messages.get(code)
    body: dict[str, Any] = {
        "type": f"urn:sigap:problem:{code}",
        "title": str(words.title) if words else code.replace("_", " "),
        "status": status,
        "code": code,
        "detail": _detail(words, detail, members),
    }
    if errors is not None:
        body["errors"] = [_error(error) for error in list(errors)[:MOST_ERRORS]]
    for name in members.keys() - body.keys():
        body[name] = members[name]
    return HttpResponse(json_codec.dumps(body), status=status, content_type=MEDIA_TYPE)


def answer(error: Exception) -> HttpResponse | None:
    """The answer to an exception that is somebody's mistake or the database's haste; None for one of ours."""
    known = refusal(error)
    if known is None:
        return None
    response = problem(
        known.status,
        known.code,
        detail=known.detail,
        errors=known.errors if isinstance(known, Invalid) else None,
        extra=known.extra,
    )
    if isinstance(known, Busy | TooMany):
        response["Retry-After"] = str(max(1, math.ceil(known.retry_after_seconds)))
    if isinstance(known, NotSignedIn):
        response["WWW-Authenticate"] = "Bearer"
    return response


def refusal(error: BaseException) -> DomainError | None:
    """An exception as one of our family, or None where it is a fault of ours."""
    for kinds, made in _TRANSLATIONS:
        if isinstance(error, kinds):
            known: DomainError = made(error)
            return known
    return None


def _data_error(error: BaseException) -> DomainError:
    log.warning("value_refused_by_database", extra={"error": described(error.__cause__ or error)})
    return Invalid([], detail="")


_TRANSLATIONS: tuple[tuple[tuple[type[BaseException], ...], Any], ...] = (
    ((DomainError,), lambda error: error),
    ((Http404,), lambda _: Unknown()),
    ((PermissionDenied,), lambda _: Refused("not_allowed")),
    ((RequestDataTooBig,), lambda _: Unreadable("body_too_large", status=413)),
    ((BadRequest, SuspiciousOperation, UnreadablePostError, MultiPartParserError), lambda _: Unreadable("bad_request")),
    # A form with files: looking for its CSRF token has used the body up. No endpoint takes one.
    ((RawPostDataException,), lambda _: Unreadable("not_json", status=415)),
    ((DataError,), _data_error),
    ((OperationalError, InterfaceError, InternalError), lambda _: Busy(retry_after_seconds=BUSY_RETRY_SECONDS)),
)


def form_errors(error: DomainError) -> list[tuple[str, str]]:
    """The messages of an error for a form: (field, message) of each wrong field; field "" belongs to the whole form."""
    if isinstance(error, Invalid) and error.errors:
        return [(wrong["field"], wrong["message"]) for wrong in map(_error, error.errors)]
    words = _messages.get(error.code)
    title = str(words.title) if words else error.code.replace("_", " ")
    return [("", f"{title}. {_detail(words, error.detail, error.extra)}".strip())]


def is_api(request: HttpRequest) -> bool:
    """Whether the asker is a program that wants problems, not pages."""
    return request.path.startswith(API_PREFIX)


_BY_STATUS = {
    400: "bad_request",
    401: "not_signed_in",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    408: "request_too_slow",
    413: "body_too_large",
    429: "too_many_requests",
    431: "head_too_large",
    500: "internal_error",
    503: "busy",
}


def _as_problem(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """An error answer on an /api/ path that isn't a problem yet, as one; Allow, Retry-After, WWW-Authenticate stay."""
    if response.status_code < 400 or not is_api(request):
        return response
    if response.get("Content-Type", "").startswith(MEDIA_TYPE):
        return response
    made = problem(response.status_code, _BY_STATUS.get(response.status_code, "bad_request"))
    for name in ("Allow", "Retry-After", "WWW-Authenticate"):
        if name in response:
            made[name] = response[name]
    return made


def _unreadable(request: HttpRequest) -> HttpResponse | None:
    """The refusal of an address that no view could take: NUL in the path or query, a query that isn't UTF-8."""
    if "\x00" in request.path_info:
        return problem(404, "not_found")
    query = request.META.get("QUERY_STRING", "")
    if "%" in query or not query.isascii() or "\x00" in query:
        plain = unquote_to_bytes(query.encode("latin-1", "replace"))
        if b"\x00" in plain:
            return problem(400, "bad_query")
        try:
            plain.decode("utf-8")
        except UnicodeDecodeError:
            return problem(400, "bad_query")
    return None


def _exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """What a view outside the API's own handlers let through."""
    known = refusal(error)
    if is_api(request):
        return answer(error)
    if isinstance(known, Busy):
        response = HttpResponse(str(_messages["busy"].fix), status=503, content_type="text/plain; charset=utf-8")
        response["Retry-After"] = str(known.retry_after_seconds)
        return response
    return None


@sync_and_async_middleware
def ProblemMiddleware(get_response: Any) -> Any:  # noqa: N802 - Django's settings name it like a class
    """Errors on /api/ paths are problems, whoever made them; a database that can't keep up is 503, never a 500."""
    if iscoroutinefunction(get_response):

        async def asynchronous(request: HttpRequest) -> HttpResponseBase:
            return _unreadable(request) or _as_problem(request, await get_response(request))

        middleware: Any = asynchronous
    else:

        def synchronous(request: HttpRequest) -> HttpResponseBase:
            return _unreadable(request) or _as_problem(request, get_response(request))

        middleware = synchronous
    middleware.process_exception = _exception
    return middleware


def _error(error: Mapping[str, Any]) -> dict[str, str]:
    code = str(error.get("code", "invalid"))
    message = error.get("message") or field_message(code, error.get("params", {}))
    words = _messages.get(code)
    return {
        "field": str(error.get("field", "")),
        "code": code,
        "message": str(message or (words.fix if words else "")),
    }


def _detail(words: Problem | None, detail: str, members: Mapping[str, Any]) -> str:
    """The text of the fix with the members it names; `detail` where the table has none."""
    if words is None or (detail and isinstance(detail, Promise)):
        return str(detail)
    try:
        return str(words.fix) % {name: _plain(value) for name, value in members.items()}
    except (KeyError, ValueError, TypeError):
        return str(detail)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return date_format(localtime(value), "Y-m-d H:i")
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(str(item) for item in value) or gettext("nothing")
    return str(value)
