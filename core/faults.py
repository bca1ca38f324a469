"""The last doors: what Django shows when nobody else has answered."""

from __future__ import annotations

import sys
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.errors import Busy
from core.problems import answer, is_api, problem, refusal


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that Django refused to read (400), or one that was too large (413)."""
    if is_api(request):
        return answer(exception) or problem(400, "bad_request")
    return _page(request, _("The request can't be read."), 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Nothing for this reader (403)."""
    return problem(403, "not_allowed") if is_api(request) else _page(request, _("This is not allowed."), 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Nothing at this address (404)."""
    return problem(404, "not_found") if is_api(request) else _page(request, _("There is nothing at this address."), 404)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """A form that isn't ours, or is too old (403)."""
    if is_api(request):
        return problem(403, "csrf_failed")
    return _page(request, _("The form has expired. Go back, reload the page and send it again."), 403)


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours (500), or the database's haste wherever it struck (503). Needs neither database nor session."""
    error: Any = sys.exc_info()[1]
    known = refusal(error) if error is not None else None
    if isinstance(known, Busy):
        response = answer(error) if is_api(request) else _plain(_("Busy for a moment. Try again in a second."), 503)
        if response is not None:
            response["Retry-After"] = str(known.retry_after_seconds)
            return response
    if is_api(request):
        return problem(500, "internal_error")
    return _plain(_("Something went wrong here. It has been logged. Try again."), 500)


def _page(request: HttpRequest, why: str, status: int) -> HttpResponse:
    return render(request, "refused.html", {"why": why}, status=status)


def _plain(words: str, status: int) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
