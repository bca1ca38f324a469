"""Who is notified, by which address: resolved when a message is sent, so that it finds whoever is on duty then."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from accounts.models import User
from accounts.roles import Role
from alarms.models import Duty
from core import clock

# An escalation's duty officer is whoever the roster names; without a roster the supervisors stand in.
_STAND_INS = {"duty_officer": Role.SUPERVISOR, "agency_head": Role.AGENCY_DESK}


def resolve(target: str) -> list[tuple[str, str]]:
    """The (address, language) pairs behind "role:<role>", "agency:<uuid>" or "user:<uuid>".

    People without an e-mail address are left out; a target that nobody stands behind resolves to nothing.
    """
    kind, _, name = target.partition(":")
    if kind == "role":
        return _addresses(_in_role(name))
    if kind == "agency":
        return _addresses(User.objects.filter(agency_id=UUID(name), roles__contains=[Role.AGENCY_DESK]))
    if kind == "user":
        return _addresses(User.objects.filter(id=UUID(name)))
    return []


def _in_role(role: str) -> Iterable[User]:
    now = clock.now()
    on_duty = User.objects.filter(
        id__in=Duty.objects.filter(role=role, starts_at__lte=now, ends_at__gt=now).values("user_id")
    )
    return on_duty if on_duty.exists() else User.objects.filter(roles__contains=[_STAND_INS.get(role, role)])


def _addresses(people: Iterable[User]) -> list[tuple[str, str]]:
    return [(person.email, person.language) for person in people if person.is_active and person.email]
