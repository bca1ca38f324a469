"""The facts that accounts can state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.models import Agency, ApiKey, Session, User
from core import events
from core.events import Fact

SESSION_STARTED = "session.started"
SESSION_ENDED = "session.ended"
USER_MADE = "user.made"
USER_CHANGED = "user.changed"
PASSWORD_CHANGED = "user.password_changed"  # noqa: S105 - a kind of fact
KEY_MADE = "key.made"
KEY_REVOKED = "key.revoked"
AGENCY_MADE = "agency.made"
AGENCY_EDITED = "agency.edited"


def of_session(kind: str, session: Session, *, actor: str, desk: str | None, data: Mapping[str, Any]) -> Fact:
    """A session began or ended: its public id, never its key."""
    return events.append(
        kind, actor=actor, desk=desk, subjects=[f"session:{session.id}", f"user:{session.user_id}"], data=data
    )


def of_user(kind: str, user: User, *, actor: str, desk: str | None, data: Mapping[str, Any]) -> Fact:
    """Something about a person changed; names and addresses stay in the row."""
    return events.append(kind, actor=actor, desk=desk, subjects=[f"user:{user.id}"], data=data)


def of_key(kind: str, key: ApiKey, *, actor: str, data: Mapping[str, Any]) -> Fact:
    """A key was made or revoked."""
    subjects = [f"key:{key.id}"] + ([f"agency:{key.agency_id}"] if key.agency_id else [])
    return events.append(kind, actor=actor, subjects=subjects, data=data)


def of_agency(kind: str, agency: Agency, *, actor: str, desk: str | None, data: Mapping[str, Any]) -> Fact:
    """An agency was made or edited."""
    return events.append(kind, actor=actor, desk=desk, subjects=[f"agency:{agency.id}"], data=data)
