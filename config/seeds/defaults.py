"""The defaults that every place gets: a centre, agencies, capabilities, types, plans, escalation rules, desks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings

from accounts.models import Agency, Centre, Desk
from alarms.models import Policy
from config.seeds.places import load_areas, load_places
from core.data_files import document, flag, insert_missing, lines, rows
from plans.models import IncidentDisposition, IncidentType, PlanNeed, ResponsePlan, TypeSynonyms
from plans.models.synonyms import LANGUAGES
from units.models import Capability

# What a rule's definition keeps of its entry in the shipped file.
_DEFINITION = ("subject", "filters", "after_seconds", "steps", "again_seconds")


def load_centre() -> Centre:
    """The place's first centre, locked; the shipped one where there is none yet."""
    if not Centre.objects.exists():
        row = rows("defaults/centres.csv")[0]
        made = {"name": row["name"], "time_zone": settings.TIME_ZONE}
        Centre.objects.get_or_create(code=row["code"], defaults=made)  # two loads at once make one
    centre = Centre.objects.select_for_update(no_key=True).order_by("code").first()
    assert centre is not None  # noqa: S101 - made above
    return centre


def load_defaults(centre: Centre, *, by: str, at: datetime) -> dict[str, int]:
    """Add what the centre lacks of the shipped defaults, inside a transaction; returns how many rows, by kind.

    by: the actor as the log names it, at: the time, both for rows that keep their author.
    """
    return {
        "areas": len(load_areas()),
        "places": len(load_places(centre)),
        "capabilities": len(insert_missing([Capability(**row) for row in rows("defaults/capabilities.csv")], "code")),
        "agencies": len(_load_agencies(centre)),
        "desks": len(
            insert_missing([Desk(centre=centre, **row) for row in rows("defaults/desks.csv")], "code", centre=centre)
        ),
        "types": len(insert_missing([_type(row) for row in rows("defaults/incident_types.csv")], "code")),
        "synonyms": _load_synonyms(),
        "dispositions": len(
            insert_missing([IncidentDisposition(**row) for row in rows("defaults/incident_dispositions.csv")], "code")
        ),
        "plans": _load_plans(centre, by=by, at=at),
        "rules": len(
            insert_missing(
                [_policy(centre, rule, by=by, at=at) for rule in document("defaults/escalation_rules.json")["rules"]],
                "rule",
                centre=centre,
            )
        ),
    }


def _load_agencies(centre: Centre) -> list[Agency]:
    capabilities: dict[str, list[str]] = {}
    for row in sorted(rows("defaults/agency_capabilities.csv"), key=lambda row: int(row["position"])):
        capabilities.setdefault(row["agency"], []).append(row["capability"])
    agencies = [
        Agency(
            centre=centre,
            code=row["code"],
            name=row["name_id"],
            name_en=row["name_en"],
            capabilities=capabilities.get(row["code"], []),
        )
        for row in rows("defaults/agencies.csv")
    ]
    return insert_missing(agencies, "code", centre=centre)


def _type(row: dict[str, str]) -> IncidentType:
    return IncidentType(
        code=row["code"],
        group=row["group"],
        name_id=row["name_id"],
        name_en=row["name_en"],
        priority=int(row["priority"]),
        lead=row["lead_agencies"].split(),
        support=row["support_agencies"].split(),
        apco=row["apco"].split(),
        restricted=flag(row["restricted"]),
        now=flag(row["now_case"]),
        sea=flag(row["sea"]),
        on_scene_update_seconds=int(row["on_scene_update_seconds"]),
    )


def _load_synonyms() -> int:
    """The shipped synonyms of types that have none yet; an empty row for the types of the site itself."""
    shipped = {row["code"]: row for row in rows("defaults/type_synonyms.csv")}
    codes = IncidentType.objects.order_by("code").values_list("code", flat=True)
    wanted = [
        TypeSynonyms(
            type_id=code,
            **{language: lines(row[language]) for language in LANGUAGES},
            **{name: cell for name, cell in row.items() if name not in {"code", *LANGUAGES}},
        )
        if (row := shipped.get(code))
        else TypeSynonyms(type_id=code)
        for code in codes
    ]
    return len(insert_missing(wanted, "type_id"))


def _load_plans(centre: Centre, *, by: str, at: datetime) -> int:
    parts: dict[str, list[dict[str, str]]] = {}
    for row in rows("defaults/plans.csv"):
        parts.setdefault(row["type"], []).append(row)
    plans = insert_missing(
        [
            ResponsePlan(
                centre=centre,
                type_id=code,
                # An agency with the role `next` is asked when the lead refuses: it stands in the type's lead list.
                tasks=[part["agency"] for part in own if part["role"] != "next"],
                made_at=at,
                made_by=by,
            )
            for code, own in parts.items()
        ],
        "type_id",
        centre=centre,
    )
    PlanNeed.objects.bulk_create(
        # Any agency's unit with the capability will do: a puskesmas' ambulance is as good as PSC 119's.
        PlanNeed(plan=plan, agency=None, capability=part["capability"], count=int(part["count"]), order=order)
        for plan in plans
        for order, part in enumerate((part for part in parts[plan.type_id] if part["capability"]), start=1)
    )
    return len(plans)


def _policy(centre: Centre, rule: dict[str, Any], *, by: str, at: datetime) -> Policy:
    return Policy(
        centre=centre,
        rule=rule["rule"],
        name_id=rule["name_id"],
        name_en=rule["name_en"],
        definition={key: rule[key] for key in _DEFINITION if key in rule},
        made_at=at,
        made_by=by,
    )
