"""Making and revoking the keys of programs."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from accounts import events as facts
from accounts.actors import Actor
from accounts.events import AccountEvent
from accounts.models import Agency, ApiKey
from accounts.queries import digest_of
from accounts.roles import Right, Scope
from core import clock, events
from core.errors import Invalid, Unknown

__all__ = ["make_key", "revoke_key"]

SHOWN = 10  # characters of a secret that stay readable


def make_key(
    *,
    actor: Actor,
    name: str,
    scopes: Collection[Scope],
    agency: Agency | None = None,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Make a key; its secret ("sigap_" and 43 characters) is returned here and nowhere again.

    Raises Refused without the right to settings, Invalid(`scope_needed`) without a scope.
    """
    actor.require_any(Right.SETTINGS_WRITE)
    if not scopes:
        raise Invalid.field("scopes", "scope_needed")
    secret = f"sigap_{secrets.token_urlsafe(32)}"
    with events.transaction():
        key = ApiKey.objects.create(
            centre_id=actor.centre,
            name=name,
            prefix=secret[:SHOWN],
            digest=digest_of(secret),
            scopes=sorted(scope.value for scope in set(scopes)),
            agency=agency,
            created_at=clock.now(),
            created_by=actor.ref,
            expires_at=expires_at,
        )
        facts.of_key(AccountEvent.KEY_MADE, key, actor=actor.ref, data={"scopes": key.scopes, "expires_at": expires_at})
    return key, secret


def revoke_key(*, actor: Actor, key: UUID) -> ApiKey:
    """Revoke a key: its next request and its sockets are refused at once. Again: quietly. Raises Refused, Unknown."""
    actor.require_any(Right.SETTINGS_WRITE)
    with events.transaction():
        row = ApiKey.objects.select_for_update(no_key=True).filter(centre_id=actor.centre, pk=key).first()
        if row is None:
            raise Unknown("key_unknown")
        if row.revoked_at is None:
            row.revoked_at = clock.now()
            row.save(update_fields=["revoked_at"])
            facts.of_key(AccountEvent.KEY_REVOKED, row, actor=actor.ref, data={})
    return row
