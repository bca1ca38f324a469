"""A table's rows, judged by the same form and written by the same action as one filled in on the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import Resource

from accounts.actors import Actor
from accounts.admin.fields import DegreeField, cell_of, plain, refuse_spoilt, value_of, written
from core.cells import bared
from core.errors import DomainError
from core.problems import form_errors
from core.types import plain_code

if TYPE_CHECKING:
    from accounts.admin.tables import TableAdmin


class TakenBackError(Exception):
    """Ends a write that was only a look, or that had something wrong in it: nothing of it stays."""


class Table(Resource):  # type: ignore[misc]  # the library is untyped
    """The rows of one admin page. secrets: (who, what) that came up and is shown once.

    numbers, lines: of each row of the file its number and its cells by column, for what is wrong with it.
    only_look: each row is taken back as soon as it was judged, so that what it locked is free again at once.
    """

    def __init__(self, admin: TableAdmin, actor: Actor, *, only_look: bool = True) -> None:
        super().__init__()
        self.only_look = only_look
        self.admin, self.actor = admin, actor
        self._form_class = admin.form_class
        self.fields = {name: Field(attribute=name, column_name=name) for name in admin.columns}
        self.secrets: list[tuple[str, str]] = []
        self.numbers: list[int] = []
        self.lines: list[dict[str, str]] = []
        self._seen: set[str] = set()
        self._form: Any = None
        self._rows: dict[str, Model] | None = None

    class Meta:
        instance_loader_class = BaseInstanceLoader  # unused: rows are asked for once, in `_known`
        skip_diff = True
        report_skipped = True

    def get_import_id_fields(self) -> list[str]:
        """The column that names a row."""
        return [self.admin.key]

    def cells(self, row: Model) -> list[str]:
        """A row as it stands in a table."""
        values = self.admin.form.initial_from(row)
        return [cell_of(self.admin.form.base_fields[name], values[name]) for name in self.admin.columns]

    def exported(self, row: Model, *, comma: bool) -> list[str]:
        """A row as a spreadsheet opens it. comma: whether one parts decimals there."""
        fields = (self.admin.form.base_fields[name] for name in self.admin.columns)
        return [written(field, cell, comma=comma) for field, cell in zip(fields, self.cells(row), strict=True)]

    def get_or_init_instance(self, instance_loader: Any, row: Mapping[str, Any]) -> tuple[Model, bool]:  # noqa: ARG002
        """The row of that name, or a new one. Raises ValidationError for one that is named twice."""
        name = self._name_in(row)
        if name in self._seen:
            raise ValidationError({self.admin.key: _("This row stands there twice.")})
        self._seen.add(name)
        found = self._known().get(name) or self._known().get(plain_code(name))
        return (found, False) if found is not None else (self.admin.model(), True)

    def import_instance(self, instance: Model, row: Mapping[str, Any], **_kwargs: Any) -> None:
        """Validate the row with the form; columns that aren't there stay as they are."""
        form_class: Any = self._form_class
        cells = dict(zip(self.admin.columns, self.cells(instance), strict=True))
        new = bool(instance._state.adding)
        if new:
            cells = {
                name: cell_of(field, field.initial) for name, field in form_class.base_fields.items() if name in cells
            }
        given = {name: str(value or "").strip() for name, value in row.items()}
        cells |= {name: bared(cell) for name, cell in given.items()}
        data, wrong = {}, {}
        for name, cell in cells.items():
            try:
                refuse_spoilt(given.get(name, ""))
                data[name] = value_of(form_class.base_fields[name], cell)
            except ValidationError as fault:
                wrong[name] = fault.messages
        self._form = form_class(data, instance=instance)
        for name in self.admin.not_in_table:
            del self._form.fields[name]
        wrong = {name: list(messages) for name, messages in self._form.errors.items()} | wrong
        if wrong:
            raise ValidationError(wrong)
        for name, field in self._form.fields.items():
            if isinstance(field, DegreeField) and not new and name not in self._changed():
                self._form.cleaned_data[name] = self._form.initial.get(name)  # a table has fewer decimals

    def skip_row(self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None) -> bool:  # noqa: ARG002
        """Whether the row changes nothing: then nothing is locked and nothing written."""
        return not import_validation_errors and not instance._state.adding and not self._changed()

    def validate_instance(
        self,
        instance: Any,  # noqa: ARG002
        import_validation_errors: Any = None,
        validate_unique: bool = True,  # noqa: ARG002, FBT001, FBT002
    ) -> None:
        """The form has validated it."""
        if import_validation_errors:
            raise ValidationError(import_validation_errors)

    def save_instance(self, instance: Any, is_create: bool, row: Any, **_kwargs: Any) -> None:  # noqa: ARG002, FBT001
        """Let the action write."""
        old = None if is_create else instance
        try:
            with transaction.atomic():
                kept = self.admin.save_with_action(self.actor, old, self._form.cleaned_data, self._changed())
                if self.only_look:
                    raise TakenBackError  # noqa: TRY301 - what ends the look
        except TakenBackError:
            return
        except DomainError as refusal:
            known = self.admin.columns
            errors: dict[str, list[str]] = {}
            for field, message in form_errors(refusal):
                name = field.partition(".")[0]
                errors.setdefault(name if name in known else "__all__", []).append(message)
            raise ValidationError(errors) from None
        self.secrets += getattr(kept, "secrets", [])

    def save_m2m(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """There is none."""

    def after_import_row(self, row: Any, row_result: Any, **_kwargs: Any) -> None:
        """Keep what the page shows of it: its name, and the old and new cell of each changed column."""
        row_result.named = self._name_in(row)
        fields = self._form.fields if self._form is not None else {}
        row_result.changes = [
            (name, "" if row_result.is_new() else cell_of(fields[name], self._form.initial.get(name)),
             cell_of(fields[name], self._form.cleaned_data.get(name)))
            for name in self._changed()
        ]  # fmt: skip

    def _name_in(self, row: Mapping[str, Any]) -> str:
        return bared(str(row[self.admin.key] or "").strip())

    def _changed(self) -> list[str]:
        if self._form is None:
            return []
        form = self._form
        return [
            name
            for name, field in form.fields.items()
            if cell_of(field, plain(form.cleaned_data.get(name), field))
            != cell_of(field, None if form.is_new else form.initial.get(name))
        ]

    def _known(self) -> dict[str, Model]:
        """The rows there are, by what names them: asked once."""
        if self._rows is None:
            found = self.admin.rows_of(self.actor)
            self._rows = {
                str(cell_of(self.admin.form.base_fields[self.admin.key], self._name(row))): row for row in found
            }
        return self._rows

    def _name(self, row: Model) -> Any:
        return self.admin.form.initial_from(row)[self.admin.key]
