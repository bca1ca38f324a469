"""An incident on paper: `/incidents/{number}/print/`, by the rights of whoever asks."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.actors import Actor
from accounts.models import Centre
from accounts.pages.decorators import page_for
from accounts.roles import Right
from core import clock
from dispatch.queries.printing import incident_document, printable_incident

LARGEST_NUMBER = 2**63 - 1  # of the column


@page_for(lambda actor: actor.may(Right.INCIDENT_SEE))
def incident_print(request: HttpRequest, number: int) -> HttpResponse:
    """The document of one incident; `?redacted=1` for a copy to hand out. 404 where the reader may not see it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by accounts.pages.decorators
    incident = printable_incident(actor, number) if number <= LARGEST_NUMBER else None
    if incident is None:
        raise Http404
    document = incident_document(actor, incident, redacted="redacted" in request.GET)
    centre = Centre.objects.get(pk=actor.centre)
    return render(request, "incident_print.html", document | {"centre": centre, "printed_at": clock.now()})
