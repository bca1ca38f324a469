"""Making people and changing what they are."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from enum import Enum
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts import events as facts
from accounts.actions.sessions import end_sessions_of
from accounts.actors import Actor
from accounts.events import AccountEvent
from accounts.first_steps import CLOSED, steps_of
from accounts.models import Agency, User
from accounts.roles import Right, Role
from core import clock, events
from core.errors import Conflict, Invalid, Refused, Unknown

__all__ = [
    "change_password",
    "change_user",
    "choose_language",
    "give_password",
    "keep_first_steps",
    "make_user",
    "sign_on_unit",
]

OF_AN_AGENCY = frozenset({Role.AGENCY_DESK, Role.CREW})
SHOWN_OF_OPERATORS = frozenset({"name", "roles"})
CLEAR = "abcdefghijkmnpqrstuvwxyz23456789"  # without l and 1, o and 0
ONCE_ITERATIONS = 1_000
USERNAME = re.compile(r"[\w.@+-]{1,60}")


class Keep(Enum):
    """The value that leaves a field as it is, where None has a meaning: no agency, no unit, no telephone."""

    KEEP = "keep"


def make_user(
    *,
    actor: Actor,
    username: str,
    name: str,
    roles: Collection[Role],
    agency: Agency | None = None,
    unit: UUID | None = None,
    language: str = "id",
    email: str = "",
    password: str | None = None,
    pbx_agent: str | None = None,
    once: bool = False,
) -> User:
    """Make a person; without a password nobody can sign in as them. once: they must change it at the first sign-in.

    Raises Refused, Invalid(`username_malformed`, `agency_needed`, `password_weak`), Conflict(`username_taken`,
    `pbx_agent_taken`).
    """
    actor.require_any(Right.SETTINGS_WRITE)
    if not USERNAME.fullmatch(username):
        raise Invalid.field("username", "username_malformed")
    _check_roles(roles, agency)
    user = User(
        username=username,
        name=name,
        centre_id=actor.centre,
        roles=sorted(role.value for role in set(roles)),
        agency=agency,
        unit_id=unit,
        language=language,
        email=email,
        pbx_agent=pbx_agent,
        password_once=once,
        created_at=clock.now(),
    )
    _set_password(user, password, once=once)
    with events.transaction():
        _save(user)
        data = {"roles": user.roles, "agency": user.agency_id, "unit": user.unit_id}
        facts.of_user(AccountEvent.USER_MADE, user, actor=actor.ref, desk=actor.desk, data=data)
    return user


def change_user(
    *,
    actor: Actor,
    user: UUID,
    name: str | None = None,
    email: str | None = None,
    language: str | None = None,
    roles: Collection[Role] | None = None,
    agency: Agency | Keep | None = Keep.KEEP,
    unit: UUID | Keep | None = Keep.KEEP,
    pbx_agent: str | Keep | None = Keep.KEEP,
    active: bool | None = None,
) -> User:
    """Change what a person is, or close their account. None and KEEP: as it is.

    Closing, other roles and another agency end the person's sessions at once, but not those of whoever changes
    their own.

    Whose name changes stands on many forms (incidents they own, calls they have), so that the feed is reset. The caller
    has checked that the unit is the agency's; dispatch's `change_person` does, and sends who is closed offline.
    Raises Refused, Unknown, Invalid(`agency_needed`), Conflict(`last_admin`, `pbx_agent_taken`).
    """
    actor.require_any(Right.SETTINGS_WRITE)
    given: dict[str, Any] = {"name": name, "email": email, "language": language, "is_active": active}
    wanted = {field: value for field, value in given.items() if value is not None}
    placed = {"agency": agency, "unit_id": unit, "pbx_agent": pbx_agent}
    wanted |= {field: value for field, value in placed.items() if value is not Keep.KEEP}
    if roles is not None:
        wanted["roles"] = sorted(role.value for role in set(roles))
    with events.transaction():
        if _may_unmake(wanted):  # of two admins who unmake each other at once one comes second, and sees it
            list(_admins(actor.centre).order_by("pk").select_for_update(no_key=True).values_list("pk"))
        row = _locked(actor, user)
        _check_roles([Role(role) for role in wanted.get("roles", row.roles)], wanted.get("agency", row.agency))
        changed = sorted(field for field, value in wanted.items() if getattr(row, field) != value)
        if not changed:
            return row
        _keep_an_admin(row, wanted)
        for field in changed:
            setattr(row, field, wanted[field])
        _save(row, changed)
        if not row.is_active:
            end_sessions_of(row, actor=actor.ref, desk=actor.desk, why="closed")
        elif {"roles", "agency"}.intersection(changed) and actor.user != row.id:
            end_sessions_of(row, actor=actor.ref, desk=actor.desk, why="role_changed")
        data = {"roles": row.roles, "agency": row.agency_id, "unit": row.unit_id, "active": row.is_active}
        shown = [f"operator:{row.id}"] if SHOWN_OF_OPERATORS.intersection(changed) else []
        facts.of_user(
            AccountEvent.USER_CHANGED,
            row,
            actor=actor.ref,
            desk=actor.desk,
            data=data | {"fields": changed},
            also=shown,
        )
        if "name" in changed:
            events.reset_feed(actor=actor.ref, centre=row.centre_id, why=AccountEvent.USER_CHANGED, desk=actor.desk)
    return row


def give_password(*, actor: Actor, user: UUID) -> str:
    """Give a person a password that is good for one sign-in, and return it: it is nowhere to be read again.

    Ends their sessions. Raises Refused, Unknown.
    """
    password = once_password()
    change_password(actor=actor, user=user, password=password)
    return password


def once_password() -> str:
    """A password to be read out over the telephone: four groups of four letters and digits that nobody mistakes."""
    return "-".join("".join(secrets.choice(CLEAR) for _ in range(4)) for _ in range(4))


def change_password(*, actor: Actor, user: UUID, password: str, keep_session: str | None = None) -> User:
    """Set a password: one's own, or anybody's by an admin. Their other sessions end. keep_session: a session key.

    Raises Refused, Unknown, Invalid(`password_weak`).
    """
    if actor.user != user:
        actor.require_any(Right.SETTINGS_WRITE)
    hashed = User.objects.filter(centre_id=actor.centre, pk=user).first() or _locked(actor, user)
    _set_password(hashed, password)  # outside the transaction: no lock and no connection is held for so long
    with events.transaction():
        row = _locked(actor, user)
        row.password = hashed.password
        row.password_once = actor.user != user  # who sets another's password knows it: it is good for one sign-in
        row.save(update_fields=["password", "password_once"])
        end_sessions_of(row, actor=actor.ref, desk=actor.desk, why="password_changed", keep=keep_session)
        facts.of_user(AccountEvent.USER_PASSWORD_CHANGED, row, actor=actor.ref, desk=actor.desk, data={})
    return row


def choose_language(*, actor: Actor, language: str) -> User:
    """Choose the language one reads. Raises Invalid(`language_unknown`), Refused for a key."""
    if actor.user is None:
        raise Refused("not_allowed")
    if language not in dict(settings.LANGUAGES):
        raise Invalid.field("language", "language_unknown")
    with events.transaction():
        row = _locked(actor, actor.user)
        if row.language != language:
            row.language = language
            row.save(update_fields=["language"])
            data = {"fields": ["language"], "language": language}
            facts.of_user(AccountEvent.USER_CHANGED, row, actor=actor.ref, desk=actor.desk, data=data)
    return row


def keep_first_steps(*, actor: Actor, done: Collection[str], closed: bool) -> User:
    """Save which first steps of a training site a person has tried, and whether they put the list away.

    Codes of other steps are left out. Raises Refused for a key.
    """
    if actor.user is None:
        raise Refused("not_allowed")
    kept = [step.code for step in steps_of(actor) if step.code in done] + ([CLOSED] if closed else [])
    with events.transaction():
        row = _locked(actor, actor.user)
        if row.first_steps != kept:
            row.first_steps = kept
            row.save(update_fields=["first_steps"])
            facts.of_user(
                AccountEvent.USER_CHANGED, row, actor=actor.ref, desk=actor.desk, data={"fields": ["first_steps"]}
            )
    return row


def sign_on_unit(*, actor: Actor, user: UUID, unit: UUID | None) -> User:
    """Sign a crew member on to a unit of their agency, or off (None). Their sockets start anew with the other view.

    The caller has checked that the unit is the agency's. Raises Refused, Unknown.
    """
    with events.transaction():
        row = _locked(actor, user)
        own = actor.agency is not None and actor.agency == row.agency_id and actor.may(Right.UNIT_STATUS)
        if not own:
            actor.require_any(Right.SETTINGS_WRITE)
        if row.unit_id != unit:
            left, row.unit_id = row.unit_id, unit
            row.save(update_fields=["unit_id"])
            data = {"fields": ["unit"], "unit": unit, "left": left}
            facts.of_user(AccountEvent.USER_CHANGED, row, actor=actor.ref, desk=actor.desk, data=data)
    return row


def _locked(actor: Actor, user: UUID) -> User:
    row = User.objects.select_for_update(of=("self",), no_key=True).filter(centre_id=actor.centre, pk=user).first()
    if row is None:
        raise Unknown("user_unknown")
    return row


def _save(row: User, fields: Collection[str] | None = None) -> None:
    """Write a new person (no fields), or these fields of one. Raises Conflict where a name or telephone is taken."""
    try:
        with transaction.atomic():
            row.save(force_insert=fields is None, update_fields=fields)
    except IntegrityError as taken:
        raise Conflict("pbx_agent_taken" if "pbx_agent" in str(taken) else "username_taken") from None


def _check_roles(roles: Collection[Role], agency: Agency | None) -> None:
    """The roles agency_desk and crew belong to one agency (docs/rules/roles.md)."""
    if OF_AN_AGENCY & set(roles) and agency is None:
        raise Invalid.field("agency", "agency_needed")


def _keep_an_admin(row: User, wanted: dict[str, Any]) -> None:
    """Whoever is the last admin stays one: nobody could make another."""
    if _is_admin(row) and not _stays_admin(row, wanted) and not _admins(row.centre_id).exclude(pk=row.pk).exists():
        raise Conflict("last_admin")


def _may_unmake(wanted: dict[str, Any]) -> bool:
    """Whether a change could take an admin away, whoever it is of."""
    return wanted.get("is_active") is False or Role.ADMIN.value not in wanted.get("roles", [Role.ADMIN.value])


def _is_admin(row: User) -> bool:
    return row.is_active and Role.ADMIN in row.roles


def _stays_admin(row: User, wanted: dict[str, Any]) -> bool:
    return bool(wanted.get("is_active", row.is_active)) and Role.ADMIN.value in wanted.get("roles", row.roles)


def _admins(centre: UUID) -> QuerySet[User]:
    return User.objects.filter(centre_id=centre, is_active=True, roles__contains=[Role.ADMIN.value])


def _set_password(user: User, password: str | None, *, once: bool = False) -> None:
    """once: one of `once_password`, of 80 bits, which nobody guesses and a thousand of which are made in a moment.

    It needs no slow hash; what its owner chooses in its place gets one.
    """
    if password is not None and once:
        hasher = PBKDF2PasswordHasher()
        user.password = hasher.encode(password, hasher.salt(), iterations=ONCE_ITERATIONS)
        return
    if password is not None:
        try:
            validate_password(password, user)
        except ValidationError as weak:
            wrong = {"field": "password", "code": "password_weak", "message": " ".join(weak.messages)}
            raise Invalid([wrong], code="password_weak") from None
    user.set_password(password)
