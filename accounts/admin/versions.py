"""Settings of which each edit makes a new version; what runs keeps the one it started with."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from accounts.actors import Actor
from accounts.admin.fields import cell_of
from accounts.admin.settings import actor_of
from accounts.admin.tables import TableAdmin
from core.errors import Conflict


class VersionedAdmin(TableAdmin):
    """Settings with versions. lineage: the field that all versions of one thing share. `made_by`: who made it."""

    object_history_template = "admin/versions.html"
    lineage: ClassVar[str] = ""

    def rows_of(self, actor: Actor) -> QuerySet[Any]:
        """The current ones."""
        return super().rows_of(actor).filter(current=True)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Also one that is no longer current: its address still stands on somebody's screen."""
        found = super().get_object(request, object_id, from_field)
        if found is None and self.model._default_manager.filter(pk=_uuid_or_none(self, object_id)).exists():
            mine = self.model._default_manager.filter(centre=actor_of(request).centre)
            found = mine.filter(pk=object_id).first()
        return found

    def require_current(self, row: Any) -> None:
        """Raise Conflict(`version_old`) where somebody has made another version meanwhile."""
        if not row.current:
            raise Conflict("version_old", version=row.version)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The versions, newest first, each with what it changed, above the events of the row."""
        row = self.get_object(request, object_id)
        site: Any = self.admin_site
        versions = []
        if row is not None:
            same = {"centre": row.centre_id, self.lineage: getattr(row, self.lineage)}
            rows = list(self.model._default_manager.filter(**same).order_by("version"))
            names = site.names({version.made_by for version in rows})
            before: dict[str, str] = {}
            for version in rows:
                cells = self._cells(version)
                changes = [
                    (self.form.base_fields[name].label, before[name], cell)
                    for name, cell in cells.items()
                    if before and before[name] != cell
                ]
                versions.append({"row": version, "by": names.get(version.made_by, version.made_by), "changes": changes})
                before = cells
        return super().history_view(request, object_id, {"versions": versions[::-1], **(extra_context or {})})

    def _cells(self, row: Any) -> dict[str, str]:
        values = self.form.initial_from(row)
        return {name: cell_of(field, values[name]) for name, field in self.form.base_fields.items()}


def _uuid_or_none(admin: TableAdmin, object_id: str) -> Any:
    """A row's id out of an address; None for a text that is none."""
    try:
        return admin.model._meta.pk.to_python(object_id)
    except Exception:  # noqa: BLE001 - whatever the field says of a bad id
        return None
