"""What Django shows when no view has answered: a page with the error and what to do, or a problem on /api/."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from core.errors import Busy, DomainError
from core.problems import answer, form_errors, is_api, problem, refusal

SILENT_RETRY_SECONDS = 2


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that Django refused to read (400), or one that was too large (413)."""
    if is_api(request):
        return answer(exception) or problem(400, "bad_request")
    return _page(request, _("The request can't be read."), _("Go back, reload the page and try again."), 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Nothing for this reader (403)."""
    if is_api(request):
        return problem(403, "not_allowed")
    return _page(request, _("This is not allowed."), _("Ask a supervisor if you need it."), 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Nothing at this address (404)."""
    if is_api(request):
        return problem(404, "not_found")
    advice = _("Check the address, or choose a page from the top bar.")
    return _page(request, _("There is nothing at this address."), advice, 404)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """A form that isn't ours, or is too old (403)."""
    if is_api(request):
        return problem(403, "csrf_failed")
    return _page(request, _("The form has expired."), _("Go back, reload the page and send it again."), 403)


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours (500), or a database that is busy (503). Needs neither database nor session."""
    error: Any = sys.exc_info()[1]
    known = refusal(error) if error is not None else None
    if isinstance(known, Busy):
        return _busy(request, known)
    if is_api(request):
        return problem(500, "internal_error")
    advice = _("It has been logged. Try again. If it comes again, tell your supervisor; the other pages go on working.")
    return _page(request, _("Something went wrong here."), advice, 500)


class PageErrorMiddleware:
    """Errors of page views as pages with the frame: a refusal by an action, a busy database, a wrong method (405)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, a bare 405 as a page."""
        response = self.get_response(request)
        if response.status_code != 405 or is_api(request) or not isinstance(response, HttpResponse) or response.content:
            return response
        advice = _("This address takes a form. Choose a page from the top bar.")
        page = _page(request, _("This address can't be opened like this."), advice, 405)
        page["Allow"] = response.get("Allow", "")
        return page

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page view's DomainError, in words; None for what Django answers itself."""
        if is_api(request):
            return None
        known = refusal(error)
        if isinstance(known, Busy):
            return _busy(request, known)
        if not isinstance(error, DomainError):
            return None
        message_text = " ".join(message for _field, message in form_errors(error))
        return _page(request, message_text, "", error.status)


def unavailable(request: HttpRequest) -> HttpResponse:
    """The database does not answer (503). Asks neither database, cache nor session; in the reader's language."""
    with translation.override(translation.get_language_from_request(request)):
        if is_api(request):
            response = problem(503, "database_silent")
        else:
            advice = _("This page works again as soon as it does. What you sent may be sent again.")
            words = {"why": _("The database does not answer."), "advice": advice}
            response = HttpResponse(render_to_string("fault.html", words), status=503)
    response["Retry-After"] = str(SILENT_RETRY_SECONDS)
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _busy(request: HttpRequest, error: Busy) -> HttpResponse:
    response = answer(error) if is_api(request) else None
    if response is None:
        response = _page(request, _("Busy for a moment."), _("Try again in a second."), 503)
        response["Retry-After"] = str(error.retry_after_seconds)
    return response


def _page(request: HttpRequest, why: str, advice: str, status: int) -> HttpResponse:
    """The page of an error, with the navigation of whoever is signed in; without it where nothing can be asked."""
    words = {"why": why, "advice": advice, "status": status}
    try:
        return render(request, "refused.html", words, status=status)
    except Exception:  # noqa: BLE001 - a page of an error must not fail for the same reason again
        return HttpResponse(render_to_string("fault.html", words), status=status)
