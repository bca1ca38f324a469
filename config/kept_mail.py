"""The page of a training site that shows the mail it kept."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.pages.decorators import page_for
from accounts.roles import Reach, Right
from accounts.training import is_training
from core.models import KeptMail

SHOWN = 100


@require_safe
@page_for(lambda actor: actor.reach(Right.SETTINGS_READ) is Reach.ANY)
def kept_mail(request: HttpRequest) -> HttpResponse:
    """`GET /training/mail/`: the newest mails that were kept, of all agencies. Live sites: 404."""
    if not is_training():
        raise Http404
    return render(request, "kept_mail.html", {"mails": KeptMail.objects.order_by("-id")[:SHOWN], "most": SHOWN})
