"""The admin page of the escalation rules: each edit makes a new version."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.admin import SettingsForm, SeveralField, VersionedAdmin, WordField, column
from alarms.actions import revise_policy
from alarms.models import Policy
from alarms.policies import again_seconds, roles_of

PRIORITIES = ("any", "1", "2", "3", "4", "5")
LEVELS = (1, 2, 3)
ROLES = {
    "call_taker": _("call-takers"),
    "dispatcher": _("dispatchers"),
    "supervisor": _("supervisors"),
    "duty_officer": _("duty officer"),
    "agency_desk": _("the agency's desk"),
    "agency_head": _("head of the agency"),
    "crew": _("the crew"),
    "admin": _("admins"),
}


def role_choices() -> Iterator[tuple[str, Any]]:
    """Whom a level can tell."""
    yield from ROLES.items()


class SecondsField(WordField):
    """Seconds to each level: "60 90 180"."""

    def __init__(self, label: Any, **named: Any) -> None:
        super().__init__(label, most=60, needed=False, **named)
        self.widget.attrs["inputmode"] = "numeric"

    def prepare_value(self, value: Any) -> Any:
        """As they are written."""
        return " ".join(str(each) for each in value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[int]:
        """The seconds."""
        words = super().clean(value).replace(",", " ").split()
        if not all(word.isdecimal() and len(word) <= 8 for word in words):
            raise ValidationError(gettext("Write whole seconds, divided by blanks: 60 90 180."))
        return [int(word) for word in words]


class PolicyForm(SettingsForm):
    """A rule: when each level comes, by priority, whom it notifies, how long an acknowledgement holds."""

    rule = forms.IntegerField(label=_("Rule"), min_value=1, max_value=99)
    name_id = WordField(_("Name in Indonesian"))
    name_en = WordField(_("Name in English"))
    after_any = SecondsField(
        _("Seconds to levels 1, 2, 3"), help_text=_("For every priority that says nothing of its own: 60 90 180.")
    )
    after_1 = SecondsField(_("Seconds for P1"))
    after_2 = SecondsField(_("Seconds for P2"))
    after_3 = SecondsField(_("Seconds for P3"))
    after_4 = SecondsField(_("Seconds for P4"))
    after_5 = SecondsField(_("Seconds for P5"))
    roles_1 = SeveralField(_("Level 1 tells"), role_choices)
    roles_2 = SeveralField(_("Level 2 tells"), role_choices)
    roles_3 = SeveralField(_("Level 3 tells"), role_choices)
    again_1 = forms.IntegerField(
        label=_("Acknowledged P1 comes back after"), min_value=10, max_value=86_400, help_text=_("Seconds.")
    )
    again_any = forms.IntegerField(
        label=_("Others come back after"), min_value=10, max_value=86_400, help_text=_("Seconds.")
    )

    @classmethod
    def initial_from(cls, row: Model) -> dict[str, Any]:
        """A version in its fields."""
        if not isinstance(row, Policy) or not row.definition:
            return dict.fromkeys(cls.base_fields)
        table = row.definition["after_seconds"]
        return {
            "rule": row.rule,
            "name_id": row.name_id,
            "name_en": row.name_en,
            **{f"after_{key}": [each for each in table.get(key) or [] if each is not None] for key in PRIORITIES},
            **{f"roles_{level}": roles_of(row, level) for level in LEVELS},
            "again_1": again_seconds(row, 1),
            "again_any": again_seconds(row, None),
        }


class PolicyAdmin(VersionedAdmin):
    """The escalation rules (docs/rules/escalation.md). Which there are is built in; the centre defines each."""

    form = PolicyForm
    key = "rule"
    fixed = ("rule",)
    lineage = "rule"
    list_display = (
        column("rule", _("Rule")), column("name_id", _("Name in Indonesian")),
        column("name_en", _("Name in English")), column("version", _("Version")), column("made_at", _("Since")),
    )  # fmt: skip
    search_fields = ("name_id", "name_en")
    ordering = ("rule",)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Nobody: a rule needs a condition that the program watches."""
        return False

    def subject_of(self, row: Any) -> str:
        """A rule by its number."""
        return f"rule:{row.rule}"

    def save_with_action(
        self,
        actor: Actor,
        row: Policy | None,
        cleaned: dict[str, Any],
        changed: Collection[str],  # noqa: ARG002
    ) -> Policy:
        """Make the next version."""
        if row is None:
            raise ValidationError({"rule": gettext("There is no such rule: which there are is built in.")})
        return revise_policy(
            actor=actor,
            policy=row.id,
            name_id=cleaned["name_id"],
            name_en=cleaned["name_en"],
            after_seconds={key: cleaned[f"after_{key}"] for key in PRIORITIES if cleaned[f"after_{key}"]},
            roles={level: cleaned[f"roles_{level}"] for level in LEVELS},
            again_seconds={"1": cleaned["again_1"], "any": cleaned["again_any"]},
        )
