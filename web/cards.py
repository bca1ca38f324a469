"""Blank cards for a time when the system is down: `/cards/` reserves numbers, prints them and takes late entries."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.actors import Actor
from accounts.models import Centre
from accounts.pages.decorators import page_for
from accounts.roles import Reach, Right
from core.cleaning import clean_line
from core.errors import DomainError
from core.problems import form_errors
from dispatch.actions.incidents import open_incident
from dispatch.actions.numbers import MOST, reserve_numbers
from dispatch.domain.location import Location
from dispatch.models import NumberBlock
from dispatch.queries.numbers import block_for, blocks_of
from plans.queries.types import active_types

SIZES = ("a5", "a4")


def _may_enter(actor: Actor) -> bool:
    return actor.reach(Right.INCIDENT_OPEN) is Reach.ANY and actor.may(Right.OPERATE)


def may_reserve(actor: Actor) -> bool:
    """Whether somebody may reserve numbers: a supervisor."""
    return actor.reach(Right.MEASURES) is Reach.ANY


class ReserveForm(forms.Form):
    """How many cards."""

    count = forms.IntegerField(label=_("Cards"), min_value=1, max_value=MOST, initial=10)


class EntryForm(forms.Form):
    """The contents of a card, typed in afterwards."""

    number = forms.RegexField(r"^\s*\d{1,18}\s*$", label=_("Number of the card"))
    at = forms.DateTimeField(
        label=_("When it was reported"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    type = forms.ChoiceField(label=_("What"))
    place = forms.CharField(label=_("Where"), max_length=500)
    words = forms.CharField(
        label=_("Caller’s words and what was done"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_place(self) -> str:
        """The place as a line of text."""
        return clean_line(self.cleaned_data["place"])

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        name = "name_en" if (get_language() or "").startswith("en") else "name_id"
        types = [(code, f"{code} {words}") for code, words in active_types().values_list("code", name)]
        self.fields["type"].choices = [("", "–"), *types]  # type: ignore[attr-defined]


@page_for(_may_enter)
@require_http_methods(["GET", "POST"])
def cards(request: HttpRequest) -> HttpResponse:
    """The reserved numbers, and the two forms: `reserve` (a supervisor's) and `enter`."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by accounts.pages.decorators
    posted = request.POST.get("act") if request.method == "POST" else None
    reserve = ReserveForm(request.POST if posted == "reserve" else None)
    entry = EntryForm(request.POST if posted == "enter" else None)
    form, act = (reserve, _reserve) if posted == "reserve" else (entry, _enter)
    if posted and form.is_valid():
        try:
            return act(actor, form.cleaned_data)
        except DomainError as error:
            for field, message in form_errors(error):
                form.add_error(field if field in form.fields else None, message)
    words = {"reserve": reserve, "entry": entry, "blocks": blocks_of(actor), "may_reserve": may_reserve(actor)}
    entered = request.GET.get("entered", "")
    return render(
        request,
        "cards.html",
        words | {"entered": entered if entered.isdecimal() else ""},
        status=400 if posted else 200,
    )


@page_for(_may_enter)
@require_GET
def cards_print(request: HttpRequest, block: UUID) -> HttpResponse:
    """The cards of a block, two A5 halves to an A4 sheet or one card a sheet (`?size=a4`)."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set by accounts.pages.decorators
    found = block_for(actor, block)
    size = request.GET.get("size", "")
    context = {
        "reserved": found,
        "size": size if size in SIZES else SIZES[0],
        "centre": Centre.objects.get(pk=actor.centre),
    }
    return render(request, "cards_print.html", context)


def _reserve(actor: Actor, given: dict[str, Any]) -> HttpResponse:
    block: NumberBlock = reserve_numbers(actor=actor, count=given["count"])
    return redirect("cards_print", block=block.id)


def _enter(actor: Actor, given: dict[str, Any]) -> HttpResponse:
    at: datetime = given["at"]
    incident, _made = open_incident(
        actor=actor,
        number=int(given["number"]),
        location=Location(text=given["place"]),
        type=given["type"],
        narrative=given["words"] or None,
        at=at,
    )
    return redirect(f"/cards/?entered={incident.number}")
