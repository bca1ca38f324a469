"""Making and renaming agencies."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from accounts import events as facts
from accounts.actors import Actor
from accounts.models import Agency
from accounts.roles import Reach, Right
from core import events
from core.errors import Refused

__all__ = ["put_agency"]


def put_agency(
    *, actor: Actor, desk: str | None, code: str, name: str, name_en: str | None = None
) -> tuple[Agency, bool]:
    """Make an agency, or give the one with this code another name: (agency, whether it is new).

    Forms carry an agency's code and never its name, so that a new name changes no form. Raises Refused.
    """
    own = actor.require(Right.SETTINGS_WRITE) is Reach.OWN
    with events.transaction():
        if own and not Agency.objects.filter(id__in=[actor.agency], code=code).exists():
            raise Refused("not_allowed")
        agency, made = _take(actor, code, name, name_en)
        if made:
            facts.of_agency(facts.AGENCY_MADE, agency, actor=actor.ref, desk=desk, data={"code": code})
            return agency, True
        wanted = {"name": name} | ({} if name_en is None else {"name_en": name_en})
        changed = [field for field, value in wanted.items() if getattr(agency, field) != value]
        if changed:
            for field in changed:
                setattr(agency, field, wanted[field])
            agency.save(update_fields=changed)
            facts.of_agency(
                facts.AGENCY_EDITED, agency, actor=actor.ref, desk=desk, data={"code": code, "fields": sorted(changed)}
            )
    return agency, False


def _take(actor: Actor, code: str, name: str, name_en: str | None) -> tuple[Agency, bool]:
    """The agency of a code, locked, or a new one; of two who make it at once the second takes the first's."""
    rows = Agency.objects.select_for_update(no_key=True).filter(centre_id=actor.centre, code=code)
    agency = rows.first()
    if agency is not None:
        return agency, False
    try:
        with transaction.atomic():
            return Agency.objects.create(centre_id=actor.centre, code=code, name=name, name_en=name_en or ""), True
    except IntegrityError:
        return rows.get(), False
