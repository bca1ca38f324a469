"""Bridging a second factor that somebody lost: for one shift, by a supervisor who knows them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from accounts import events as facts
from accounts.actions.sessions import end_sessions_of
from accounts.actors import Actor
from accounts.events import AccountEvent
from accounts.models import FactorBridge, User
from accounts.roles import Right
from accounts.second_factor import bridges_in_force, needs_bridge
from core import clock, events
from core.cleaning import clean_line
from core.errors import Conflict, Invalid, Refused, Unknown

__all__ = ["bridge_factor", "end_bridge"]

MOST_HOURS = 12  # one shift
LONGEST_REASON = 500


def bridge_factor(*, actor: Actor, user: UUID, reason: str, hours: int = MOST_HOURS, name: str = "") -> FactorBridge:
    """Let a person sign in with their password alone for some hours. A bridge in force ends, as by `end_bridge`.

    name: who answers for it, where that is not the actor (a command). Raises Refused(`not_allowed`,
    `own_factor`), Unknown, Invalid(`reason_needed`, `name_needed`, `hours_outside`), Conflict(`no_factor_to_bridge`).
    """
    actor.require_any(Right.FACTOR_BRIDGE)
    why, by_name = _text(reason, "reason", "reason_needed"), _text(name or actor.name, "name", "name_needed")
    if not 1 <= hours <= MOST_HOURS:
        raise Invalid.field("hours", "hours_outside")
    if actor.user == user:
        raise Refused("own_factor")
    with events.transaction():
        row = _locked(actor, user)
        if not row.is_active:
            raise Unknown("user_unknown")
        if not needs_bridge(row):
            raise Conflict("no_factor_to_bridge")
        _end(row, actor)
        now = clock.now()
        bridge = FactorBridge.objects.create(
            user=row, by=actor.ref, by_name=by_name, reason=why, made_at=now, ends_at=now + timedelta(hours=hours)
        )
        data = {"bridge": bridge.id, "ends_at": bridge.ends_at}
        facts.of_user(AccountEvent.FACTOR_BRIDGED, row, actor=actor.ref, desk=actor.desk, data=data)
    return bridge


def end_bridge(*, actor: Actor, bridge: UUID) -> FactorBridge:
    """End a bridge before its time; where it was used, the person's sessions end. Raises Refused, Unknown."""
    actor.require_any(Right.FACTOR_BRIDGE)
    with events.transaction():
        found = FactorBridge.objects.filter(user__centre_id=actor.centre, pk=bridge).first()
        if found is None:
            raise Unknown("bridge_unknown")
        user = _locked(actor, found.user_id)
        if bridges_in_force(actor.centre).filter(pk=bridge).exists():
            _end(user, actor)
        found.refresh_from_db()
    return found


def end_bridges_of(user: User, *, actor: str, desk: str | None) -> bool:
    """End the bridge in force of a person whose row is locked, if there is one; returns whether it was used."""
    used = False
    for bridge in bridges_in_force(user.centre_id).filter(user=user):
        bridge.ended_at = clock.now()
        bridge.save(update_fields=["ended_at"])
        used = used or bridge.used_at is not None
        facts.of_user(AccountEvent.FACTOR_BRIDGE_ENDED, user, actor=actor, desk=desk, data={"bridge": bridge.id})
    return used


def _end(user: User, actor: Actor) -> None:
    if end_bridges_of(user, actor=actor.ref, desk=actor.desk):
        end_sessions_of(user, actor=actor.ref, desk=actor.desk, why="bridge_ended")


def _locked(actor: Actor, user: UUID) -> User:
    rows = User.objects.select_for_update(of=("self",), no_key=True)
    row = rows.filter(centre_id=actor.centre, pk=user).first()
    if row is None:
        raise Unknown("user_unknown")
    return row


def _text(given: str, field: str, code: str) -> str:
    text = clean_line(given).strip()
    if not text or len(text) > LONGEST_REASON:
        raise Invalid.field(field, code)
    return text
