"""The forms of the admin pages: they judge words; what is written, an action writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.db.models import Model

from accounts.admin.fields import RowField
from core.errors import DomainError
from core.problems import spoken

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Any]
else:
    _ModelForm = forms.ModelForm  # generic to the type checker only


class SettingsForm(_ModelForm):
    """A row's form. Nothing is put on the row: the admin hands what was said to an action.

    `refusal`: what the action said to a form that was right as such; it stands where it belongs.
    """

    refusal: ClassVar[DomainError | None] = None

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        if not self.is_new:
            self.initial = self.told(self.instance) | {
                name: value for name, value in (named.get("initial") or {}).items() if name in self.fields
            }

    @property
    def is_new(self) -> bool:
        """Whether the row is yet to be made."""
        return bool(self.instance._state.adding)

    @classmethod
    def told(cls, row: Model) -> dict[str, Any]:
        """What a row says in each field."""
        said: dict[str, Any] = {}
        for name, field in cls.base_fields.items():
            value = getattr(row, name, None)
            said[name] = getattr(value, str(field.to_field_name), None) if isinstance(field, RowField) else value
        return said

    def clean(self) -> dict[str, Any]:
        """Add what an action refused."""
        cleaned = super().clean() or {}
        if self.refusal is not None:
            for field, message in spoken(self.refusal):
                name = field.partition(".")[0]
                self.add_error(name if name in self.fields else None, message)
        return cleaned

    def _post_clean(self) -> None:
        """Leave the row as it is in the database."""
