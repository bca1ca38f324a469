"""The facts that accounts can state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop as _

from accounts.models import Agency, ApiKey, Centre, Desk, Session, User
from core import events
from core.event_kinds import EventKind, Fields
from core.events import Fact

_AGENCY: Fields = {"code": str, "active": bool, "capabilities": list, "fields": list}
_DESK: Fields = {"code": str, "active": bool, "agency": UUID, "fields": list}
_PERSON: Fields = {"roles": list, "agency": UUID, "unit": UUID}
_BRIDGE: Fields = {"bridge": UUID}


class AccountEvent(EventKind):
    """What happens to people, their sessions and second factors, to keys, agencies, desks and the centre."""

    AGENCY_MADE = "agency.made", _("Agency %(code)s made."), _AGENCY
    AGENCY_EDITED = "agency.edited", _("Agency changed: %(fields)s."), _AGENCY
    CENTRE_CHANGED = (
        "centre.changed",
        _("Settings of the centre changed: %(fields)s."),
        {"fields": list, "time_zone": str, "waiting_long_factor": int, "ring_all_below": int, "offer_seconds": int},
    )
    DESK_MADE = "desk.made", _("Desk %(code)s made."), _DESK
    DESK_EDITED = "desk.edited", _("Desk changed: %(fields)s."), _DESK
    USER_MADE = "user.made", _("Person written down."), _PERSON
    USER_CHANGED = (
        "user.changed",
        _("Person changed: %(fields)s."),
        {**_PERSON, "fields": list, "active": bool, "language": str, "left": UUID},
    )
    USER_PASSWORD_CHANGED = "user.password_changed", _("Password changed.")
    FACTOR_ADDED = "factor.added", _("Second factor set up."), {"kind": str}
    FACTOR_REMOVED = "factor.removed", _("Second factor removed."), {"kind": str}
    FACTOR_CODES_MADE = "factor.codes_made", _("Recovery codes made."), {"count": int}
    FACTOR_USED = "factor.used", _("Second factor given."), {"kind": str}
    FACTOR_BRIDGED = "factor.bridged", _("Lost second factor bridged."), {**_BRIDGE, "ends_at": datetime}
    FACTOR_BRIDGE_ENDED = "factor.bridge_ended", _("Bridge of a second factor ended."), _BRIDGE
    FACTOR_BRIDGE_USED = (
        "factor.bridge_used",
        _("Signed in without the second factor, which was bridged."),
        _BRIDGE,
    )
    SESSION_STARTED = "session.started", _("Signed in."), {"expires_at": datetime}
    SESSION_ENDED = "session.ended", _("Signed out."), {"why": str}
    KEY_MADE = "key.made", _("Key made."), {"scopes": list, "expires_at": datetime}
    KEY_REVOKED = "key.revoked", _("Key revoked.")
    TABLE_EXPORTED = "table.exported", _("Table exported: %(rows)s rows."), {"table": str, "rows": int}


def of_session(kind: AccountEvent, session: Session, *, actor: str, desk: str | None, data: Mapping[str, Any]) -> Fact:
    """A session began or ended: its public id, never its key."""
    return events.append(
        kind, actor=actor, desk=desk, subjects=[f"session:{session.id}", f"user:{session.user_id}"], data=data
    )


def of_user(
    kind: AccountEvent, user: User, *, actor: str, desk: str | None, data: Mapping[str, Any], also: Iterable[str] = ()
) -> Fact:
    """Something about a person changed; names and addresses stay in the row."""
    return events.append(kind, actor=actor, desk=desk, subjects=[f"user:{user.id}", *also], data=data)


def of_key(kind: AccountEvent, key: ApiKey, *, actor: str, data: Mapping[str, Any]) -> Fact:
    """A key was made or revoked."""
    subjects = [f"key:{key.id}"] + ([f"agency:{key.agency_id}"] if key.agency_id else [])
    return events.append(kind, actor=actor, subjects=subjects, data=data)


def of_agency(kind: AccountEvent, agency: Agency, *, actor: str, desk: str | None, data: Mapping[str, Any]) -> Fact:
    """An agency was made or edited."""
    return events.append(kind, actor=actor, desk=desk, subjects=[f"agency:{agency.id}"], data=data)


def of_desk(kind: AccountEvent, row: Desk, *, actor: str, desk: str | None, data: Mapping[str, Any]) -> Fact:
    """A workstation was made or edited. desk: the one at which that was done."""
    subjects = [f"desk:{row.id}"] + ([f"agency:{row.agency_id}"] if row.agency_id else [])
    return events.append(kind, actor=actor, desk=desk, subjects=subjects, data=data)


def of_centre(centre: Centre, *, actor: str, desk: str | None, fields: list[str]) -> Fact:
    """Settings of a centre changed."""
    data = {"fields": fields} | {name: getattr(centre, name) for name in fields if name != "name"}
    return events.append(
        AccountEvent.CENTRE_CHANGED, actor=actor, desk=desk, subjects=[f"centre:{centre.id}"], data=data
    )


def of_export(table: str, rows: int, *, actor: str, desk: str | None, centre: UUID) -> Fact:
    """Somebody took a table with them. table: its model's label."""
    data = {"table": table, "rows": rows}
    return events.append(AccountEvent.TABLE_EXPORTED, actor=actor, desk=desk, subjects=[f"centre:{centre}"], data=data)
