"""The types that everyday words mean, out of the types in use and their synonyms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from plans.models import IncidentDisposition, IncidentType, TypeSynonyms
from plans.queries.type_search import Entry, TypeIndex


@dataclass(frozen=True, slots=True)
class _Described:
    """A type as an answer describes it."""

    names: dict[str, str]
    priority: int
    questions: dict[str, str]
    unreviewed: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    entries: tuple[Entry, ...]
    index: TypeIndex


class _Latest:
    """The index of the last request: made anew only where a type or a synonym has changed."""

    vocabulary: _Vocabulary | None = None


def find_types(text: str, language: str) -> list[dict[str, Any]]:
    """The types that a text may mean, the best first, at most 10; [] where nothing is like it.

    language: "id" or "en", of names and questions. See `type_search.Match` for score, matched, hits and preselect.
    """
    index, described = _read()
    return [
        {
            "code": match.code,
            "name": described[match.code].names[language],
            "priority": described[match.code].priority,
            "score": match.score,
            "matched": list(match.matched),
            "hits": list(match.hits),
            "unreviewed": [phrase for phrase in match.matched if phrase in described[match.code].unreviewed],
            "question": described[match.code].questions[language],
            "fits": match.fits,
            "preselect": match.preselect,
        }
        for match in index.rank(text)
    ]


def active_types() -> QuerySet[IncidentType]:
    """The kinds of trouble that a site uses, by code."""
    return IncidentType.objects.filter(active=True).order_by("code")


def active_dispositions() -> QuerySet[IncidentDisposition]:
    """The ways an incident can end that a site uses, by code."""
    return IncidentDisposition.objects.filter(active=True).order_by("code")


def prepare_index() -> None:
    """Make the index of this process now, so that the first search does not wait for it."""
    _read()


def _read() -> tuple[TypeIndex, dict[str, _Described]]:
    synonyms = {row.type_id: row for row in TypeSynonyms.objects.all()}
    entries, described = [], {}
    for kind in IncidentType.objects.filter(active=True).order_by("code"):
        own = synonyms.get(kind.code) or TypeSynonyms(type=kind)
        entries.append(Entry(kind.code, kind.priority, (kind.name_id, kind.name_en), tuple(own.all())))
        described[kind.code] = _Described(
            {"id": kind.name_id, "en": kind.name_en},
            kind.priority,
            {"id": own.question_id, "en": own.question_en},
            frozenset(own.unreviewed()),
        )
    return _index(tuple(entries)), described


def _index(entries: tuple[Entry, ...]) -> TypeIndex:
    known = _Latest.vocabulary
    if known is None or known.entries != entries:
        known = _Latest.vocabulary = _Vocabulary(entries, TypeIndex(entries))
    return known.index
