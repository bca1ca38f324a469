"""The HTTP API's own NinjaAPI: orjson both ways, every error a problem."""

from __future__ import annotations

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError, ValidationErrorContext
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from core import json_codec
from core.errors import DomainError, Invalid, NotSignedIn, TooMany, Unknown, Unreadable
from core.problem_messages import field_error
from core.problems import answer, problem

log = logging.getLogger("django.request")
LARGEST_BODY = 1_048_576  # bytes
PREFIX = "/api/"
_ASKED_HEAD = "sigap.asked_head"


class JsonRenderer(BaseRenderer):
    """Writes answers."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:  # noqa: ARG002
        """The JSON text of an answer."""
        return json_codec.dumps(data)


class JsonParser(Parser):
    """Reads bodies, and refuses what only looks like JSON."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body's value. Raises Unreadable: `not_json` (415), `body_too_large` (413), `bad_json` (400)."""
        kind = request.content_type if isinstance(request.content_type, str) else ""
        if kind and kind != "application/json" and not kind.endswith("+json"):
            raise Unreadable("not_json", status=415)
        body = request.body
        if len(body) > LARGEST_BODY:
            raise Unreadable("body_too_large", status=413)
        try:
            return json_codec.loads_from_outside(body)
        except ValueError:
            raise Unreadable("bad_json") from None


class HeadMiddleware(MiddlewareMixin):
    """Answers HEAD on a resource of the API as its GET without the body (RFC 9110); the framework knows GET alone."""

    def process_request(self, request: HttpRequest) -> None:
        """Have the resource asked for what it would answer."""
        if request.method == "HEAD" and request.path_info.startswith(PREFIX):
            request.method = "GET"
            request.META[_ASKED_HEAD] = True

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Leave the body out; its length stays."""
        if request.META.pop(_ASKED_HEAD, False) and isinstance(response, HttpResponse):
            request.method = "HEAD"
            response.headers.setdefault("Content-Length", str(len(response.content)))
            response.content = b""
        return response


class Api(NinjaAPI):
    """A NinjaAPI that speaks in problems."""

    def __init__(self, **options: Any) -> None:
        super().__init__(renderer=JsonRenderer(), parser=JsonParser(), **options)

    def set_default_exception_handlers(self) -> None:
        """Every exception has one handler: ours."""
        self.add_exception_handler(Exception, _answer)

    def validation_error_from_error_contexts(
        self, error_contexts: list[ValidationErrorContext[Any]]
    ) -> ValidationError:
        """Pydantic's errors with the field as the sender wrote it: "location.lat"."""
        errors = []
        for context in error_contexts:
            model: Any = context.model
            only = getattr(model, "__read_from_single_attr__", None)
            for error in context.pydantic_validation_error.errors(include_url=False, include_input=False):
                place = model.__ninja_flatten_map_reverse__.get(error["loc"], error["loc"])
                if only is not None and place[:1] == (only,):
                    place = place[1:]
                field = ".".join(str(step) for step in place)
                errors.append(
                    {"in": model.__ninja_param_source__}
                    | field_error(field, error["type"], error["msg"], error.get("ctx", {}))
                )
        return ValidationError(errors)


def _answer(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    exception = error() if isinstance(error, type) else error
    response = answer(_translated(request, exception))
    if response is not None:
        return response
    log.error("a fault at %s %s", request.method, request.path, exc_info=exception)
    return problem(500, "internal_error")


def _translated(request: HttpRequest, error: Exception) -> Exception:
    """Ninja's own errors as ours."""
    if isinstance(error, ValidationError):
        # An id that can't be one names nothing; only PUT makes what its address names.
        if request.method != "PUT" and any(wrong["in"] == "path" for wrong in error.errors):
            return Unknown()
        return Invalid(error.errors)
    if isinstance(error, AuthenticationError):
        return NotSignedIn()
    if isinstance(error, Throttled):
        return TooMany(retry_after_seconds=error.wait or 1)
    if isinstance(error, HttpError):
        cause = error.__cause__
        return cause if isinstance(cause, Exception) and _known(cause) else Unreadable("bad_request", error.message)
    return error


def _known(error: Exception) -> bool:
    return isinstance(error, DomainError) or answer(error) is not None
