"""What callers say for a type of incident, as the centre edits it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from accounts.actors import Actor
from accounts.roles import Right
from core import events
from core.errors import Invalid, Unknown
from plans.events import PlanEvent
from plans.models import IncidentType, TypeSynonyms
from plans.models.synonyms import LANGUAGES, REVIEWED

__all__ = ["revise_synonyms"]

SYNONYM_FIELDS = (
    *LANGUAGES, *(f"{language}_checked_by" for language in REVIEWED), "question_id", "question_en",
)  # fmt: skip
LONGEST = 80
MOST = 300


def revise_synonyms(*, actor: Actor, code: str, changes: Mapping[str, Any]) -> TypeSynonyms:
    """Change the synonyms of a type, and the question that decides whether it is this type.

    changes: some of `SYNONYM_FIELDS`. A language whose synonyms change without a new signature is unreviewed again.
    Raises Refused, Unknown(`type_unknown`), Invalid(`synonym_too_long`, `synonyms_too_many`, `synonym_sign`).
    """
    actor.require_any(Right.SETTINGS_WRITE)
    wanted = {field: changes[field] for field in SYNONYM_FIELDS if field in changes}
    for language in LANGUAGES:
        if language in wanted:
            wanted[language] = _each_once(wanted[language], language)
    with events.transaction():
        kind = IncidentType.objects.filter(code=code).first()
        if kind is None:
            raise Unknown("type_unknown")
        row, _new = TypeSynonyms.objects.select_for_update(no_key=True).get_or_create(type=kind)
        for language in REVIEWED:
            signature = f"{language}_checked_by"
            edited = language in wanted and wanted[language] != getattr(row, language)
            if edited and wanted.get(signature, getattr(row, signature)) == getattr(row, signature):
                wanted[signature] = ""
        changed = sorted(field for field, value in wanted.items() if getattr(row, field) != value)
        for field in changed:
            setattr(row, field, wanted[field])
        if changed:
            row.save(update_fields=changed)
            events.append(
                PlanEvent.TYPE_SYNONYMS_EDITED,
                actor=actor.ref,
                desk=actor.desk,
                subjects=[f"type:{code}", f"centre:{actor.centre}"],
                data={"code": code, "fields": changed, "synonyms": len(row.all())},
            )
        return row


def _each_once(synonyms: Sequence[str], field: str) -> list[str]:
    """The synonyms without repetitions, however they are written. Raises Invalid."""
    found: dict[str, str] = {}
    for synonym in synonyms:
        if len(synonym) > LONGEST:
            raise Invalid.field(field, "synonym_too_long")
        if ";" in synonym:  # what divides them in a table
            raise Invalid.field(field, "synonym_sign")
        found.setdefault(" ".join(synonym.split()).casefold(), " ".join(synonym.split()))
    found.pop("", None)
    if len(found) > MOST:
        raise Invalid.field(field, "synonyms_too_many")
    return list(found.values())
