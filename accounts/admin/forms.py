"""The forms of the admin pages: they validate values; an action writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.admin.fields import RowField, cell_of, plain
from core.errors import DomainError
from core.problems import form_errors

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Any]
else:
    _ModelForm = forms.ModelForm  # generic to the type checker only


class SettingsForm(_ModelForm):
    """A row's form. Nothing is put on the row: the admin passes the cleaned data to an action.

    It carries what it was filled with when it was opened: what somebody else has changed since then stays, unless it
    was changed here too; then the second person gets an error and saves once more.
    `refusal`: the action's error for a valid form; it is shown at its field.
    """

    refusal: ClassVar[DomainError | None] = None

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        if not self.is_new:
            self.initial = self.initial_from(self.instance) | {
                name: value for name, value in (named.get("initial") or {}).items() if name in self.fields
            }
            carried = not self.is_bound or any(key.startswith("initial-") for key in self.data)
            for field in self.fields.values():
                field.show_hidden_initial = carried

    @property
    def is_new(self) -> bool:
        """Whether the row is yet to be made."""
        return bool(self.instance._state.adding)

    @classmethod
    def initial_from(cls, row: Model) -> dict[str, Any]:
        """The value of each field of a row."""
        values: dict[str, Any] = {}
        for name, field in cls.base_fields.items():
            value = getattr(row, name, None)
            values[name] = getattr(value, str(field.to_field_name), None) if isinstance(field, RowField) else value
        return values

    def clean(self) -> dict[str, Any]:
        """Add what an action refused."""
        cleaned = super().clean() or {}
        for each, declared in self.fields.items():
            if declared.show_hidden_initial and each in cleaned:
                self._follow(each, declared, cleaned)
        if self.refusal is not None:
            for field, message in form_errors(self.refusal):
                name = field.partition(".")[0]
                self.add_error(name if name in self.fields else None, message)
        return cleaned

    def _follow(self, name: str, field: forms.Field, cleaned: dict[str, Any]) -> None:
        """Let a field that nobody has touched here be what it has become; two different changes collide."""
        bound, now = self[name], self.initial.get(name)
        raw = field.hidden_widget().value_from_datadict(self.data, self.files, bound.html_initial_name)
        seen, entered, is_now = self._cell(field, raw), cell_of(field, plain(cleaned[name], field)), cell_of(field, now)
        if is_now in {seen, entered}:
            return
        if entered == seen:
            cleaned[name] = field.clean(field.prepare_value(now))
            return
        shown = field.prepare_value(now)
        data: Any = self.data
        self.data = data = data.copy()  # what is shown now has been seen the next time
        data.setlist(bound.html_initial_name, shown if isinstance(shown, list) else [shown])
        words = _("Somebody has changed this meanwhile to: %s. Save once more to put yours in its place.")
        self.add_error(name, words % (is_now or "-"))

    @staticmethod
    def _cell(field: forms.Field, raw: Any) -> str:
        try:
            return cell_of(field, plain(field.clean(raw), field))
        except forms.ValidationError:
            return ""

    def _post_clean(self) -> None:
        """Leave the row as it is in the database."""
