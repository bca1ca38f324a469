"""Response plans: each edit makes a new version."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib.admin import display
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.admin import LinesField, RowField, SettingsForm, VersionedAdmin, column
from core.errors import Invalid
from plans.actions.settings import Need, revise_plan
from plans.models import IncidentType, PlanNeed, ResponsePlan
from units.admin import agency_choices, capability_choices

OPTIONAL = "optional"


def written(need: PlanNeed) -> str:
    """A need as it is written: "2 fire_engine DAMKAR optional"."""
    words = [str(need.count), need.capability, need.agency or "", "" if need.required else OPTIONAL]
    return " ".join(word for word in words if word)


def read(line: str) -> Need | None:
    """A need as it was written; None for what is none."""
    words = line.split()
    required = words[-1:] != [OPTIONAL]
    words = words if required else words[:-1]
    if len(words) not in {2, 3} or not words[0].isdecimal() or not 1 <= int(words[0][:3]) <= 99:
        return None
    return Need(int(words[0]), words[1], words[2].upper() if len(words) > 2 else None, required)


@display(description=_("Units needed"))
def needs_shown(plan: ResponsePlan) -> str:
    """The needs of a plan in one line."""
    return "; ".join(written(need) for need in plan.needs.all())


class NeedsField(LinesField):
    """The units a plan needs, one kind a line."""

    def clean(self, value: Any) -> list[str]:
        """The lines, each one readable."""
        lines = super().clean(value)
        for number, line in enumerate(lines, start=1):
            if read(line) is None:
                raise ValidationError(
                    gettext("Line %(number)s can't be read. Write how many and the capability: 2 fire_engine DAMKAR."),
                    params={"number": number},
                )
        return lines


class PlanForm(SettingsForm):
    """A plan."""

    type = RowField(_("Incident type"), lambda: IncidentType.objects.order_by("code"))
    needs = NeedsField(
        _("Units needed"),
        choices=lambda: ((f"1 {code}", named) for code, named in capability_choices()),
        help_text=_(
            "One kind a line: how many, the capability, perhaps an agency, perhaps the word optional: "
            "2 fire_engine DAMKAR optional."
        ),
    )
    tasks = LinesField(
        _("Agencies that get a task"),
        choices=agency_choices,
        help_text=_("One code a line, in order; ALL: every agency with a desk on duty."),
    )

    @classmethod
    def initial_from(cls, row: Model) -> dict[str, Any]:
        """A version in its fields."""
        if row._state.adding or not isinstance(row, ResponsePlan):
            return dict.fromkeys(cls.base_fields)
        return {"type": row.type_id, "needs": [written(need) for need in row.needs.all()], "tasks": row.tasks}


class PlanAdmin(VersionedAdmin):
    """The plans."""

    form = PlanForm
    key = "type"
    fixed = ("type",)
    lineage = "type_id"
    list_display = (
        column("type", _("Incident type")), column("type.name_id", _("Name in Indonesian")),
        needs_shown, column("tasks", _("Agencies that get a task"), order=""),
        column("version", _("Version")), column("made_at", _("Since")),
    )  # fmt: skip
    search_fields = ("type__code", "type__name_id", "type__name_en")
    ordering = ("type",)

    def rows_of(self, actor: Actor) -> QuerySet[Any]:
        """With their types and needs."""
        return super().rows_of(actor).select_related("type").prefetch_related("needs")

    def subject_of(self, row: Any) -> str:
        """A plan by its type."""
        return f"plan:{row.type_id}"

    def needs(self, row: ResponsePlan) -> str:
        """The needs for who only reads."""
        return needs_shown(row)

    def require_new(self, actor: Actor, cleaned: dict[str, Any]) -> None:
        """Raise Invalid where the type has a plan already."""
        if self.rows_of(actor).filter(type=cleaned["type"]).exists():
            raise Invalid.field("type", "code_taken")

    def save_with_action(
        self,
        actor: Actor,
        row: ResponsePlan | None,
        cleaned: dict[str, Any],
        changed: Collection[str],  # noqa: ARG002
    ) -> ResponsePlan:
        """Make the next version."""
        return revise_plan(
            actor=actor,
            type=row.type_id if row else cleaned["type"].code,
            tasks=[code.upper() for code in cleaned["tasks"]],
            needs=[need for need in map(read, cleaned["needs"]) if need],
            based_on=row.id if row else None,
        )
