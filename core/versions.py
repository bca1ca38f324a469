"""Editing the same thing at the same moment: fields carry the version that last changed them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from core.errors import Conflict, VersionRequired


class Versioned(Protocol):
    """A row that PATCH can change: `version` counts, `field_versions` is {field: [version, actor, time text]}."""

    version: int
    field_versions: dict[str, Any]


def check_version(row: Versioned, version: int | None, changes: Mapping[str, Any], current: Mapping[str, Any]) -> None:
    """Refuse only what really collides: a field sent here that another changed since the sender's version.

    row is locked. changes: field -> wanted value; current: field -> present value, JSON-ready.
    Raises VersionRequired (428) without a version; Conflict(`version_conflict`) with both values and who set it.
    """
    if version is None:
        raise VersionRequired
    if not 0 <= version <= row.version:
        raise Conflict("version_unknown", version=row.version)
    collisions = [
        {
            "field": field,
            "yours": wanted,
            "theirs": current.get(field),
            "by": row.field_versions[field][1],
            "at": row.field_versions[field][2],
        }
        for field, wanted in changes.items()
        if row.field_versions.get(field, [0])[0] > version and current.get(field) != wanted
    ]
    if collisions:
        raise Conflict("version_conflict", version=row.version, conflicts=collisions)


def stamp_versions(row: Versioned, fields: list[str], *, actor: str, at_text: str) -> None:
    """Count the change and note for each field who changed it at which version; the caller saves the row."""
    row.version += 1
    for field in fields:
        row.field_versions[field] = [row.version, actor, at_text]
