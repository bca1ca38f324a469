"""Signing in and out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from accounts import events as facts
from accounts.models import FactorBridge, Session, User
from core import clock, events

__all__ = ["end_session", "end_sessions_of", "start_session"]


def start_session(
    request: HttpRequest,
    user: User,
    *,
    sign_in: Callable[[HttpRequest, User], Any],
    bridge: FactorBridge | None = None,
) -> Session:
    """Sign a person in and state it. sign_in: what turns the browser's session into theirs, with a new key.

    bridge: what stands in for their second factor; the session ends with it at the latest.
    """
    with events.transaction():
        sign_in(request, user)
        if bridge is not None:
            request.session.set_expiry(bridge.ends_at)
            _use_bridge(bridge, desk=request.session.get("desk"))
        request.session.save()
        session = Session.objects.get(session_key=request.session.session_key)
        facts.of_session(
            facts.SESSION_STARTED,
            session,
            actor=f"user:{user.id}",
            desk=request.session.get("desk"),
            data={"expires_at": session.expire_date},
        )
    return session


def end_session(request: HttpRequest, *, sign_out: Callable[[HttpRequest], Any]) -> None:
    """Sign a browser out and state it. A session that is nobody's ends without a fact."""
    with events.transaction():
        session = _session_of(request.session)
        desk = request.session.get("desk")
        sign_out(request)
        if session is not None:
            facts.of_session(
                facts.SESSION_ENDED, session, actor=f"user:{session.user_id}", desk=desk, data={"why": "signed_out"}
            )


def end_sessions_of(user: User, *, actor: str, desk: str | None, why: str, keep: str | None = None) -> int:
    """End a person's sessions, but the one with the key `keep`. why: a code. Returns how many there were."""
    with events.transaction():
        rows = Session.objects.filter(user=user).exclude(session_key=keep).order_by("id")
        sessions = list(rows.select_for_update(no_key=True))
        Session.objects.filter(id__in=[session.id for session in sessions]).delete()
        for session in sessions:
            facts.of_session(facts.SESSION_ENDED, session, actor=actor, desk=desk, data={"why": why})
    return len(sessions)


def _use_bridge(bridge: FactorBridge, *, desk: str | None) -> None:
    FactorBridge.objects.filter(pk=bridge.id, used_at=None).update(used_at=clock.now())
    data = {"bridge": bridge.id}
    facts.of_user(facts.FACTOR_BRIDGE_USED, bridge.user, actor=f"user:{bridge.user_id}", desk=desk, data=data)


def _session_of(store: SessionBase) -> Session | None:
    if not store.session_key:
        return None
    return Session.objects.filter(session_key=store.session_key, user__isnull=False).first()
