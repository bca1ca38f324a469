"""Signing in and out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from accounts import events as facts
from accounts.events import AccountEvent
from accounts.models import FactorBridge, Session, User
from accounts.second_factor import bridge_of, has_factor, mark, needs_bridge, was_given
from accounts.sessions import ENDS_AT
from core import clock, events
from core.errors import Refused

__all__ = ["end_session", "end_sessions_of", "start_session"]


def start_session(request: HttpRequest, user: User, *, sign_in: Callable[[HttpRequest, User], Any]) -> Session:
    """Sign a person in and emit the event. sign_in: makes the browser's session that of the person, with a new key.

    It ends after one shift, or with the bridge of their second factor. Raises Refused(`second_factor_needed`).
    """
    with events.transaction():
        # Whoever sets up a factor or ends a bridge holds the same lock: the session starts before that or after it.
        User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
        bridge = _bridge_needed(request, user)
        ends_at = clock.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)
        sign_in(request, user)
        if bridge is not None:
            mark(request.session, user, "bridge")
            ends_at = min(ends_at, bridge.ends_at)
            _use_bridge(bridge, desk=request.session.get("desk"))
        request.session[ENDS_AT] = ends_at.isoformat()
        request.session.save()
        session = Session.objects.get(session_key=request.session.session_key)
        facts.of_session(
            AccountEvent.SESSION_STARTED,
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
                AccountEvent.SESSION_ENDED,
                session,
                actor=f"user:{session.user_id}",
                desk=desk,
                data={"why": "signed_out"},
            )


def end_sessions_of(user: User, *, actor: str, desk: str | None, why: str, keep: str | None = None) -> int:
    """End a person's sessions, but the one with the key `keep`. why: a code. Returns how many there were."""
    with events.transaction():
        rows = Session.objects.filter(user=user).exclude(session_key=keep).order_by("id")
        sessions = list(rows.select_for_update(no_key=True))
        Session.objects.filter(id__in=[session.id for session in sessions]).delete()
        for session in sessions:
            facts.of_session(AccountEvent.SESSION_ENDED, session, actor=actor, desk=desk, data={"why": why})
    return len(sessions)


def _bridge_needed(request: HttpRequest, user: User) -> FactorBridge | None:
    """The bridge in place of a second factor that was not given; None where it was, or where none is needed."""
    if not needs_bridge(user) or was_given(user, request.session):
        return None
    bridge = bridge_of(user)
    if bridge is None and has_factor(user):
        raise Refused("second_factor_needed")
    return bridge


def _use_bridge(bridge: FactorBridge, *, desk: str | None) -> None:
    FactorBridge.objects.filter(pk=bridge.id, used_at=None).update(used_at=clock.now())
    data = {"bridge": bridge.id}
    facts.of_user(AccountEvent.FACTOR_BRIDGE_USED, bridge.user, actor=f"user:{bridge.user_id}", desk=desk, data=data)


def _session_of(store: SessionBase) -> Session | None:
    if not store.session_key:
        return None
    return Session.objects.filter(session_key=store.session_key, user__isnull=False).first()
