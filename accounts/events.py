"""The facts that accounts can state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from accounts.models import Agency, ApiKey, Centre, Desk, Session, User
from core import events
from core.events import Fact

SESSION_STARTED = "session.started"
SESSION_ENDED = "session.ended"
USER_MADE = "user.made"
USER_CHANGED = "user.changed"
PASSWORD_CHANGED = "user.password_changed"  # noqa: S105 - a kind of fact
FACTOR_ADDED = "factor.added"
FACTOR_REMOVED = "factor.removed"
FACTOR_CODES_MADE = "factor.codes_made"
FACTOR_USED = "factor.used"
FACTOR_BRIDGED = "factor.bridged"
FACTOR_BRIDGE_ENDED = "factor.bridge_ended"
FACTOR_BRIDGE_USED = "factor.bridge_used"
KEY_MADE = "key.made"
KEY_REVOKED = "key.revoked"
AGENCY_MADE = "agency.made"
AGENCY_EDITED = "agency.edited"
DESK_MADE = "desk.made"
DESK_EDITED = "desk.edited"
CENTRE_CHANGED = "centre.changed"
TABLE_EXPORTED = "table.exported"


def of_session(kind: str, session: Session, *, actor: str, desk: str | None, data: Mapping[str, Any]) -> Fact:
    """A session began or ended: its public id, never its key."""
    return events.append(
        kind, actor=actor, desk=desk, subjects=[f"session:{session.id}", f"user:{session.user_id}"], data=data
    )


def of_user(
    kind: str, user: User, *, actor: str, desk: str | None, data: Mapping[str, Any], also: Iterable[str] = ()
) -> Fact:
    """Something about a person changed; names and addresses stay in the row."""
    return events.append(kind, actor=actor, desk=desk, subjects=[f"user:{user.id}", *also], data=data)


def of_key(kind: str, key: ApiKey, *, actor: str, data: Mapping[str, Any]) -> Fact:
    """A key was made or revoked."""
    subjects = [f"key:{key.id}"] + ([f"agency:{key.agency_id}"] if key.agency_id else [])
    return events.append(kind, actor=actor, subjects=subjects, data=data)


def of_agency(kind: str, agency: Agency, *, actor: str, desk: str | None, data: Mapping[str, Any]) -> Fact:
    """An agency was made or edited."""
    return events.append(kind, actor=actor, desk=desk, subjects=[f"agency:{agency.id}"], data=data)


def of_desk(kind: str, row: Desk, *, actor: str, desk: str | None, data: Mapping[str, Any]) -> Fact:
    """A workstation was made or edited. desk: the one at which that was done."""
    subjects = [f"desk:{row.id}"] + ([f"agency:{row.agency_id}"] if row.agency_id else [])
    return events.append(kind, actor=actor, desk=desk, subjects=subjects, data=data)


def of_centre(centre: Centre, *, actor: str, desk: str | None, fields: list[str]) -> Fact:
    """Settings of a centre changed."""
    data = {"fields": fields} | {name: getattr(centre, name) for name in fields if name != "name"}
    return events.append(CENTRE_CHANGED, actor=actor, desk=desk, subjects=[f"centre:{centre.id}"], data=data)


def of_export(table: str, rows: int, *, actor: str, desk: str | None, centre: UUID) -> Fact:
    """Somebody took a table with them. table: its model's label."""
    data = {"table": table, "rows": rows}
    return events.append(TABLE_EXPORTED, actor=actor, desk=desk, subjects=[f"centre:{centre}"], data=data)
