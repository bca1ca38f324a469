"""Lost second factors: who has one bridged, by whom and why; and bridging one for a shift."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions import bridge_factor, end_bridge
from accounts.actions.bridges import LONGEST_REASON, MOST_HOURS
from accounts.models import User
from accounts.pages.decorators import page_for
from accounts.pages.second_factor import confirmed, in_words
from accounts.roles import Right
from accounts.second_factor import bridges_since
from core import clock
from core.errors import DomainError

PATH = "/lost-factors/"
SHOWN = timedelta(days=30)


class BridgeForm(forms.Form):
    """Whose factor, why, and for how long."""

    person = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none(), empty_label="")
    reason = forms.CharField(
        label=_("Reason, and how you know that it is them"),
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    hours = forms.IntegerField(label=_("Hours, 12 at most"), min_value=1, max_value=MOST_HOURS, initial=MOST_HOURS)

    def __init__(self, actor: Any, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        others = User.objects.filter(centre_id=actor.centre, is_active=True).exclude(pk=actor.user)
        person: Any = self.fields["person"]
        person.queryset = others.order_by("name", "username")
        person.label_from_instance = lambda user: f"{user.name} ({user.username})"


@require_http_methods(["GET", "POST"])
@page_for(lambda actor: actor.may(Right.FACTOR_BRIDGE))
@confirmed
def bridges(request: Any) -> HttpResponse:
    """The bridges of the last 30 days, and the form for another."""
    form = BridgeForm(request.actor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            bridge_factor(
                actor=request.actor,
                user=given["person"].pk,
                reason=given["reason"],
                hours=given["hours"],
            )
        except DomainError as refused:
            form.add_error(None, in_words(refused))
        else:
            return redirect(PATH)
    now = clock.now()
    context = {"form": form, "bridges": bridges_since(request.actor.centre, now - SHOWN), "now": now}
    return render(request, "account/factor_bridges.html", context, status=400 if form.errors else 200)


@require_POST
@page_for(lambda actor: actor.may(Right.FACTOR_BRIDGE))
@confirmed
def end(request: Any, bridge: UUID) -> HttpResponse:
    """End a bridge before its time."""
    end_bridge(actor=request.actor, bridge=bridge)
    return redirect(PATH)
