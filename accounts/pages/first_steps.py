"""Keeps which first steps a person has tried: `POST /training/steps/`, with `done` for each, or with `closed`."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from accounts.actions import keep_first_steps
from accounts.pages.decorators import page_for
from accounts.training import is_training


@page_for(lambda _actor: True)
@require_POST
def first_steps(request: Any) -> HttpResponse:
    """Keep the list as it stands. `again` opens it anew and leads back to the first page. Live sites: 404."""
    if not is_training():
        raise Http404
    closed = "closed" in request.POST
    keep_first_steps(actor=request.actor, done=request.POST.getlist("done"), closed=closed)
    return HttpResponseRedirect("/") if "again" in request.POST else HttpResponse(status=204)
