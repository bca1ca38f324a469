"""The kinds of trouble and the ways an incident can end, over HTTP."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.utils.translation import get_language
from ninja import Field, Query, Router, Schema
from pydantic import AfterValidator

from accounts.api import Request
from accounts.roles import Right
from core.cleaning import clean
from plans.queries.types import active_dispositions, active_types, find_types

router = Router(tags=["incidents"])


class TypeForm(Schema):
    """An incident type (docs/rules/incident-types.md)."""

    code: str
    group: str
    name_id: str
    name_en: str
    priority: int
    lead: list[str]
    support: list[str]
    restricted: bool
    now: bool
    sea: bool


class DispositionForm(Schema):
    """A way an incident can end."""

    code: str
    name_id: str
    name_en: str


class TypeList(Schema):
    """All of them: there are some dozens."""

    items: list[TypeForm]
    next: str | None


class DispositionList(Schema):
    """All of them: there are some."""

    items: list[DispositionForm]
    next: str | None


class TypeSearch(Schema):
    """What was typed; `lang` is the language of names and questions, without it the reader's."""

    q: Annotated[str, AfterValidator(clean), Field(max_length=500)] = ""
    lang: Literal["id", "en"] | None = None


class FoundType(Schema):
    """A type that fits the text.

    `score`: 0 to 1. `matched`: its synonyms or names that fit, the best first; `unreviewed` are those that no speaker
    has signed. `hits`: the words in them that were met. `fits`: as well as the best one, so that `question` decides.
    `preselect`: whether a form may mark it ready for Enter.
    """

    code: str
    name: str
    priority: int
    score: float
    matched: list[str]
    hits: list[str]
    unreviewed: list[str]
    question: str
    fits: bool
    preselect: bool


class FoundTypes(Schema):
    """The best matches, the best first; at most ten."""

    items: list[FoundType]
    next: None = None


@router.get("types", response=FoundTypes, summary="Find an incident type by everyday words")
def search(request: Request, wanted: Query[TypeSearch]) -> dict[str, Any]:
    """Synonyms and names in Indonesian and English, partial words, typing errors, codes."""
    request.actor.require(Right.INCIDENT_OPEN)
    language = wanted.lang or ("en" if (get_language() or "").startswith("en") else "id")
    return {"items": find_types(wanted.q, language), "next": None}


@router.get("incident-types", response=TypeList)
def list_types(request: Request) -> dict[str, Any]:
    """The kinds of trouble in use, for whoever opens, sees or keeps them."""
    if not request.actor.may(Right.SETTINGS_READ) and not request.actor.may(Right.INCIDENT_OPEN):
        request.actor.require(Right.INCIDENT_SEE)
    return {"items": list(active_types()), "next": None}


@router.get("incident-dispositions", response=DispositionList)
def list_dispositions(request: Request) -> dict[str, Any]:
    """The ways an incident can end in use, for whoever sees incidents or keeps the settings."""
    if not request.actor.may(Right.SETTINGS_READ):
        request.actor.require(Right.INCIDENT_SEE)
    return {"items": list(active_dispositions()), "next": None}
