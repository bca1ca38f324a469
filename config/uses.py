"""Where a row of the settings is used: the rows that name it, with links to their pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Model, Q, QuerySet
from django.urls import reverse

from accounts.models import Agency, Desk, User
from directory.models import Contact
from plans.models import IncidentType, ResponsePlan
from units.models import Capability, Station, Unit

MOST_LINKS = 8


@dataclass(frozen=True, slots=True)
class Use:
    """The rows of one kind that use another row. page: their list; links: (address, name) of some; more: the others."""

    name: str
    count: int
    page: str
    links: list[tuple[str, str]]
    more: int


def uses_of(row: Model) -> list[Use]:
    """What uses a row, by kind; [] where nothing does."""
    found = [use for rows in _using(row) if (use := _use(rows))]
    return sorted(found, key=lambda use: -use.count)


def _using(row: Model) -> Iterator[QuerySet[Model]]:
    """The rows that name another one."""
    if isinstance(row, Agency):
        here = {"centre": row.centre_id}
        yield Station.objects.filter(agency=row).order_by("code")
        yield Unit.objects.filter(agency=row).order_by("callsign")
        yield Desk.objects.filter(agency=row).order_by("code")
        yield User.objects.filter(agency=row).order_by("username")
        yield Contact.objects.filter(agency=row).order_by("code")
        yield IncidentType.objects.filter(Q(lead__contains=[row.code]) | Q(support__contains=[row.code])).order_by(
            "code"
        )
        named = Q(tasks__contains=[row.code]) | Q(needs__agency=row.code)
        yield ResponsePlan.objects.filter(named, current=True, **here).distinct().order_by("type")
    elif isinstance(row, Station):
        yield Unit.objects.filter(station=row).order_by("callsign")
    elif isinstance(row, Unit):
        yield User.objects.filter(unit_id=row.pk).order_by("username")
    elif isinstance(row, Capability):
        yield Unit.objects.filter(capabilities__contains=[row.code]).order_by("callsign")
        yield Agency.objects.filter(capabilities__contains=[row.code]).order_by("code")
        needing = ResponsePlan.objects.filter(needs__capability=row.code, current=True)
        yield needing.distinct().order_by("type")
    elif isinstance(row, IncidentType):
        yield ResponsePlan.objects.filter(type=row, current=True)


def _use(rows: QuerySet[Model]) -> Use | None:
    count = rows.count()
    if not count:
        return None
    meta = rows.model._meta
    name = f"admin:{meta.app_label}_{meta.model_name}"
    links = [(reverse(f"{name}_change", args=[each.pk]), str(each)) for each in rows[:MOST_LINKS]]
    return Use(
        str(meta.verbose_name_plural if count > 1 else meta.verbose_name),
        count,
        reverse(f"{name}_changelist"),
        links,
        count - len(links),
    )
