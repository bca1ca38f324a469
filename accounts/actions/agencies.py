"""Making, describing, closing and reopening agencies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction

from accounts import events as facts
from accounts.actors import Actor
from accounts.events import AccountEvent
from accounts.models import Agency
from accounts.roles import Reach, Right
from core import events
from core.errors import Refused
from core.types import made_code

__all__ = ["put_agency"]


def put_agency(
    *,
    actor: Actor,
    code: str,
    name: str,
    name_en: str | None = None,
    capabilities: Sequence[str] | None = None,
    active: bool | None = None,
) -> tuple[Agency, bool]:
    """Make an agency, or describe the one with this code anew: (agency, whether it is new). None: stays as it is.

    capabilities: codes that the caller has checked, first one first (units, which knows them, stands above). active:
    False closes it: no task is offered to it any more; what it is part of goes on. Forms carry an agency's code and
    never its name, so that no form changes. Raises Refused, Invalid(`code_malformed`).
    """
    own = actor.require(Right.SETTINGS_WRITE) is Reach.OWN
    code = made_code(code, "code")
    with events.transaction():
        if own and not Agency.objects.filter(id__in=[actor.agency], code=code).exists():
            raise Refused("not_allowed")
        if own and (capabilities is not None or active is not None):
            raise Refused("not_allowed")
        given: dict[str, Any] = {"name": name, "name_en": name_en, "capabilities": capabilities, "active": active}
        wanted = {field: value for field, value in given.items() if value is not None}
        if capabilities is not None:
            wanted["capabilities"] = list(dict.fromkeys(capabilities))
        agency, made = _take(actor, code, wanted)
        data = {"code": code, "capabilities": agency.capabilities, "active": agency.active}
        if made:
            facts.of_agency(AccountEvent.AGENCY_MADE, agency, actor=actor.ref, desk=actor.desk, data=data)
            return agency, True
        changed = sorted(field for field, value in wanted.items() if getattr(agency, field) != value)
        if changed:
            for field in changed:
                setattr(agency, field, wanted[field])
            agency.save(update_fields=changed)
            data |= {"capabilities": agency.capabilities, "active": agency.active, "fields": changed}
            facts.of_agency(AccountEvent.AGENCY_EDITED, agency, actor=actor.ref, desk=actor.desk, data=data)
    return agency, False


def _take(actor: Actor, code: str, wanted: dict[str, Any]) -> tuple[Agency, bool]:
    """The agency of a code, locked, or a new one; of two who make it at once the second takes the first's."""
    rows = Agency.objects.select_for_update(no_key=True).filter(centre_id=actor.centre, code=code)
    agency = rows.first()
    if agency is not None:
        return agency, False
    try:
        with transaction.atomic():
            return Agency.objects.create(centre_id=actor.centre, code=code, **wanted), True
    except IntegrityError:
        return rows.get(), False
