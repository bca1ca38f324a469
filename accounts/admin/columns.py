"""Columns and filters of the admin's lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency

Column = Callable[[Any], Any]


def column(path: str, label: str | Promise, *, order: str | None = None) -> Column:
    """A column that shows an attribute ("agency.code"); a list as its members. order: what it sorts by; "" nothing."""

    def shown(row: Model) -> Any:
        value: Any = row
        for name in path.split("."):
            value = getattr(value, name, None)
        value = value() if callable(value) else value
        return ", ".join(str(each) for each in value) if isinstance(value, list) else value

    return _dressed(shown, path, label, path.replace(".", "__") if order is None else order)


def flag(path: str, label: str | Promise) -> Column:
    """A column of yes and no."""

    def shown(row: Model) -> str:
        return gettext("yes") if getattr(row, path) else gettext("no")

    return _dressed(shown, path, label, path)


def _dressed(shown: Any, path: str, label: str | Promise, order: str) -> Column:
    shown.__name__ = path.replace(".", "_")
    shown.short_description = label
    if order:
        shown.admin_order_field = order
    column: Column = shown
    return column


class InUseFilter(SimpleListFilter):
    """What is in use, what is closed, or both."""

    title = _("State")
    parameter_name = "state"
    field = "active"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, Any]]:  # noqa: ARG002
        """The choices."""
        return [("open", _("in use")), ("closed", _("closed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002
        """Those chosen."""
        wanted = self.value()
        return queryset.filter(**{self.field: wanted == "open"}) if wanted in {"open", "closed"} else queryset


class AgencyFilter(SimpleListFilter):
    """What belongs to one agency."""

    title = _("Agency")
    parameter_name = "agency"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, Any]]:  # noqa: ARG002
        """The centre's agencies."""
        centre = request.actor.centre  # type: ignore[attr-defined]  # set by accounts.pages.decorators
        return [
            (code, code)
            for code in Agency.objects.filter(centre=centre).order_by("code").values_list("code", flat=True)
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002
        """Those of the agency chosen."""
        return queryset.filter(agency__code=self.value()) if self.value() else queryset
