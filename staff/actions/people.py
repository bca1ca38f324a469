"""People and what hangs on them in several apps: the unit a crew is signed on to, the operator who is closed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from accounts.actions import change_user, make_user
from accounts.actions.people import Keep, once_password
from accounts.actors import Actor
from accounts.models import Agency, User
from accounts.roles import Right, Role
from calls.domain.operator_sync import lock_operators, set_state
from calls.models import Operator
from calls.states import OperatorStatus
from core import clock, events
from core.errors import Invalid, Unknown
from units.models import Unit

__all__ = ["change_person", "engage_person"]


def engage_person(
    *,
    actor: Actor,
    username: str,
    name: str,
    roles: Collection[Role],
    agency: Agency | None = None,
    unit: UUID | None = None,
    language: str = "id",
    email: str = "",
    pbx_agent: str | None = None,
) -> tuple[User, str]:
    """Make a person with a password that is good for one sign-in: (who, the password, which is shown once).

    Raises Refused, Invalid(`unit_not_of_agency`) and as `make_user`.
    """
    actor.require_any(Right.SETTINGS_WRITE)
    password = once_password()
    with events.transaction():
        _check_unit(actor, unit, agency.id if agency else None)
        user = make_user(
            actor=actor,
            username=username,
            name=name,
            roles=roles,
            agency=agency,
            unit=unit,
            language=language,
            email=email,
            pbx_agent=pbx_agent,
            password=password,
            once=True,
        )
    return user, password


def change_person(*, actor: Actor, user: UUID, changes: dict[str, Any]) -> User:
    """Change what a person is (`change_user`'s keywords), close or reopen their account.

    Who is closed goes offline at once: nothing rings at an empty desk. A call they have remains with them until a
    supervisor takes it over: closing an account must never wait.
    Raises Refused, Unknown, Invalid(`unit_not_of_agency`) and as `change_user`.
    """
    actor.require_any(Right.SETTINGS_WRITE)
    with events.transaction():
        row = User.objects.filter(centre_id=actor.centre, pk=user).first()
        if row is None:
            raise Unknown("user_unknown")
        agency = changes.get("agency", row.agency)
        unit = changes.get("unit", Keep.KEEP)
        if unit is not Keep.KEEP:
            _check_unit(actor, unit, agency.id if agency else None)
        elif row.unit_id and "agency" in changes and agency != row.agency:
            changes = changes | {"unit": None}
        if changes.get("active") is False:
            _send_offline(actor, user)
        return change_user(actor=actor, user=user, **changes)


def _send_offline(actor: Actor, user: UUID) -> None:
    if not Operator.objects.filter(user=user).exclude(state=OperatorStatus.OFFLINE).exists():
        return
    operator = lock_operators({user})[0]
    if operator.state != OperatorStatus.OFFLINE:
        set_state(operator, OperatorStatus.OFFLINE, actor=actor, at=clock.now())


def _check_unit(actor: Actor, unit: UUID | None, agency: UUID | None) -> None:
    if unit is None:
        return
    if agency is None or not Unit.objects.filter(pk=unit, centre_id=actor.centre, agency=agency, active=True).exists():
        raise Invalid.field("unit", "unit_not_of_agency")
