"""Who is notified, by which address: resolved when a message is sent, so that it finds whoever is on duty then."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Q

from accounts.models import User
from accounts.roles import Role
from alarms.models import Duty
from core import clock

_OF_IDS = ("agency:", "user:")
# An escalation's duty officer is whoever the roster names; without a roster the supervisors stand in.
_STAND_INS = {"duty_officer": Role.SUPERVISOR, "agency_head": Role.AGENCY_DESK}


def resolve(targets: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """The (address, language) pairs behind each of "role:<role>", "agency:<uuid>" and "user:<uuid>".

    People without an e-mail address are left out; a target that nobody stands behind resolves to nothing. One query
    for all agencies and people together, two for a role. Raises ValueError for an id that is none.
    """
    found: dict[str, list[tuple[str, str]]] = {target: [] for target in targets}
    ids = {kind: {UUID(target[len(kind) :]) for target in targets if target.startswith(kind)} for kind in _OF_IDS}
    if any(ids.values()):
        desks = Q(agency__in=ids["agency:"], roles__contains=[Role.AGENCY_DESK])
        for person in User.objects.filter(desks | Q(id__in=ids["user:"])).order_by("id"):
            for target in (f"agency:{person.agency_id}", f"user:{person.id}"):
                if target in found and (target.startswith("user:") or Role.AGENCY_DESK in person.roles):
                    found[target] += _addresses([person])
    for target in targets:
        if target.startswith("role:"):
            found[target] = _addresses(_in_role(target.removeprefix("role:")))
    return found


def _in_role(role: str) -> Iterable[User]:
    now = clock.now()
    on_duty = User.objects.filter(
        id__in=Duty.objects.filter(role=role, starts_at__lte=now, ends_at__gt=now).values("user_id")
    )
    return on_duty if on_duty.exists() else User.objects.filter(roles__contains=[_STAND_INS.get(role, role)])


def _addresses(people: Iterable[User]) -> list[tuple[str, str]]:
    return [(person.email, person.language) for person in people if person.is_active and person.email]
