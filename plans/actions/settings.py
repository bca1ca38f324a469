"""Changing incident types and response plans."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.actors import Actor
from accounts.models import Agency
from accounts.roles import Right
from core import clock, events
from core.errors import Conflict, Invalid, Unknown
from plans.events import PlanEvent
from plans.models import ALL, IncidentType, PlanNeed, ResponsePlan, TypeSynonyms
from units.queries import known_capabilities

__all__ = ["put_type", "revise_plan"]

_TYPE = re.compile(r"[A-Z][0-9]{2}")
TYPE_FIELDS = (
    "name_id", "name_en", "priority", "lead", "support", "apco", "restricted", "now", "sea", "on_scene_update_seconds",
    "active",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Need:
    """A line of a plan: how many units of a capability, of which agency (None: any)."""

    count: int
    capability: str
    agency: str | None = None
    required: bool = True


def put_type(*, actor: Actor, code: str, changes: Mapping[str, Any]) -> tuple[IncidentType, bool]:
    """Make a type, or change, close or reopen the one with this code: (type, whether it is new).

    changes: some of `TYPE_FIELDS`; all that have no default for a new one. Its letter is its group. Open incidents keep
    what they took of it when they were opened. Raises Refused, Invalid(`type_malformed`, `agency_unknown`).
    """
    actor.require_any(Right.SETTINGS_WRITE)
    if not _TYPE.fullmatch(code):
        raise Invalid.field("code", "type_malformed")
    wanted = {field: changes[field] for field in TYPE_FIELDS if field in changes}
    with events.transaction():
        for field in ("lead", "support"):
            _check_agencies(actor, wanted.get(field, ()), field)
        rows = IncidentType.objects.select_for_update(no_key=True)
        row, new = rows.get_or_create(code=code, defaults=wanted | {"group": code[0]})
        changed = sorted(field for field, value in wanted.items() if getattr(row, field) != value)
        for field in changed:
            setattr(row, field, wanted[field])
        if changed:
            row.save(update_fields=changed)
        if new:
            TypeSynonyms.objects.get_or_create(type=row)
        if new or changed:
            data = {field: getattr(row, field) for field in ("priority", "restricted", "now", "sea", "active")}
            events.append(
                PlanEvent.INCIDENT_TYPE_MADE if new else PlanEvent.INCIDENT_TYPE_EDITED,
                actor=actor.ref,
                desk=actor.desk,
                subjects=[f"type:{code}", f"centre:{actor.centre}"],
                data=data | {"code": code, "fields": changed},
            )
        return row, new


def revise_plan(
    *,
    actor: Actor,
    type: str,  # noqa: A002 - the wire's word
    tasks: Sequence[str],
    needs: Sequence[Need],
    based_on: UUID | None,
) -> ResponsePlan:
    """Say anew what a type needs and whom it tasks, as the plan's next version; what runs keeps its own.

    tasks: agency codes in order, or ALL. based_on: the version that was looked at, None for a type without a plan.
    The same again makes no version. Raises Refused, Unknown(`type_unknown`), Conflict(`version_old`),
    Invalid(`agency_unknown`, `capability_unknown`).
    """
    actor.require_any(Right.SETTINGS_WRITE)
    with events.transaction():
        kind = IncidentType.objects.filter(code=type).first()
        if kind is None:
            raise Unknown("type_unknown")
        old = (
            ResponsePlan.objects.select_for_update(of=("self",), no_key=True)
            .filter(centre_id=actor.centre, type=kind, current=True)
            .first()
        )
        if (old.id if old else None) != based_on:
            raise Conflict("version_old", version=old.version if old else 0)
        _check_agencies(actor, [code for code in tasks if code != ALL], "tasks")
        _check_agencies(actor, [need.agency for need in needs if need.agency], "needs")
        if any(need.capability not in known_capabilities() for need in needs):
            raise Invalid.field("needs", "capability_unknown")
        if old is not None:
            if list(old.tasks) == list(tasks) and _needs_of(old) == list(needs):
                return old
            ResponsePlan.objects.filter(pk=old.pk).update(current=False)
        try:
            with transaction.atomic():
                new = ResponsePlan.objects.create(
                    centre_id=actor.centre,
                    type=kind,
                    version=old.version + 1 if old else 1,
                    tasks=list(tasks),
                    made_at=clock.now(),
                    made_by=actor.ref,
                )
        except IntegrityError:  # of two who say the first one at once the second looks at the first's
            raise Conflict("version_old", version=1) from None
        PlanNeed.objects.bulk_create(
            PlanNeed(
                plan=new,
                agency=need.agency,
                capability=need.capability,
                count=need.count,
                required=need.required,
                order=order,
            )
            for order, need in enumerate(needs, start=1)
        )
        events.append(
            PlanEvent.PLAN_REVISED,
            actor=actor.ref,
            desk=actor.desk,
            subjects=[f"plan:{type}", f"type:{type}", f"centre:{actor.centre}"],
            data={"code": type, "version": new.version, "tasks": new.tasks},
        )
        return new


def _needs_of(plan: ResponsePlan) -> list[Need]:
    rows = plan.needs.order_by("order")
    return [Need(row.count, row.capability, row.agency, row.required) for row in rows]


def _check_agencies(actor: Actor, codes: Sequence[str], field: str) -> None:
    known = set(Agency.objects.filter(centre_id=actor.centre, code__in=codes).values_list("code", flat=True))
    if set(codes) - known - {ALL}:
        raise Invalid.field(field, "agency_unknown")
