"""Setting a second factor up, giving it at sign-in, and taking it away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP as AppCodes  # noqa: N811
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal.auth import WebAuthn

from accounts import events as facts
from accounts.actions.bridges import end_bridges_of
from accounts.actions.sessions import end_sessions_of
from accounts.actors import Actor
from accounts.events import AccountEvent
from accounts.models import User
from accounts.second_factor import CODES, PASSKEY, TOTP, factors_of, is_required, matching_step
from core import clock, events
from core.errors import Conflict, Refused, Unknown

__all__ = ["add_app", "add_passkey", "make_recovery_codes", "remove_factor", "use_code", "use_passkey"]

MOST_PASSKEYS = 10


def add_app(*, actor: Actor, secret: str, code: str, keep_session: str | None = None) -> list[str]:
    """Set up the codes of an app, in place of another app's. Other sessions of the person end.

    code: one that the app shows now. Returns new recovery codes where the person had none.
    Raises Refused for a key, Conflict(`factor_code_wrong`).
    """
    with events.transaction():
        user = _locked(actor)
        step = matching_step(secret, code)
        if step is None:
            raise Conflict("factor_code_wrong")
        Authenticator.objects.filter(user=user, type=TOTP).delete()
        row = AppCodes.activate(user, secret).instance
        row.data["step"] = step
        row.save(update_fields=["data"])
        return _added(actor, user, row, keep_session)


def add_passkey(
    *, actor: Actor, name: str, credential: Mapping[str, Any], keep_session: str | None = None
) -> list[str]:
    """Set up a passkey that the browser has made and the caller has checked. Other sessions of the person end.

    Returns new recovery codes where the person had none. Raises Refused for a key, Conflict(`too_many_passkeys`).
    """
    with events.transaction():
        user = _locked(actor)
        if len(factors_of(user).passkeys) >= MOST_PASSKEYS:
            raise Conflict("too_many_passkeys")
        row = WebAuthn.add(user, name, dict(credential)).instance
        return _added(actor, user, row, keep_session)


def remove_factor(*, actor: Actor, factor: int) -> None:
    """Take a factor of one's own away; with the last one the recovery codes go.

    Raises Refused, Unknown, Conflict(`last_factor`) where the person can't work without one.
    """
    with events.transaction():
        user = _locked(actor)
        row = Authenticator.objects.filter(user=user, pk=factor, type__in=[TOTP, PASSKEY]).first()
        if row is None:
            raise Unknown("factor_unknown")
        if factors_of(user).count == 1:
            if is_required(user):
                raise Conflict("last_factor")
            Authenticator.objects.filter(user=user, type=CODES).delete()
        row.delete()
        facts.of_user(AccountEvent.FACTOR_REMOVED, user, actor=actor.ref, desk=actor.desk, data={"kind": row.type})


def make_recovery_codes(*, actor: Actor) -> list[str]:
    """Make ten new recovery codes; the old ones are good no more. Raises Refused, Conflict(`factor_needed`)."""
    with events.transaction():
        user = _locked(actor)
        if not factors_of(user).count:
            raise Conflict("factor_needed")
        return _new_codes(actor, user)


def use_code(*, user: User, code: str, desk: str | None) -> str | None:
    """Take a code of the person's app, or a recovery code, at sign-in: its kind, or None where it is wrong.

    Each is good once, whoever comes first.
    """
    plain = code.replace(" ", "").replace("-", "")
    with events.transaction():
        for row in (
            Authenticator.objects.select_for_update(no_key=True)
            .filter(user=user, type__in=[TOTP, CODES])
            .order_by("pk")
        ):
            if _takes(row, plain):
                row.last_used_at = clock.now()
                row.save(update_fields=["data", "last_used_at"])
                _used(user, row, desk)
                return str(row.type)
    return None


def use_passkey(*, user: User, factor: int, desk: str | None) -> None:
    """Note that a passkey of the person was used at sign-in; the caller has checked its answer. Raises Unknown."""
    with events.transaction():
        row = Authenticator.objects.select_for_update(no_key=True).filter(user=user, pk=factor, type=PASSKEY).first()
        if row is None:
            raise Unknown("factor_unknown")
        row.last_used_at = clock.now()
        row.save(update_fields=["last_used_at"])
        _used(user, row, desk)


def _locked(actor: Actor) -> User:
    """The row of the person who acts: factors are one's own."""
    if actor.user is None:
        raise Refused("not_allowed")
    return User.objects.select_for_update(of=("self",), no_key=True).get(pk=actor.user)


def _added(actor: Actor, user: User, row: Authenticator, keep_session: str | None) -> list[str]:
    facts.of_user(AccountEvent.FACTOR_ADDED, user, actor=actor.ref, desk=actor.desk, data={"kind": row.type})
    # They were begun without this factor, maybe by whoever the person wants to shut out.
    end_sessions_of(user, actor=actor.ref, desk=actor.desk, why="factor_added", keep=keep_session)
    end_bridges_of(user, actor=actor.ref, desk=actor.desk)  # the person has a factor again
    return [] if factors_of(user).codes else _new_codes(actor, user)


def _new_codes(actor: Actor, user: User) -> list[str]:
    Authenticator.objects.filter(user=user, type=CODES).delete()
    codes: list[str] = RecoveryCodes.activate(user).generate_codes()
    facts.of_user(AccountEvent.FACTOR_CODES_MADE, user, actor=actor.ref, desk=actor.desk, data={"count": len(codes)})
    return codes


def _takes(row: Authenticator, code: str) -> bool:
    """Whether a code is this row's and unused; if so the row then has it as used."""
    if row.type == TOTP:
        secret = decrypt(row.data["secret"])
        step = matching_step(secret, code, after=row.data.get("step", -1)) if secret else None
        if step is not None:
            row.data["step"] = step
        return step is not None
    used = row.data["used_mask"]
    if not decrypt(row.data["seed"]):
        return False
    for at, known in enumerate(row.wrap().generate_codes()):
        if not used & (1 << at) and compare_user_code(actual=code, expected=known):
            row.data["used_mask"] = used | (1 << at)
            return True
    return False


def _used(user: User, row: Authenticator, desk: str | None) -> None:
    facts.of_user(AccountEvent.FACTOR_USED, user, actor=f"user:{user.id}", desk=desk, data={"kind": row.type})
